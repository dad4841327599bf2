"""Seguimiento: the regional board and its file."""

import re
from decimal import Decimal
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from service.aggregates.catalogue import PublishScale
from service.aggregates.quarter import ObserveQuarter, ValidateQuarter
from service.ledger import STANDING
from service.projections import LATEST
from service.projections.summary import summary
from service.web.unit import read_plan
from tests.house import SATIPO, House
from tests.lived import Cycle

BOARD = "/seguimiento?anio=2026"
PART = {"hx-request": "true"}


def cells(text: str, row: str) -> list[str]:
    """The words of each cell of a row."""
    found = re.search(rf'<tr id="{row}".*?</tr>', text, re.DOTALL)
    assert found, f"no row {row}"
    parts = re.findall(r"<t[dh].*?</t[dh]>", found[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in parts]


def test_a_cell_says_light_state_percentage_and_count(house: House) -> None:
    """A scored quarter is official; one being written is preliminary and has no light yet; without data no figure; the region averages."""
    Cycle(house).approved().closed(1, 30, 27).progress(2, 15)
    Cycle(house, SATIPO).approved().closed(1, 30, 9)
    text = house.browser("dre.director").get(BOARD).text
    jauja = cells(text, "ugel-120005")
    assert jauja[1] == "▲ Cumplido Cerrado 95,00 % · 2 de 2"
    assert jauja[2] == "En borrador 25,00 % · 0 de 2 prelim."
    assert jauja[3] == "○ Sin dato No iniciado"
    assert cells(text, "ugel-120007")[5] == "1"
    assert cells(text, "region") == [
        "Región · 2 UGEL",
        "◆ En proceso 2 de 2 cerrados 80,00 % · 3 de 4",
        "0 de 2 cerrados 25,00 % · 0 de 2 prelim.",
        "○ Sin dato 0 de 2 cerrados",
        "○ Sin dato 0 de 2 cerrados",
        "1",
    ]
    assert "Año sin abrir" in cells(text, "ugel-120000")[0]


def test_a_quarter_sent_again_says_so_everywhere(house: House) -> None:
    """On the board, in its file, on the unit's, the activity's and the indicators' page; the filter finds it."""
    cycle = Cycle(house).approved()
    cycle.progress(1, 15)
    cycle.sent(1)
    browser = house.browser("dre.director")
    assert "Ninguna UGEL coincide" in browser.get(f"{BOARD}&estado=resubmitted").text
    cycle.do("dre.especialista", ObserveQuarter(quarter=1, text="Falta el acta de febrero."))
    cycle.progress(1, 16)
    cycle.sent(1)
    assert "Reenviado" in cells(browser.get(f"{BOARD}&estado=resubmitted").text, "ugel-120005")[1]
    assert "ugel-120005" not in browser.get(f"{BOARD}&estado=submitted").text
    book = CalamineWorkbook.from_filelike(BytesIO(browser.get("/seguimiento/exportar.xlsx?anio=2026").content))
    assert any("Reenviado" in row for row in book.get_sheet_by_index(0).to_python())
    for address in ("", "/t1", "/t1/indicadores", "/actividades/1?t=1"):
        text = browser.get(f"/ugel/120005/2026{address}").text
        assert "Reenviado" in text, address
    cycle.do("dre.especialista", ValidateQuarter(quarter=1))
    assert "Validado" in cells(browser.get(BOARD).text, "ugel-120005")[1]


def test_filters_stay_in_the_address(house: House) -> None:
    """By state of some quarter and by open alerts; none left says so; senseless ones are refused."""
    Cycle(house).approved().closed(1)
    Cycle(house, SATIPO).approved().scored(1, 3, 3)
    browser = house.browser("dre.director")
    assert "ugel-120007" not in browser.get(f"{BOARD}&estado=closed").text
    alerts = browser.get(f"{BOARD}&alertas=1").text
    assert "ugel-120005" not in alerts
    assert "ugel-120007" in alerts
    assert "Ninguna UGEL coincide" in browser.get(f"{BOARD}&provincia=Ninguna").text
    assert browser.get(f"{BOARD}&estado=otro").status_code == 422
    assert browser.get("/seguimiento?anio=1").status_code == 422
    assert browser.get("/seguimiento").status_code == 200


def test_the_board_as_of_a_moment(house: House) -> None:
    """At a past moment the board is what it was then, without live rows; links keep the moment."""
    year = Cycle(house).approved()
    then = year.progress(1, 12).last
    browser, past = house.browser("auditor"), f"{BOARD}&hasta={then}"
    before = browser.get(past, headers=PART).text
    year.closed(1)
    assert browser.get(past, headers=PART).text == before
    assert "hx-get" not in before
    assert f"/ugel/120005/2026/t1?hasta={then}" in before
    assert cells(before, "ugel-120005")[1].endswith("0 de 2 prelim.")


def test_before_there_was_any_ugel_the_region_has_no_data(house: House) -> None:
    """The first fact of all: the board and the working of the region are pages like any other, without a figure."""
    browser = house.browser("auditor")
    assert browser.get(f"{BOARD}&hasta=1").status_code == 200
    assert "Sin dato" in browser.get("/seguimiento/calculo?anio=2026&trimestre=1&hasta=1").text


def test_a_row_fetches_itself_with_the_region(house: House) -> None:
    """What a moved stream makes the browser fetch: the row, and the foot out of band; an unknown unit is 404."""
    Cycle(house).approved().closed(1)
    browser = house.browser("dre.director")
    assert 'hx-trigger="sse:unit-120005-2026"' in browser.get(BOARD).text
    text = browser.get(f"{BOARD}&fila=120005", headers=PART).text
    assert cells(text, "ugel-120005")[1] == "▲ Cumplido Cerrado 100,00 % · 2 de 2"
    assert '<tr id="region" hx-swap-oob="true">' in text
    assert "<html" not in text
    assert browser.get(f"{BOARD}&fila=120013", headers=PART).status_code == 404


def test_the_file_says_what_the_filter_shows(house: House) -> None:
    """The workbook holds a row for each unit and quarter, its cut-off, and the access is noted; it obeys the moment."""
    year = Cycle(house).approved()
    then = year.progress(1, 12).last
    year.closed(1)
    browser = house.browser("dre.director")

    def table(address: str) -> list[list[Any]]:
        answer = browser.get(address)
        assert answer.status_code == 200
        return CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    now = table("/seguimiento/exportar.xlsx?anio=2026&estado=closed")
    assert now[1][0].startswith("Corte: hecho n.º ")
    assert now[2][0] == "Filtro: algún trimestre «Cerrado»"
    assert [row[3:6] for row in now[-4:-3]] == [["I", "Cerrado", 100]]
    assert len(now) == 5 + 4, "four quarters of the one unit kept"
    then_rows = table(f"/seguimiento/exportar.xlsx?anio=2026&hasta={then}")
    assert then_rows[1][0].startswith(f"Corte: hecho n.º {then},")
    assert [row[3:6] for row in then_rows if row[1] == "UGEL Jauja"][0] == ["I", "En borrador", 20]  # noqa: RUF015
    with house.app.state.database.connection() as connection:
        noted = [what for (what,) in connection.execute("select what from people.access_log order by id")]
    assert noted[0].startswith("exportó el seguimiento 2026")


def lights(house: House, year: Cycle) -> list[tuple[str, str]]:
    """The light of the first activity on the unit's page, and that of its line in the balance, in two quarters."""
    with house.app.state.database.snapshot() as connection:
        marks = read_plan(connection, year.unit, year.year, LATEST).marks[1]
        figures = summary(connection, LATEST, year.stream).lines[0].quarters
    return [(marks[n].light, figures[n - 1].light) for n in (1, 2)]


def test_a_new_scale_leaves_scored_quarters_as_they_were(house: House) -> None:
    """What was scored stays in process; a quarter has no light until it is sent, then that of the new scale."""
    year = Cycle(house).approved().closed(1, 24, 24)
    year.progress(2, 24, 24)
    assert lights(house, year) == [("in-progress", "in-progress"), ("", "")]
    year.sent(2)
    assert lights(house, year) == [("in-progress", "in-progress")] * 2
    house.do("dre.director", STANDING, PublishScale(fulfilled=Decimal(99), in_progress=Decimal(95), label="RD 9"))
    assert lights(house, year) == [("in-progress", "in-progress"), ("at-risk", "at-risk")]


def test_what_follows_stands_beside_the_plan(house: House) -> None:
    """The unit's page names its director and shows open alerts, findings and commitments, also as of then."""
    year = Cycle(house).approved().closed(1, 24, 9)
    before = house.browser("auditor").get(f"/ugel/{year.unit}/{year.year}").text
    then = year.position
    year.committed(1)
    text = house.browser("auditor").get(f"/ugel/{year.unit}/{year.year}").text
    past = house.browser("auditor").get(f"/ugel/{year.unit}/{year.year}?hasta={then}").text
    assert "Dirección: " in text
    assert "Avance bajo: " in text
    assert "Se proponen a partir de un hallazgo." in before
    assert "Se proponen a partir de un hallazgo." not in text
    assert "Se proponen a partir de un hallazgo." in past

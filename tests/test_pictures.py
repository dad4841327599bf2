"""Table, heat grid and trends of Seguimiento: parts of the plan, what the address keeps, files that say what the screen shows."""

import csv
import re
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from service.aggregates import catalogue_content as cc
from service.aggregates import plan as p
from service.aggregates import plan_versions as v
from service.aggregates.catalogue import PublishCatalogue
from service.aggregates.catalogue_content import Weights
from service.ledger import STANDING
from tests.house import SATIPO, Browser, House
from tests.lived import EACH_MONTH, Cycle

GRID, TRENDS = "/seguimiento/mapa?anio=2026", "/seguimiento/tendencias?anio=2026"
PART = {"hx-request": "true"}


@pytest.fixture
def year(house: House) -> Cycle:
    """Jauja: two activities of M1 and AGP, one of S1 and AGA; the first quarter closed at 100, 50 and without data."""
    made = Cycle(house).drafted()
    made.do("ugel.especialista", p.AddLine(code="S1", kind="soporte", name="Gestión administrativa"))
    task = p.NewTask(name="Pagar recibos de luz", unit="Recibo", months=EACH_MONTH)
    made.do("ugel.especialista", p.AddActivity(line="S1", name="Pagar servicios", area="AGA", objectives=("ON1",), tasks=(task,)))
    made.submitted().do("dre.director", v.ApprovePlan(resolution="RD 001", resolution_date=date(2026, 1, 15)))
    return made.closed(1, 30, 15)


def cells(text: str, row: str) -> list[str]:
    """The words of each cell of a row."""
    found = re.search(rf'<tr id="{row}".*?</tr>', text, re.DOTALL)
    assert found, f"no row {row}"
    parts = re.findall(r"<t[dh].*?</t[dh]>", found[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in parts]


def table(browser: Browser, address: str) -> list[list[str]]:
    """The rows of a file, its heads first."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_grid_by_line_says_what_each_working_says(house: House, year: Cycle) -> None:
    """A cell has shape, word and figure, and leads to the working of the same percentage; a unit without the line has a dot."""
    browser = house.browser("dre.especialista")
    text = browser.get(f"{GRID}&por=linea").text
    assert "Mapa de calor 2026 · I trimestre" in text
    assert cells(text, "ugel-120005") == ["UGEL Jauja", "◆ En proceso 75,00", "○ Sin dato", "2"]
    assert cells(text, "ugel-120007")[1:3] == ["·", "·"]
    assert cells(text, "region")[1] == "◆ En proceso 75,00 *", "Satipo has not reported"
    address = re.search(r'href="(/ugel/120005/2026/t1/calificacion\?linea=M1)"', text)
    assert address
    assert "◆ En proceso 75,00 %" in " ".join(re.sub(r"<[^>]+>", " ", browser.get(address[1]).text).split())
    assert year.unit == "120005"


def test_a_part_of_the_plan_is_looked_at_in_every_view(house: House, year: Cycle) -> None:
    """By line and by area, in the table, in the grid and in the working of the region, which the address keeps."""
    browser = house.browser("dre.especialista")
    board = browser.get("/seguimiento?anio=2026&area=AGP").text
    assert cells(board, "ugel-120005")[1] == "◆ En proceso Cerrado 75,00 % · 1 de 2"
    assert "/seguimiento/mapa?anio=2026&amp;area=AGP" in board
    assert "/ugel/120005/2026/t1/calificacion?area=AGP" in board
    assert cells(browser.get("/seguimiento?anio=2026&linea=S1").text, "ugel-120005")[1] == "○ Sin dato Cerrado"
    assert cells(browser.get(f"{GRID}&linea=M1").text, "ugel-120005")[1] == "◆ En proceso 75,00"
    region = browser.get("/seguimiento/calculo?anio=2026&trimestre=1&area=AGP").text
    assert "área AGP" in region
    assert "75,00" in region
    assert year.unit in region


def test_the_filters_offer_what_the_plans_of_the_year_hold(house: House, year: Cycle) -> None:
    """Not what the catalogue lists today: a line without a plan is not offered, and a year without plans offers none."""
    browser = house.browser("dre.especialista")
    catalogue = house.ledger.standing().catalogue
    content: cc.Content = replace(
        catalogue.content, lines=(cc.Line("M1", "misional", "Otro nombre"), cc.Line("M2", "misional", "x"))
    )
    house.do("dre.director", STANDING, PublishCatalogue(base=catalogue.version, reason="Líneas", content=content))
    for view in ("/seguimiento?anio=2026", f"{GRID}&area=AGP", TRENDS):
        text = browser.get(view).text
        assert re.findall(r'<option value="([A-Z]\d)"', text) == ["M1", "S1"], view
        assert '<option value="AGP"' in text
    assert year.unit == "120005"
    assert '<option value="M1"' not in browser.get("/seguimiento?anio=2025").text


def test_files_say_what_the_filter_shows(house: House, year: Cycle) -> None:
    """The CSV of the grid and of the trends hold the figures of the screen; one of a past moment says what it said then."""
    browser, then = house.browser("dre.especialista"), year.position
    heads, jauja, *_, last = table(browser, f"/seguimiento/mapa.csv?anio=2026&por=linea&hasta={then}")
    assert heads[4:] == ["M1 %", "M1 semáforo", "S1 %", "S1 semáforo"]
    assert jauja == ["120005", "UGEL Jauja", "", "2", "75.00", "En proceso", "", "Sin dato"]
    assert last[1] == "Región"
    assert len(table(browser, "/seguimiento/mapa.csv?anio=2026&alertas=1")) == 1 + 1 + 1
    rows = table(browser, "/seguimiento/tendencias.csv?anio=2026&linea=M1")
    assert ["120005", "UGEL Jauja", "2026", "I", "75.00", "En proceso", "oficial", ""] in rows
    assert [row[4] for row in table(browser, "/seguimiento/exportar.csv?anio=2026&area=AGP")[1:5]] != [""] * 4
    book = openpyxl.load_workbook(BytesIO(browser.get("/seguimiento/tendencias.xlsx?anio=2026").content))
    assert book.sheetnames == ["Tendencias hasta 2026", "Compromisos por estado 2026"]
    states = table(browser, "/seguimiento/tendencias/compromisos.csv?anio=2026")
    assert states[0] == ["Estado", "Cuántos"]
    assert [
        [str(value) for value in row] for row in book["Compromisos por estado 2026"].iter_rows(min_row=4, values_only=True)
    ] == states
    assert '"/seguimiento/tendencias/compromisos.csv?anio=2026"' in browser.get(TRENDS).text


def test_rows_fetch_themselves_again(house: House, year: Cycle) -> None:
    """A row of the grid and a chart come back alone, live only now; a unit that is not there is not found; senseless views neither."""
    browser = house.browser("dre.especialista")
    assert 'hx-trigger="sse:unit-120005-2026"' in browser.get(GRID).text
    row = browser.get(f"{GRID}&fila=120005", headers=PART).text
    assert '<tr id="region" hx-swap-oob="true">' in row
    assert "<html" not in row
    chart = browser.get(f"{TRENDS}&fila=120005", headers=PART).text
    assert chart.count("<svg") == 1
    assert "hx-get" not in browser.get(f"{GRID}&hasta={year.position}").text.partition("<main")[2]
    for address, status in ((f"{GRID}&fila=9", 404), (f"{TRENDS}&fila=9", 404), (f"{GRID}&por=nada", 422)):
        assert browser.get(address).status_code == status


def test_a_trend_says_where_it_does_not_compare(house: House, year: Cycle) -> None:
    """New weights break the course of the whole plan between two quarters, not that of one line, whose activities weigh the same."""
    catalogue = house.ledger.standing().catalogue
    content: cc.Content = replace(catalogue.content, weights=Weights(missional=Decimal(3)))
    house.do("dre.director", STANDING, PublishCatalogue(base=catalogue.version, reason="Pesos", content=content))
    year.closed(2, 30, 30)
    browser = house.browser("auditor")
    text = browser.get(TRENDS).text
    assert "≠ II trimestre 2026: no comparable con lo anterior, cambió la fórmula («promedio-1» → «ponderado-1»)" in text
    assert text.count("q-break") > 1
    of_line: Any = browser.get(f"{TRENDS}&linea=M1").text
    assert "no comparable con lo anterior" not in of_line
    assert "I trimestre 2026: 75,00\u00a0%, En proceso; II trimestre 2026: 100,00\u00a0%, Cumplido" in of_line


def test_a_line_that_is_renamed_breaks_the_course_of_the_region_too(house: House, year: Cycle) -> None:
    """In the plan of one UGEL: its course and the region's say so from the next quarter on; those of the whole plan do not."""
    Cycle(house, SATIPO).approved().closed(1, 30, 30)
    catalogue = house.ledger.standing().catalogue
    lines = (cc.Line("M1", "misional", "Acompañamiento y monitoreo"),)
    content: cc.Content = replace(catalogue.content, lines=lines)
    house.do("dre.director", STANDING, PublishCatalogue(base=catalogue.version, reason="Nombre", content=content))
    year.closed(2, 30, 30)
    Cycle(house, SATIPO).closed(2, 30, 30)
    browser = house.browser("auditor")
    rows = table(browser, "/seguimiento/tendencias.csv?anio=2026&linea=M1")
    said = {row[1]: row[-1] for row in rows if row[2:4] == ["2026", "II"]}
    assert "cambió la línea del catálogo («ninguna» → «Acompañamiento y monitoreo»)" in said["Región"]
    assert said["Región"] == said["UGEL Jauja"]
    assert "la línea" not in browser.get(TRENDS).text.partition("<main")[2].partition('class="q-trends"')[2]


def test_units_that_the_filters_leave_out_are_not_drawn(house: House, year: Cycle) -> None:
    """Only with open alerts: the region stays, the unit without any goes."""
    Cycle(house, SATIPO).approved().closed(1, 30, 30)
    text = house.browser("auditor").get(f"{TRENDS}&alertas=1").text
    assert "tendencia-region" in text
    assert f"tendencia-{year.unit}" in text
    assert f"tendencia-{SATIPO}" not in text


def test_the_screen_goes_round(house: House, year: Cycle) -> None:
    """Region, each UGEL that the filters keep, trends, alerts, commitments, and the first one again; a past one says so and stands still."""
    browser = house.browser("dre.director")
    seen = [browser.get(f"/seguimiento/pantalla?anio=2026&lamina={n}").text for n in range(1, 8)]
    titles = [re.search(r"<h1>(.*?)</h1>", text) for text in seen]
    assert [title[1].partition(" · ")[0] for title in titles if title] == [
        "Avance de la región",
        "UGEL Jauja",
        "UGEL Satipo",
        "Tendencias",
        "Alertas sin cerrar",
        "Compromisos por vencer",
        "Avance de la región",
    ]
    assert 'content="20; url=/seguimiento/pantalla?anio=2026&amp;lamina=2&amp;cada=20&amp;pausa=0"' in seen[0]
    assert "Lámina 1 de 5" in browser.get("/seguimiento/pantalla?anio=2026&alertas=1").text, "Satipo has no alerts"
    then = browser.get(f"/seguimiento/pantalla?anio=2026&hasta={year.position}&pausa=1").text
    assert f"n.º {year.position}" in then or f"n.º {year.position}" in then
    assert "sse:cambio" not in then
    assert "http-equiv" not in then.partition("<noscript>")[2].partition("</noscript>")[0]


def test_a_line_that_is_fulfilled_is_no_line_of_low_progress(house: House) -> None:
    """On the slide of a unit stand the lines that fall short; where none does, it says so."""
    year = Cycle(house).approved().closed(1, 30, 15)
    first = year.position
    year.closed(2, 30, 30)
    browser = house.browser("dre.director")
    assert "Todas las líneas con dato están cumplidas." in browser.get("/seguimiento/pantalla?anio=2026&lamina=2").text
    then = browser.get(f"/seguimiento/pantalla?anio=2026&lamina=2&hasta={first}").text.partition("Líneas de menor avance, I ")[2]
    shown = re.findall(r"<li>.*?<strong>(.*?)</strong>", then.partition("</ol>")[0], re.DOTALL)
    assert [re.sub(r"<[^>]+>", "", each) for each in shown] == ["75,0\xa0%"]
    working = re.findall(r'href="([^"]+)"', shown[0])[0].replace("&amp;", "&")
    assert working == f"/ugel/120005/2026/t1/calificacion?linea={working.partition('linea=')[2].partition('&')[0]}&hasta={first}"
    assert "75" in browser.get(working).text, "the figure leads to how it was made"


def test_a_units_page_shows_how_its_lines_go(house: House, year: Cycle) -> None:
    """A small chart for each line with data, which leads to the trend of that line, also at a past moment."""
    text = house.browser("ugel.especialista").get("/ugel/120005/2026").text
    assert text.count('<svg class="q-spark"') == 1, "nobody reported the other line"
    assert "/seguimiento/tendencias?anio=2026&amp;linea=M1" in text
    shown = re.findall(r'class="q-worked" href="[^"]+linea=M1"[^>]*>([\d,]+)', text.partition("Ver la tabla")[2])
    rows = table(house.browser("ugel.especialista"), "/ugel/120005/2026/tendencias.csv")
    assert [row[:5] for row in rows[1:5:3]] == [
        ["M1", "Monitoreo pedagógico", "2026", "I", "75.00"],
        ["M1", "Monitoreo pedagógico", "2026", "IV", ""],
    ]
    assert shown == ["75,0"]
    assert 'href="/ugel/120005/2026/tendencias.xlsx"' in text
    past = house.browser("ugel.especialista").get(f"/ugel/120005/2026?hasta={year.position}").text
    assert f"/seguimiento/tendencias?anio=2026&amp;hasta={year.position}&amp;linea=M1" in past

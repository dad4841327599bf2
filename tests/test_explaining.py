"""Any percentage is worked out with its inputs and their facts, on screen and in a workbook that computes it again."""

import html
import io
import re
from collections.abc import Iterator
from decimal import Decimal

import openpyxl
import pytest
from msgspec.structs import replace

from service.aggregates import catalogue_content as cc
from service.aggregates.catalogue import PublishCatalogue
from service.aggregates.quarter import ScoreQuarter, SubmitQuarter, ValidateQuarter
from service.aggregates.quarter_score import QuarterScored
from service.ledger import STANDING
from tests.conftest import TestDatabase
from tests.first_quarter import PLACE, STREAM, YEAR, approve_plan, live, report
from tests.house import SATIPO, Browser, House, open_house
from tests.lived import Cycle
from tests.spreadsheet import Excel

T1 = f"{PLACE}/t1"


@pytest.fixture
def house(new_database: TestDatabase) -> Iterator[House]:
    """A house of this test alone."""
    with open_house(new_database.service_url) as opened:
        yield opened


def weigh(house: House, **weights: int) -> int:
    """Publish these weights; the fact that says so."""
    catalogue = house.ledger.standing().catalogue
    content = replace(catalogue.content, weights=cc.Weights(**{kind: Decimal(n) for kind, n in weights.items()}))
    command = PublishCatalogue(base=catalogue.version, reason="Pesos", content=content)
    return house.do("dre.director", STANDING, command).facts[0].position


def words(text: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_a_preliminary_figure_is_worked_out_with_the_rules_in_force(house: House) -> None:
    """75 and 100 of a missional line, nothing of a support line: by weights 3 and 1; before them the plain mean."""
    approve_plan(house)
    report(house)
    before = list(house.ledger.facts(STREAM))[-1]
    published = weigh(house, missional=3)
    said = words(house.browser("ugel.director").get(f"{T1}/calificacion").text)
    assert "En proceso 75,00 % preliminar" in said
    assert "Suma de las actividades por su peso 525 ÷ suma de los pesos 7 = 75" in said
    assert "Sin dato vale 0 : aquí, 1 tarea" in said.replace("0: aquí", "0 : aquí")
    assert f"fórmula versión 1, hecho n.º {published}" in said
    assert f"n.º {before.position}" in said, "the fact of the last figure"
    then = words(house.browser("ugel.director").get(f"{T1}/calificacion?hasta={before.position}").text)
    assert "Suma de las actividades 175 ÷ 3 actividades = 58,3333, que con dos decimales es 58,33 %" in then


def test_lines_and_activities_have_their_own_working(house: House) -> None:
    """Reached from the pages that show them; an activity of a score, and one that nobody reported."""
    live(house, "scored")
    browser = house.browser("auditor")
    link = f"{T1}/calificacion?actividad=1"
    assert f'href="{link}"' in browser.get(T1).text
    assert f'href="{link}"' in browser.get(PLACE).text
    said = words(browser.get(link).text)
    assert "Suma de lo que vale cada tarea 150 ÷ 2 tareas = 75" in said
    line = words(browser.get(f"{T1}/calificacion?linea=M1").text)
    assert "Suma de las actividades 175 ÷ 2 actividades = 87,5" in line
    nothing = words(browser.get(f"{T1}/calificacion?actividad=3").text)
    assert "el resultado es «Sin dato», no 0 %" in nothing
    assert "No hay nada que calcular" in browser.get(f"{T1}/calificacion?linea=Z9").text
    assert browser.get(f"{T1}/calificacion.xlsx?linea=Z9").status_code == 404


def led(browser: Browser, address: str) -> list[str]:
    """Where the percentages of a page lead, each to a working that gives the same figure, as exactly as the page says it."""
    page = browser.get(address)
    assert page.status_code == 200, address
    links = re.findall(r'class="q-worked" href="([^"]+)"[^>]*>([\d,]+)', page.text)
    for href, shown in links:
        said = re.findall(r"\d+(?:,\d+)?", words(browser.get(html.unescape(href)).text))
        places = len(shown.partition(",")[2])
        assert shown in {f"{Decimal(each.replace(',', '.')):.{places}f}".replace(".", ",") for each in said}, (
            address,
            href,
            shown,
        )
    return [html.unescape(href) for href, _ in links]


def test_percentages_lead_to_how_they_were_made(house: House) -> None:
    """On the balance, the trends, the pages of a unit, of a quarter, of an activity; at a past moment to the same one."""
    live(house, "scored")
    browser, then = house.browser("auditor"), scored_at(house)
    pages = {
        f"/balance/{YEAR}": {f"{T1}/calificacion", REGION},
        f"/seguimiento/tendencias?anio={YEAR}": {f"{T1}/calificacion", REGION},
        f"/seguimiento/tendencias?anio={YEAR}&linea=M1": {f"{T1}/calificacion?linea=M1", f"{REGION}&linea=M1"},
        PLACE: {f"{T1}/calificacion?linea=M1", f"{T1}/calificacion?actividad=1"},
        T1: {f"{T1}/calificacion?actividad=1"},
        f"{PLACE}/actividades/1?t=1": {f"{T1}/calificacion?actividad=1"},
    }
    for page, wanted in pages.items():
        assert wanted <= set(led(browser, page)), page
    for page in (
        f"/balance/{YEAR}?",
        f"/seguimiento/tendencias?anio={YEAR}&",
        f"{PLACE}?",
        f"{T1}?",
        f"{PLACE}/actividades/1?t=1&",
    ):
        found = led(browser, f"{page}hasta={then}")
        assert found, page
        assert all(f"hasta={then}" in each for each in found), page


REGION = f"/seguimiento/calculo?anio={YEAR}&trimestre=1"


def satipo(house: House, *, scored: bool) -> None:
    """The same quarter of another UGEL, only reported or scored too: 100 and 50 of two activities."""
    year = Cycle(house, SATIPO, YEAR).approved()
    if scored:
        year.scored(1, 30, 15)
    else:
        year.progress(1, 30, 15)


def test_the_region_is_made_of_scored_quarters(house: House) -> None:
    """Who is only reported does not count: it is named with its figure; who is scored has its fact; all lead to their working."""
    live(house, "scored")
    satipo(house, scored=False)
    browser = house.browser("auditor")
    board = browser.get(f"/seguimiento?anio={YEAR}").text
    assert REGION.replace("&", "&amp;") in board
    assert "58,33 % · 1 de 3 1 de 2 UGEL calificadas" in words(board)
    assert "1 de 2 UGEL calificadas" in browser.get(f"/balance/{YEAR}").text
    page = browser.get(REGION).text
    said = words(page)
    assert "Suma de las UGEL calificadas 58,33 ÷ 1 UGEL = 58,33" in said
    assert "Sin calificar, 1 UGEL: UGEL Satipo ." in said
    assert "75,00 % — En borrador sin calificar, no entra —" in said
    assert f'href="/reproducir/120005/{YEAR}?hasta={scored_at(house)}"' in page
    assert browser.get("/seguimiento/calculo?trimestre=5").status_code == 422


def test_the_region_is_preliminary_while_nobody_is_scored(house: House) -> None:
    """Then it is made of what is reported, and says so; after both are scored of both, without a remark."""
    live(house, "reported")
    satipo(house, scored=True)
    Cycle(house, SATIPO, YEAR).progress(2, 30, 15)
    browser = house.browser("auditor")
    second = words(browser.get(REGION.replace("trimestre=1", "trimestre=2")).text)
    assert "75,00 % preliminar" in second
    assert "Suma de las UGEL con dato 75,00 ÷ 1 UGEL" in second
    for command in (SubmitQuarter(quarter=1, reason="Falta."), ValidateQuarter(quarter=1), ScoreQuarter(quarter=1)):
        house.do("ugel.director" if isinstance(command, SubmitQuarter) else "dre.especialista", STREAM, command)
    said = words(browser.get(REGION).text)
    assert "Suma de las UGEL calificadas 133,33 ÷ 2 UGEL = 66,665, que con dos decimales es 66,67 %" in said
    assert "Sin calificar" not in said


@pytest.mark.parametrize("scored", [False, True])
@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_the_region_s_workbook_computes_it_again(house: House, quarter: int, *, scored: bool) -> None:
    """Of scored, of reported, of no figures: every formula gives what its cell shows, which is what the page shows."""
    live(house, "scored")
    satipo(house, scored=scored)
    Cycle(house, SATIPO, YEAR).progress(2, 15, 3)
    asked = f"?anio={YEAR}&trimestre={quarter}"
    browser = house.browser("auditor")
    shown = re.search(r'<p class="fs-4[^>]*>.*?<strong>([^<]+)', browser.get(f"/seguimiento/calculo{asked}").text, re.DOTALL)
    assert shown
    excel = worked_out(browser.get(f"/seguimiento/calculo.xlsx{asked}").content)
    assert excel.value("Resultado", "B4") == {1: 66.67 if scored else 58.33, 2: 30, 3: "Sin dato"}[quarter]
    assert shown[1] == {1: "66,67\xa0%" if scored else "58,33\xa0%", 2: "30,00\xa0%", 3: "—"}[quarter]
    assert excel.value("UGEL", "G2") == (scored_at(house) if quarter == 1 else None)


def scored_at(house: House) -> int:
    """The fact that scored the first quarter of Jauja."""
    return next(each.position for each in house.ledger.facts(STREAM) if isinstance(each.fact.event, QuarterScored))


def worked_out(content: bytes) -> Excel:
    """A workbook of which every formula gives what its cell shows."""
    formulas, values = (openpyxl.load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
    excel = Excel(formulas)
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                kept = values[sheet.title][cell.coordinate].value
                again = excel.value(sheet.title, cell.coordinate)
                assert (None if again == "" else again) == (pytest.approx(kept) if isinstance(kept, float | int) else kept), (
                    sheet.title,
                    cell.coordinate,
                )
    assert sum(str(cell.value).startswith("=") for sheet in formulas for row in sheet.iter_rows() for cell in row) > 3
    return excel


@pytest.mark.parametrize("asked", ["", "?linea=M1", "?actividad=1"])
@pytest.mark.parametrize("weights", [{}, {"missional": 3}, {"missional": 0, "strategic": 1, "support": 0}])
def test_the_workbook_computes_the_percentage_again(house: House, asked: str, weights: dict[str, int]) -> None:
    """Its cells hold formulas; worked out, they give what they show, which is what the page shows."""
    if weights:
        weigh(house, **weights)
    live(house, "scored")
    browser = house.browser("auditor")
    shown = re.search(r'<p class="fs-4[^>]*>.*?<strong>([\d,]+)', browser.get(f"{T1}/calificacion{asked}").text, re.DOTALL)
    assert shown
    excel = worked_out(browser.get(f"{T1}/calificacion.xlsx{asked}").content)
    assert f"{excel.value('Resultado', 'B4'):.2f}" == shown[1].replace(",", ".")

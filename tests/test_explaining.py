"""Any percentage is worked out with its inputs and their facts, on screen and in a workbook that computes it again."""

import io
import re
from collections.abc import Iterator
from decimal import Decimal

import openpyxl
import pytest
from msgspec.structs import replace

from service.aggregates import catalogue_content as cc
from service.aggregates.catalogue import PublishCatalogue
from service.ledger import STANDING
from tests.conftest import TestDatabase
from tests.first_quarter import PLACE, STREAM, approve_plan, live, report
from tests.house import House, open_house
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


def test_the_region_is_worked_out_from_its_ugel(house: House) -> None:
    """Those with data, divided by how many they are; each leads to its own working."""
    live(house, "scored")
    year = PLACE.rpartition("/")[2]
    browser = house.browser("auditor")
    board = browser.get(f"/seguimiento?anio={year}").text
    assert f'href="/seguimiento/calculo?anio={year}&amp;trimestre=1"' in board or f"calculo?anio={year}&trimestre=1" in board
    said = words(browser.get(f"/seguimiento/calculo?anio={year}&trimestre=1").text)
    assert "Suma de las UGEL con dato 58,33 ÷ 1 UGEL = 58,33" in said
    assert "no entra : aquí, 1 UGEL" in said.replace("entra: aquí", "entra : aquí")
    assert browser.get("/seguimiento/calculo?trimestre=5").status_code == 422


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
    content = browser.get(f"{T1}/calificacion.xlsx{asked}").content
    formulas, values = (openpyxl.load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
    excel = Excel(formulas)
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                kept = values[sheet.title][cell.coordinate].value
                again = excel.value(sheet.title, cell.coordinate)
                assert again == (pytest.approx(kept) if isinstance(kept, float | int) else kept), (sheet.title, cell.coordinate)
    assert f"{excel.value('Resultado', 'B4'):.2f}" == shown[1].replace(",", ".")
    assert sum(str(cell.value).startswith("=") for sheet in formulas for row in sheet.iter_rows() for cell in row) > 5

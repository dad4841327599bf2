"""Before a changed scale or formula is published the DRE sees which figures it would change; what was scored is not among them."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

import openpyxl
import pytest

from service import bootstrap
from service.aggregates import plan as p
from service.aggregates import plan_versions as v
from tests.conftest import TestDatabase
from tests.house import JAUJA, SATIPO, House, open_house
from tests.lived import EACH_MONTH, Cycle

EFFECT, DRAFT = "/catalogo/borrador/efecto?anio=2026", "/catalogo/borrador"
SCALE = {"fulfilled": "60", "in_progress": "40", "label": "Escala nueva"}


@pytest.fixture
def house(new_database: TestDatabase) -> Iterator[House]:
    """A first quarter closed at 80, a second one sent with 70, a third one being written."""
    with open_house(new_database.service_url) as opened:
        bootstrap.run(opened.ledger)
        year = Cycle(opened).approved().closed(1, 27, 21)
        year.progress(2, 30, 12)
        year.sent(2)
        year.progress(3, 15, 15)
        yield opened


def row(house: House, unit: str = JAUJA) -> list[str]:
    """What the page says of each quarter of a UGEL."""
    text = house.browser("dre.especialista").get(EFFECT).text
    found = re.search(rf'<tr>\s*<th scope="row"><a href="/ugel/{unit}/2026">.*?</tr>', text, re.DOTALL)
    assert found
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", found[0], re.DOTALL)]


def test_a_changed_scale_changes_open_quarters_only(house: House) -> None:
    """The sent one gets another light and another count; the closed one keeps its rules; once published it is so."""
    assert row(house)[1] == "70,00 % igual"
    assert house.browser("dre.director").post(f"{DRAFT}/escala", SCALE).status_code == 303
    first, second, third, fourth = row(house)
    assert first == "80,00 % Cerrado: conserva sus reglas"
    assert second.startswith("antes 70,00 % → después 70,00 % ◆ En proceso → ▲ Cumplido")
    assert third == "50,00 % igual", "nobody said yet that it is all: it has no light"
    assert fourth == "—"
    page = house.browser("dre.director").get(EFFECT).text.replace("\u00a0", " ")
    assert "1 trimestre cambiaría" in page
    assert "de 2 abiertos con datos" in page
    assert "Ver qué cambiaría" in house.browser("dre.director").get(DRAFT).text


def test_a_changed_formula_is_worked_out_before_it_is_published(house: House) -> None:
    """Weights give other percentages; what the board says afterwards is what was foretold."""
    director = house.browser("dre.director")
    year = Cycle(house)
    assert director.post(f"{DRAFT}/formula", {"strategic": "1", "missional": "3", "support": "1"}).status_code == 303
    assert row(house)[1] == "70,00 % igual", "all its activities are of one line"
    assert year.position
    draft = director.get(DRAFT).text
    typed = {name: re.search(rf'name="{name}" value="([^"]*)"', draft)[1] for name in ("seen", "base")}  # type: ignore[index]  # there
    assert director.post("/catalogo/publicacion", {**typed, "reason": "Pesos"}).status_code == 303
    assert "El borrador no cambia la escala ni la fórmula" in director.get(EFFECT).text


def test_other_weights_move_a_percentage_which_is_foretold(house: House) -> None:
    """Of a plan with lines of two types: on the page, in the files, and after the publication on the board."""
    year = Cycle(house, SATIPO).drafted()
    year.do("satipo.especialista", p.AddLine(code="S1", kind="soporte", name="Gestión administrativa"))
    task = p.NewTask(name="Pagar recibos de luz", unit="Recibo", months=EACH_MONTH)
    activity = p.AddActivity(line="S1", name="Pagar servicios", area="AGA", objectives=("ON1",), tasks=(task,))
    year.do("satipo.especialista", activity)
    year.submitted().do("dre.director", v.ApprovePlan(resolution="RD 001", resolution_date=date(2026, 1, 15)))
    year.progress(1, 30, 30)
    year.sent(1)
    director = house.browser("dre.director")
    assert row(house, SATIPO)[0] == "66,67 % igual"
    assert director.post(f"{DRAFT}/formula", {"strategic": "1", "missional": "3", "support": "1"}).status_code == 303
    changed = row(house, SATIPO)[0]
    assert changed == "antes 66,67 % → después 85,71 % ▼ En riesgo → ◆ En proceso 2 de 3 cumplidas"
    assert row(house)[0].startswith("80,00 % Cerrado"), "what was scored keeps its rules"
    told = director.get("/catalogo/borrador/efecto.csv?anio=2026").content.decode("utf-8-sig")
    heads, *lines = csv.reader(io.StringIO(told), delimiter=";")
    mine = next(line for line in lines if line[0] == SATIPO and line[2] == "I")
    assert mine[3:] == ["Enviado", "66.67", "En riesgo", "2", "85.71", "En proceso", "2", "3", "sí"]
    assert [line[-1] for line in lines].count("sí") == 1
    book = openpyxl.load_workbook(io.BytesIO(director.get("/catalogo/borrador/efecto.xlsx?anio=2026").content))
    assert heads in [[cell.value for cell in each] for each in book.worksheets[0].iter_rows()]
    draft = director.get(DRAFT).text
    typed = {name: re.search(rf'name="{name}" value="([^"]*)"', draft)[1] for name in ("seen", "base")}  # type: ignore[index]  # there
    assert director.post("/catalogo/publicacion", {**typed, "reason": "Pesos"}).status_code == 303
    assert "85,71" in director.get(f"/ugel/{SATIPO}/2026").text


def test_only_who_prepares_the_catalogue_sees_it(house: House) -> None:
    """A draft is private to the DRE's office."""
    assert house.browser("ugel.director").get(EFFECT).status_code == 403
    assert house.browser("auditor").get(EFFECT).status_code == 403
    assert house.browser("auditor").get(EFFECT.replace("?", ".xlsx?")).status_code == 403
    assert house.browser("dre.director").get("/catalogo/borrador/efecto?anio=x").status_code == 422

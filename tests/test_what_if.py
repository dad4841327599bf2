"""Before a changed scale or formula is published the DRE sees which figures it would change; what was scored is not among them."""

import re
from collections.abc import Iterator

import pytest

from service import bootstrap
from tests.conftest import TestDatabase
from tests.house import House, open_house
from tests.lived import Cycle

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


def row(house: House) -> list[str]:
    """What the page says of each quarter of UGEL Jauja."""
    text = house.browser("dre.especialista").get(EFFECT).text
    found = re.search(r'<tr>\s*<th scope="row"><a href="/ugel/120005/2026">.*?</tr>', text, re.DOTALL)
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


def test_only_who_prepares_the_catalogue_sees_it(house: House) -> None:
    """A draft is private to the DRE's office."""
    assert house.browser("ugel.director").get(EFFECT).status_code == 403
    assert house.browser("auditor").get(EFFECT).status_code == 403
    assert house.browser("dre.director").get("/catalogo/borrador/efecto?anio=x").status_code == 422

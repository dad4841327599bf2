"""The pages of the diagnosis: written by the unit, read by all as of any fact, and what no activity answers in plain sight."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from service.aggregates import diagnosis as d
from service.aggregates.plan_versions import ApprovePlan
from tests.conftest import TestDatabase
from tests.house import House, open_house
from tests.lived import Cycle

UNIT = "/ugel/120005/2026"
PAGE = f"{UNIT}/diagnostico"
WRITTEN = {
    "territory": ["urbano", "andino comunal"],
    "languages": ["castellano", "", "quechua"],
    "actors-0-kind": "docentes",
    "actors-0-number": "40",
    "actors-0-role": "Talleres por red educativa",
    "actors-3-kind": "familias",
    "actors-3-number": "1 250",
}


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """A house in which UGEL Jauja drafts its plan."""
    with open_house(house_database.service_url) as opened:
        Cycle(opened).drafted()
        yield opened


def test_a_unit_writes_its_diagnosis_and_links_an_activity(house: House) -> None:
    """Territory, languages, groups with their size; a problem stands as «Sin respuesta» until an activity answers it."""
    rosa = house.browser("ugel.especialista")
    assert "Registrar diagnóstico" in rosa.get(PAGE).text
    assert rosa.post(PAGE, WRITTEN).status_code == 303
    assert rosa.post(f"{PAGE}/problemas", {"text": "Los materiales llegan tarde", "evidence": "Acta 12"}).status_code == 303
    text = rosa.get(PAGE).text
    for words in ("Urbano, andino comunal", "castellano, quechua", "Talleres por red educativa", "1\u00a0250", "1\u00a0290"):
        assert words in text
    assert "Sin respuesta" in text
    assert "Problemas sin respuesta" in rosa.get(UNIT).text
    assert rosa.post(f"{UNIT}/actividades/1/problemas", {"problems": ["1"]}).status_code == 303
    assert "Sin respuesta" not in rosa.get(PAGE).text
    assert "Problemas sin respuesta" not in rosa.get(UNIT).text
    activity = rosa.get(f"{UNIT}/actividades/1").text
    assert "Los materiales llegan tarde" in activity
    assert "indicó qué problemas atiende la actividad 1" in activity


def test_problems_are_moved_changed_and_removed(house: House) -> None:
    """The order on the page is the order of priority."""
    rosa = house.browser("ugel.especialista")
    rosa.post(PAGE, WRITTEN)
    for text in ("Problema uno", "Problema dos"):
        rosa.post(f"{PAGE}/problemas", {"text": text})
    assert rosa.post(f"{PAGE}/problemas/2/prioridad", {"place": "1"}).status_code == 303
    shown = re.findall(r'<th scope="row">(Problema \w+)</th>', rosa.get(PAGE).text)
    assert shown == ["Problema dos", "Problema uno"]
    assert rosa.post(f"{PAGE}/problemas/1", {"text": "Problema nuevo"}).status_code == 303
    assert rosa.post(f"{PAGE}/problemas/2/retiro", {"reason": ""}).status_code == 422
    assert rosa.post(f"{PAGE}/problemas/2/retiro", {"reason": "Se repite"}).status_code == 303
    assert re.findall(r'<th scope="row">(Problema \w+)</th>', rosa.get(PAGE).text) == ["Problema nuevo"]
    assert rosa.post(f"{PAGE}/problemas/2/prioridad", {"place": "1"}).status_code == 409


def test_a_wrong_form_comes_back_with_what_was_typed(house: House) -> None:
    """Without territory or with a number that is none: 422, sentences, and the rest is still there."""
    rosa = house.browser("ugel.especialista")
    answer = rosa.post(PAGE, WRITTEN | {"territory": [], "actors-0-number": "muchos"})
    assert answer.status_code == 422
    assert "Elija al menos un tipo de territorio." in answer.text
    assert "Escriba cuántas personas participaron" in answer.text
    assert 'value="Talleres por red educativa"' in answer.text
    assert 'value="muchos"' in answer.text
    assert 'value="quechua"' in answer.text


def test_a_choice_that_is_not_offered_never_enters_the_record(house: House) -> None:
    """A forged option or a problem that is not a number is an error of the form, not a fact that nobody can read."""
    rosa = house.browser("ugel.especialista")
    assert rosa.post(PAGE, WRITTEN | {"territory": ["la luna"]}).status_code == 422
    assert rosa.post(PAGE, WRITTEN | {"actors-0-kind": "marcianos"}).status_code == 422
    assert rosa.post(f"{UNIT}/actividades/1/problemas", {"problems": ["uno"]}).status_code == 422
    assert "no está registrado" in rosa.get(PAGE).text


def test_the_diagnosis_is_read_as_of_any_fact(house: House) -> None:
    """Before it was written the page says so, and shows no forms; the history tells it in words."""
    year = Cycle(house)
    before = year.position
    rosa = house.browser("ugel.especialista")
    rosa.post(PAGE, WRITTEN)
    past = rosa.get(f"{PAGE}?hasta={before}").text
    assert "no está registrado hasta ese momento" in past
    assert "<form method" not in past.partition("<main")[2]
    history = rosa.get(f"{UNIT}/historial?tipo=diagnostico").text
    assert "registró el diagnóstico participativo: territorio urbano, andino comunal" in history
    compared = house.browser("auditor").get(f"/reproducir/120005/2026?hasta={before}&comparar=hoy").text
    assert "territorio" in compared


def test_only_the_unit_writes(house: House) -> None:
    """The neighbour gets 403, the auditor no form, the DRE reads."""
    assert house.browser("satipo.director").post(PAGE, WRITTEN).status_code == 403
    for usuario in ("auditor", "dre.director", "satipo.director"):
        assert "Registrar diagnóstico" not in house.browser(usuario).get(PAGE).text


def test_a_plan_counts_as_participatory_only_with_those_who_took_part(house: House) -> None:
    """The first «n de 13» asks for an approved and aligned plan that rests on a diagnosis with participants."""

    def tally() -> str:
        text = house.browser("dre.director").get("/?anio=2026").text
        found = re.search(r"<strong>(\d+)</strong> de 2</p>\s*<p[^>]*><a[^>]*>planifican 2026 de manera participativa", text)
        assert found
        return found[1]

    year = Cycle(house).submitted()
    year.do("dre.director", ApprovePlan(resolution="RD 001", resolution_date=date(2026, 1, 15)))
    assert tally() == "0"
    alone = d.WriteDiagnosis(territory=("urbano",))
    year.do("ugel.jefe", alone)
    assert tally() == "0"
    year.do("ugel.jefe", d.WriteDiagnosis(territory=("urbano",), actors=(d.Actor(kind="familias", number=12),)))
    assert tally() == "1"

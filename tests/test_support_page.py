"""The pages of the support sessions: the DRE convenes and verifies, each UGEL sees and reports what it took on."""

import re
from typing import Any

from service.aggregates.plan_versions import OpenYear
from tests.house import JAUJA, SATIPO, House
from tests.lived import Cycle

LIST, ONE = "/apoyo?anio=2026", "/apoyo/2026/1"
PROGRAMME: dict[str, Any] = {
    "kind": "asistencia técnica",
    "title": "Cómo alinear el PAT",
    "day": "2026-03-10",
    "place": "Auditorio de la DRE",
    "units": [JAUJA, SATIPO],
    "agenda": ["Objetivos", "", "Taller"],
    "materials-0-title": "Guía",
    "materials-0-reference": "https://ejemplo.pe/guia",
}
TAKE = {"text": "Alinear las doce actividades", "due": "2026-04-30"}


def came(house: House, *usuarios: str) -> list[str]:
    """What the form sends for these persons."""
    charges = {"ugel.director": f"director-ugel/{JAUJA}", "satipo.director": f"director-ugel/{SATIPO}"}
    return [f"{house.ids[usuario]} {charges[usuario]}" for usuario in usuarios]


def held(house: House) -> None:
    """A session that was convened and held, in which Jauja took something on."""
    office = house.browser("dre.especialista")
    assert office.post("/apoyo/2026", PROGRAMME).status_code == 303
    assert office.post(f"{ONE}/asistencia", {"attendees": came(house, "ugel.director")}).status_code == 303
    assert office.post(f"{ONE}/asumidos/{JAUJA}", TAKE).status_code == 303


def test_the_dre_convenes_and_all_read_it(house: House) -> None:
    """The programme in its order, the material as a link, the units; only the office sees the button."""
    office = house.browser("dre.especialista")
    assert "Convocar jornada" in office.get(LIST).text
    assert 'name="units" value="120005" checked' in office.get("/apoyo/2026/nueva").text
    assert office.post("/apoyo/2026", PROGRAMME).headers["location"] == ONE
    text = house.browser("satipo.especialista").get(ONE).text
    assert re.findall(r"<li>(Objetivos|Taller)</li>", text) == ["Objetivos", "Taller"]
    assert '<a href="https://ejemplo.pe/guia" rel="noreferrer">Guía</a>' in text
    assert "UGEL Satipo" in text
    listing = house.browser("auditor").get(LIST).text
    assert "Cómo alinear el PAT" in listing
    assert "Convocar jornada" not in listing
    assert 'href="/apoyo"' in listing


def test_a_session_is_changed_until_it_is_held(house: House) -> None:
    """The form comes filled with what stands; once held it is refused in words."""
    office = house.browser("dre.especialista")
    office.post("/apoyo/2026", PROGRAMME)
    form = office.get(f"{ONE}/cambiar").text
    for value in ("Cómo alinear el PAT", "2026-03-10", "Taller", "https://ejemplo.pe/guia"):
        assert f'value="{value}"' in form
    assert office.post(f"{ONE}/cambiar", PROGRAMME | {"title": "Alinear bien el PAT"}).status_code == 303
    assert "Alinear bien el PAT" in office.get(ONE).text
    office.post(f"{ONE}/asistencia", {"attendees": came(house, "ugel.director")})
    answer = office.post(f"{ONE}/cambiar", PROGRAMME)
    assert answer.status_code == 409
    assert "Solo se cambia una jornada que no se ha realizado." in answer.text
    assert office.post(f"{ONE}/cancelacion", {"reason": "Tarde"}).status_code == 409


def test_a_wrong_programme_comes_back_with_what_was_typed(house: House) -> None:
    """No unit, no agenda, a day that is none: each a sentence; the title is still there. Only known UGEL are invited."""
    office = house.browser("dre.especialista")
    answer = office.post("/apoyo/2026", PROGRAMME | {"units": [], "agenda": [""], "day": "ayer"})
    assert answer.status_code == 422
    for sentence in ("Elija al menos una UGEL.", "Escriba al menos un punto", "Escriba una fecha válida"):
        assert sentence in answer.text
    assert 'value="Cómo alinear el PAT"' in answer.text
    forged = office.post("/apoyo/2026", PROGRAMME | {"units": ["999999"]})
    assert forged.status_code == 422
    assert "Elija las UGEL de la lista." in forged.text
    assert house.browser("dre.especialista").get(ONE).status_code == 404


def test_attendance_is_of_persons_in_charges_of_that_day(house: House) -> None:
    """The form offers whoever held a charge; somebody who is not on the list, or nobody, is an error."""
    office = house.browser("dre.especialista")
    office.post("/apoyo/2026", PROGRAMME)
    offered = office.get(ONE).text
    for name in ("Elena Ñahui", "Miguel Paredes", "Carmen Rojas"):
        assert name in offered
    assert "Pedro Salas" not in offered, "the auditor is of no unit's staff"
    for wrong in ([], ["nadie director-ugel/120005"]):
        answer = office.post(f"{ONE}/asistencia", {"attendees": wrong})
        assert answer.status_code == 422
        assert "Marque a quienes asistieron, de la lista." in answer.text
    assert office.post(f"{ONE}/asistencia", {"attendees": came(house, "ugel.director", "satipo.director")}).status_code == 303
    text = house.browser("auditor").get(ONE).text
    assert "Miguel Paredes" in text
    assert "Realizada" in text


def test_a_unit_sees_and_reports_what_it_took_on_and_the_dre_verifies(house: House) -> None:
    """On its page, in «Por hacer», reported by a head, observed, reported again, verified by another."""
    Cycle(house).drafted()
    held(house)
    unit = f"/ugel/{JAUJA}/2026"
    assert "Alinear las doce actividades" in house.browser("satipo.especialista").get(unit).text
    home = house.browser("ugel.jefe").get("/?anio=2026").text
    assert "Cumplir e informar: Alinear las doce actividades" in home
    assert "Cumplir e informar" not in house.browser("satipo.director").get("/?anio=2026").text
    at = f"{ONE}/asumidos/{JAUJA}/1"
    assert house.browser("ugel.jefe").post(f"{at}/informe", {"evidence": ""}).status_code == 422
    assert house.browser("ugel.jefe").post(f"{at}/informe", {"evidence": "Informe 14"}).status_code == 303
    office = house.browser("dre.especialista")
    assert "Verificar lo que asumió UGEL Jauja" in office.get("/?anio=2026").text
    lacking = office.post(f"{at}/verificacion", {"accepted": "no"})
    assert lacking.status_code == 409
    assert "Escriba qué falta." in lacking.text
    assert office.post(f"{at}/verificacion", {"accepted": "no", "text": "Faltan dos"}).status_code == 303
    assert "Faltan dos" in house.browser("ugel.jefe").get("/?anio=2026").text
    house.browser("ugel.director").post(f"{at}/informe", {"evidence": "Informe 15"})
    assert house.browser("dre.director").post(f"{at}/verificacion", {"accepted": "si"}).status_code == 303
    text = house.browser("auditor").get(ONE).text
    assert "Cumplido" in text
    assert "Informe 15" in text


def test_only_the_own_unit_reports(house: House) -> None:
    """A neighbour and a specialist get 403; a session that is not there is 404."""
    held(house)
    at = f"{ONE}/asumidos/{JAUJA}/1/informe"
    assert house.browser("satipo.director").post(at, {"evidence": "x"}).status_code == 403
    assert house.browser("ugel.especialista").post(at, {"evidence": "x"}).status_code == 403
    assert house.browser("ugel.director").post("/apoyo/2026", PROGRAMME).status_code == 403
    assert house.browser("auditor").get("/apoyo/2026/7").status_code == 404
    assert house.browser("auditor").get("/apoyo/2026/0").status_code == 404


def test_the_pages_are_read_as_of_any_fact(house: House) -> None:
    """Before the attendance nobody came, and a past page has no forms; the history tells it, auditors read the bytes."""
    held(house)
    facts = list(house.ledger.facts("region/120000/2026"))
    past = house.browser("dre.especialista").get(f"{ONE}?hasta={facts[0].position}").text
    assert "Convocada" in past
    assert "Elena Ñahui" not in past
    assert "<form method" not in past.partition("<main")[2]
    assert "Alinear las doce" not in house.browser("auditor").get(f"/ugel/{JAUJA}/2026?hasta={facts[1].position}").text
    history = house.browser("auditor").get("/apoyo/2026/historial").text
    assert "registró la asistencia a la jornada 1: 1\u00a0persona" in history
    assert "/reproducir/120000" not in history
    assert f"/reproducir/region/2026?hasta={facts[0].position}" in history
    raw = f"/reproducir/region/2026/hecho/{facts[0].position}.json"
    assert raw in history
    assert house.browser("auditor").get(raw).json()["event"]["type"] == "support-convened"
    assert house.browser("dre.director").get(raw).status_code == 403


def test_the_regions_year_is_replayed(house: House) -> None:
    """Fact by fact with the sessions as they stood, the marks of the track, and two moments in words."""
    empty = house.browser("auditor").get("/reproducir/region/2025").text
    assert "Todavía no hay hechos" in empty
    held(house)
    facts = list(house.ledger.facts("region/120000/2026"))
    browser = house.browser("ugel.director")
    first = browser.get(f"/reproducir/region/2026?hasta={facts[0].position}").text
    assert "Hecho 1 de 3" in first
    assert "Convocada" in first
    assert "Alinear las doce" not in first
    last = browser.get("/reproducir/region/2026").text
    assert "Alinear las doce actividades" in last
    assert "Jornada realizada" in last
    said = browser.get(f"/reproducir/region/2026?hasta={facts[0].position}&comparar=hoy").text
    told = " ".join(re.sub(r"<[^>]+>", " ", said).split())
    assert "Jornada 1: Cómo alinear el PAT estado antes Convocada → después Realizada" in told
    assert "asistentes antes 0 → después 1" in told
    assert "1, por la UGEL 120005 antes no existía → después «Alinear las doce actividades», hasta el" in told
    moved = browser.get("/reproducir/region/2026?paso=2")
    assert moved.headers["location"] == f"/reproducir/region/2026?hasta={facts[1].position}"


def test_the_dres_own_plan_is_replayed(house: House) -> None:
    """The DRE's year has the same page as that of any UGEL."""
    house.do("dre.especialista", "unit/120000/2026", OpenYear(year=2026))
    text = house.browser("auditor").get("/reproducir/120000/2026").text
    assert "Hecho 1 de 1" in text
    assert "DRE Junín · 2026" in text

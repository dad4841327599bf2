"""The versions of a plan on screen: reviewed row by row, amended, compared; as of any moment."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from service.aggregates import plan as p
from service.aggregates import plan_review as w
from service.aggregates import plan_versions as v
from service.web import comparing
from tests.house import JAUJA, House
from tests.lived import Cycle

PLACE = f"/ugel/{JAUJA}/2026"


def change(each: int, **more: Any) -> p.ChangeTask:
    """The first task with other targets."""
    words = {"name": "Visitar aulas de primaria", "unit": "Acción"} | more
    return p.ChangeTask(task=1, months=(Decimal(each),) * 12, **words)


def amended(house: House) -> Cycle:
    """A plan whose second version is approved, and a proposal that waits."""
    year = Cycle(house).approved()
    new = p.AddTask(activity=2, name="Recoger actas", unit="Acta", months=(Decimal(1),) * 12)
    year.do("ugel.jefe", v.ProposeAmendment(changes=(change(8), new), reason="Se cerraron rutas"))
    year.do("dre.director", v.ApproveAmendment(amendment=1, resolution="RD 77", resolution_date=date(2026, 5, 2)))
    year.do("ugel.jefe", v.ProposeAmendment(changes=(p.RemoveTask(task=2, reason="Ya no"),), reason="Sin presupuesto"))
    return year


def test_rows_are_observed_together_and_attended_one_by_one(house: House) -> None:
    """What the DRE writes beside two rows stands at those rows; each is answered with a word; then the plan goes back."""
    Cycle(house).drafted().submitted()
    carmen, rosa, elena = (house.browser(name) for name in ("dre.especialista", "ugel.especialista", "ugel.director"))
    text = carmen.get(f"{PLACE}/revision").text
    assert 'name="tarea-1"' in text
    assert 'name="actividad-2"' in text
    assert "Enviar observaciones" not in rosa.get(f"{PLACE}/revision").text
    typed = {"text": "", "tarea-1": "La meta es baja", "actividad-2": "Falta el indicador", "tarea-2": ""}
    assert carmen.post(f"{PLACE}/observacion", typed).status_code == 303
    shown = rosa.get(f"{PLACE}/revision").text
    assert shown.index("Falta el indicador") > shown.index('id="actividad-2"')
    assert "2\xa0observaciones" in rosa.get(PLACE).text
    assert "Distribuir cuadernos de primaria" not in shown, "a row that nobody observed or changed is not shown"
    assert "Distribuir cuadernos de primaria" in rosa.get(f"{PLACE}/revision?ver=todo").text
    assert elena.post(f"{PLACE}/envio").status_code == 409
    empty = rosa.post(f"{PLACE}/atenciones", {"observation": "1", "text": ""})
    assert empty.status_code == 422
    assert 'id="at1-text-error"' in empty.text
    for number in ("1", "2"):
        assert rosa.post(f"{PLACE}/atenciones", {"observation": number, "text": f"Corregido {number}"}).status_code == 303
    assert elena.post(f"{PLACE}/envio").status_code == 303


def test_the_reviewer_sees_only_what_changed_since_with_each_answer(house: House) -> None:
    """Before → after with the fact's number, beside the observation and its answer; a switch shows every row."""
    year = Cycle(house).drafted().submitted()
    year.do("dre.especialista", v.ObservePlan(rows=(w.ObservedRow(task=1, text="La meta es baja"),)))
    done = year.do("ugel.especialista", change(12, reason="Más aulas"))
    year.do("ugel.especialista", w.AttendObservation(observation=1, text="Se subió a doce"))
    year.submitted()
    carmen = house.browser("dre.especialista")
    shown = carmen.get(f"{PLACE}/revision").text
    assert "Se subió a doce" in shown
    assert "10</del>" in shown
    assert "12</ins>" in shown
    assert f"hasta={done.last}" in shown
    assert "«Más aulas»" in shown
    assert "Distribuir cuadernos" not in shown
    assert "Distribuir cuadernos" in carmen.get(f"{PLACE}/revision?ver=todo").text
    year.do("dre.director", v.ApprovePlan(resolution="RD 1", resolution_date=date(2026, 1, 5)))
    assert carmen.get(f"{PLACE}/revision").headers["location"] == f"{PLACE}/versiones"
    then = carmen.get(f"{PLACE}/revision?hasta={done.last}").text
    assert "Se subió a doce" not in then, "it was said later"
    assert "12</ins>" in then
    assert then.count('method="post"') == 1, "only the way out is a form"


def test_what_was_typed_beside_a_row_comes_back(house: House) -> None:
    """A text that is too long is 422, its sentence stands beside its own row, and every other one is kept."""
    Cycle(house).drafted().submitted()
    answer = house.browser("dre.especialista").post(
        f"{PLACE}/observacion", {"text": "En general bien", "tarea-2": "x" * 4001, "actividad-1": "Precise"}
    )
    assert answer.status_code == 422
    assert 'id="ob-tarea-2-error"' in answer.text
    assert ">Precise</textarea>" in answer.text
    assert ">En general bien</textarea>" in answer.text


def test_each_version_says_by_which_resolution_and_what_changed(house: House) -> None:
    """The list has versions, the proposal that waits, and leads to any comparison."""
    amended(house)
    browser = house.browser("auditor")
    text = browser.get(f"{PLACE}/versiones").text
    for words in ("RD 001", "RD 77", "Se cerraron rutas", "Sin presupuesto", "1\xa0tarea nueva", "1\xa0tarea con cambios"):
        assert words in text
    assert text.index("RD 77") < text.index("RD 001")
    to = browser.get(f"{PLACE}/versiones?a=1&b=2")
    assert (to.status_code, to.headers["location"]) == (303, f"{PLACE}/versiones/1/2")


def test_two_versions_side_by_side_name_the_fact_of_each_line(house: House) -> None:
    """Words and figures of both sides, who approved, why, and the number of the fact; in either order of the address."""
    year = amended(house)
    facts = {type(each.fact.event).__name__: each.position for each in house.ledger.facts(year.stream)}
    browser = house.browser("auditor")
    text = browser.get(f"{PLACE}/versiones/1/2").text
    assert browser.get(f"{PLACE}/versiones/2/1").text.partition("<main")[2] == text.partition("<main")[2]
    for words in ("Cambia la tarea 1", "Se agrega la tarea 3", "Recoger actas", "meta anual", "120", "96", "«Se cerraron rutas»"):
        assert words in text
    assert f"hasta={facts['TaskChanged']}" in text
    assert "Distribuir cuadernos de primaria" not in text, "what did not change is not told"
    waits = browser.get(f"{PLACE}/versiones/vigente/m2").text
    assert "Se retira la tarea 2" in waits
    assert f"hasta={facts['AmendmentProposed']}" in waits
    assert "No hay diferencias" in browser.get(f"{PLACE}/versiones/2/vigente").text


def test_a_long_comparison_has_pages_and_a_whole_to_print(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first rows, the way to the next ones and to all of them; the whole is in the head on every page."""
    monkeypatch.setattr(comparing, "PER_PAGE", 1)
    amended(house)
    browser, path = house.browser("auditor"), f"{PLACE}/versiones/1/2"
    first, second, whole = (browser.get(f"{path}{query}").text for query in ("", "?pagina=2", "?pagina=todo"))
    assert ("1–1 de 2" in first, "2–2 de 2" in second, "filas con cambios" in whole) == (True, True, False)
    assert ("Cambia la tarea 1" in first, "Cambia la tarea 1" in second) == (True, False)
    assert ("Se agrega la tarea 3" in first, "Se agrega la tarea 3" in second) == (False, True)
    assert "Cambia la tarea 1" in whole
    assert "Se agrega la tarea 3" in whole
    assert all("1 tarea con cambios · 1 tarea nueva" in text.replace("\u00a0", " ") for text in (first, second))
    assert 'href="?pagina=2"' in first


@pytest.mark.parametrize("path", ["versiones/1/9", "versiones/m7/1", "versiones/observado/vigente", "versiones/x/y"])
def test_a_side_that_is_not_there_is_404(house: House, path: str) -> None:
    """Versions, proposals and reviews that did not happen cannot be compared."""
    amended(house)
    assert house.browser("auditor").get(f"{PLACE}/{path}").status_code == 404


def test_versions_as_of_a_fact(house: House) -> None:
    """Before the amendment was approved there was one version, and a proposal that waited."""
    year = amended(house)
    approved = next(e.position for e in house.ledger.facts(year.stream) if isinstance(e.fact.event, v.AmendmentApproved))
    browser = house.browser("auditor")
    text = browser.get(f"{PLACE}/versiones?hasta={approved - 1}").text
    assert "RD 77" not in text
    assert "Se cerraron rutas" in text
    assert browser.get(f"{PLACE}/versiones/1/2?hasta={approved - 1}").status_code == 404


def test_a_year_without_a_plan_has_no_review_and_no_versions(house: House) -> None:
    """An unopened year says so; an unknown unit is 404."""
    browser: Callable[[str], Any] = house.browser("auditor").get
    assert browser(f"/ugel/{JAUJA}/2027/revision").status_code == 404
    assert "todavía no tiene versiones" in browser(f"/ugel/{JAUJA}/2027/versiones").text
    assert browser("/ugel/120013/2026/versiones").status_code == 404


def test_an_amendment_is_told_row_by_row_with_both_persons(house: House) -> None:
    """Who proposed and why, who approved by which resolution, each row before → after with the numbers of its facts."""
    year = amended(house)
    facts = {type(each.fact.event).__name__: each.position for each in house.ledger.facts(year.stream)}
    text = house.browser("auditor").get(f"{PLACE}/modificaciones/1").text
    for words in ("Juan Huamán", "Ana Cárdenas", "Se cerraron rutas", "RD 77", "Cambia la tarea 1", "120</del>", "96</ins>"):
        assert words in text
    assert f"hasta={facts['TaskChanged']}" in text
    waits = house.browser("dre.director").get(f"{PLACE}/modificaciones/2").text
    assert "Se retira la tarea 2" in waits
    assert "Aprobar modificación" in waits
    assert house.browser("dre.director").post(f"{PLACE}/modificaciones/2/rechazo", {"reason": ""}).status_code == 422


def test_who_proposes_is_told_that_another_person_resolves(house: House) -> None:
    """The form is not offered to the proposer; a proposal on an older version is only to be rejected."""
    dre = Cycle(house, unit=JAUJA).approved()
    for reason in ("Una", "Otra"):
        dre.do("ugel.jefe", v.ProposeAmendment(changes=(change(9),), reason=reason))
    dre.do("dre.director", v.ApproveAmendment(amendment=1, resolution="RD 2", resolution_date=date(2026, 5, 2)))
    stale = house.browser("dre.director").get(f"{PLACE}/modificaciones/2").text
    assert "ya no se puede aprobar" in stale
    assert "Aprobar modificación" not in stale
    assert "Rechazar modificación" in stale


def test_each_activity_opens_its_own_changes_in_place(house: House) -> None:
    """The row says who changed it last; one click brings every change with before → after; without scripts it is a page."""
    year = amended(house)
    browser = house.browser("auditor")
    assert f'hx-get="{PLACE}/actividades/1/cambios"' in browser.get(PLACE).text
    part = browser.get(f"{PLACE}/actividades/1/cambios", headers={"hx-request": "true"}).text
    assert part.strip().startswith("<td colspan")
    whole = browser.get(f"{PLACE}/actividades/1/cambios").text
    for words in ("agregó la actividad 1", "cambió la tarea 1", "Ana Cárdenas", "Director(a) de la DRE"):
        assert words in part
        assert words in whole
    assert "agregó la actividad 2" not in part
    first = next(each.position for each in house.ledger.facts(year.stream) if isinstance(each.fact.event, p.ActivityAdded))
    assert "cambió la tarea" not in browser.get(f"{PLACE}/actividades/1/cambios?hasta={first}").text
    assert browser.get(f"{PLACE}/actividades/2/cambios?hasta={first}").status_code == 404
    assert browser.get(f"{PLACE}/actividades/9/cambios").status_code == 404

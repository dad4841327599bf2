"""The plan's pages: written in a draft, proposed once approved, resolved by the DRE, read as of any fact."""

import re

import pytest

from tests.first_quarter import PLACE, STREAM, YEAR, approve_plan, live
from tests.house import House

NEXT = f"/ugel/120005/{YEAR + 1}"
MONTHS = {f"months-{n}": "2,5" if n == 0 else "1" for n in range(12)}


def test_a_specialist_writes_a_plan_from_nothing(house: House) -> None:
    """Open the year, add a line, an activity and a task with decimal commas, align it; the page shows it all."""
    rosa = house.browser("ugel.especialista")
    assert rosa.post(f"{NEXT}/apertura").status_code == 303
    assert rosa.post(f"{NEXT}/lineas", {"code": "M1", "kind": "misional", "name": "Monitoreo"}).status_code == 303
    assert rosa.post(f"{NEXT}/actividades", {"line": "M1", "name": "Visitar aulas"}).status_code == 303
    place = f"{NEXT}/actividades/1"
    assert rosa.post(f"{place}/tareas", {"name": "Visitas", "unit": "Visita"} | MONTHS).status_code == 303
    assert rosa.post(f"{place}/alineamiento", {"objectives": ["ON1"]}).status_code == 303
    text = rosa.get(NEXT).text
    assert "Visitar aulas" in text
    assert "13,5" in text
    assert "ON1" in text


def test_a_form_with_errors_comes_back_with_what_was_typed(house: House) -> None:
    """422, a sentence beside the field, the typed name kept, nothing written."""
    rosa = house.browser("ugel.especialista")
    rosa.post(f"{NEXT}/apertura")
    rosa.post(f"{NEXT}/lineas", {"code": "M1", "kind": "misional", "name": "Monitoreo"})
    answer = rosa.post(f"{NEXT}/actividades", {"line": "", "name": "Visitar las aulas rurales"})
    assert answer.status_code == 422
    assert 'id="ac-line-error"' in answer.text
    assert 'value="Visitar las aulas rurales"' in answer.text
    assert "no tiene actividades" in rosa.get(NEXT).text


def test_a_form_shows_figures_as_they_are(house: House) -> None:
    """Four decimals stay four: to change the name of a task and send the rest as shown changes nothing else."""
    rosa = house.browser("ugel.especialista")
    rosa.post(f"{NEXT}/apertura")
    rosa.post(f"{NEXT}/lineas", {"code": "M1", "kind": "misional", "name": "Monitoreo"})
    rosa.post(f"{NEXT}/actividades", {"line": "M1", "name": "Visitar aulas"})
    rosa.post(f"{NEXT}/actividades/1/tareas", {"name": "Visitas", "unit": "Visita"} | MONTHS | {"months-0": "0,3333"})
    assert 'value="0,3333"' in rosa.get(f"{NEXT}/actividades/1").text


def test_submission_is_refused_with_the_list_of_what_is_missing(house: House) -> None:
    """409 and the unaligned activity by its name; aligned, it goes through and the DRE approves it."""
    rosa, elena, ana = (house.browser(name) for name in ("ugel.especialista", "ugel.director", "dre.director"))
    rosa.post(f"{NEXT}/apertura")
    rosa.post(f"{NEXT}/lineas", {"code": "M1", "kind": "misional", "name": "Monitoreo"})
    rosa.post(f"{NEXT}/actividades", {"line": "M1", "name": "Visitar aulas"})
    rosa.post(f"{NEXT}/actividades/1/tareas", {"name": "Visitas", "unit": "Visita"} | MONTHS)
    refused = elena.post(f"{NEXT}/envio")
    assert refused.status_code == 409
    assert "Actividad 1: Visitar aulas" in refused.text
    rosa.post(f"{NEXT}/actividades/1/alineamiento", {"objectives": ["ON1", "ON2"]})
    assert elena.post(f"{NEXT}/envio").status_code == 303
    observed = house.browser("dre.especialista").post(f"{NEXT}/observacion", {"text": "Falta el medio de verificación"})
    assert observed.status_code == 303
    assert "Falta el medio de verificación" in rosa.get(NEXT).text
    assert elena.post(f"{NEXT}/envio").status_code == 409, "an observation waits"
    assert rosa.post(f"{NEXT}/atenciones", {"observation": "0", "text": "Se agregó"}).status_code == 303
    assert elena.post(f"{NEXT}/envio").status_code == 303
    assert ana.post(f"{NEXT}/aprobacion", {"resolution": "", "resolution_date": "2026-01-05"}).status_code == 422
    assert ana.post(f"{NEXT}/aprobacion", {"resolution": "R.D. 15", "resolution_date": "05/01/2026"}).status_code == 303
    assert "R.D. 15" in rosa.get(NEXT).text


def test_a_change_of_an_approved_plan_is_proposed_and_approved_on_its_page(house: House) -> None:
    """The task keeps its target until the DRE approves; then original and current stand side by side."""
    approve_plan(house)
    rosa, ana = house.browser("ugel.especialista"), house.browser("dre.director")
    change = {"name": "Visitas en zona rural", "unit": "Visita", "months-2": "14", "reason": "Se sumaron escuelas"}
    assert rosa.post(f"{PLACE}/actividades/1/tareas/1/metas", change).status_code == 303
    assert "<ins>" not in rosa.get(f"{PLACE}/actividades/1?t=1").text.partition("Historial")[0]
    proposal = ana.get(f"{PLACE}/modificaciones/1").text
    assert "Se sumaron escuelas" in proposal
    assert "Aprobar modificación" in proposal
    assert "Aprobar modificación" not in rosa.get(f"{PLACE}/modificaciones/1").text
    answer = ana.post(f"{PLACE}/modificaciones/1/aprobacion", {"resolution": "R.D. 40", "resolution_date": f"{YEAR}-05-05"})
    assert answer.status_code == 303
    shown = rosa.get(f"{PLACE}/actividades/1?t=1").text
    assert re.search(r"10</del>.*?14</ins>", shown, re.DOTALL)
    assert "Versión 2" in rosa.get(PLACE).text


def test_progress_is_recorded_from_the_activity_with_the_day_it_happened(house: House) -> None:
    """The figure, its evidence and its day stand in the record; the same form twice is recorded once."""
    approve_plan(house)
    rosa = house.browser("ugel.especialista")
    place = f"{PLACE}/actividades/1"
    form = {
        "command_id": "the-same",
        "entries-0-task": "1",
        "entries-0-executed": "7,5",
        "entries-0-evidence": "Informe 12",
        "on": f"{YEAR}-03-20",
    }
    assert [rosa.post(f"{place}/avance/1", form).status_code for _ in range(2)] == [303, 303]
    facts = [r.fact for r in house.ledger.facts(STREAM) if type(r.fact.event).__name__ == "ProgressRecorded"]
    assert [(str(f.event.executed), f.on.isoformat()) for f in facts] == [("7.5", f"{YEAR}-03-20")]
    shown = rosa.get(f"{place}?t=1").text
    assert 'value="7,5"' in shown
    assert "Informe 12" in shown


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"entries-0-executed": "siete"}, 422, "Escriba un número"),
        ({"entries-0-executed": "-1"}, 422, "Escriba un número"),
        ({"entries-0-executed": "5", "on": "ayer"}, 422, "Escriba la fecha"),
        ({"entries-0-executed": "5", "on": "2090-01-01"}, 409, "no puede ser futura"),
        ({"entries-0-executed": "500"}, 409, "Explique el motivo"),
        ({}, 422, "al menos un avance"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_and_kept_on_screen(
    house: House, typed: dict[str, str], status: int, sentence: str
) -> None:
    """Each refusal is a sentence, keeps what was typed and writes nothing."""
    approve_plan(house)
    rosa = house.browser("ugel.especialista")
    answer = rosa.post(f"{PLACE}/actividades/1/avance/1", {"entries-0-task": "1", "reason": ""} | typed)
    assert answer.status_code == status
    assert sentence in answer.text
    for value in typed.values():
        assert f'value="{value}"' in answer.text
    assert not [r for r in house.ledger.facts(STREAM) if type(r.fact.event).__name__ == "ProgressRecorded"]


def test_the_pages_as_of_a_fact_show_what_stood_then_without_forms(house: House) -> None:
    """Before the approval the plan is a draft, and the past has a banner and no form to change anything."""
    approve_plan(house)
    positions = {type(r.fact.event).__name__: r.position for r in house.ledger.facts(STREAM)}
    rosa = house.browser("ugel.especialista")
    then = rosa.get(f"{PLACE}?hasta={positions['ActivityAdded']}").text
    assert "En borrador" in then
    assert "Está viendo el estado" in then
    assert then.count('method="post"') == 1, "only the way out is a form"
    assert "Versión 1" in rosa.get(PLACE).text
    late = rosa.get(f"{PLACE}/actividades/1?hasta={positions['PlanApproved']}").text
    assert late.count('method="post"') == 1
    assert rosa.get(f"{PLACE}/actividades/3?hasta={positions['YearOpened']}").status_code == 404


def test_what_does_not_exist_is_404_and_another_unit_403(house: House) -> None:
    """Unknown unit, activity, amendment: 404; a write for another unit: 403 in words."""
    live(house, "reported")
    rosa, ruth = house.browser("ugel.especialista"), house.browser("satipo.especialista")
    for path in (f"/ugel/999999/{YEAR}", f"{PLACE}/actividades/99", f"{PLACE}/modificaciones/9", "/ugel/120005/abc"):
        assert rosa.get(path).status_code == 404
    answer = ruth.post(f"{PLACE}/actividades/1/avance/1", {"entries-0-task": "1", "entries-0-executed": "1"})
    assert answer.status_code == 403
    assert "su propia unidad" in answer.text

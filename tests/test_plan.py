"""The plan's story: drafted, aligned, submitted, observed, approved, amended; and what it refuses."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from service.aggregates import catalogue
from service.aggregates import plan as p
from service.aggregates import plan_review as w
from service.aggregates import plan_versions as v
from service.aggregates.balance import DisposeItem, ItemDisposed
from service.aggregates.plan_alignment import AlignActivity, MapObjective
from service.aggregates.unit_year import LastYear
from tests.stories import (
    APPROVED,
    BOOKS,
    CLASSROOMS,
    DIRECTOR,
    DRAFT,
    DRE_DIRECTOR,
    DRE_SPECIALIST,
    FEEDBACK,
    HEAD,
    LINE,
    OPENED,
    RESOLUTION,
    SUBMITTED,
    UNIT,
    VISITS,
    YEAR,
    given,
    months,
    refused,
)

SUBMIT, APPROVE = v.SubmitPlan(), v.ApprovePlan(**RESOLUTION)
MORE = months(*[12] * 12)
MORE_VISITS = p.ChangeTask(task=1, name="Visitar aulas", unit="Visita", months=MORE, reason="Más docentes")


def test_a_year_is_opened_once() -> None:
    """Opening an open year again changes nothing."""
    given().when(v.OpenYear(year=YEAR)).then(OPENED).when(v.OpenYear(year=YEAR)).then()


def test_a_year_is_opened_only_in_its_own_stream() -> None:
    """The year named must be the year of the stream, or two years would be told in one line."""
    given().when(v.OpenYear(year=2030)).then(refused("Aquí se trabaja el año 2026"))


def test_nothing_is_planned_in_a_year_that_is_not_open() -> None:
    """A change before the year is opened is refused."""
    given().when(p.AddLine(code="M1", kind="misional", name="Monitoreo")).then(refused("no está abierto"))


def test_a_plan_is_drafted_line_activity_task() -> None:
    """Each recorded change of a draft is a fact at once, with the next ordinal."""
    twelve: Any = BOOKS.months
    task = p.NewTask(name="Entregar cuadernos", unit="Local escolar", months=twelve)
    story = given(OPENED, VISITS, CLASSROOMS).when(p.AddLine(code="M1", kind="misional", name=LINE.name)).then(LINE)
    story.when(p.AddActivity(line="M1", name=FEEDBACK.name, objectives=("OEI.02",), tasks=(task,))).then(
        FEEDBACK, p.TaskAdded(task=2, activity=2, name=task.name, unit=task.unit, months=task.months)
    )


def test_a_line_is_in_the_plan_once() -> None:
    """The code of a line of action is not repeated."""
    given(OPENED, LINE).when(p.AddLine(code="M1", kind="soporte", name="Otra")).then(refused("ya está en el plan"))


def test_an_activity_needs_its_line() -> None:
    """An activity under an unknown line is refused, when added and when moved."""
    given(OPENED).when(p.AddActivity(line="X9", name="Suelta")).then(refused("«X9» no está en el plan"))
    given(*DRAFT).when(p.ChangeActivity(activity=1, line="X9", name="Otra")).then(refused("«X9» no está en el plan"))


def test_a_change_says_what_was_there() -> None:
    """A changed task keeps the values it replaces; the same values again change nothing."""
    changed = p.TaskChanged(
        task=1,
        activity=1,
        was={"months": CLASSROOMS.months},
        name="Visitar aulas",
        unit="Visita",
        months=MORE,
        reason="Más docentes",
    )
    given(*DRAFT).when(MORE_VISITS).then(changed).when(MORE_VISITS).then()
    rename = p.ChangeActivity(activity=1, line="M1", name="Acompañar a docentes")
    was, now = {"name": VISITS.name}, {"name": "Acompañar a docentes"}
    given(*DRAFT).when(rename).then(p.ActivityChanged(activity=1, was=was, now=now)).when(rename).then()


def test_an_activity_leaves_with_its_tasks() -> None:
    """Removing an activity of a draft removes its tasks first, each with the reason."""
    given(*DRAFT).when(p.RemoveActivity(activity=1, reason="Se fusiona")).then(
        p.TaskRemoved(task=1, activity=1, reason="Se fusiona"),
        p.TaskRemoved(task=2, activity=1, reason="Se fusiona"),
        p.ActivityRemoved(activity=1, reason="Se fusiona"),
    )


def test_what_is_not_in_the_plan_cannot_change() -> None:
    """Every change of an unknown activity or task is refused."""
    words = {"name": "Nada", "unit": "Acción", "months": months()}
    for change in (p.ChangeTask(task=9, **words), p.RemoveTask(task=9, reason="-")):
        given(*DRAFT).when(change).then(refused("Esa tarea no está en el plan"))
    for unknown in (
        p.AddTask(activity=9, **words),
        p.ChangeActivity(activity=9, line="M1", name="Nada"),
        p.RemoveActivity(activity=9, reason="-"),
        AlignActivity(activity=9, objectives=("OEI.01",)),
    ):
        given(*DRAFT).when(unknown).then(refused("Esa actividad no está en el plan"))


def test_an_ordinal_is_never_given_twice() -> None:
    """A removed task's number is not reused: its history stays its own."""
    story = given(*DRAFT).after(p.RemoveTask(task=3, reason="Error"))
    story.after(p.AddTask(activity=2, name="Otra", unit="Acción", months=months(1)))
    assert 4 in story.state.plan.tasks
    assert 3 not in story.state.plan.tasks


def test_alignment_is_to_the_catalogue() -> None:
    """An activity is aligned only with objectives the DRE has published; the same alignment again changes nothing."""
    align = AlignActivity(activity=1, objectives=("OEI.02", "OEI.02"))
    given(*DRAFT).when(AlignActivity(activity=1, objectives=("PER.99",))).then(refused("no están en el catálogo", ("PER.99",)))
    given(*DRAFT).when(align).then(p.ActivityAligned(activity=1, was=("OEI.01",), objectives=("OEI.02",))).when(align).then()


def test_an_alignment_may_keep_an_objective_that_was_retired() -> None:
    """What the DRE no longer offers stays where it was chosen, beside new ones; it is not chosen anew elsewhere."""
    later = catalogue.Rules(objectives=frozenset({"OEI.02"}), retired=frozenset({"OEI.01"}))
    both = AlignActivity(activity=1, objectives=("OEI.01", "OEI.02"))
    kept = p.ActivityAligned(activity=1, was=("OEI.01",), objectives=("OEI.01", "OEI.02"))
    given(*DRAFT).when(both, rules=later).then(kept)
    anew = AlignActivity(activity=2, objectives=("OEI.01",))
    given(*DRAFT).when(anew, rules=later).then(refused("no están en el catálogo", ("OEI.01",)))


def test_an_activity_is_not_born_aligned_with_an_unknown_objective() -> None:
    """A new activity, too, names only objectives of the catalogue: otherwise the alignment would prove nothing."""
    new = p.AddActivity(line="M1", name="Nueva", objectives=("INVENTADO",))
    given(*DRAFT).when(new).then(refused("no están en el catálogo", ("INVENTADO",)))
    given(*APPROVED).when(v.ProposeAmendment(changes=(new,), reason="Falta")).then(refused("catálogo", ("INVENTADO",)))
    task = p.NewTask(name="Tarea", unit="Acción", months=months(1))
    book = p.ImportPlan(
        year=YEAR, file="pat.xlsx", digest="d", lines=(), activities=(p.AddActivity(**_fields(new), tasks=(task,)),)
    )
    given(*DRAFT).when(book).then(refused("catálogo", ("INVENTADO",)))


def _fields(new: p.AddActivity) -> dict[str, Any]:
    return {"line": new.line, "name": new.name, "objectives": new.objectives}


def test_foreign_codes_are_mapped_in_bulk() -> None:
    """One mapping aligns every activity that carries the foreign code, and only those."""
    foreign = [p.ActivityAdded(activity=n, line="M1", name=f"Actividad {n}", foreign=("OEI.01-450",)) for n in (3, 4)]
    mapping = MapObjective(foreign="OEI.01-450", objective="OEI.01")
    aligned = [p.ActivityAligned(activity=n, was=(), objectives=("OEI.01",)) for n in (3, 4)]
    given(*DRAFT, *foreign).when(mapping).then(*aligned).when(mapping).then()
    given(*DRAFT).when(MapObjective(foreign="OEI.01-450", objective="PER.99")).then(refused("«PER.99» no está en el catálogo"))


def test_a_plan_is_submitted_only_when_every_activity_is_aligned() -> None:
    """The refusal lists the unaligned activities."""
    loose = p.ActivityAdded(activity=3, line="M1", name="Pintar el local", foreign=("OEI.77",))
    given(*DRAFT, loose).when(SUBMIT, by=DIRECTOR).then(refused("falta lo siguiente", ("Actividad 3: Pintar el local",)))
    given(*DRAFT).when(SUBMIT, by=DIRECTOR).then(v.PlanSubmitted(activities=2))


def test_an_empty_plan_is_not_submitted() -> None:
    """A plan without tasks says nothing."""
    given(OPENED, LINE, VISITS).when(SUBMIT, by=DIRECTOR).then(refused("no tiene tareas"))


def test_a_submitted_plan_waits_for_the_dre() -> None:
    """Nothing of it changes meanwhile: what was submitted is what is approved."""
    line = p.AddLine(code="S1", kind="soporte", name="Soporte")
    align, mapping = AlignActivity(activity=1, objectives=()), MapObjective(foreign="X", objective="OEI.01")
    for change in (line, MORE_VISITS, p.RemoveTask(task=1, reason="-"), align, mapping):
        given(*SUBMITTED).when(change).then(refused("enviado a la DRE"))
    given(*SUBMITTED).when(SUBMIT, by=DIRECTOR).then(refused("ya está enviado"))


def test_an_approved_activity_keeps_an_alignment() -> None:
    """An approved plan may be aligned better, never left unaligned."""
    given(*APPROVED).when(AlignActivity(activity=1, objectives=())).then(refused("sin objetivo"))
    given(*APPROVED).when(AlignActivity(activity=1, objectives=("OEI.02",))).then(
        p.ActivityAligned(activity=1, was=("OEI.01",), objectives=("OEI.02",))
    )


def test_observe_correct_resubmit_approve() -> None:
    """The DRE observes with a reason, the unit corrects, says so and submits again, the DRE approves as version 1."""
    story = given(*SUBMITTED).when(v.ObservePlan(text="Falta la meta"), by=DRE_SPECIALIST)
    story.then(v.PlanObserved(text="Falta la meta")).after(MORE_VISITS)
    story.when(SUBMIT, by=DIRECTOR).then(refused("falta lo siguiente", ("Observación 0: Falta la meta",)))
    story.when(w.AttendObservation(observation=0, text="Corregida"), by=DIRECTOR)
    story.then(w.ObservationAttended(observation=0, text="Corregida"))
    story.when(SUBMIT, by=DIRECTOR).then(v.PlanSubmitted(activities=2))
    story.when(APPROVE, by=DRE_DIRECTOR).then(v.PlanApproved(version=1, **RESOLUTION))


def test_an_observation_names_its_rows() -> None:
    """Several rows are observed together, one event each; a task brings its activity; numbers go on from review to review."""
    rows = (w.ObservedRow(activity=2, text="Sin sustento"), w.ObservedRow(task=1, text="Meta baja"))
    story = given(*SUBMITTED).when(v.ObservePlan(rows=rows), by=DRE_SPECIALIST)
    story.then(
        v.PlanObserved(text=""),
        w.PlanRowObserved(observation=1, activity=2, text="Sin sustento"),
        w.PlanRowObserved(observation=2, activity=1, task=1, text="Meta baja"),
    )
    for number in (1, 2):
        story.after(w.AttendObservation(observation=number, text="Hecho"))
    story.after(SUBMIT, by=DIRECTOR).after(v.ObservePlan(rows=rows[:1]), by=DRE_SPECIALIST)
    assert list(story.state.plan.observations) == [3], "the observations of an earlier review wait for nobody"


def test_an_observation_says_something_of_something_there() -> None:
    """Nothing said is no observation, and only rows of the plan are observed."""
    given(*SUBMITTED).when(v.ObservePlan(text=" "), by=DRE_SPECIALIST).then(refused("Escriba qué debe corregirse"))
    for row, words in ((w.ObservedRow(task=9, text="-"), "Esa tarea"), (w.ObservedRow(activity=9, text="-"), "Esa actividad")):
        given(*SUBMITTED).when(v.ObservePlan(rows=(row,)), by=DRE_SPECIALIST).then(refused(words))
    given(*SUBMITTED).when(v.ObservePlan(rows=(w.ObservedRow(text="-"),)), by=DRE_SPECIALIST).then(refused("Esa actividad"))


def test_every_observation_is_attended_before_the_plan_goes_back() -> None:
    """The refusal lists what is missing; a word may be said again; a row that was retired is answered too."""
    rows = (w.ObservedRow(activity=2, text="Sin sustento"), w.ObservedRow(task=1, text="Meta baja"))
    story = given(*SUBMITTED).after(v.ObservePlan(text="Revise todo", rows=rows), by=DRE_SPECIALIST)
    story.after(p.RemoveTask(task=1, reason="Se retira"))
    lines = ("Observación 0: Revise todo", "Observación 1, actividad 2: Sin sustento", "Observación 2, tarea 1: Meta baja")
    story.when(SUBMIT, by=DIRECTOR).then(refused("falta lo siguiente", lines))
    for number in (0, 1, 2):
        story.after(w.AttendObservation(observation=number, text="Hecho"))
    again = w.AttendObservation(observation=2, text="Se retiró la tarea")
    story.when(again).then(w.ObservationAttended(observation=2, activity=1, task=1, text="Se retiró la tarea")).when(again).then()
    story.when(SUBMIT, by=DIRECTOR).then(v.PlanSubmitted(activities=2))
    story.when(again).then(refused("mientras el plan está observado"))
    story.when(w.AttendObservation(observation=7, text="-")).then(refused("no está en la última revisión"))


def test_who_submits_a_plan_neither_observes_nor_approves_it() -> None:
    """The second person is another person, whatever the charge."""
    given(*SUBMITTED).when(APPROVE, by=DIRECTOR).then(refused("Quien envía el plan no puede aprobarlo"))
    given(*SUBMITTED).when(v.ObservePlan(text="-"), by=DIRECTOR).then(refused("Quien envía el plan no puede observarlo"))


def test_only_a_submitted_plan_is_judged() -> None:
    """A draft or an approved plan is neither observed nor approved."""
    for past in (DRAFT, APPROVED):
        given(*past).when(APPROVE, by=DRE_DIRECTOR).then(refused("Solo se aprueba un plan enviado"))
        given(*past).when(v.ObservePlan(text="-"), by=DRE_SPECIALIST).then(refused("Solo se observa un plan enviado"))


def test_the_year_gate() -> None:
    """A plan is not submitted while an open item of last year's closed balance has no disposition."""
    last = LastYear(2025, ("alerta/2", "hallazgo/1"), {})
    story = (
        given(*DRAFT).when(SUBMIT, by=DIRECTOR, last_year=last).then(refused("falta lo siguiente", ("alerta 2", "hallazgo 1")))
    )
    for item in last.open_items:
        story.when(DisposeItem(item=item, decision="continuar"), by=DIRECTOR, last_year=last)
        story.then(ItemDisposed(item=item, decision="continuar"))
    story.when(SUBMIT, by=DIRECTOR, last_year=last).then(v.PlanSubmitted(activities=2))


def test_an_approved_plan_changes_only_by_amendment() -> None:
    """A direct change is refused; the proposal waits, and takes effect one event each when somebody else approves it."""
    given(*APPROVED).when(MORE_VISITS).then(refused("proponga la modificación"))
    story = given(*APPROVED).when(v.ProposeAmendment(changes=(MORE_VISITS,), reason="Más plazas"), by=HEAD)
    (proposed,) = story.last
    assert isinstance(proposed, v.AmendmentProposed)
    story.then(proposed)
    assert story.state.plan.tasks[1].months == CLASSROOMS.months
    resolve: dict[str, Any] = {"amendment": 1, "resolution": "RD 2", "resolution_date": date(2026, 5, 2)}
    story.when(v.ApproveAmendment(**resolve), by=HEAD).then(refused("Quien propone la modificación no puede"))
    story.when(v.ApproveAmendment(**resolve), by=DRE_DIRECTOR).then(v.AmendmentApproved(version=2, **resolve), *proposed.changes)
    assert story.state.plan.tasks[1].months == MORE
    story.when(v.ApproveAmendment(**resolve), by=DRE_DIRECTOR).then(refused("no está pendiente"))


def test_a_draft_takes_no_amendment_and_an_empty_one_is_refused() -> None:
    """Before approval the plan is changed directly; a proposal that changes nothing is none."""
    given(*DRAFT).when(v.ProposeAmendment(changes=(MORE_VISITS,), reason="-")).then(refused("no está aprobado"))
    twelve: Any = CLASSROOMS.months
    same = p.ChangeTask(task=1, name="Visitar aulas", unit="Visita", months=twelve)
    given(*APPROVED).when(v.ProposeAmendment(changes=(same,), reason="-")).then(refused("no cambia nada"))


def test_a_new_activity_of_an_approved_plan_serves_an_objective() -> None:
    """What an amendment adds is aligned as the plan was when it was sent; the refusal lists what is not."""
    loose = p.AddActivity(line="M1", name="Pintar el local", area="AGA")
    aligned = p.AddActivity(line="M1", name="Informar", objectives=("OEI.02",))
    bare = refused("no puede quedar sin objetivo", ("Actividad nueva: Pintar el local",))
    given(*APPROVED).when(v.ProposeAmendment(changes=(aligned, loose), reason="Falta")).then(bare)
    story = given(*APPROVED).after(v.ProposeAmendment(changes=(aligned,), reason="Falta"))
    assert story.state.plan.amendments[1].changes[0].objectives == ("OEI.02",)


def test_a_rejected_amendment_changes_nothing() -> None:
    """The plan stays as it was, the answer is kept, and numbers given out are not given again."""
    new = p.AddTask(activity=1, name="Nueva", unit="Acción", months=months(1))
    propose = v.ProposeAmendment(changes=(new,), reason="-")
    story = given(*APPROVED).after(propose).when(v.RejectAmendment(amendment=1, reason="Sin sustento"), by=DRE_DIRECTOR)
    story.then(v.AmendmentRejected(amendment=1, reason="Sin sustento")).after(propose)
    (added,) = story.state.plan.amendments[2].changes
    assert added.task == 5
    assert story.state.plan.version == 1


def test_a_proposal_on_an_older_version_is_asked_again() -> None:
    """Two proposals were made on version 1: when one is approved, the other no longer fits."""
    other = p.RemoveTask(task=3, reason="Ya no")
    story = given(*APPROVED)
    for change in (MORE_VISITS, other):
        story.after(v.ProposeAmendment(changes=(change,), reason="-"))
    resolve: dict[str, Any] = {"resolution": "RD 2", "resolution_date": date(2026, 5, 2)}
    story.after(v.ApproveAmendment(amendment=1, **resolve), by=DRE_DIRECTOR)
    story.when(v.ApproveAmendment(amendment=2, **resolve), by=DRE_DIRECTOR).then(refused("cambió de versión"))


def test_the_changes_of_one_amendment_follow_each_other() -> None:
    """Each change is decided on what the ones before leave: nothing is removed twice, nor changed after it is gone."""
    gone, later = p.RemoveActivity(activity=1, reason="Se fusiona"), p.RemoveTask(task=1, reason="Se fusiona")
    new = p.AddTask(activity=1, name="Nueva", unit="Acción", months=months(1))
    for second, words in (
        (later, "Esa tarea no"),
        (MORE_VISITS, "Esa tarea no"),
        (new, "Esa actividad no"),
        (gone, "Esa actividad no"),
    ):
        given(*APPROVED).when(v.ProposeAmendment(changes=(gone, second), reason="-")).then(refused(words))
    again = p.ChangeTask(task=1, name="Visitar aulas", unit="Visita", months=months(*[15] * 12))
    story = given(*APPROVED).after(v.ProposeAmendment(changes=(MORE_VISITS, again), reason="-"))
    _, second_change = story.state.plan.amendments[1].changes
    assert second_change.was == {"months": MORE}
    assert story.state.plan.tasks[1].months == (Decimal(10),) * 12


def test_a_plan_of_another_unit_says_so_in_its_year() -> None:
    """The year of a unit is opened in the unit's own name."""
    story = given(unit="120007").after(v.OpenYear(year=YEAR))
    assert story.state.plan.unit == "120007" != UNIT


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "1000000001"])
def test_a_target_that_is_no_amount_is_refused(amount: str) -> None:
    """Whatever the way in, a target is a number from 0 to a thousand million."""
    task = p.NewTask(name="Visitar", unit="Visita", months=(Decimal(amount), *months()[1:]))
    given(OPENED, LINE).when(p.AddActivity(line="M1", name="Acompañar", tasks=(task,))).then(refused("deben ser números de 0"))

"""The quarter's story: progress, submit, observe, resubmit, validate, correct, score, close; and what it refuses."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from service.aggregates import quarter as q
from service.aggregates import quarter_corrections as corrections
from service.aggregates.merging import Clash
from service.aggregates.plan import RemoveTask
from service.aggregates.plan_versions import ApproveAmendment, ProposeAmendment
from service.aggregates.quarter_progress import Entry, ProgressRecorded, RecordProgress
from service.aggregates.quarter_score import QuarterScored, ScoreLine
from tests.stories import (
    APPROVED,
    DIRECTOR,
    DRAFT,
    DRE_DIRECTOR,
    DRE_OTHER,
    DRE_SPECIALIST,
    OPENED,
    SPECIALIST,
    Person,
    Story,
    given,
    refused,
)

D = Decimal


def record(executed: str = "25", task: int = 1, reason: str = "", evidence: str = "Acta 1") -> RecordProgress:
    """Progress of one task in the first quarter; its target is 30 visits."""
    activity = 2 if task == 3 else 1
    entry = Entry(task=task, executed=D(executed), evidence=evidence)
    return RecordProgress(quarter=1, activity=activity, entries=(entry,), reason=reason)


SUBMIT, VALIDATE, SCORE, CLOSE = (k(quarter=1) for k in (q.SubmitQuarter, q.ValidateQuarter, q.ScoreQuarter, q.CloseQuarter))
OBSERVE = q.ObserveQuarter(quarter=1, text="Falta el acta", task=1)
CORRECT = corrections.RequestCorrection(quarter=1, task=1, executed=D(20), reason="Se contó doble")


def reported(*executed: str) -> Story:
    """An approved plan with progress of its tasks in the first quarter."""
    story = given(*APPROVED)
    for task, value in enumerate(executed or ("25", "2", "100"), start=1):
        story.after(record(value, task))
    return story


def submitted() -> Story:
    """The first quarter, with all its figures, sent to the DRE."""
    return reported().after(SUBMIT, by=DIRECTOR)


def validated() -> Story:
    """The same, validated."""
    return submitted().after(VALIDATE, by=DRE_SPECIALIST)


def scored() -> Story:
    """The same, scored."""
    return validated().after(SCORE, by=DRE_SPECIALIST)


def closed() -> Story:
    """The same, closed."""
    return scored().after(CLOSE, by=DRE_DIRECTOR)


def test_progress_is_recorded_task_by_task() -> None:
    """One fact per figure; a new figure says what it replaces; the same figure again changes nothing."""
    fact: dict[str, Any] = {"quarter": 1, "activity": 1, "task": 1, "evidence": "Acta 1"}
    story = given(*APPROVED).when(record("25")).then(ProgressRecorded(executed=D(25), **fact)).when(record("25.0")).then()
    story.when(record("28")).then(ProgressRecorded(executed=D(28), was=D(25), **fact))


def test_progress_needs_an_approved_plan_and_a_quarter_that_has_begun() -> None:
    """Nothing is evaluated before version 1, nor before the quarter's first day."""
    given(*DRAFT).when(record()).then(refused("todavía no está aprobado"))
    given(OPENED).when(SUBMIT, by=DIRECTOR).then(refused("todavía no está aprobado"))
    given(*APPROVED).when(record(), today=date(2025, 12, 31)).then(refused("El primer trimestre todavía no empieza"))
    fourth = q.SubmitQuarter(quarter=4)
    given(*APPROVED).when(fourth, by=DIRECTOR, today=date(2026, 9, 30)).then(refused("El cuarto trimestre todavía no empieza"))


def test_progress_is_of_a_task_of_that_activity() -> None:
    """A figure for another activity's task is refused."""
    stray = RecordProgress(quarter=1, activity=2, entries=(Entry(task=1, executed=D(1)),))
    given(*APPROVED).when(stray).then(refused("La tarea 1 no es de esta actividad"))


def test_one_form_has_one_figure_per_task() -> None:
    """Two figures for the same task in one form are refused, for nobody could say which one stands."""
    twice = (Entry(task=1, executed=D(1)), Entry(task=1, executed=D(2)))
    given(*APPROVED).when(RecordProgress(quarter=1, activity=1, entries=twice)).then(refused("La tarea 1 está repetida"))


def test_over_execution_needs_its_reason() -> None:
    """More than 120 % of the target, or anything where nothing was programmed, is explained in the fact itself."""
    given(*APPROVED).when(record("36")).then(ProgressRecorded(quarter=1, activity=1, task=1, executed=D(36), evidence="Acta 1"))
    given(*APPROVED).when(record("36.1")).then(refused("Explique el motivo"))
    given(*APPROVED).when(record("36.1", reason="Campaña")).then(
        ProgressRecorded(quarter=1, activity=1, task=1, executed=D("36.1"), evidence="Acta 1", reason="Campaña")
    )
    unprogrammed = RecordProgress(quarter=2, activity=2, entries=(Entry(task=3, executed=D(1)),))
    given(*APPROVED).when(unprogrammed).then(refused("Explique el motivo"))


def test_a_quarter_with_missing_figures_is_submitted_with_a_reason() -> None:
    """The programmed tasks without data are listed; without any figure there is nothing to submit."""
    given(*APPROVED).when(SUBMIT, by=DIRECTOR).then(refused("no tiene ningún avance"))
    gaps = reported("25")
    gaps.when(SUBMIT, by=DIRECTOR).then(
        refused("explique por qué", ("Tarea 2: Realizar talleres", "Tarea 3: Entregar cuadernos"))
    )
    why = q.SubmitQuarter(quarter=1, reason="Huelga")
    gaps.when(why, by=DIRECTOR).then(q.QuarterSubmitted(quarter=1, reason="Huelga"))


def test_submit_observe_correct_resubmit_validate_score_close() -> None:
    """Every arrow of the quarter, in order."""
    story = reported().when(SUBMIT, by=DIRECTOR).then(q.QuarterSubmitted(quarter=1))
    story.when(record("26")).then(refused("ya fue enviado: pida una rectificación"))
    story.when(OBSERVE, by=DRE_SPECIALIST).then(q.QuarterObserved(quarter=1, text="Falta el acta", task=1))
    story.after(record("26")).when(SUBMIT, by=DIRECTOR).then(q.QuarterSubmitted(quarter=1))
    story.when(VALIDATE, by=DRE_SPECIALIST).then(q.QuarterValidated(quarter=1))
    story.after(SCORE, by=DRE_SPECIALIST).when(CLOSE, by=DRE_DIRECTOR).then(q.QuarterClosed(quarter=1))


def test_a_quarter_moves_only_along_its_arrows() -> None:
    """Each step is refused outside the state it belongs to."""
    draft, sent, valid = reported(), submitted(), validated()
    for step in (OBSERVE, VALIDATE):
        draft.when(step, by=DRE_SPECIALIST).then(refused("no está enviado"))
        valid.when(step, by=DRE_SPECIALIST).then(refused("no está enviado"))
    for story in (draft, sent):
        story.when(SCORE, by=DRE_SPECIALIST).then(refused("no está validado"))
    for story in (draft, sent, valid):
        story.when(CLOSE, by=DRE_DIRECTOR).then(refused("no está calificado"))
    for story in (sent, valid, scored()):
        story.when(SUBMIT, by=DIRECTOR).then(refused("ya fue enviado"))
    sent.when(q.ObserveQuarter(quarter=1, text="-", task=99), by=DRE_SPECIALIST).then(refused("Esa tarea no está en el plan"))


def test_who_submits_a_quarter_does_not_judge_it() -> None:
    """Observing, validating, scoring and closing are for another person, whatever the charge."""
    submitted().when(OBSERVE, by=DIRECTOR).then(refused("no puede observarlo"))
    submitted().when(VALIDATE, by=DIRECTOR).then(refused("no puede validarlo"))
    validated().when(SCORE, by=DIRECTOR).then(refused("no puede calificarlo"))
    scored().when(CLOSE, by=DIRECTOR).then(refused("no puede cerrarlo"))


def test_a_closed_quarter_refuses_everything() -> None:
    """Closed is locked; the other quarters go on."""
    story = closed()
    for step in (record(), SUBMIT, OBSERVE, VALIDATE, CORRECT, SCORE, CLOSE):
        story.when(step, by=DRE_OTHER).then(refused("El primer trimestre ya está cerrado"))
    story.after(RecordProgress(quarter=2, activity=1, entries=(Entry(task=1, executed=D(1)),)))


def test_the_score_is_explained_to_two_decimals() -> None:
    """A task counts up to 100, an activity is the mean of its programmed tasks, the unit the mean of its activities."""
    story = reported("25", "1", "100").after(SUBMIT, by=DIRECTOR).after(VALIDATE, by=DRE_SPECIALIST)
    scored_fact = QuarterScored(
        quarter=1,
        percent=D("83.33"),
        light="in-progress",
        fulfilled=1,
        activities=2,
        formula="promedio-1",
        scale=0,
        lines=(
            ScoreLine(1, D("66.67"), "at-risk", 2, 2),
            ScoreLine(2, D("100.00"), "fulfilled", 1, 1),
        ),
    )
    story.when(SCORE, by=DRE_SPECIALIST)
    assert story.last[0] == scored_fact


@pytest.mark.parametrize(
    ("books", "light"),
    [("90", "fulfilled"), ("89.994", "in-progress"), ("70", "in-progress"), ("69.99", "at-risk"), ("0", "at-risk")],
)
def test_the_lights_of_the_scale(books: str, light: str) -> None:
    """90 and 70 belong to the better light; the light is that of the rounded percentage one sees."""
    story = reported("30", "2", books).after(SUBMIT, by=DIRECTOR).after(VALIDATE, by=DRE_SPECIALIST)
    fact = story.when(SCORE, by=DRE_SPECIALIST).last[0]
    assert isinstance(fact, QuarterScored)
    assert fact.lines[1].light == light


def test_a_task_without_data_counts_as_zero_and_an_activity_without_any_has_no_light() -> None:
    """«Sin dato» is a fourth light, never a red one."""
    why = q.SubmitQuarter(quarter=1, reason="Huelga")
    story = reported("30").after(why, by=DIRECTOR).after(VALIDATE, by=DRE_SPECIALIST).when(SCORE, by=DRE_SPECIALIST)
    fact = story.last[0]
    assert isinstance(fact, QuarterScored)
    assert [(line.percent, line.light, line.tasks, line.reported) for line in fact.lines] == [
        (D("50.00"), "at-risk", 2, 1),
        (D("0.00"), "no-data", 1, 0),
    ]
    assert (fact.percent, fact.light) == (D("25.00"), "at-risk")


def test_a_figure_is_corrected_by_a_second_person() -> None:
    """The request keeps the first figure and the reason; it takes effect when another person approves it."""
    request: dict[str, Any] = {
        "correction": 1,
        "quarter": 1,
        "activity": 1,
        "task": 1,
        "was": D(25),
        "executed": D(20),
        "evidence": "Acta 1",
    }
    story = scored().when(CORRECT).then(corrections.CorrectionRequested(**request, reason="Se contó doble"))
    assert story.state.quarters.at(1).done[1].executed == D(25)
    story.when(CORRECT).then(refused("Ya hay una rectificación pendiente"))
    for step in (SCORE, CLOSE):
        story.when(step, by=DRE_SPECIALIST).then(refused("rectificaciones por resolver", ("Rectificación 1 (tarea 1)",)))
    approve = corrections.ApproveCorrection(correction=1)
    story.when(approve, by=SPECIALIST).then(refused("Quien pide la rectificación no puede resolverla"))
    story.when(approve, by=DRE_SPECIALIST).then(corrections.CorrectionApproved(**request, reason="Se contó doble"))
    assert story.state.quarters.at(1).done[1].executed == D(20)
    story.when(CLOSE, by=DRE_DIRECTOR).then(refused("no está calificado"))
    story.when(approve, by=DRE_SPECIALIST).then(refused("no está pendiente"))


def test_a_rejected_correction_leaves_the_figure() -> None:
    """The answer is kept; the score stands."""
    reject = corrections.RejectCorrection(correction=1, reason="No corresponde")
    story = scored().after(CORRECT).when(reject, by=SPECIALIST).then(refused("Quien pide la rectificación"))
    story.when(reject, by=DRE_OTHER).then(
        corrections.CorrectionRejected(correction=1, quarter=1, activity=1, task=1, reason="No corresponde")
    )
    story.when(CLOSE, by=DRE_DIRECTOR).then(q.QuarterClosed(quarter=1))


def test_a_correction_is_for_a_validated_figure_that_differs() -> None:
    """Before validation one records again; the same figure, or an unknown task, is no correction."""
    submitted().when(CORRECT).then(refused("Solo se rectifica un dato ya validado"))
    same = corrections.RequestCorrection(quarter=1, task=1, executed=D(25), reason="-")
    validated().when(same).then(refused("igual a la registrada"))
    validated().when(corrections.RequestCorrection(quarter=1, task=99, executed=D(1), reason="-")).then(
        refused("no está en el plan")
    )


def test_a_removed_task_no_longer_counts() -> None:
    """The figures of a task that left the plan stay in the record and out of the score."""
    story = submitted().after(ProposeAmendment(changes=(RemoveTask(task=2, reason="Ya no"),), reason="Ya no"))
    story.after(ApproveAmendment(amendment=1, resolution="RD 2", resolution_date=date(2026, 5, 2)), by=DRE_DIRECTOR)
    fact = story.after(VALIDATE, by=DRE_SPECIALIST).when(SCORE, by=DRE_SPECIALIST).last[0]
    assert isinstance(fact, QuarterScored)
    assert [(line.activity, line.tasks) for line in fact.lines] == [(1, 1), (2, 1)]
    assert story.state.quarters.at(1).done[2].executed == D(2)


def test_a_figure_nobody_saw_is_not_overwritten() -> None:
    """Two pages open on the same task: the second sender is told that another changed it, and chooses."""
    for figure, passes in {D(25): True, None: False, D(12): False}.items():
        saw = {"executed": figure, "evidence": "Acta 2"}
        entry = Entry(task=1, executed=D(30), evidence="Acta 2", seen=saw)
        story = reported().when(RecordProgress(quarter=1, activity=1, entries=(entry,)))
        if passes:
            assert [event.executed for event in story.last if isinstance(event, ProgressRecorded)] == [D(30)]
        else:
            story.then(refused("otra persona cambió lo mismo"))
            assert isinstance(story.no, Clash)
            assert story.no.fields == ("entries-0-executed",)


def test_figure_and_evidence_merge_when_different_persons_touch_them() -> None:
    """Who only adds the document does not put an older figure back."""
    saw = {"executed": D(12), "evidence": ""}
    entry = Entry(task=1, executed=D(12), evidence="Acta 9", seen=saw)
    story = given(*APPROVED, ProgressRecorded(quarter=1, activity=1, task=1, executed=D(25)))
    story.when(RecordProgress(quarter=1, activity=1, entries=(entry,)))
    story.then(ProgressRecorded(quarter=1, activity=1, task=1, executed=D(25), evidence="Acta 9", was=D(25)))


def test_who_recorded_figures_does_not_judge_them_in_another_charge() -> None:
    """A person with a second charge in the DRE still neither observes, validates, scores nor closes."""
    both = Person(SPECIALIST.id, DRE_SPECIALIST.charge)
    for command in (OBSERVE, VALIDATE):
        submitted().when(command, by=both).then(refused("Quien registró cifras del trimestre no puede"))
    validated().when(SCORE, by=both).then(refused("Quien registró cifras"))
    scored().when(CLOSE, by=both).then(refused("Quien registró cifras"))

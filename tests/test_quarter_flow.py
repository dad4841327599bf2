"""The quarter on its way: months, late entries, doubts to explain, rows observed, reopening."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from service.aggregates import alert as a
from service.aggregates import evidence as e
from service.aggregates import quarter as q
from service.aggregates import quarter_corrections as corrections
from service.aggregates import quarter_reopening as r
from service.aggregates.catalogue_content import Deadline
from service.aggregates.quarter_progress import Entry, ProgressRecorded, RecordProgress
from service.aggregates.quarter_score import score
from tests.stories import (
    APPROVED,
    DIRECTOR,
    DRE_DIRECTOR,
    DRE_OTHER,
    DRE_SPECIALIST,
    RULES,
    SPECIALIST,
    Person,
    Story,
    given,
    refused,
)
from tests.test_quarter import CLOSE, CORRECT, OBSERVE, SCORE, SUBMIT, VALIDATE, closed, record, reported, submitted

D = Decimal
UNTIL = date(2026, 11, 30)
REOPEN = r.ReopenQuarter(quarter=1, tasks=(1,), until=UNTIL, reason="Llegó un acta omitida")
DUE = msgspec.structs.replace(RULES, deadlines=(Deadline(2026, "quarter-report", date(2026, 4, 15), 1),))


def monthly(*each: str, total: str, reason: str = "") -> RecordProgress:
    """Progress of the first task, month by month."""
    entry = Entry(task=1, executed=D(total), evidence="Acta 1", months=tuple(map(D, each)), reason=reason)
    return RecordProgress(quarter=1, entries=(entry,))


def test_a_figure_may_be_the_sum_of_its_months() -> None:
    """The months are kept beside the total they add up to; an entry without them keeps them while the total stays."""
    fact: dict[str, Any] = {"quarter": 1, "activity": 1, "task": 1}
    months = (D(5), D(10), D(10))
    story = given(*APPROVED).when(monthly("5", "10", "10", total="25"))
    story.then(ProgressRecorded(executed=D(25), evidence="Acta 1", months=months, **fact))
    story.when(record("25", evidence="Acta 2"))
    story.then(ProgressRecorded(executed=D(25), evidence="Acta 2", was=D(25), months=months, **fact))
    story.when(record("26", evidence="Acta 2")).then(ProgressRecorded(executed=D(26), evidence="Acta 2", was=D(25), **fact))


@pytest.mark.parametrize("each", [("5", "10", "11"), ("25",), ("5", "5", "5", "10")])
def test_months_that_do_not_add_up_are_refused(each: tuple[str, ...]) -> None:
    """Three of them, and their sum is the total."""
    given(*APPROVED).when(monthly(*each, total="25")).then(refused("no es la suma de sus meses"))


def test_rows_of_several_activities_are_recorded_at_once_each_with_its_reason() -> None:
    """One form for the whole quarter; a reason belongs to its row, a general one to what changed."""
    rows = (Entry(task=1, executed=D(37), reason="Campaña"), Entry(task=3, executed=D(100)))
    story = given(*APPROVED).when(RecordProgress(quarter=1, entries=rows, reason="Cierre"))
    story.then(
        ProgressRecorded(quarter=1, activity=1, task=1, executed=D(37), reason="Campaña"),
        ProgressRecorded(quarter=1, activity=2, task=3, executed=D(100), reason="Cierre"),
    )
    story.when(RecordProgress(quarter=1, entries=rows[1:], reason="Otra cosa")).then()


def test_what_is_entered_after_the_deadline_is_late_for_ever() -> None:
    """The fact itself says by how many days, by the calendar in force; a later calendar changes nothing."""
    story = (
        given(*APPROVED)
        .after(record("10"), today=date(2026, 4, 15), rules=DUE)
        .after(record("25"), today=date(2026, 4, 18), rules=DUE)
    )
    assert [event.late for event in story.last if isinstance(event, ProgressRecorded)] == [3]
    story.after(record("2", 2)).after(record("100", 3))
    story.when(SUBMIT, by=DIRECTOR, today=date(2026, 4, 20), rules=DUE).then(q.QuarterSubmitted(quarter=1, late=5))
    story.after(OBSERVE, by=DRE_SPECIALIST).when(SUBMIT, by=DIRECTOR, today=date(2026, 6, 1), rules=DUE)
    story.then(q.QuarterSubmitted(quarter=1))


@pytest.mark.parametrize(
    ("figures", "words"),
    [(("30", "2", "100"), "llega al 100 % sin evidencia"), (("25", "1", "0"), None)],
)
def test_a_doubt_needs_a_word_before_the_quarter_is_sent(figures: tuple[str, ...], words: str | None) -> None:
    """The refusal lists the rows; a reason, of the row or of the sending, is stored and lets it pass."""
    story = given(*APPROVED)
    for task, value in enumerate(figures, start=1):
        entry = Entry(task=task, executed=D(value), evidence="" if task == 3 else "Acta")
        story.after(RecordProgress(quarter=1, entries=(entry,)))
    story.when(SUBMIT, by=DIRECTOR)
    if words is None:
        story.then(q.QuarterSubmitted(quarter=1))
        return
    story.then(refused("Hay avisos por justificar", (words,)))
    story.when(q.SubmitQuarter(quarter=1, reason="Las actas están en archivo."), by=DIRECTOR)
    story.then(q.QuarterSubmitted(quarter=1, reason="Las actas están en archivo."))


@pytest.mark.parametrize("way", ["reason", "file", "number"])
def test_a_row_explains_itself(way: str) -> None:
    """A reason in the row, a file or a number: then the quarter is sent without more words."""
    reason, number = "Se perdió el acta" if way == "reason" else "", "Acta 9" if way == "number" else ""
    story = reported("25", "2")
    story.after(RecordProgress(quarter=1, entries=(Entry(task=3, executed=D(100), evidence=number, reason=reason),)))
    if way == "file":
        story.after(e.AttachEvidence(quarter=1, task=3, digest="a" * 64))
    story.when(SUBMIT, by=DIRECTOR).then(q.QuarterSubmitted(quarter=1))


def test_a_fall_against_the_last_quarter_is_a_doubt() -> None:
    """From thirty points of its target on, and only where both quarters have a target and a figure."""
    story = closed()
    first = story.state.quarters.at(1).done[1].executed
    target = story.state.plan.tasks[1].programmed(2)
    assert first
    assert target, "the task must be programmed in both quarters for this test to mean anything"
    rows = tuple(
        Entry(task=n, executed=D(0) if n == 1 else task.programmed(2), evidence="Acta")
        for n, task in story.state.plan.tasks.items()
        if task.programmed(2)
    )
    story.after(RecordProgress(quarter=2, entries=rows))
    story.when(q.SubmitQuarter(quarter=2), by=DIRECTOR).then(refused("por justificar", ("cae 30 puntos o más",)))


def test_each_observed_row_has_its_words() -> None:
    """One fact for the whole and one for each row; an unknown task is refused."""
    rows = (q.ObservedTask(task=1, text="Falta el acta"), q.ObservedTask(task=3, text="La cifra no cuadra"))
    story = submitted().when(q.ObserveQuarter(quarter=1, text="Dos filas", rows=rows), by=DRE_SPECIALIST)
    story.then(
        q.QuarterObserved(quarter=1, text="Dos filas"),
        q.QuarterRowObserved(quarter=1, activity=1, task=1, text="Falta el acta"),
        q.QuarterRowObserved(quarter=1, activity=2, task=3, text="La cifra no cuadra"),
    )
    stray = q.ObserveQuarter(quarter=1, text="-", rows=(q.ObservedTask(task=99, text="-"),))
    submitted().when(stray, by=DRE_SPECIALIST).then(refused("no está en el plan"))


def test_further_rows_join_an_observed_quarter() -> None:
    """While the unit corrects, only rows are added, the quarter being observed once; who sent it does not judge."""
    observed = submitted().after(q.ObserveQuarter(quarter=1, text="Falta el acta", task=1), by=DRE_SPECIALIST)
    more = q.ObserveQuarter(quarter=1, text="Sume otra vez", task=3, rows=(q.ObservedTask(task=2, text="Falta la firma"),))
    observed.when(more, by=DRE_SPECIALIST).then(
        q.QuarterRowObserved(quarter=1, activity=2, task=3, text="Sume otra vez"),
        q.QuarterRowObserved(quarter=1, activity=1, task=2, text="Falta la firma"),
    )
    observed.when(q.ObserveQuarter(quarter=1, text="Todo"), by=DRE_SPECIALIST).then(refused("ya está observado: elija la fila"))
    observed.when(more, by=DIRECTOR).then(refused("Quien envía"))


def reopened() -> Story:
    """The first quarter, closed and opened again for its first task."""
    return closed().after(REOPEN, by=DRE_DIRECTOR)


def test_a_reopening_has_reason_scope_and_end() -> None:
    """Of a closed quarter, for tasks of the plan, until today or later, by who did not report nor send it."""
    story = closed().when(REOPEN, by=DRE_DIRECTOR)
    story.then(r.QuarterReopened(quarter=1, tasks=(1,), until=UNTIL, reason="Llegó un acta omitida"))
    story.when(REOPEN, by=DRE_DIRECTOR).then(refused("no está cerrado"))
    replace = msgspec.structs.replace
    submitted().when(REOPEN, by=DRE_DIRECTOR).then(refused("no está cerrado"))
    closed().when(replace(REOPEN, tasks=(99,)), by=DRE_DIRECTOR).then(refused("no está en el plan"))
    closed().when(replace(REOPEN, tasks=()), by=DRE_DIRECTOR).then(refused("al menos una tarea"))
    closed().when(replace(REOPEN, until=date(2026, 11, 19)), by=DRE_DIRECTOR).then(refused("hoy o después"))
    closed().when(REOPEN, by=Person(SPECIALIST.id, DRE_DIRECTOR.charge)).then(refused("Quien registró cifras"))
    closed().when(REOPEN, by=Person(DIRECTOR.id, DRE_DIRECTOR.charge)).then(refused("no puede reabrirlo"))


def test_while_it_is_open_only_its_rows_change_and_by_correction() -> None:
    """A figure is corrected by a second person, scored again, closed again."""
    story = reopened().when(record("26")).then(refused("ya fue enviado: pida una rectificación"))
    stray = corrections.RequestCorrection(quarter=1, task=2, executed=D(1), reason="-")
    story.when(stray).then(refused("La reapertura no incluye esa tarea"))
    story.when(e.AttachEvidence(quarter=1, task=2, reference="9")).then(refused("La reapertura no incluye esa tarea"))
    story.after(e.AttachEvidence(quarter=1, task=1, reference="SGD 9"))
    story.after(CORRECT).after(corrections.ApproveCorrection(correction=1), by=DRE_SPECIALIST)
    story.after(SCORE, by=DRE_SPECIALIST).after(CLOSE, by=DRE_DIRECTOR)
    assert story.state.quarters.at(1).standing(date(2099, 1, 1)) == "closed"
    assert story.state.quarters.at(1).done[1].executed == D(20)


def test_whenever_a_reopening_ends_the_score_is_that_of_the_figures() -> None:
    """A correction approved meanwhile is scored at once, by who may score; its alerts look at the new figure."""
    approve = corrections.ApproveCorrection(correction=1)
    story = reopened().after(CORRECT)
    story.when(approve, by=Person(DIRECTOR.id, DRE_DIRECTOR.charge)).then(refused("Quien envía el trimestre no puede"))
    story.after(approve, by=DRE_SPECIALIST)
    assert [type(event).__name__ for event in story.last[:2]] == ["CorrectionApproved", "QuarterScored"]
    quarter, later = story.state.quarters.at(1), UNTIL + timedelta(days=1)
    assert quarter.standing(later) == "closed"
    assert quarter.score == score(story.state.plan, quarter, 1, RULES)
    assert quarter.score != closed().state.quarters.at(1).score, "the premise: the figure counts"
    much = msgspec.structs.replace(CORRECT, executed=D(90))
    story = reopened().after(much).after(approve, by=DRE_SPECIALIST)
    (over,) = (event for event in story.last if isinstance(event, a.AlertRaised) and event.rule == "sobre-ejecucion")
    assert (over.inputs["task"], over.inputs["executed"]) == ("1", "90")


def test_a_reopening_closes_itself() -> None:
    """From the day after its last one every command is refused as for a closed quarter; the director may open it again."""
    after: dict[str, Any] = {"today": date(2026, 12, 1)}
    story = reopened().after(CORRECT, today=UNTIL)
    approve = corrections.ApproveCorrection(correction=1)
    steps = (
        CORRECT,
        approve,
        OBSERVE,
        VALIDATE,
        SUBMIT,
        SCORE,
        CLOSE,
        record(),
        e.AttachEvidence(quarter=1, task=1, reference="9"),
    )
    for step in steps:
        story.when(step, by=DRE_OTHER, **after).then(refused("El primer trimestre ya está cerrado"))
    late = msgspec.structs.replace(REOPEN, until=date(2026, 12, 5))
    story.after(late, by=DRE_DIRECTOR, **after).after(approve, by=DRE_OTHER, **after)

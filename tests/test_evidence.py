"""Evidence: a file, a record's number or both; reviewed by somebody else; a replaced one stays beside its successor."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from service.aggregates import evidence as e
from service.aggregates import quarter as q
from service.aggregates.quarter_progress import Entry, RecordProgress
from tests.stories import APPROVED, DIRECTOR, DRE_DIRECTOR, DRE_OTHER, DRE_SPECIALIST, SPECIALIST, Person, given, refused
from tests.test_quarter import OBSERVE, closed, reported, submitted

FILE: dict[str, Any] = {"digest": "a" * 64, "media": "application/pdf", "size": 120}
ATTACH = e.AttachEvidence(quarter=1, task=1, title="Acta de visita", **FILE)
NUMBER = e.AttachEvidence(quarter=1, task=1, reference="SGD 1234-2026")
APPROVE = e.ReviewEvidence(evidence=1, verdict="approved")
OBJECT = e.ReviewEvidence(evidence=1, verdict="observed", reason="No lleva firma")
ASK = e.ReviewEvidence(evidence=1, verdict="correction", reason="Falta la segunda hoja")


def attached(evidence: int = 1, **fields: Any) -> e.EvidenceAttached:
    """The fact of an evidence of the first task."""
    return e.EvidenceAttached(evidence=evidence, quarter=1, activity=1, task=1, **fields)


def replacing(number: int, digest: str = "b") -> e.AttachEvidence:
    """Another file in the place of an evidence."""
    return e.AttachEvidence(quarter=1, task=1, replaces=number, **FILE | {"digest": digest * 64})


def test_a_file_a_number_or_both_are_evidence() -> None:
    """Each is one fact, numbered in the year; nothing at all is none."""
    story = given(*APPROVED).when(ATTACH).then(attached(title="Acta de visita", **FILE))
    story.when(NUMBER).then(attached(2, reference="SGD 1234-2026"))
    both = e.AttachEvidence(quarter=1, task=2, reference="SGD 9", **FILE)
    story.when(both).then(e.EvidenceAttached(evidence=3, quarter=1, activity=1, task=2, reference="SGD 9", **FILE))
    story.when(e.AttachEvidence(quarter=1, task=1, title="Acta")).then(refused("Adjunte un archivo o escriba el número"))


def test_evidence_is_of_a_task_of_the_plan_in_a_quarter_that_has_begun() -> None:
    """An unknown task, an unapproved plan or a quarter to come have none."""
    given(*APPROVED).when(e.AttachEvidence(quarter=1, task=99, reference="1")).then(refused("Esa tarea no está en el plan"))
    fourth = e.AttachEvidence(quarter=4, task=1, reference="1")
    given(*APPROVED).when(fourth, today=date(2026, 9, 30)).then(refused("todavía no empieza"))


def test_the_same_file_is_attached_to_a_task_once() -> None:
    """A second click or a second person adds nothing; another task may rest on the same file."""
    story = given(*APPROVED).after(ATTACH).when(ATTACH).then(refused("ya está adjunto"))
    story.after(e.AttachEvidence(quarter=1, task=2, **FILE))


def test_after_sending_only_what_was_observed_is_replaced() -> None:
    """The unit adds evidence while it writes; later it answers what the reviewer asked for."""
    story = reported().after(ATTACH).after(q.SubmitQuarter(quarter=1), by=DIRECTOR)
    story.when(NUMBER).then(refused("ya fue enviado: solo se reemplaza"))
    story.when(replacing(1)).then(refused("ya fue enviado: solo se reemplaza"))
    story.after(ASK, by=DRE_SPECIALIST).when(replacing(1)).then(attached(2, replaces=1, **FILE | {"digest": "b" * 64}))
    assert (story.state.quarters.proofs[1].replaced, story.state.quarters.proofs[2].verdict) == (True, "")
    story.when(replacing(1, "c")).then(refused("ya fue reemplazada"))
    story.when(e.ReviewEvidence(evidence=1, verdict="approved"), by=DRE_SPECIALIST).then(refused("revise la que rige"))


def test_what_is_replaced_is_of_the_same_task_and_not_approved() -> None:
    """No evidence takes the place of another task's, of an unknown one, or of an approved one."""
    story = reported().after(ATTACH).after(e.AttachEvidence(quarter=1, task=2, reference="7"))
    for number in (2, 9):
        story.when(replacing(number)).then(refused("no es de esta tarea"))
    story.after(q.SubmitQuarter(quarter=1), by=DIRECTOR).after(APPROVE, by=DRE_SPECIALIST).after(OBSERVE, by=DRE_SPECIALIST)
    story.when(replacing(1)).then(refused("aprobada ya no se reemplaza"))


@pytest.mark.parametrize("command", [APPROVE, OBJECT, ASK])
def test_a_review_is_a_fact_with_its_reason(command: e.ReviewEvidence) -> None:
    """Approved, observed, or a correction asked for; twice the same says nothing new."""
    story = reported().after(ATTACH).after(q.SubmitQuarter(quarter=1), by=DIRECTOR)
    fact = e.EvidenceReviewed(evidence=1, quarter=1, activity=1, task=1, verdict=command.verdict, reason=command.reason)
    story.when(command, by=DRE_SPECIALIST).then(fact).when(command, by=DRE_OTHER).then(refused("ya está así"))


def test_an_objection_says_what_to_correct() -> None:
    """Only an approval needs no words."""
    story = reported().after(ATTACH).after(q.SubmitQuarter(quarter=1), by=DIRECTOR)
    for verdict in ("observed", "correction"):
        bare = e.ReviewEvidence(evidence=1, verdict=verdict, reason=" ")
        story.when(bare, by=DRE_SPECIALIST).then(refused("Escriba qué debe corregir"))


def test_nobody_reviews_what_is_his() -> None:
    """Neither who attached it, nor who sent the quarter or recorded its figures, in whatever charge."""
    author = Person("otra", SPECIALIST.charge)
    story = reported().after(ATTACH, by=author).when(APPROVE, by=DRE_SPECIALIST).then(refused("todavía no fue enviado"))
    story.after(q.SubmitQuarter(quarter=1), by=DIRECTOR)
    for person, words in ((author, "Quien adjunta"), (SPECIALIST, "Quien registró cifras"), (DIRECTOR, "Quien envía")):
        story.when(APPROVE, by=Person(person.id, DRE_SPECIALIST.charge)).then(refused(words))
    story.when(e.ReviewEvidence(evidence=9, verdict="approved"), by=DRE_SPECIALIST).then(refused("no existe"))


def test_a_closed_quarter_takes_no_evidence_and_no_review() -> None:
    """Closed is locked."""
    story = closed()
    story.when(NUMBER).then(refused("ya está cerrado"))
    proven = (
        reported().after(ATTACH).after(q.SubmitQuarter(quarter=1), by=DIRECTOR).after(q.ValidateQuarter(quarter=1), by=DRE_OTHER)
    )
    proven.after(q.ScoreQuarter(quarter=1), by=DRE_OTHER).after(q.CloseQuarter(quarter=1), by=DRE_DIRECTOR)
    proven.when(APPROVE, by=DRE_SPECIALIST).then(refused("ya está cerrado"))


def test_an_attached_evidence_spares_the_alert() -> None:
    """A full figure is unproven only without a number, a file, or with one that was objected to."""
    for command, raised in ((None, True), (APPROVE, False), (OBJECT, True)):
        story = given(*APPROVED)
        for task, value in enumerate(("30", "2", "100"), start=1):
            entry = Entry(task=task, executed=Decimal(value), evidence="" if task == 3 else "Acta")
            story.after(RecordProgress(quarter=1, activity=2 if task == 3 else 1, entries=(entry,)))
        if command:
            story.after(e.AttachEvidence(quarter=1, task=3, **FILE))
        story.after(q.SubmitQuarter(quarter=1, reason="Las actas llegan después."), by=DIRECTOR)
        if command:
            story.after(command, by=DRE_SPECIALIST)
        story.after(q.ValidateQuarter(quarter=1), by=DRE_SPECIALIST).after(q.ScoreQuarter(quarter=1), by=DRE_SPECIALIST)
        rules = {each.raised.rule for each in story.state.alerts.by_number.values()}
        assert ("sin-evidencia" in rules) is raised, command


def test_evidence_leaves_the_figures_alone() -> None:
    """Evidence never moves a figure nor the state of the quarter."""
    story = submitted()
    before = story.state.quarters.at(1).done.copy(), story.state.quarters.at(1).status
    story.after(OBSERVE, by=DRE_SPECIALIST).after(NUMBER)
    assert (story.state.quarters.at(1).done, before[1]) == (before[0], "submitted")

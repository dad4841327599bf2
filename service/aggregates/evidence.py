"""Evidence of what was done: a file by the hash of its content, the number of a record of the office, or both.

Somebody else reviews it: approved, observed, or a correction is asked for. What takes the place of another leaves it where it is.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.aggregates import By, Command, Event, Fact, Note, Number, QuarterNumber, Word, need
from service.aggregates.plan import Plan
from service.aggregates.quarter import Proof, Quarter, Quarters, living, outsider

Verdict = Literal["approved", "observed", "correction"]


class AttachEvidence(Command, frozen=True):
    """`digest`, `media` and `size` are those of a file already stored; `replaces` is the evidence whose place it takes."""

    quarter: QuarterNumber
    task: Number
    title: Word = ""
    reference: Word = ""
    replaces: int = 0
    digest: str = ""
    media: str = ""
    size: int = 0


class ReviewEvidence(Command, frozen=True):
    """`reason` is needed unless it is approved."""

    evidence: Number
    verdict: Annotated[Verdict, Meta(extra={"error": "Elija qué resuelve."})]
    reason: Note = ""


class EvidenceAttached(Event, frozen=True, tag="evidence-attached"):
    evidence: int
    quarter: int
    activity: int
    task: int
    title: str = ""
    reference: str = ""
    replaces: int = 0
    digest: str = ""
    media: str = ""
    size: int = 0


class EvidenceReviewed(Event, frozen=True, tag="evidence-reviewed"):
    evidence: int
    quarter: int
    activity: int
    task: int
    verdict: Verdict
    reason: str = ""


def decide(quarters: Quarters, plan: Plan, command: Command, by: By) -> list[Event]:
    """The rules of an evidence."""
    match command:
        case AttachEvidence():
            return _attach(quarters, plan, command, by)
        case ReviewEvidence():
            return _review(quarters, plan, command, by)
        case _:
            msg = f"evidence cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _attach(quarters: Quarters, plan: Plan, command: AttachEvidence, by: By) -> list[Event]:
    quarter, the = living(quarters, plan, command.quarter, by)
    need(command.task in plan.tasks, "Esa tarea no está en el plan.")
    need(quarter.covers(command.task), "La reapertura no incluye esa tarea.")
    need(command.digest or command.reference.strip(), "Adjunte un archivo o escriba el número de expediente.")
    beside = [p for p in quarters.proofs.values() if (p.quarter, p.task) == (command.quarter, command.task) and not p.replaced]
    twice = command.digest and any(p.digest == command.digest for p in beside)
    need(not twice, "Ese mismo archivo ya está adjunto a esta tarea.")
    if command.replaces:
        _replaceable(quarters, quarter, command, the)
    else:
        editable = quarter.status in {"draft", "observed"} or quarter.reopened
        need(editable, f"{the} ya fue enviado: solo se reemplaza una evidencia observada.")
    return [
        EvidenceAttached(
            evidence=len(quarters.proofs) + 1,
            quarter=command.quarter,
            activity=plan.tasks[command.task].activity,
            task=command.task,
            title=command.title,
            reference=command.reference,
            replaces=command.replaces,
            digest=command.digest,
            media=command.media,
            size=command.size,
        )
    ]


def _replaceable(quarters: Quarters, quarter: Quarter, command: AttachEvidence, the: str) -> None:
    old = quarters.proofs.get(command.replaces)
    need(old and (old.quarter, old.task) == (command.quarter, command.task), "Esa evidencia no es de esta tarea.")
    assert old  # noqa: S101 — narrowed by the line above
    need(not old.replaced, "Esa evidencia ya fue reemplazada.")
    need(old.verdict != "approved", "Una evidencia aprobada ya no se reemplaza.")
    asked = quarter.status in {"draft", "observed"} or quarter.reopened or old.verdict
    need(asked, f"{the} ya fue enviado: solo se reemplaza una evidencia observada.")


def _review(quarters: Quarters, plan: Plan, command: ReviewEvidence, by: By) -> list[Event]:
    need(command.evidence in quarters.proofs, "Esa evidencia no existe.")
    proof = quarters.proofs[command.evidence]
    quarter, the = living(quarters, plan, proof.quarter, by)
    need(quarter.status != "draft", f"{the} todavía no fue enviado.")
    need(not proof.replaced, "Esa evidencia ya fue reemplazada: revise la que rige.")
    need(by.person != proof.author, "Quien adjunta una evidencia no puede revisarla.")
    outsider(quarter, by, "revisar sus evidencias")
    need(command.verdict == "approved" or command.reason.strip(), "Escriba qué debe corregir la unidad.")
    need(proof.verdict != command.verdict, "Esa evidencia ya está así.")
    return [
        EvidenceReviewed(
            evidence=command.evidence,
            quarter=proof.quarter,
            activity=proof.activity,
            task=proof.task,
            verdict=command.verdict,
            reason=command.reason,
        )
    ]


def evolve(quarters: Quarters, fact: Fact) -> None:
    """Apply one fact to the evidence of the quarters."""
    match event := fact.event:
        case EvidenceAttached():
            quarters.proofs[event.evidence] = Proof(event.quarter, event.activity, event.task, fact.person, event.digest)
            if event.replaces:
                old = quarters.proofs[event.replaces]
                quarters.proofs[event.replaces] = msgspec.structs.replace(old, replaced=True)
        case EvidenceReviewed():
            proof = quarters.proofs[event.evidence]
            quarters.proofs[event.evidence] = msgspec.structs.replace(proof, verdict=event.verdict)

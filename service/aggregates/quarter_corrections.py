"""Corrections of the quarter: a validated figure is never edited; a second person approves the new one, and the first stays.

The request keeps figure and reason; approved, the quarter is scored again: in a step of its own, or at once while a reopening lasts,
which may end any day with what stands. Rejected, the figure stands.
"""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from service.aggregates import Amount, By, Command, Event, Fact, Number, Paragraph, QuarterNumber, Word, amounts, need
from service.aggregates.plan import Plan
from service.aggregates.quarter import Done, Quarter, Quarters, Waiting, living, outsider
from service.aggregates.quarter_score import score


class RequestCorrection(Command, frozen=True):
    quarter: QuarterNumber
    task: Number
    executed: Amount
    reason: Paragraph
    evidence: Word = ""


class ApproveCorrection(Command, frozen=True):
    correction: Number


class RejectCorrection(Command, frozen=True):
    correction: Number
    reason: Paragraph


class CorrectionRequested(Event, frozen=True, tag="correction-requested"):
    correction: int
    quarter: int
    activity: int
    task: int
    was: Decimal | None
    executed: Decimal
    reason: str
    evidence: str = ""


class CorrectionApproved(Event, frozen=True, tag="correction-approved"):
    correction: int
    quarter: int
    activity: int
    task: int
    was: Decimal | None
    executed: Decimal
    reason: str
    evidence: str = ""


class CorrectionRejected(Event, frozen=True, tag="correction-rejected"):
    correction: int
    quarter: int
    activity: int
    task: int
    reason: str


def decide(quarters: Quarters, plan: Plan, command: Command, by: By) -> list[Event]:
    """The rules of a correction."""
    match command:
        case RequestCorrection():
            quarter, _ = living(quarters, plan, command.quarter, by)
            need(quarter.covers(command.task), "La reapertura no incluye esa tarea.")
            return _request(quarters, quarter, plan, command, by)
        case ApproveCorrection() | RejectCorrection():
            need(command.correction in quarters.corrections, "Esa rectificación no está pendiente.")
            living(quarters, plan, quarters.corrections[command.correction].quarter, by)
            return _resolve(quarters, plan, command, by)
        case _:
            msg = f"quarter_corrections cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _request(quarters: Quarters, quarter: Quarter, plan: Plan, command: RequestCorrection, by: By) -> list[Event]:
    need(
        quarter.standing(by.today) in {"validated", "scored"},
        "Solo se rectifica un dato ya validado; antes se registra de nuevo.",
    )
    amounts(command.executed)
    need(command.task in plan.tasks, "Esa tarea no está en el plan.")
    waiting = any((r.task, r.quarter) == (command.task, command.quarter) for r in quarters.corrections.values())
    need(not waiting, "Ya hay una rectificación pendiente para esa tarea.")
    before = quarter.done.get(command.task)
    need(not before or before.executed != command.executed, "La cifra propuesta es igual a la registrada.")
    return [
        CorrectionRequested(
            correction=quarters.last_correction + 1,
            quarter=command.quarter,
            activity=plan.tasks[command.task].activity,
            task=command.task,
            was=before.executed if before else None,
            executed=command.executed,
            reason=command.reason,
            evidence=command.evidence or (before.evidence if before else ""),
        )
    ]


def _resolve(quarters: Quarters, plan: Plan, command: ApproveCorrection | RejectCorrection, by: By) -> list[Event]:
    waiting = quarters.corrections[command.correction]
    need(by.person != waiting.requester, "Quien pide la rectificación no puede resolverla.")
    request = waiting.request
    assert isinstance(request, CorrectionRequested)  # noqa: S101 — what waits is a request
    if isinstance(command, RejectCorrection):
        place = {"quarter": request.quarter, "activity": request.activity, "task": request.task}
        return [CorrectionRejected(correction=command.correction, **place, reason=command.reason)]
    approved = CorrectionApproved(**msgspec.structs.asdict(request))
    quarter = quarters.at(request.quarter)
    if not quarter.reopened:
        return [approved]
    outsider(quarter, by, "aprobar una rectificación que lo califica de nuevo")
    return [approved, score(plan, corrected(quarters, [approved]).at(request.quarter), request.quarter, by.rules)]


def corrected(quarters: Quarters, events: Sequence[Event]) -> Quarters:
    """The quarters with the figures of the corrections among these events; those given stay as they are."""
    for event in events:
        if isinstance(event, CorrectionApproved):
            quarter = quarters.by_number[event.quarter]
            done = quarter.done | {event.task: Done(event.executed, event.evidence)}
            changed = {event.quarter: msgspec.structs.replace(quarter, done=done)}
            quarters = msgspec.structs.replace(quarters, by_number=quarters.by_number | changed)
    return quarters


def evolve(quarters: Quarters, fact: Fact) -> None:
    """Apply one fact to the quarters."""
    match event := fact.event:
        case CorrectionRequested():
            quarters.corrections[event.correction] = Waiting(event.quarter, event.task, fact.person, event)
            quarters.last_correction = event.correction
        case CorrectionApproved():
            quarter = quarters.at(event.quarter)
            quarter.done[event.task] = Done(event.executed, event.evidence)
            quarter.status = "validated"
            del quarters.corrections[event.correction]
        case CorrectionRejected():
            del quarters.corrections[event.correction]

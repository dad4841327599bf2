"""The life of a plan: opened, submitted, observed, approved as version 1; then amendments, each approved one the next version.

What a proposal would change are events of the content; they wait in it and happen when the DRE approves it.
"""

from datetime import date

from service.aggregates import (
    By,
    Command,
    Event,
    Fact,
    Line1,
    Missing,
    Note,
    Number,
    Paragraph,
    Year,
    need,
    plan_alignment,
    plan_review,
)
from service.aggregates.plan import NOT_OPEN, ActivityAdded, Amendment, Observation, Plan, TaskAdded
from service.aggregates.plan_changes import Change, PlanChange, together
from service.aggregates.plan_review import ObservedRow


class OpenYear(Command, frozen=True):
    year: Year


class SubmitPlan(Command, frozen=True):
    pass


class ObservePlan(Command, frozen=True):
    """What must be corrected: `text` of the plan as a whole, `rows` beside each activity or task."""

    text: Note = ""
    rows: tuple[ObservedRow, ...] = ()


class ApprovePlan(Command, frozen=True):
    resolution: Line1
    resolution_date: date


class ProposeAmendment(Command, frozen=True):
    changes: tuple[Change, ...]
    reason: Paragraph


class ApproveAmendment(Command, frozen=True):
    amendment: Number
    resolution: Line1
    resolution_date: date


class RejectAmendment(Command, frozen=True):
    amendment: Number
    reason: Paragraph


class YearOpened(Event, frozen=True, tag="year-opened"):
    unit: str
    year: int


class PlanSubmitted(Event, frozen=True, tag="plan-submitted"):
    activities: int


class PlanObserved(Event, frozen=True, tag="plan-observed"):
    text: str
    activity: int = 0


class PlanApproved(Event, frozen=True, tag="plan-approved"):
    version: int
    resolution: str
    resolution_date: date


class AmendmentProposed(Event, frozen=True, tag="amendment-proposed"):
    amendment: int
    reason: str
    changes: tuple[PlanChange, ...]


class AmendmentApproved(Event, frozen=True, tag="amendment-approved"):
    amendment: int
    version: int
    resolution: str
    resolution_date: date


class AmendmentRejected(Event, frozen=True, tag="amendment-rejected"):
    amendment: int
    reason: str


def decide(plan: Plan, command: Command, by: By) -> list[Event]:
    """The rules of the plan's life."""
    if isinstance(command, OpenYear):
        return [] if plan.open else [YearOpened(unit=plan.unit, year=command.year)]
    need(plan.open, NOT_OPEN)
    match command:
        case SubmitPlan():
            return _submit(plan, by)
        case ObservePlan():
            need(plan.status == "submitted", "Solo se observa un plan enviado.")
            need(by.person != plan.submitter, "Quien envía el plan no puede observarlo.")
            need(command.text.strip() or command.rows, "Escriba qué debe corregirse, del plan en conjunto o al lado de una fila.")
            return [PlanObserved(text=command.text.strip()), *plan_review.observed(plan, command.rows)]
        case ApprovePlan():
            need(plan.status == "submitted", "Solo se aprueba un plan enviado.")
            need(by.person != plan.submitter, "Quien envía el plan no puede aprobarlo.")
            resolution = command.resolution
            return [PlanApproved(version=1, resolution=resolution, resolution_date=command.resolution_date)]
    return _amend(plan, command, by)


def _submit(plan: Plan, by: By) -> list[Event]:
    need(plan.status in {"draft", "observed"}, "El plan ya está enviado o aprobado.")
    need(plan.tasks, "El plan no tiene tareas con metas: agréguelas o importe un archivo.")
    unattended = plan_review.unattended(plan) if plan.status == "observed" else ()
    missing = (
        *plan_alignment.lacking(plan),
        *(Missing(line, "review") for line in unattended),
        *(Missing(f"Pendiente del balance anterior: {item.replace('/', ' ')}", "pending") for item in by.last_year or ()),
    )
    need(not missing, "No se puede enviar el plan: falta lo siguiente.", missing)
    return [PlanSubmitted(activities=len(plan.activities))]


def _amend(plan: Plan, command: Command, by: By) -> list[Event]:
    match command:
        case ProposeAmendment():
            need(plan.status == "approved", "El plan no está aprobado todavía: cámbielo directamente.")
            number = plan.last_amendment + 1
            found = together(plan, command.changes, by, number)
            need(found, "La propuesta no cambia nada.")
            plan_alignment.served(found)
            return [AmendmentProposed(amendment=number, reason=command.reason, changes=tuple(found))]
        case ApproveAmendment() | RejectAmendment():
            need(command.amendment in plan.amendments, "Esa propuesta no está pendiente.")
            proposal = plan.amendments[command.amendment]
            need(by.person != proposal.proposer, "Quien propone la modificación no puede resolverla.")
            if isinstance(command, RejectAmendment):
                return [AmendmentRejected(amendment=command.amendment, reason=command.reason)]
            need(
                proposal.version == plan.version,
                "El plan cambió de versión desde que se hizo esta propuesta: pida una propuesta nueva.",
            )
            approved = AmendmentApproved(
                amendment=command.amendment,
                version=plan.version + 1,
                resolution=command.resolution,
                resolution_date=command.resolution_date,
            )
            return [approved, *proposal.changes]
        case _:
            msg = f"plan_versions cannot decide {type(command).__name__}"
            raise TypeError(msg)


def evolve(plan: Plan, fact: Fact) -> None:
    """Apply one fact to the plan's life."""
    event = fact.event
    match event:
        case YearOpened():
            plan.unit, plan.year = event.unit, event.year
        case PlanSubmitted():
            plan.status, plan.submitter = "submitted", fact.person
            plan.steps.clear()
        case PlanObserved():
            plan.status = "observed"
            plan.observations = {0: Observation(event.activity, 0, event.text)} if event.text else {}
        case PlanApproved():
            plan.status, plan.version = "approved", event.version
        case AmendmentProposed():
            _propose(plan, event, fact.person)
        case AmendmentApproved():
            plan.version = event.version
            del plan.amendments[event.amendment]
        case AmendmentRejected():
            del plan.amendments[event.amendment]


def _propose(plan: Plan, event: AmendmentProposed, proposer: str) -> None:
    plan.amendments[event.amendment] = Amendment(proposer, event.changes, plan.version)
    plan.last_amendment = event.amendment
    for change in event.changes:
        if isinstance(change, ActivityAdded):
            plan.last_activity = max(plan.last_activity, change.activity)
        elif isinstance(change, TaskAdded):
            plan.last_task = max(plan.last_task, change.task)

"""Findings: what went well, the critical knot, the room for improvement; each rests on an activity's score, an alert or a document."""

from typing import Literal

import msgspec

from service.aggregates import By, Command, Event, Fact, Note, Paragraph, QuarterNumber, Word, need
from service.aggregates.alert import Alerts
from service.aggregates.plan import Plan
from service.aggregates.quarter import Quarters
from service.aggregates.signable import signable

Kind = Literal["logro", "nudo crítico", "oportunidad de mejora"]


class RecordFinding(Command, frozen=True):
    quarter: QuarterNumber
    kind: Kind
    text: Paragraph
    cause: Note = ""
    activity: int = 0
    alert: int = 0
    evidence: Word = ""


class FindingRecorded(Event, frozen=True, tag="finding-recorded"):
    finding: int
    quarter: int
    kind: Kind
    text: str
    cause: str = ""
    activity: int = 0
    alert: int = 0
    evidence: str = ""


class Findings(msgspec.Struct):
    by_number: dict[int, FindingRecorded] = {}


def decide(findings: Findings, plan: Plan, quarters: Quarters, alerts: Alerts, command: Command, by: By) -> list[Event]:  # noqa: ARG001 — a finding rests on all three; the signature is that of every decider
    """The rules of a finding."""
    assert isinstance(command, RecordFinding)  # noqa: S101 — the only command of this aggregate
    quarter = quarters.by_number.get(command.quarter)
    need(quarter and quarter.score, "El trimestre todavía no está calificado: el hallazgo debe apoyarse en su calificación.")
    need(
        command.activity or command.alert or command.evidence,
        "Indique en qué se apoya: una actividad, una alerta o un documento.",
    )
    need(not command.activity or command.activity in plan.activities, "Esa actividad no está en el plan.")
    need(not command.alert or command.alert in alerts.by_number, "Esa alerta no existe.")
    need(command.kind == "logro" or command.cause.strip(), "Escriba la causa raíz.")
    signable(command.text, command.cause)  # the paper of a commitment that answers it says both
    alert = alerts.by_number.get(command.alert)
    values = msgspec.structs.asdict(command)
    values["activity"] = command.activity or (alert.raised.activity if alert else 0)
    return [FindingRecorded(finding=len(findings.by_number) + 1, **values)]


def evolve(findings: Findings, fact: Fact) -> None:
    """Apply one fact to the findings."""
    if isinstance(fact.event, FindingRecorded):
        findings.by_number[fact.event.finding] = fact.event

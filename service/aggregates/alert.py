"""Early alerts as cases: raised by a versioned rule when a quarter is scored, acknowledged with a measure, closed with evidence."""

from decimal import Decimal
from typing import Literal

import msgspec

from service.aggregates import HUNDRED, By, Command, Event, Fact, Number, Paragraph, Word, need
from service.aggregates.quarter import Quarter, QuarterScored

Rule = Literal["sin-reporte", "avance-bajo", "sin-evidencia"]


class AcknowledgeAlert(Command, frozen=True):
    alert: Number
    measure: Paragraph


class CloseAlert(Command, frozen=True):
    alert: Number
    text: Paragraph
    evidence: Word = ""


class AlertRaised(Event, frozen=True, tag="alert-raised"):
    """`inputs` are the figures the rule looked at, as text."""

    alert: int
    rule: Rule
    rules: int
    quarter: int
    activity: int
    inputs: dict[str, str]


class AlertAcknowledged(Event, frozen=True, tag="alert-acknowledged"):
    alert: int
    activity: int
    measure: str


class AlertClosed(Event, frozen=True, tag="alert-closed"):
    alert: int
    activity: int
    text: str
    evidence: str = ""


class Alert(msgspec.Struct):
    """A case: its rule and subject, and who took it."""

    raised: AlertRaised
    status: Literal["open", "acknowledged", "closed"] = "open"
    taker: str = ""


class Alerts(msgspec.Struct):
    """All cases of the unit's year, and the open one of each rule, quarter and activity."""

    by_number: dict[int, Alert] = {}
    standing: dict[tuple[str, int, int], int] = {}


class AlertRules(msgspec.Struct, frozen=True):
    """Thresholds of the rules, in percent; a version each time the DRE publishes them."""

    version: int
    low: Decimal


def raised(
    alerts: Alerts, quarter: Quarter, scored: QuarterScored, tasks: dict[int, int], rules: AlertRules, proven: set[int]
) -> list[Event]:
    """The alerts a score calls for; `tasks` maps task → activity, `proven` have a file. A case that stands is not raised again."""
    found = list[tuple[Rule, int, dict[str, str]]]()
    bare = {n for n, done in quarter.done.items() if done.executed > 0 and not done.evidence}
    unproven = {tasks[n] for n in bare - proven if n in tasks}
    for line in scored.lines:
        inputs = {"percent": str(line.percent), "tasks": str(line.tasks), "reported": str(line.reported)}
        if not line.reported:
            found.append(("sin-reporte", line.activity, inputs))
        elif line.percent < rules.low:
            found.append(("avance-bajo", line.activity, inputs | {"threshold": str(rules.low)}))
        elif line.percent >= HUNDRED and line.activity in unproven:
            found.append(("sin-evidencia", line.activity, inputs))
    fresh = [item for item in found if (item[0], scored.quarter, item[1]) not in alerts.standing]
    return [
        AlertRaised(alert=number, rule=rule, rules=rules.version, quarter=scored.quarter, activity=activity, inputs=inputs)
        for number, (rule, activity, inputs) in enumerate(fresh, start=len(alerts.by_number) + 1)
    ]


def decide(alerts: Alerts, command: Command, by: By) -> list[Event]:
    """The rules of a case."""
    match command:
        case AcknowledgeAlert():
            alert = alerts.by_number.get(command.alert)
            need(alert and alert.status == "open", "Esa alerta no está abierta.")
            activity = alerts.by_number[command.alert].raised.activity
            return [AlertAcknowledged(alert=command.alert, activity=activity, measure=command.measure)]
        case CloseAlert():
            need(command.alert in alerts.by_number, "Esa alerta no existe.")
            case = alerts.by_number[command.alert]
            need(case.status != "closed", "La alerta ya está cerrada.")
            need(case.status == "acknowledged", "Esa alerta no tiene todavía una medida: atiéndala primero.")
            need(by.person != case.taker, "Quien atendió la alerta no puede cerrarla.")
            activity, evidence = case.raised.activity, command.evidence
            return [AlertClosed(alert=command.alert, activity=activity, text=command.text, evidence=evidence)]
        case _:
            msg = f"alert cannot decide {type(command).__name__}"
            raise TypeError(msg)


def evolve(alerts: Alerts, fact: Fact) -> None:
    """Apply one fact to the cases."""
    match event := fact.event:
        case AlertRaised():
            alerts.by_number[event.alert] = Alert(event)
            alerts.standing[event.rule, event.quarter, event.activity] = event.alert
        case AlertAcknowledged():
            alert = alerts.by_number[event.alert]
            alert.status, alert.taker = "acknowledged", fact.person
        case AlertClosed():
            alert = alerts.by_number[event.alert]
            alert.status = "closed"
            alerts.standing.pop((alert.raised.rule, alert.raised.quarter, alert.raised.activity), None)

"""Early alerts as cases: raised by a versioned rule, received, answered with a measure, closed with evidence by somebody else.

A case is of an activity, a quarter, a commitment or, when it names none of them, of the plan. While it is silenced nobody is
bothered with it; the day after the silence it is open again. Past its deadline, or the day of its measure, which lies not far
ahead, it goes on to the next session.
"""

import re
from datetime import date
from typing import Literal

import msgspec

from service.aggregates import DRE, By, Command, Event, Fact, Line1, Note, Number, Paragraph, Word, need

LONGEST_SILENCE = LONGEST_MEASURE = 180
Key = tuple[str, int, int, int]


class AcknowledgeAlert(Command, frozen=True):
    alert: Number
    note: Note = ""


class TakeMeasure(Command, frozen=True):
    """What is done about it, who answers for it (a charge), and until when."""

    alert: Number
    measure: Paragraph
    responsible: Line1
    due: date


class SilenceAlert(Command, frozen=True):
    alert: Number
    until: date
    reason: Paragraph


class CloseAlert(Command, frozen=True):
    alert: Number
    text: Paragraph
    evidence: Word = ""


class Case(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Which case, and what it is about: an activity, a commitment, a quarter, or the plan when all three are 0."""

    alert: int
    activity: int = 0
    commitment: int = 0
    quarter: int = 0


class AlertRaised(Event, Case, frozen=True, tag="alert-raised.2"):
    """`inputs` are the figures the rule looked at, as text; past `deadline` an open case is escalated."""

    rule: str
    rules: int
    inputs: dict[str, str]
    deadline: date | None = None

    @property
    def key(self) -> Key:
        """What only one open case may be about."""
        return self.rule, self.quarter, self.activity, self.commitment


class AlertAcknowledged(Event, Case, frozen=True, tag="alert-acknowledged.2"):
    note: str = ""


class MeasureTaken(Event, Case, frozen=True, tag="measure-taken"):
    """`responsible` and `due` are unknown of the measures of the first releases."""

    measure: str
    responsible: str = ""
    due: date | None = None


class AlertSilenced(Event, Case, frozen=True, tag="alert-silenced"):
    until: date
    reason: str


class AlertEscalated(Event, Case, frozen=True, tag="alert-escalated"):
    deadline: date


class AlertClosed(Event, frozen=True, tag="alert-closed"):
    alert: int
    activity: int
    text: str
    evidence: str = ""


class Alert(msgspec.Struct):
    """A case: its rule and subject, who took it, the charge that answers for its measure, whether its cause is gone."""

    raised: AlertRaised
    status: Literal["open", "acknowledged", "measured", "closed"] = "open"
    taker: str = ""
    responsible: str = ""
    due: date | None = None
    silent: date | None = None
    escalated: bool = False
    gone: bool = False

    @property
    def deadline(self) -> date | None:
        """Until when it may stay open: its own deadline, or the day of its measure where that is later."""
        own = self.raised.deadline
        return max(own, self.due) if own and self.due else own

    def silenced(self, day: date) -> bool:
        """Whether it is silent on a day."""
        return self.silent is not None and day <= self.silent


class Alerts(msgspec.Struct):
    """All cases of the unit's year, and the open one of each rule and subject."""

    by_number: dict[int, Alert] = {}
    standing: dict[Key, int] = {}


def decide(alerts: Alerts, unit: str, command: Command, by: By) -> list[Event]:
    """The rules of a case."""
    assert isinstance(command, AcknowledgeAlert | TakeMeasure | SilenceAlert | CloseAlert)  # noqa: S101 — every command of this aggregate
    need(command.alert in alerts.by_number, "Esa alerta no existe.")
    case = alerts.by_number[command.alert]
    need(case.status != "closed", "La alerta ya está cerrada.")
    it = {name: getattr(case.raised, name) for name in Case.__struct_fields__}
    match command:
        case AcknowledgeAlert():
            need(case.status == "open", "La alerta ya fue recibida.")
            return [AlertAcknowledged(**it, note=command.note)]
        case TakeMeasure():
            need(case.status != "measured", "La alerta ya tiene una medida.")
            near = rf"[a-z-]+/({unit}|{DRE})(/[^/]+)?"
            need(re.fullmatch(near, command.responsible), "El responsable es un cargo de la unidad o de la DRE.")
            need(command.responsible in by.filled, "Elija como responsable un cargo vigente.")
            need(command.due >= by.today, "La fecha de la medida no puede ser anterior a hoy.")
            far = (command.due - by.today).days > LONGEST_MEASURE
            need(
                not far, f"La medida se cumple en {LONGEST_MEASURE} días como máximo: hasta su fecha la alerta no sube a sesión."
            )
            return [MeasureTaken(**it, measure=command.measure, responsible=command.responsible, due=command.due)]
        case SilenceAlert():
            need(command.until > by.today, "El silencio termina después de hoy: elija otra fecha.")
            need((command.until - by.today).days <= LONGEST_SILENCE, f"Una alerta calla como máximo {LONGEST_SILENCE} días.")
            return [AlertSilenced(**it, until=command.until, reason=command.reason)]
        case CloseAlert():
            need(case.status == "measured", "Esa alerta no tiene todavía una medida: atiéndala primero.")
            need(by.person != case.taker, "Quien atendió la alerta no puede cerrarla.")
            mine = case.responsible in {by.charge, *by.held}
            need(not mine, "Quien responde por la medida no la cierra: pídalo a otra persona de la DRE.")
            need(command.evidence.strip(), "Indique la evidencia o el expediente que comprueba la medida.")
            activity, evidence = case.raised.activity, command.evidence
            return [AlertClosed(alert=command.alert, activity=activity, text=command.text, evidence=evidence)]


def evolve(alerts: Alerts, fact: Fact) -> None:
    """Apply one fact to the cases."""
    event = fact.event
    if isinstance(event, AlertRaised):
        alerts.by_number[event.alert] = Alert(event)
        alerts.standing[event.key] = event.alert
        return
    case = alerts.by_number[event.alert]
    match event:
        case AlertAcknowledged():
            case.status = "acknowledged"
        case MeasureTaken():
            case.status, case.taker, case.responsible, case.due = "measured", fact.person, event.responsible, event.due
        case AlertSilenced():
            case.silent = event.until
        case AlertEscalated():
            case.escalated = True
        case AlertClosed():
            case.status = "closed"
            alerts.standing.pop(case.raised.key, None)

"""The shapes in which the first releases recorded alerts, and what they mean today. Nobody writes them any more."""

from typing import Literal

import msgspec

from service.aggregates import Event, Fact, alert
from service.aggregates.alert import AlertRaised, Alerts, MeasureTaken


class FirstAlertRaised(Event, frozen=True, tag="alert-raised"):
    """A case of an activity in a quarter; it had no deadline."""

    alert: int
    rule: Literal["sin-reporte", "avance-bajo", "sin-evidencia"]
    rules: int
    quarter: int
    activity: int
    inputs: dict[str, str]


class FirstAlertAcknowledged(Event, frozen=True, tag="alert-acknowledged"):
    """Attended with a measure, without a responsible charge or a date."""

    alert: int
    activity: int
    measure: str


def today(event: FirstAlertRaised | FirstAlertAcknowledged) -> AlertRaised | MeasureTaken:
    """The event as it would be recorded today."""
    kind = AlertRaised if isinstance(event, FirstAlertRaised) else MeasureTaken
    return kind(**msgspec.structs.asdict(event))


def evolve(alerts: Alerts, fact: Fact) -> None:
    """Apply one old fact to the cases."""
    alert.evolve(alerts, msgspec.structs.replace(fact, event=today(fact.event)))

"""Whether what a case was raised for is still so: looked at once a day by `sistema` on each unit's year, noted when it changes.

What was raised stays a case until somebody closes it, or its rule says that it closes by itself.
"""

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from service.aggregates import By, Event, Fact, alert_scored
from service.aggregates.alert import Alert, AlertClosed, Alerts, Case, Key
from service.aggregates.alert_rules import TIMED, AlertRules

if TYPE_CHECKING:
    from service.aggregates.unit_year import UnitYear

ALONE = "La causa ya no existe y la regla dispone que el caso se cierre solo."


class AlertCauseNoted(Event, Case, frozen=True, tag="alert-cause-noted"):
    """The cause is gone, or it is there again."""

    exists: bool


def noted(year: "UnitYear", called: Container[Key], by: By) -> Iterator[Event]:
    """What became of the causes of the cases that stand; `called` are those that the rules of the clock would raise today."""
    rules: AlertRules = by.rules.alerts
    for number in sorted(year.alerts.standing.values()):
        case = year.alerts.by_number[number]
        rule, exists = rules.of(case.raised.rule), _exists(year, case, called, rules)
        if rule is None or exists is None:
            continue
        if exists == case.gone:
            yield AlertCauseNoted(**{name: getattr(case.raised, name) for name in Case.__struct_fields__}, exists=exists)
        if rule.closes and not exists:
            yield AlertClosed(alert=number, activity=case.raised.activity, text=ALONE)


def _exists(year: "UnitYear", case: Alert, called: Container[Key], rules: AlertRules) -> bool | None:
    """Whether the rule would raise it today; None while a quarter waits to be scored again."""
    raised = case.raised
    if raised.rule in TIMED:
        return raised.key in called
    quarter = year.quarters.at(raised.quarter)
    if quarter.score is None or quarter.status not in {"scored", "closed"}:
        return None
    mine = {number: task for number, task in year.plan.tasks.items() if task.activity == raised.activity}
    lines = [line for line in quarter.score.lines if line.activity == raised.activity]
    return any(
        code == raised.rule for line in lines for code, _ in alert_scored.found(line, year.quarters, raised.quarter, mine, rules)
    )


def evolve(alerts: Alerts, fact: Fact) -> None:
    """Apply one fact to the cases."""
    event = fact.event
    assert isinstance(event, AlertCauseNoted)  # noqa: S101 — the only event of this room
    alerts.by_number[event.alert].gone = not event.exists

"""The clock of the record: once a day every rule of the clock looks at every unit's year, as `sistema`, one process at a time.

Each rule on each stream is a command of its own, named by the day, so it is done once however often the clock runs; a run
that was cut short leaves whole commands behind, and the next one does the rest.
"""

from collections.abc import Callable

import msgspec

from service.aggregates.alert import AlertClosed, AlertEscalated, AlertRaised
from service.aggregates.alert_watch import RUNS, ReminderGiven, RunRule, SignatureReminded
from service.ledger import Ledger, stream_of
from service.permits import SYSTEM
from service.settings import LIMA

LOCK = 7_128_003


class Ticked(msgspec.Struct):
    """What a run found: years looked at, alerts raised, reminders given, cases escalated, cases that closed by themselves."""

    years: int = 0
    alerts: int = 0
    reminders: int = 0
    escalated: int = 0
    closed: int = 0


def run(ledger: Ledger, ended: Callable[[], bool] = lambda: False) -> Ticked | None:
    """Run the rules for today, all of them unless it `ended` before; None when another process is at it."""
    with ledger.database.connection() as connection:
        if connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
            return None
        try:
            return _run(ledger, ended)
        finally:
            connection.execute("select pg_advisory_unlock(%s)", [LOCK])


def _run(ledger: Ledger, ended: Callable[[], bool]) -> Ticked:
    today, told = ledger.clock().astimezone(LIMA).date(), Ticked()
    units = sorted(ledger.standing().units)
    for stream in (stream_of(unit, year) for year in (today.year - 1, today.year, today.year + 1) for unit in units):
        told.years += 1
        for rule in RUNS:
            if ended():
                return told
            done = ledger.carry_out(SYSTEM.holder, stream, RunRule(rule=rule), command_id=f"tick:{today}:{stream}:{rule}")
            events = [] if done.repeated else [recorded.fact.event for recorded in done.facts]
            told.alerts += sum(isinstance(event, AlertRaised) for event in events)
            told.reminders += sum(isinstance(event, ReminderGiven | SignatureReminded) for event in events)
            told.closed += sum(isinstance(event, AlertClosed) for event in events)
            told.escalated += sum(isinstance(event, AlertEscalated) for event in events)
    return told

"""What a session has to speak of: escalated and open alerts, observed quarters, commitments that fall due, what is followed up."""

from datetime import date, timedelta
from typing import Any

import msgspec
from psycopg import Connection

from service.projections import agenda, discussion, followup_page

SOON = timedelta(days=10)


class Matters(msgspec.Struct, frozen=True):
    """The matters of one unit's year, or of several; each names its stream. Silenced alerts are left out, escalated ones go first."""

    alerts: list[followup_page.Alert]
    quarters: list[agenda.Quarter]
    commitments: list[agenda.Commitment]
    flags: list[discussion.Flag]


def matters(connection: Connection[Any], at: int, today: date, streams: list[str]) -> Matters:
    """What is pending in these years (`unit/120005/2026`) at a position, as of a day; commitments are due by ten days after it."""
    alerts = [each for each in agenda.alerts(connection, at, streams) if each.state(today) != "silenced"]
    observed = [each for each in agenda.quarters(connection, at, streams) if each.status == "observed"]
    due = [
        each
        for each in agenda.commitments(connection, at)
        if each.stream in streams and each.status in {"proposed", "signed"} and each.due <= today + SOON
    ]
    flags = discussion.flags(connection, at, streams)
    return Matters(alerts, sorted(observed, key=lambda each: (each.stream, each.quarter)), due, flags)

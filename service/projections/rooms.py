"""Every room of the read side, its tables, and the one function that projects an event."""

from service.projections import (
    Projection,
    Row,
    Table,
    balance,
    catalogue,
    commitment,
    diagnosis,
    discussion,
    evidence,
    followup,
    history,
    improvement,
    indicator,
    keys,
    knot,
    plan,
    plan_editing,
    quarter,
    receipt,
    session,
    standing,
    support,
)
from service.record import Recorded

ROOMS = (
    plan,
    plan_editing,
    quarter,
    evidence,
    indicator,
    followup,
    improvement,
    commitment,
    balance,
    diagnosis,
    discussion,
    standing,
    catalogue,
    support,
    session,
    knot,
    keys,
    receipt,
)
TABLES: tuple[Table, ...] = tuple(table for room in (*ROOMS, history) for table in room.TABLES)
_BY_EVENT: dict[type, list[Projection]] = {}
for _room in ROOMS:
    for _kind, _projection in _room.PROJECTORS.items():
        _BY_EVENT.setdefault(_kind, []).append(_projection)


def project(recorded: Recorded) -> list[Row]:
    """All rows that one event changes."""
    rows = [row for projection in _BY_EVENT.get(type(recorded.fact.event), ()) for row in projection(recorded)]
    return [*rows, history.row(recorded)]

"""Every room of the read side, its tables, and the one function that projects an event."""

from service.projections import (
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
)
TABLES: tuple[Table, ...] = tuple(table for room in (*ROOMS, history) for table in room.TABLES)
_BY_EVENT = {kind: room.PROJECTORS[kind] for room in ROOMS for kind in room.PROJECTORS}


def project(recorded: Recorded) -> list[Row]:
    """All rows that one event changes."""
    projector = _BY_EVENT.get(type(recorded.fact.event))
    rows = projector(recorded) if projector else []
    return [*rows, history.row(recorded)]

"""What confirming a workbook would do to the plan, and where it collides with what others recorded since it was exported."""

from collections import Counter
from collections.abc import Collection
from decimal import Decimal
from typing import Any

import msgspec

from service import exchange, people, stale, workbook
from service.aggregates import Event, Refused
from service.aggregates.plan import ActivityAdded, ActivityAligned, ActivityChanged, ImportPlan, LineAdded, TaskAdded, TaskChanged
from service.aggregates.plan_versions import AmendmentProposed
from service.ledger import stream_of
from service.projections import LATEST, unit
from service.web.facts import say
from service.web.import_columns import LABELS
from service.web.page import Req
from service.web.saying import Words
from service.web.words import NOTHING, numero

SHOWN = 200
_FIELDS = {"line": "line", "code": "activity_code", "name": "activity", "unit": "unit"}
_COUNTED: dict[type[Event], tuple[str, str]] = {
    LineAdded: ("línea de acción nueva", "líneas de acción nuevas"),
    ActivityAdded: ("actividad nueva", "actividades nuevas"),
    TaskAdded: ("tarea nueva", "tareas nuevas"),
    ActivityChanged: ("actividad cambiada", "actividades cambiadas"),
    TaskChanged: ("tarea cambiada", "tareas cambiadas"),
    ActivityAligned: ("actividad con otros objetivos", "actividades con otros objetivos"),
}
_CHANGES = (ActivityChanged, TaskChanged, ActivityAligned)


class Collision(msgspec.Struct, frozen=True):
    """A stale cell in words: what it was, what the sender wrote, what it says now and since whom."""

    cell: stale.Stale
    label: str
    base: str
    mine: str
    current: str
    who: str


class Preview(msgspec.Struct, frozen=True):
    """The command that a confirmation would carry out, what it would record, what collides and what a rule says against it."""

    command: ImportPlan
    collisions: tuple[Collision, ...]
    counts: tuple[tuple[int, str, str], ...]
    changes: tuple[Words, ...]
    more: int
    kept: int
    refusal: str = ""
    items: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        return {each.cell.key for each in self.collisions}


def preview(request: Req, place: tuple[str, int], reading: workbook.Reading, take: Collection[str] = ()) -> Preview:
    """Compare a dry run with the plan as it stands; `take` are the stale cells the sender wants as sent."""
    assert reading.dry is not None  # noqa: S101 — a file whose columns are missing has no preview
    state, stream = request.app.state, stream_of(*place)
    with state.database.snapshot() as connection:
        found = stale.compare(connection, LATEST, place, (reading.dry, reading.mapping.columns), take)
        objectives = {each.code for each in unit.objectives(connection, LATEST)}
    with state.database.connection() as connection:
        names = people.names(connection, {each.person for each in found.stale if each.person})
    command = exchange.import_command(found.dry, *place, objectives, found.position)
    collisions = tuple(_collision(each, names.get(each.person, "")) for each in found.stale)
    events, refusal, items = list[Event](), "", tuple[str, ...]()
    try:
        events = exchange.outcome(state.ledger, request.user.id, stream, command)
    except Refused as refused:
        refusal, items = refused.sentence, refused.items
    counts, changes = told(events)
    return Preview(command, collisions, counts, changes[:SHOWN], max(0, len(changes) - SHOWN), found.kept, refusal, items)


def told(events: list[Event]) -> tuple[tuple[tuple[int, str, str], ...], tuple[Words, ...]]:
    """What an import records: how many rows of each kind, and in words those that were in the plan already."""
    rows = [row for each in events for row in (each.changes if isinstance(each, AmendmentProposed) else (each,))]
    kinds = Counter(type(row) for row in rows)
    counts = tuple((kinds[kind], *words) for kind, words in _COUNTED.items() if kinds[kind])
    return counts, tuple(say(row) for row in rows if isinstance(row, _CHANGES))


def _collision(cell: stale.Stale, who: str) -> Collision:
    if cell.field == stale.REMOVED:
        return Collision(cell, "Fila retirada del plan", shown(cell.base), shown(cell.mine), "retirada", who)
    field = "task" if cell.key.startswith("task-") and cell.field == "name" else _FIELDS.get(cell.field, cell.field)
    label = LABELS["task_code" if cell.key.startswith("task-") and cell.field == "code" else field]
    return Collision(cell, label, shown(cell.base), shown(cell.mine), shown(cell.current), who)


def shown(value: Any) -> str:
    """A cell as people read it."""
    if isinstance(value, tuple):
        return "; ".join(value) or NOTHING
    return numero(value, 4) if isinstance(value, Decimal) else str(value or NOTHING)

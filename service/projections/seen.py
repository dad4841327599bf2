"""What stood in an item at a position: the values that a form showed, or shows now."""

from typing import Any

from psycopg import Connection

from service.aggregates.plan import ACTIVITY_FIELDS, TASK_FIELDS
from service.aggregates.session_agreements import FIELDS as AGREEMENT_FIELDS
from service.aggregates.session_minutes import PARTS

HOLDS = "stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s"
PROGRESS_FIELDS = ("executed", "evidence")
QUERIES = {
    "activity": f"select {', '.join(ACTIVITY_FIELDS)}, from_pos from read.activity where activity = %(number)s and {HOLDS}",
    "alignment": f"select objectives, from_pos from read.activity where activity = %(number)s and {HOLDS}",
    "task": f"select {', '.join(TASK_FIELDS)}, from_pos from read.task where task = %(number)s and {HOLDS}",
    "progress": f"""select {", ".join(PROGRESS_FIELDS)}, from_pos from read.progress
      where task = %(number)s and quarter = %(quarter)s and {HOLDS}""",
    "item": f"select note, from_pos from read.agenda_item where item = %(number)s and {HOLDS}",
    "agreement": f"select {', '.join(AGREEMENT_FIELDS)}, from_pos from read.agreement where agreement = %(number)s and {HOLDS}",
    "minutes": f"select {', '.join(PARTS)}, from_pos from read.session where session = %(number)s and {HOLDS}",
}
FIELDS: dict[str, tuple[str, ...]] = {
    "activity": ACTIVITY_FIELDS,
    "alignment": ("objectives",),
    "task": TASK_FIELDS,
    "progress": PROGRESS_FIELDS,
}
FIELDS |= {"item": ("note",), "agreement": AGREEMENT_FIELDS, "minutes": PARTS}
UNREPORTED: dict[str, Any] = {"executed": None, "evidence": ""}


def values(
    connection: Connection[Any], at: int, stream: str, kind: str, number: int, quarter: int = 0
) -> tuple[dict[str, Any] | None, int]:
    """The values of an activity, its alignment, a task, or its progress in a quarter, and the position they hold from; None for none."""
    parameters = {"at": at, "stream": stream, "number": number, "quarter": quarter}
    row = connection.execute(QUERIES[kind], parameters).fetchone()
    if row is None:
        return (dict(UNREPORTED) if kind == "progress" else None), 0
    found = dict(zip(FIELDS[kind], row, strict=False))
    return {name: _value(value) for name, value in found.items()}, int(row[-1])


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value

"""What a reviewer looks at when a quarter comes back: the rows observed, and what changed in them since."""

from typing import TYPE_CHECKING, Any

import msgspec

from service.projections import quarter_page, quarter_rows

if TYPE_CHECKING:
    from psycopg import Connection

    from service.web.sheet import Sheet


class Since(msgspec.Struct, frozen=True):
    """By task: what was observed the last time, and how the row stood then, where it stands otherwise now."""

    observed: dict[int, str] = {}
    before: dict[int, quarter_rows.Task | None] = {}


def read(connection: "Connection[Any]", at: int, shown: "Sheet") -> Since:
    """What happened since the last observation; nothing once the quarter was validated."""
    deed = shown.deeds.get("quarter-observed")
    if deed is None or shown.status not in {"observed", "submitted"}:
        return Since()
    stream, number = shown.place.stream, shown.number
    then = {each.task: each for each in quarter_rows.tasks(connection, deed.from_pos, stream, number)}
    before = {row.task.task: then.get(row.task.task) for row in shown.rows if _said(row.task) != _said(then.get(row.task.task))}
    observed, quarter = quarter_page.observed(connection, at, stream, number, deed.from_pos), shown.quarter
    if quarter and quarter.observed_task:
        observed = {quarter.observed_task: quarter.observation} | observed
    return Since(observed, before)


def _said(task: quarter_rows.Task | None) -> tuple[Any, ...]:
    return (task.executed, task.evidence, task.reason) if task else (None, "", "")

"""What a reviewer looks at when a quarter comes back: what was observed, and what changed since in figures, files and indicators."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from service.projections import evidence_page, indicator_page, quarter_page, quarter_rows
from service.projections.evidence_page import Evidence
from service.projections.indicator_page import Indicator, Measure

if TYPE_CHECKING:
    from psycopg import Connection

    from service.web.sheet import Sheet

REVIEWED = {"observed", "submitted"}


class Since(msgspec.Struct, frozen=True):
    """By task: what was observed the last time, how the row stood then where it stands otherwise now, the files that came since."""

    observed: dict[int, str] = {}
    before: dict[int, quarter_rows.Task | None] = {}
    files: dict[int, tuple[Evidence, ...]] = {}

    @property
    def changed(self) -> list[int]:
        """The tasks of which anything changed."""
        return list(dict.fromkeys([*self.before, *self.files]))


class Measured(msgspec.Struct, frozen=True):
    """By indicator: what was observed the last time, and its value then where it is another now."""

    observed: dict[int, str] = {}
    before: dict[int, Measure | None] = {}


def read(connection: "Connection[Any]", at: int, shown: "Sheet") -> Since:
    """What happened since the last observation; nothing once the quarter was validated."""
    deed = shown.deeds.get("quarter-observed")
    if deed is None or shown.status not in REVIEWED:
        return Since()
    stream, number = shown.place.stream, shown.number
    then = {each.task: each for each in quarter_rows.tasks(connection, deed.from_pos, stream, number)}
    before = {row.task.task: then.get(row.task.task) for row in shown.rows if _said(row.task) != _said(then.get(row.task.task))}
    known = {each.evidence for each in evidence_page.of_quarter(connection, deed.from_pos, stream, number)}
    came = {row.task.task: tuple(each for each in row.proofs if each.evidence not in known) for row in shown.rows}
    observed, quarter = quarter_page.observed(connection, at, stream, number, deed.from_pos), shown.quarter
    if quarter and quarter.observed_task:
        observed = {quarter.observed_task: quarter.observation} | observed
    return Since(observed, before, {task: files for task, files in came.items() if files})


def measured(
    connection: "Connection[Any]", at: int, stream: str, number: int, status: str, rows: Iterable[Indicator]
) -> Measured:
    """The same of the quarter's indicators."""
    deed = quarter_page.deeds(connection, at, stream, number).get("quarter-observed") if status in REVIEWED else None
    if deed is None:
        return Measured()
    then = {each.indicator: each.cell(number).measure for each in indicator_page.indicators(connection, deed.from_pos, stream)}
    now = {each.indicator: each.cell(number).measure for each in rows}
    before = {n: then.get(n) for n, measure in now.items() if _told(measure) != _told(then.get(n))}
    return Measured(indicator_page.observed(connection, at, stream, number, deed.from_pos), before)


def _said(task: quarter_rows.Task | None) -> tuple[Any, ...]:
    return (task.executed, task.evidence, task.reason, task.months) if task else (None, "", "", ())


def _told(measure: Measure | None) -> tuple[Any, ...]:
    return (measure.value, measure.evidence, measure.reason) if measure else (None, "", "")

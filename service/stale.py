"""A workbook that comes back after a while, compared with what the plan was when it was exported and with what it is now."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec
from psycopg import Connection

from service.ledger import stream_of
from service.projections import plan_rows
from service.workbook import DryRun, ImportedActivity, ImportedTask
from service.workbook.columns import letter
from service.workbook.merge import Merged, alike, merge
from service.workbook.shapes import MONTHS

MOST_BASES = 40
REMOVED = "removed"
_ACTIVITY = {"line": "line", "code": "activity_code", "name": "activity", "area": "area"} | {
    name: name for name in ("indicator", "verification", "objectives")
}
_TASK = {"code": "task_code", "name": "task", "unit": "unit", "note": "note"} | {month: month for month in MONTHS}
Subject = Literal["activity", "task"]
Row = dict[str, Any]


class Stale(msgspec.Struct, frozen=True):
    """A cell that others changed after the export and the sender changed too; `field` is `removed` for a row taken out since.

    `key` names it in forms; `cell` is its place in the sheet.
    """

    key: str
    cell: str
    subject: str
    field: str
    base: Any
    mine: Any
    current: Any
    person: str
    charge: str
    at: datetime | None
    position: int


class Comparison(msgspec.Struct, frozen=True):
    """What may be imported: `dry` with the cells that others changed as they stand; what collides; how many cells are kept.

    `position` is the last fact of the plan that was looked at.
    """

    dry: DryRun
    position: int
    stale: tuple[Stale, ...] = ()
    kept: int = 0


def known(key: str, code: str, year: int) -> int:
    """The number a row of our own export already has in this same plan; 0 for any other row."""
    plan, _, number = key.rpartition("-")
    return int(number) if plan == f"{code}-{year}" and number.isdecimal() and len(number) < 10 else 0  # noqa: PLR2004 — fits an int


def compare(
    connection: Connection[Any],
    at: int,
    place: tuple[str, int],
    read: tuple[DryRun, Mapping[str, int]],
    take: Collection[str] = (),
) -> Comparison:
    """A dry run and its columns against the plan of a unit and year, inside one snapshot; `take` are the keys to take as sent."""
    return _Comparing(connection, at, place, read, take).done()


class _Comparing:
    def __init__(
        self,
        connection: Connection[Any],
        at: int,
        place: tuple[str, int],
        read: tuple[DryRun, Mapping[str, int]],
        take: Collection[str],
    ) -> None:
        self.connection, self.place, self.take = connection, place, take
        self.dry, self.columns = read
        self.stream = stream_of(*place)
        self.position = plan_rows.position(connection, at, self.stream)
        self.activities = plan_rows.activities(connection, at, self.stream)
        self.tasks = plan_rows.tasks(connection, at, self.stream)
        rows: list[ImportedActivity | ImportedTask] = [*self.dry.activities, *self.dry.tasks]
        bases = {each.base for each in rows if each.base and known(each.key, *place)}
        self.bases = {
            base: (plan_rows.activities(connection, base, self.stream), plan_rows.tasks(connection, base, self.stream))
            for base in sorted(bases)[:MOST_BASES]
        }
        self.collisions: list[tuple[Subject, int, int, str, str, Any, Any, Any]] = []
        self.kept = 0

    def done(self) -> Comparison:
        activities = {each.key: self._activity(each) for each in self.dry.activities}
        gone = {key for key, activity in activities.items() if activity is None}
        tasks = [found for each in self.dry.tasks if each.activity_key not in gone and (found := self._task(each))]
        dry = msgspec.structs.replace(
            self.dry, activities=tuple(each for each in activities.values() if each), tasks=tuple(tasks)
        )
        return Comparison(dry, self.position, tuple(self._stale()), self.kept)

    def _activity(self, mine: ImportedActivity) -> ImportedActivity | None:
        number = known(mine.key, *self.place)
        then, now = self.bases.get(mine.base, ({}, {}))[0].get(number), self.activities.get(number)
        if not number or (now is None and then is None):
            return mine
        values, base = self._said(mine), self._said(then) if then else None
        if now is None:
            return mine if self._gone("activity", number, mine.row, base or {}, values, self._touched(mine, base)) else None
        stands = self._said(now)
        merged = stands | self._merged("activity", number, mine.row, base, values, stands).values
        codes = merged.pop("objectives", (*now.objectives, *now.foreign_codes))
        return msgspec.structs.replace(mine, **merged, foreign_objectives=codes)

    def _touched(self, mine: ImportedActivity, base: Row | None) -> bool:
        """Whether the sender changed anything in an activity that is no longer there."""
        rows = [task for task in self.dry.tasks if task.activity_key == mine.key]
        same = base is not None and all(alike(self._said(mine)[name], value) for name, value in base.items())
        return not same or any(self._as_it_was(task) is False for task in rows)

    def _as_it_was(self, mine: ImportedTask) -> bool:
        number = known(mine.key, *self.place)
        then = self.bases.get(mine.base, ({}, {}))[1].get(number)
        return then is not None and all(alike(value, self._cells(mine)[name]) for name, value in self._cells(then).items())

    def _task(self, mine: ImportedTask) -> ImportedTask | None:
        number = known(mine.key, *self.place)
        then, now = self.bases.get(mine.base, ({}, {}))[1].get(number), self.tasks.get(number)
        if not number or (now is None and then is None):
            return mine
        values, base = self._cells(mine), self._cells(then) if then else None
        if now is None:
            return mine if self._gone("task", number, mine.row, base or {}, values, not self._as_it_was(mine)) else None
        merged = self._merged("task", number, mine.row, base, values, self._cells(now)).values
        months = tuple(merged.pop(month) for month in MONTHS)
        return msgspec.structs.replace(mine, **{"note": now.note, **merged}, months=months)

    def _said(self, row: ImportedActivity | plan_rows.Activity) -> Row:
        """What a row says of its activity; objectives only where the sheet has a column of them."""
        said = {name: getattr(row, name) for name in _ACTIVITY if name != "objectives"}
        if "objectives" not in self.columns:
            return said
        codes = row.foreign_objectives if isinstance(row, ImportedActivity) else (*row.objectives, *row.foreign_codes)
        return {**said, "objectives": tuple(sorted({*codes}))}

    def _cells(self, row: ImportedTask | plan_rows.Task) -> Row:
        """What a row says of its task; a note only where the sheet has a column of them."""
        note = {"note": row.note} if "note" in self.columns else {}
        months = dict(zip(MONTHS, map(Decimal, row.months), strict=True))
        return {"code": row.code, "name": row.name, "unit": row.unit, **note, **months}

    def _merged(self, subject: Subject, number: int, row: int, base: Row | None, mine: Row, current: Row) -> Merged:
        taken = {field for field in mine if _key(subject, number, field) in self.take}
        merged = merge(base, mine, current, taken)
        self.kept += len(merged.kept)
        for field in merged.stale:
            was = (base or {}).get(field)
            self.collisions.append((subject, number, row, field, mine["name"], was, mine[field], current[field]))
        return merged

    def _gone(self, subject: Subject, number: int, row: int, base: Row, mine: Row, touched: bool) -> bool:  # noqa: FBT001 — a fact about the row
        """Whether a row that was taken out since the export comes back: only where the sender changed it and says so."""
        if not touched:
            self.kept += 1
            return False
        self.collisions.append((subject, number, row, REMOVED, mine["name"], base.get("name"), mine["name"], None))
        return _key(subject, number, REMOVED) in self.take

    def _stale(self) -> list[Stale]:
        """What collides, each with the fact that made the cell what it is now."""
        kinds: tuple[Subject, ...] = ("activity", "task")
        histories = {
            kind: plan_rows.versions(self.connection, kind, self.stream, {n for s, n, *_ in self.collisions if s == kind})
            for kind in kinds
        }
        found = []
        for subject, number, row, field, name, base, mine, current in self.collisions:
            made = _made(histories[subject].get(number, []), field)
            column = self.columns.get((_ACTIVITY if subject == "activity" else _TASK).get(field, ""), -1)
            found.append(
                Stale(
                    _key(subject, number, field),
                    f"{letter(column)}{row}",
                    name,
                    field,
                    base,
                    mine,
                    current,
                    made.person if made else "",
                    made.charge if made else "",
                    made.at if made else None,
                    made.from_pos if made else 0,
                )
            )
        return found


def _key(subject: Subject, number: int, field: str) -> str:
    return f"{subject}-{number}-{field}"


def _made(history: list[plan_rows.Version], field: str) -> plan_rows.Version | None:
    """The fact from which on the cell says what it says now."""
    found: plan_rows.Version | None = None
    for version in reversed(history):
        if field == REMOVED or not version.row:
            return version
        if found and _at(version.row, field) != _at(found.row, field):
            return found
        found = version
    return found


def _at(row: Row, field: str) -> Any:
    if field == "objectives":
        return sorted({*row["objectives"], *row["foreign_codes"]})
    return Decimal(str(row["months"][MONTHS.index(field)])) if field in MONTHS else row.get(field)

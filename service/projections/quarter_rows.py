"""The rows of a quarter: every task with its target, what was reported of it, and what the quarters before left."""

from decimal import Decimal
from typing import Any, LiteralString

import msgspec
from psycopg import Connection

from service.aggregates.score import percent
from service.projections.reading import rows


class Task(msgspec.Struct, frozen=True):
    """A task in the quarter: place in the plan, target, what was reported; `last` is the share reached in the quarter before."""

    task: int
    activity: int
    line: str
    line_name: str
    line_kind: str
    activity_name: str
    name: str
    unit: str
    programmed: Decimal
    original: Decimal
    executed: Decimal | None
    evidence: str
    reason: str
    from_pos: int | None
    late: int = 0
    months: tuple[Decimal, ...] = ()
    earlier: Decimal = Decimal(0)
    last: Decimal | None = None

    @property
    def cumulative(self) -> Decimal:
        """What was executed in the year until the end of the quarter."""
        return self.earlier + (self.executed or 0)


class Planned(msgspec.Struct, frozen=True):
    """A task of the plan with its target of the quarter."""

    task: int
    activity: int
    place: Decimal
    name: str
    unit: str
    programmed: Decimal
    original: Decimal
    past: Decimal


class Activity(msgspec.Struct, frozen=True):
    activity: int
    line: str
    place: Decimal
    name: str


class Line(msgspec.Struct, frozen=True):
    code: str
    name: str
    kind: str


class Reported(msgspec.Struct, frozen=True):
    """What was reported of a task, and the position of the fact that says so."""

    task: int
    executed: Decimal
    evidence: str
    reason: str
    from_pos: int
    late: int
    months: list[Decimal]


class Earlier(msgspec.Struct, frozen=True):
    """What was executed of a task in the quarters before: all of it, and in the last one."""

    task: int
    total: Decimal
    last: Decimal | None


def tasks(connection: Connection[Any], at: int, stream: str, number: int) -> list[Task]:
    """Every task with a target or a figure in the quarter, in the order of lines, activities and tasks.

    Each table is read once and joined here: a plan of two thousand tasks is not looked up row by row.
    """
    of_quarter = {"at": at, "stream": stream, "number": number}
    planned = rows(connection, Planned, PLANNED, **of_quarter)
    done = {each.task: each for each in rows(connection, Reported, REPORTED, **of_quarter)}
    earlier = {each.task: each for each in rows(connection, Earlier, EARLIER, **of_quarter)}
    activities = {each.activity: each for each in rows(connection, Activity, ACTIVITIES, at=at, stream=stream)}
    lines = {each.code: each for each in rows(connection, Line, LINES, at=at, stream=stream)}
    found = list[Task]()
    of = {number: (each.line, each.place, number) for number, each in activities.items()}
    for each in sorted(planned, key=lambda each: (of[each.activity], each.place, each.task)):
        activity, figure = activities[each.activity], done.get(each.task)
        past = earlier.get(each.task, Earlier(each.task, Decimal(0), None))
        line = lines.get(activity.line, Line(activity.line, activity.line, ""))
        if each.programmed or figure:
            found.append(
                Task(
                    each.task,
                    each.activity,
                    line.code,
                    line.name,
                    line.kind,
                    activity.name,
                    each.name,
                    each.unit,
                    each.programmed,
                    each.original,
                    figure.executed if figure else None,
                    figure.evidence if figure else "",
                    figure.reason if figure else "",
                    figure.from_pos if figure else None,
                    figure.late if figure else 0,
                    tuple(figure.months) if figure else (),
                    past.total,
                    percent(past.last, each.past) if past.last is not None and each.past else None,
                )
            )
    return found


PLANNED: LiteralString = """select task, activity, coalesce(place, task) as place, name, unit, programmed[%(number)s::int] as programmed,
  coalesce(programmed[%(number)s::int - 1], 0) as past,
  (select sum(m) from unnest(original[%(number)s::int * 3 - 2 : %(number)s::int * 3]) m) as original
  from read.task where stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s"""
REPORTED: LiteralString = """select task, executed, evidence, reason, from_pos, late, months from read.progress
  where stream = %(stream)s and quarter = %(number)s and from_pos <= %(at)s and to_pos > %(at)s"""
EARLIER: LiteralString = """select task, sum(executed) as total, max(executed) filter (where quarter = %(number)s - 1) as last
  from read.progress where stream = %(stream)s and quarter < %(number)s and from_pos <= %(at)s and to_pos > %(at)s group by task"""
ACTIVITIES: LiteralString = """select activity, line, coalesce(place, activity) as place, name from read.activity
  where stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s"""
LINES: LiteralString = """select code, name, kind from read.line
  where stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s"""

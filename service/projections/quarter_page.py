"""The queries of a unit's quarter: its tasks with targets and figures, its corrections, its score, what followed from it."""

from datetime import datetime
from decimal import Decimal
from typing import Any, LiteralString

import msgspec
from psycopg import Connection

from service.projections.reading import STANDING, one, rows


class Place(msgspec.Struct, frozen=True):
    """A unit and one of its years (plan_status empty when that year is not open)."""

    code: str
    name: str
    kind: str
    year: int
    plan_status: str
    plan_version: int

    @property
    def stream(self) -> str:
        return f"unit/{self.code}/{self.year}"

    @property
    def href(self) -> str:
        return f"/ugel/{self.code}/{self.year}"


class Correction(msgspec.Struct, frozen=True):
    """A correction of one task's figure: what it was, what it should be, why, and what became of it."""

    correction: int
    task: int
    activity: int
    was: Decimal | None
    executed: Decimal
    reason: str
    status: str
    requester: str
    answer: str
    from_pos: int


class Task(msgspec.Struct, frozen=True):
    """A task in the quarter: its place in the plan, its target and what was reported of it."""

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


class Mark(msgspec.Struct, frozen=True):
    """An activity in the official score."""

    activity: int
    percent: Decimal
    light: str
    tasks: int
    reported: int


class Quarter(msgspec.Struct, frozen=True):
    """A quarter as its own facts left it."""

    status: str
    submitted_at: datetime | None
    reason: str
    observation: str
    observed_task: int
    percent: Decimal | None
    light: str
    fulfilled: int
    activities: int
    scale: int
    formula: str
    lines: dict[str, Any]

    @property
    def scored(self) -> bool:
        """Whether its official score stands."""
        return self.status in {"scored", "closed"}

    def line(self, activity: int) -> Mark | None:
        """An activity's line of the score."""
        found = self.lines.get(str(activity))
        return msgspec.convert(found, Mark, strict=False) if found else None


class Deed(msgspec.Struct, frozen=True):
    """A fact of the quarter as a whole: who, in which charge, when, and at which position."""

    type: str
    from_pos: int
    at: datetime
    person: str
    charge: str


def place(connection: Connection[Any], at: int, code: str, year: int) -> Place | None:
    """The unit and its year at the moment, or None when no such unit was registered."""
    query = """select u.code, u.name, u.kind, %(year)s::int as year, coalesce(y.plan_status, '') as plan_status,
      coalesce(y.plan_version, 0) as plan_version
      from read.unit u
      left join read.unit_year y on y.stream = 'unit/' || u.code || '/' || %(year)s::text
        and y.from_pos <= %(at)s and y.to_pos > %(at)s
      where u.stream = %(standing)s and u.code = %(code)s and u.from_pos <= %(at)s and u.to_pos > %(at)s"""
    return one(connection, Place, query, standing=STANDING, at=at, code=code, year=year)


def quarter(connection: Connection[Any], at: int, stream: str, number: int) -> Quarter | None:
    """The quarter's state and official score, or None before it is sent for the first time."""
    query = """select status, submitted_at, reason, observation, observed_task, percent, light, fulfilled, activities,
      scale, formula, coalesce(lines, '{}') as lines
      from read.quarter where stream = %(stream)s and quarter = %(number)s and from_pos <= %(at)s and to_pos > %(at)s"""
    return one(connection, Quarter, query, at=at, stream=stream, number=number)


class Planned(msgspec.Struct, frozen=True):
    """A task of the plan with its target of the quarter."""

    task: int
    activity: int
    place: Decimal
    name: str
    unit: str
    programmed: Decimal
    original: Decimal


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


def tasks(connection: Connection[Any], at: int, stream: str, number: int) -> list[Task]:
    """Every task with a target or a figure in the quarter, in the order of lines, activities and tasks.

    Each table is read once and joined here: a plan of two thousand tasks is not looked up row by row.
    """
    of_quarter = {"at": at, "stream": stream, "number": number}
    planned = rows(connection, Planned, PLANNED, **of_quarter)
    done = {each.task: each for each in rows(connection, Reported, REPORTED, **of_quarter)}
    activities = {each.activity: each for each in rows(connection, Activity, ACTIVITIES, at=at, stream=stream)}
    lines = {each.code: each for each in rows(connection, Line, LINES, at=at, stream=stream)}
    found = list[Task]()
    of = {number: (each.line, each.place, number) for number, each in activities.items()}
    for each in sorted(planned, key=lambda each: (of[each.activity], each.place, each.task)):
        activity, figure = activities[each.activity], done.get(each.task)
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
                )
            )
    return found


PLANNED: LiteralString = """select task, activity, coalesce(place, task) as place, name, unit, programmed[%(number)s::int] as programmed,
  (select sum(m) from unnest(original[%(number)s::int * 3 - 2 : %(number)s::int * 3]) m) as original
  from read.task where stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s"""
REPORTED: LiteralString = """select task, executed, evidence, reason, from_pos from read.progress
  where stream = %(stream)s and quarter = %(number)s and from_pos <= %(at)s and to_pos > %(at)s"""
ACTIVITIES: LiteralString = """select activity, line, coalesce(place, activity) as place, name from read.activity
  where stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s"""
LINES: LiteralString = """select code, name, kind from read.line
  where stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s"""


def corrections(connection: Connection[Any], at: int, stream: str, number: int) -> list[Correction]:
    """The corrections of the quarter, the oldest first."""
    query = """select correction, task, activity, was, executed, reason, status, requester, answer, from_pos
      from read.correction where stream = %(stream)s and quarter = %(number)s and from_pos <= %(at)s and to_pos > %(at)s
      order by correction"""
    return rows(connection, Correction, query, at=at, stream=stream, number=number)


def deeds(connection: Connection[Any], at: int, stream: str, number: int) -> dict[str, Deed]:
    """The last of each fact about the quarter as a whole, in the order they happened."""
    query = """select distinct on (type) type, from_pos, at, person, charge from read.history
      where stream = %(stream)s and quarter = %(number)s and type like 'quarter-%%'
        and from_pos <= %(at)s and to_pos > %(at)s
      order by type, from_pos desc"""
    found = rows(connection, Deed, query, at=at, stream=stream, number=number)
    return {deed.type: deed for deed in sorted(found, key=lambda deed: deed.from_pos)}

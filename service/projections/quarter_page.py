"""The queries of a unit's quarter: its tasks with targets and figures, its corrections, its score, what followed from it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.projections.quarter import STATUS, WORD
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


class Mark(msgspec.Struct, frozen=True):
    """An activity in the official score."""

    activity: int
    percent: Decimal
    light: str
    tasks: int
    reported: int


class Quarter(msgspec.Struct, frozen=True):
    """A quarter as its own facts left it; `word` is its state as people are told."""

    status: str
    word: str
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
    late: int
    reopened_until: date | None
    reopened_tasks: list[int]
    reopened_indicators: list[int]
    reopening: str

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
    query = f"""select {STATUS} as status, {WORD} as word, submitted_at, reason, observation, observed_task, percent, light, fulfilled, activities,
      scale, formula, coalesce(lines, '{{}}') as lines, late, reopened_until, reopened_tasks, reopened_indicators,
      reopening
      from read.quarter q where stream = %(stream)s and quarter = %(number)s and from_pos <= %(at)s and to_pos > %(at)s"""
    return one(connection, Quarter, query, at=at, stream=stream, number=number)


class Observed(msgspec.Struct, frozen=True):
    """What is to be corrected in a row."""

    task: int
    text: str


def observed(connection: Connection[Any], at: int, stream: str, number: int, since: int) -> dict[int, str]:
    """What was observed row by row since a fact: that of the last observation of the quarter."""
    query = """select task, text from read.quarter_row where stream = %(stream)s and quarter = %(number)s
      and from_pos > %(since)s and from_pos <= %(at)s and to_pos > %(at)s"""
    return {each.task: each.text for each in rows(connection, Observed, query, at=at, stream=stream, number=number, since=since)}


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

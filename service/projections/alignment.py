"""Which objectives are served, by which lines of action, in which units: counts at a moment, and the activities behind each."""

from typing import Any

import msgspec
from psycopg import Connection

from service.projections.reading import HOLDS, STANDING, rows


class Objective(msgspec.Struct, frozen=True):
    """An objective of the catalogue; a retired one is there only while an activity serves it."""

    code: str
    instrument: str
    text: str
    retired: int


class Line(msgspec.Struct, frozen=True):
    code: str
    kind: str
    name: str


class Served(msgspec.Struct, frozen=True):
    """How many activities of a unit's line serve an objective."""

    unit: str
    line: str
    objective: str
    activities: int


class Standing(msgspec.Struct, frozen=True):
    """A unit, how many activities its plan has, and how many of them serve no objective."""

    unit: str
    name: str
    activities: int
    unaligned: int

    @property
    def aligned(self) -> bool:
        return self.activities > 0 and not self.unaligned


class Activity(msgspec.Struct, frozen=True):
    """An activity and what it serves."""

    unit: str
    name: str
    activity: int
    title: str
    line: str
    objectives: list[str]


def objectives(connection: Connection[Any], at: int, streams: list[str]) -> list[Objective]:
    """The objectives of the catalogue, and retired ones that these plans still serve, instrument by instrument."""
    query = f"""select o.code, o.instrument, o.text, o.retired from read.objective o
      left join read.instrument i on i.stream = o.stream and i.instrument = o.instrument and i.from_pos <= %(at)s and i.to_pos > %(at)s
      where o.stream = '{STANDING}' and o.from_pos <= %(at)s and o.to_pos > %(at)s and (o.retired = 0 or exists (
        select from read.activity a where a.stream = any(%(streams)s) and o.code = any(a.objectives) and {HOLDS}))
      order by coalesce(i.place, 0), o.instrument, o.code"""
    return rows(connection, Objective, query, at=at, streams=streams)


def lines(connection: Connection[Any], at: int, streams: list[str]) -> list[Line]:
    """The lines of action of the catalogue and of these plans, each code once."""
    query = f"""select distinct on (code) code, kind, name from (
        select code, kind, name, 0 as own from read.catalogue_line where stream = '{STANDING}' and retired = 0 and {HOLDS}
        union all select code, kind, name, 1 from read.line where stream = any(%(streams)s) and {HOLDS}) known
      order by code, own"""
    return rows(connection, Line, query, at=at, streams=streams)


def served(connection: Connection[Any], at: int, streams: list[str]) -> list[Served]:
    """The counts of these plans."""
    query = f"""select split_part(stream, '/', 2) as unit, line, objective, count(*)::int as activities
      from read.activity cross join unnest(objectives) objective
      where stream = any(%(streams)s) and {HOLDS} group by stream, line, objective"""
    return rows(connection, Served, query, at=at, streams=streams)


def standings(connection: Connection[Any], at: int, streams: list[str]) -> list[Standing]:
    """Each of these plans as a whole, in the order of the units' codes."""
    query = f"""select u.code as unit, u.name, count(a.activity)::int as activities,
        count(a.activity) filter (where a.objectives = '{{}}')::int as unaligned
      from unnest(%(streams)s::text[]) as s (stream)
      join read.unit u on u.stream = '{STANDING}' and u.code = split_part(s.stream, '/', 2) and u.from_pos <= %(at)s and u.to_pos > %(at)s
      left join read.activity a on a.stream = s.stream and a.from_pos <= %(at)s and a.to_pos > %(at)s
      group by u.code, u.name order by u.code"""
    return rows(connection, Standing, query, at=at, streams=streams)


def activities(connection: Connection[Any], at: int, streams: list[str], objective: str = "", line: str = "") -> list[Activity]:
    """The activities behind a cell: those that serve the objective (any of them when none is named) in the line."""
    query = f"""select u.code as unit, u.name, a.activity, a.name as title, a.line, a.objectives from read.activity a
      join read.unit u on u.stream = '{STANDING}' and u.code = split_part(a.stream, '/', 2) and u.from_pos <= %(at)s and u.to_pos > %(at)s
      where a.stream = any(%(streams)s) and a.from_pos <= %(at)s and a.to_pos > %(at)s
        and (%(objective)s = '' or %(objective)s = any(a.objectives)) and (%(line)s = '' or a.line = %(line)s)
      order by u.code, a.line, a.activity"""
    return rows(connection, Activity, query, at=at, streams=streams, objective=objective, line=line)

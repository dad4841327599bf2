"""What a percentage was made from: each task with its target and figure, and the fact that says each of them."""

from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.projections.reading import STANDING, rows


class Input(msgspec.Struct, frozen=True):
    """A programmed task of a quarter; `executed` and its fact are None without data, which counts as 0."""

    task: int
    name: str
    unit: str
    activity: int
    activity_name: str
    line: str
    line_name: str
    kind: str
    programmed: Decimal
    planned_by: int
    executed: Decimal | None
    reported_by: int | None
    area: str = ""


class Rule(msgspec.Struct, frozen=True):
    """A rule in force: its version and the fact that published it."""

    rule: str
    version: int
    position: int


def inputs(connection: Connection[Any], at: int, stream: str, quarter: int, planned: int) -> list[Input]:
    """The tasks programmed for a quarter at `planned`, with their figures at the moment, in the order of the plan."""
    query = """select t.task, t.name, t.unit, t.activity, coalesce(a.name, '') as activity_name, coalesce(a.line, '') as line,
        coalesce(l.name, '') as line_name, coalesce(l.kind, '') as kind, t.programmed[%(quarter)s::int] as programmed,
        t.from_pos as planned_by, p.executed, p.from_pos as reported_by, coalesce(a.area, '') as area
      from read.task t
      left join read.progress p on p.stream = t.stream and p.task = t.task and p.quarter = %(quarter)s
        and p.from_pos <= %(at)s and p.to_pos > %(at)s
      left join read.activity a on a.stream = t.stream and a.activity = t.activity
        and a.from_pos <= %(planned)s and a.to_pos > %(planned)s
      left join read.line l on l.stream = t.stream and l.code = a.line and l.from_pos <= %(planned)s and l.to_pos > %(planned)s
      where t.stream = %(stream)s and t.from_pos <= %(planned)s and t.to_pos > %(planned)s and t.programmed[%(quarter)s::int] > 0
      order by a.line, coalesce(a.place, a.activity), a.activity, coalesce(t.place, t.task), t.task"""
    return rows(connection, Input, query, at=at, stream=stream, quarter=quarter, planned=planned)


def rules(connection: Connection[Any], at: int) -> dict[str, Rule]:
    """Scale and formula in force at the moment; what nobody published yet is the example, version 0."""
    query = """select rule, version, from_pos as position from read.rule
      where stream = %(stream)s and rule in ('scale', 'formula') and from_pos <= %(at)s and to_pos > %(at)s"""
    found = {each.rule: each for each in rows(connection, Rule, query, stream=STANDING, at=at)}
    return {name: found.get(name, Rule(name, 0, 0)) for name in ("scale", "formula")}

"""The queries of improvement plans: a year's plan with its measures, and how far each UGEL of the region has come."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.projections.reading import HOLDS, STANDING, one, rows


class Plan(msgspec.Struct, frozen=True):
    """The plan's head: the closed quarter it was born from, and what it aims at."""

    quarter: int
    aim: str
    person: str
    at: datetime
    from_pos: int


class Measure(msgspec.Struct, frozen=True):
    """A measure and the findings it answers; `dropped` is the reason why it no longer counts."""

    measure: int
    text: str
    findings: list[int]
    dropped: str
    from_pos: int


class Line(msgspec.Struct, frozen=True):
    """The plan of a UGEL in numbers: findings to answer and how many are, measures in force; quarter 0 while there is no plan."""

    code: str
    name: str
    quarter: int
    findings: int
    answered: int
    measures: int

    @property
    def stands(self) -> bool:
        """Whether there is a plan that answers findings."""
        return self.measures > 0


def plan(connection: Connection[Any], at: int, stream: str) -> Plan | None:
    """The improvement plan of a unit's year."""
    query = f"select quarter, aim, person, at, from_pos from read.improvement where stream = %(stream)s and {HOLDS}"
    return one(connection, Plan, query, at=at, stream=stream)


def measures(connection: Connection[Any], at: int, stream: str) -> list[Measure]:
    """Its measures by number, the dropped ones too."""
    query = f"""select measure, text, findings, dropped, from_pos from read.improvement_measure
      where stream = %(stream)s and {HOLDS} order by measure"""
    return rows(connection, Measure, query, at=at, stream=stream)


# A finding is answered by a measure in force that names it; an achievement needs no answer.
LINES = f"""select u.code, u.name, coalesce((select i.quarter from read.improvement i where i.stream = s.stream and {HOLDS}), 0) as quarter,
    (select count(*) from read.finding f where f.stream = s.stream and f.kind <> 'logro' and {HOLDS})::int as findings,
    (select count(*) from read.finding f where f.stream = s.stream and f.kind <> 'logro' and {HOLDS} and exists (
      select from read.improvement_measure m where m.stream = f.stream and m.dropped = '' and f.finding = any(m.findings)
        and m.from_pos <= %(at)s and m.to_pos > %(at)s))::int as answered,
    (select count(*) from read.improvement_measure m where m.stream = s.stream and m.dropped = '' and {HOLDS})::int as measures
  from read.unit u, lateral (select 'unit/' || u.code || '/' || %(year)s::text as stream) s
  where u.stream = '{STANDING}' and u.kind = 'ugel' and u.from_pos <= %(at)s and u.to_pos > %(at)s order by u.code"""


def region(connection: Connection[Any], at: int, year: int) -> list[Line]:
    """Every UGEL's plan of the year in numbers."""
    return rows(connection, Line, LINES, at=at, year=year)

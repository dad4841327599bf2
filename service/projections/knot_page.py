"""The queries of regional knots: what each one gathers, which critical knots are in none, and where a finding is."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.projections.reading import HOLDS, one, rows


class Knot(msgspec.Struct, frozen=True):
    """A regional knot: its words, why it was made, by whom and when."""

    knot: int
    text: str
    reason: str
    person: str
    at: datetime


class Found(msgspec.Struct, frozen=True):
    """A critical knot of a unit; `knot` is the regional one it is in, 0 for none; `commitments` are those that answer it."""

    unit: str
    finding: int
    quarter: int
    text: str
    cause: str
    activity_name: str
    knot: int
    commitments: int

    @property
    def name(self) -> str:
        """Its name in a form: `120005/3`."""
        return f"{self.unit}/{self.finding}"


def knots(connection: Connection[Any], at: int, stream: str) -> list[Knot]:
    """The regional knots of a year, also those from which every finding was taken out."""
    query = f"select knot, text, reason, person, at from read.knot where stream = %(stream)s and {HOLDS} order by knot"
    return rows(connection, Knot, query, at=at, stream=stream)


def findings(connection: Connection[Any], at: int, stream: str, streams: list[str]) -> list[Found]:
    """The critical knots of these units' years, each with the regional knot of the region's stream it is in."""
    query = """select split_part(f.stream, '/', 2) as unit, f.finding, f.quarter, f.text, f.cause,
        coalesce(a.name, '') as activity_name, coalesce(m.knot, 0) as knot,
        (select count(*) from read.commitment c where c.stream = f.stream and f.finding = any(c.findings) and c.origin = ''
          and c.status not in ('withdrawn', 'declined') and c.from_pos <= %(at)s and c.to_pos > %(at)s)::int as commitments
      from read.finding f
      left join read.activity a on a.stream = f.stream and a.activity = f.activity
        and a.from_pos <= %(at)s and a.to_pos > %(at)s
      left join read.knot_finding m on m.stream = %(stream)s and m.unit = split_part(f.stream, '/', 2) and m.finding = f.finding
        and m.from_pos <= %(at)s and m.to_pos > %(at)s
      where f.stream = any(%(streams)s) and f.kind = 'nudo crítico' and f.from_pos <= %(at)s and f.to_pos > %(at)s
      order by f.stream, f.finding"""
    return rows(connection, Found, query, at=at, stream=stream, streams=streams)


def of(connection: Connection[Any], at: int, stream: str, unit: str, finding: int) -> Knot | None:
    """The regional knot that a unit's finding is in."""
    query = """select k.knot, k.text, k.reason, k.person, k.at from read.knot_finding m
      join read.knot k on k.stream = m.stream and k.knot = m.knot and k.from_pos <= %(at)s and k.to_pos > %(at)s
      where m.stream = %(stream)s and m.unit = %(unit)s and m.finding = %(finding)s and m.from_pos <= %(at)s and m.to_pos > %(at)s"""
    return one(connection, Knot, query, at=at, stream=stream, unit=unit, finding=finding)

"""The support sessions of a region's year at a moment, and what units took on in them."""

from datetime import date
from typing import Any

import msgspec
from psycopg import Connection

from service.projections.reading import HOLDS, InYear, rows


class Support(msgspec.Struct, frozen=True):
    """A session; materials with their links, persons with their charges are columns of equal length."""

    support: int
    kind: str
    title: str
    day: date
    place: str
    virtual: bool
    units: list[str]
    agenda: list[str]
    materials: list[str]
    links: list[str]
    status: str
    reason: str
    persons: list[str]
    charges: list[str]

    @property
    def handouts(self) -> list[tuple[str, str]]:
        return list(zip(self.materials, self.links, strict=True))

    @property
    def attendees(self) -> list[tuple[str, str]]:
        """Each person's id and charge."""
        return list(zip(self.persons, self.charges, strict=True))

    def came(self, unit: str) -> list[tuple[str, str]]:
        """The persons that came from a unit."""
        return [(person, charge) for person, charge in self.attendees if charge.split("/")[1:2] == [unit]]


class Undertaking(InYear, frozen=True):
    """What a unit took on in a session, and whether it did."""

    undertaking: int
    support: int
    title: str
    unit: str
    text: str
    due: date
    status: str
    evidence: str
    reporter: str
    answer: str

    @property
    def href(self) -> str:
        return f"/apoyo/{self.year}/{self.support}"

    def state(self, day: date) -> str:
        """Its state on a day: what waits for the unit beyond its due date is overdue."""
        return "overdue" if self.status in {"open", "observed"} and self.due < day else self.status


def supports(connection: Connection[Any], at: int, stream: str, support: int = 0) -> list[Support]:
    """The sessions (or one of them), the latest day first."""
    query = f"""select support, kind, title, day, place, virtual, units, agenda, materials, links, status, reason, persons, charges
      from read.support where stream = %(stream)s and (%(support)s = 0 or support = %(support)s) and {HOLDS}
      order by day desc, support desc"""
    return rows(connection, Support, query, at=at, stream=stream, support=support)


def undertakings(
    connection: Connection[Any], at: int, streams: list[str], *, support: int = 0, unit: str = ""
) -> list[Undertaking]:
    """What was taken on in the years of these streams, in a session or by a unit where one is named; by due day."""
    query = """select u.stream, u.undertaking, u.support, s.title, u.unit, u.text, u.due, u.status, u.evidence, u.reporter, u.answer
      from read.undertaking u join read.support s on s.stream = u.stream and s.support = u.support
        and s.from_pos <= %(at)s and s.to_pos > %(at)s
      where u.stream = any(%(streams)s) and u.from_pos <= %(at)s and u.to_pos > %(at)s
        and (%(support)s = 0 or u.support = %(support)s) and (%(unit)s = '' or u.unit = %(unit)s)
      order by u.due, u.stream, u.undertaking"""
    return rows(connection, Undertaking, query, at=at, streams=streams, support=support, unit=unit)

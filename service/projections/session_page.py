"""The queries of a session: its programme and acta, who attended, agenda, agreements with their votes, proposals, errata."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.session_agreements import Outcome, outcome
from service.aggregates.session_quorum import Quorum, missing, reached, said
from service.projections.reading import HOLDS, InYear, one, rows


def href(stream: str, session: int) -> str:
    """The address of a session."""
    kind, code, year = stream.split("/")
    return f"/sesiones/{year}/{session}" if kind == "region" else f"/ugel/{code}/{year}/sesiones/{session}"


class Session(InYear, frozen=True):
    """A session as it stood; `position` is the fact that last changed it, of a closed acta the one that closed it."""

    session: int
    kind: str
    quarter: int
    day: date
    hour: str
    place: str
    virtual: bool
    units: list[str]
    persons: int
    roles: list[str]
    share: int
    counts: list[str]
    rules: int
    status: str
    reason: str
    opened_at: datetime | None
    ended_at: datetime | None
    closed_at: datetime | None
    introduction: str
    development: str
    remarks: str
    position: int

    @property
    def regional(self) -> bool:
        return self.stream.startswith("region/")

    @property
    def href(self) -> str:
        return href(self.stream, self.session)

    @property
    def streams(self) -> list[str]:
        """The years of the units called."""
        return [f"unit/{code}/{self.year}" for code in self.units]

    @property
    def quorum(self) -> Quorum:
        """The rule it was convened under."""
        return Quorum(
            persons=self.persons,
            roles=tuple(tuple(each.split("|")) for each in self.roles),
            units=self.share,
            counts=tuple(self.counts),
        )

    @property
    def rule(self) -> str:
        """The same in words."""
        return said(self.quorum, self.units)

    def lacking(self, attendees: Sequence["Attendee"]) -> tuple[str, ...]:
        """What is missing for the quorum."""
        return missing(self.quorum, self.units, {each.person: each.charge for each in attendees})

    def reached(self, attendees: Sequence["Attendee"]) -> str:
        """How many of those who count are there, and how many are needed."""
        return reached(self.quorum, self.units, {each.person: each.charge for each in attendees})


class Attendee(msgspec.Struct, frozen=True):
    person: str
    charge: str


class Item(msgspec.Struct, frozen=True):
    """An item of the agenda; `taken_up` is the position its figures are read at, 0 until it is spoken of."""

    item: int
    place: int
    title: str
    unit: str
    kind: str
    number: int
    taken_up: int
    note: str
    position: int


class Vote(msgspec.Struct, frozen=True):
    agreement: int
    person: str
    charge: str
    choice: str
    reason: str
    position: int


class Agreement(msgspec.Struct, frozen=True):
    """An agreement, what it decides on as `120005/quarter/3`, and its votes."""

    stream: str
    agreement: int
    session: int
    item: int
    text: str
    responsible: str
    due: date | None
    matters: list[str]
    withdrawn: bool
    reason: str
    position: int
    votes: list[Vote] = []

    @property
    def href(self) -> str:
        return f"{href(self.stream, self.session)}#acuerdo-{self.agreement}"

    @property
    def outcome(self) -> Outcome:
        return outcome(vote.choice for vote in self.votes)

    def count(self, choice: str) -> int:
        """How many voted so."""
        return sum(vote.choice == choice for vote in self.votes)


class Wording(msgspec.Struct, frozen=True):
    wording: int
    part: str
    item: int
    text: str
    reason: str
    proposer: str
    status: str
    answer: str
    position: int


class Erratum(msgspec.Struct, frozen=True):
    erratum: int
    says: str
    should_say: str
    reason: str
    person: str
    at: datetime
    position: int


SESSIONS = """select stream, session, kind, quarter, day, hour, place, virtual, units, persons, roles, share, counts, rules, status, reason,
  opened_at, ended_at, closed_at, introduction, development, remarks, from_pos as position
  from read.session where from_pos <= %(at)s and to_pos > %(at)s"""


def sessions(connection: Connection[Any], at: int, streams: list[str]) -> list[Session]:
    """The sessions of these years, the latest day first."""
    query = f"{SESSIONS} and stream = any(%(streams)s) order by day desc, stream desc, session desc"
    return rows(connection, Session, query, at=at, streams=streams)


def session(connection: Connection[Any], at: int, stream: str, number: int) -> Session | None:
    """One session."""
    return one(
        connection, Session, f"{SESSIONS} and stream = %(stream)s and session = %(number)s", at=at, stream=stream, number=number
    )


def attendees(connection: Connection[Any], at: int, stream: str, number: int) -> list[Attendee]:
    """Who attended, by charge."""
    query = f"""select person, charge from read.attendance where stream = %(stream)s and session = %(number)s and {HOLDS}
      order by charge, person"""
    return rows(connection, Attendee, query, at=at, stream=stream, number=number)


def attendance(connection: Connection[Any], at: int, streams: list[str]) -> dict[tuple[str, int], int]:
    """How many attended each session of these years."""
    query = f"""select stream, session, count(*)::int from read.attendance where stream = any(%(streams)s) and {HOLDS}
      group by stream, session"""
    found = connection.execute(query, {"at": at, "streams": streams}).fetchall()
    return {(stream, number): count for stream, number, count in found}


def items(connection: Connection[Any], at: int, stream: str, number: int) -> list[Item]:
    """The agenda in its order."""
    query = f"""select item, place, title, unit, kind, number, taken_up, note, from_pos as position from read.agenda_item
      where stream = %(stream)s and session = %(number)s and {HOLDS} order by place"""
    return rows(connection, Item, query, at=at, stream=stream, number=number)


def spoken_of(connection: Connection[Any], at: int, stream: str, number: int) -> set[str]:
    """The matters that are on the agenda or were removed from it, as `120005/alert/3`."""
    query = """select distinct unit || '/' || kind || '/' || number from read.agenda_item
      where stream = %(stream)s and session = %(number)s and unit <> '' and from_pos <= %(at)s"""
    return {key for (key,) in connection.execute(query, {"stream": stream, "number": number, "at": at}).fetchall()}


def agreements(connection: Connection[Any], at: int, streams: list[str], number: int = 0, about: str = "") -> list[Agreement]:
    """The agreements of these years: of one session, or about one matter; each with its votes."""
    query = f"""select stream, agreement, session, item, text, responsible, due, matters, withdrawn, reason, from_pos as position
      from read.agreement where stream = any(%(streams)s) and {HOLDS}
        and (%(number)s = 0 or session = %(number)s) and (%(about)s = '' or %(about)s = any(matters))
      order by stream desc, agreement"""
    found = rows(connection, Agreement, query, at=at, streams=streams, number=number, about=about)
    cast = votes(connection, at, streams) if found else {}
    return [msgspec.structs.replace(each, votes=cast.get((each.stream, each.agreement), [])) for each in found]


def votes(connection: Connection[Any], at: int, streams: list[str]) -> dict[tuple[str, int], list[Vote]]:
    """The votes of these years by agreement, in the order they were cast."""
    query = f"""select stream, agreement, person, charge, choice, reason, from_pos as position from read.vote
      where stream = any(%(streams)s) and {HOLDS} order by from_pos"""
    found: dict[tuple[str, int], list[Vote]] = {}
    for stream, *values in connection.execute(query, {"at": at, "streams": streams}).fetchall():
        vote = Vote(*values)
        found.setdefault((stream, vote.agreement), []).append(vote)
    return found


def wordings(connection: Connection[Any], at: int, stream: str, number: int) -> list[Wording]:
    """The proposed changes of an acta."""
    query = f"""select wording, part, item, text, reason, proposer, status, answer, from_pos as position from read.wording
      where stream = %(stream)s and session = %(number)s and {HOLDS} order by wording"""
    return rows(connection, Wording, query, at=at, stream=stream, number=number)


def errata(connection: Connection[Any], at: int, stream: str, number: int) -> list[Erratum]:
    """The errata of an acta."""
    query = f"""select erratum, says, should_say, reason, person, at, from_pos as position from read.erratum
      where stream = %(stream)s and session = %(number)s and {HOLDS} order by erratum"""
    return rows(connection, Erratum, query, at=at, stream=stream, number=number)

"""What was said and what is followed up, to read: rows from the events, and the queries of the screens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates import discussion as d
from service.projections import INT, MOMENT, TEXT, Projection, Row, Table
from service.projections.reading import HOLDS, rows
from service.record import Recorded

COMMENT = Table(
    "comment",
    {"stream": "text", "comment": "int"},
    {
        "kind": TEXT,
        "number": INT,
        "text": TEXT,
        "corrects": INT,
        "person": TEXT,
        "charge": TEXT,
        "at": MOMENT,
    },
    ("stream, kind, number",),
    log=True,
)
MENTION = Table("mention", {"stream": "text", "comment": "int", "person": "text"}, {}, ("person",), log=True)
FLAG = Table(
    "flag",
    {"stream": "text", "kind": "text", "number": "int"},
    {"reason": TEXT, "person": TEXT, "charge": TEXT, "at": MOMENT},
)
TABLES = (COMMENT, MENTION, FLAG)


def _who(r: Recorded) -> dict[str, Any]:
    return {"person": r.fact.person, "charge": r.fact.charge, "at": r.fact.at}


def _commented(r: Recorded) -> list[Row]:
    e: d.Commented = r.fact.event
    kind, number = d.subject(e)
    values = {"kind": kind, "number": number, "text": e.text, "corrects": e.corrects}
    named = (Row(MENTION, (r.stream, e.comment, person), {}, fresh=True) for person in e.mentions)
    return [Row(COMMENT, (r.stream, e.comment), {**values, **_who(r)}, fresh=True), *named]


def _raised(r: Recorded) -> list[Row]:
    return [Row(FLAG, (r.stream, *d.subject(r.fact.event)), {"reason": r.fact.event.reason, **_who(r)}, fresh=True)]


PROJECTORS: dict[type, Projection] = {
    d.Commented: _commented,
    d.FlagRaised: _raised,
    d.FlagLowered: lambda r: [Row(FLAG, (r.stream, *d.subject(r.fact.event)), None)],
}


class Comment(msgspec.Struct, frozen=True):
    """Something said; `corrected` is the number of the later comment that puts it right, 0 for none."""

    comment: int
    text: str
    corrects: int
    corrected: int
    person: str
    charge: str
    said_at: datetime
    position: int


class Flag(msgspec.Struct, frozen=True):
    """Something being followed up, with what it is called."""

    stream: str
    kind: str
    number: int
    reason: str
    person: str
    charge: str
    raised_at: datetime
    position: int
    name: str


class Mention(msgspec.Struct, frozen=True):
    """A comment that names a person, with what it is about."""

    stream: str
    comment: int
    kind: str
    number: int
    text: str
    person: str
    said_at: datetime
    position: int
    name: str


NAME = """case s.kind
    when 'activity' then (select a.name from read.activity a where a.stream = s.stream and a.activity = s.number
      and a.from_pos <= %(at)s and a.to_pos > %(at)s)
    when 'finding' then (select f.text from read.finding f where f.stream = s.stream and f.finding = s.number
      and f.from_pos <= %(at)s and f.to_pos > %(at)s)
    when 'commitment' then (select c.action from read.commitment c where c.stream = s.stream and c.commitment = s.number
      and c.from_pos <= %(at)s and c.to_pos > %(at)s)
    else (select '' from read.quarter q where q.stream = s.stream and q.quarter = s.number and q.percent is not null
      and q.from_pos <= %(at)s and q.to_pos > %(at)s) end"""


def comments(connection: Connection[Any], at: int, stream: str, kind: str, number: int) -> list[Comment]:
    """The conversation about one subject, the first word first."""
    query = f"""select c.comment, c.text, c.corrects, c.person, c.charge, c.at as said_at, c.from_pos as position,
        coalesce((select max(l.comment) from read.comment l where l.stream = c.stream and l.kind = c.kind
          and l.number = c.number and l.corrects = c.comment and l.from_pos <= %(at)s and l.to_pos > %(at)s), 0) as corrected
      from read.comment c where c.stream = %(stream)s and c.kind = %(of)s and c.number = %(number)s and {HOLDS}
      order by c.comment"""
    return rows(connection, Comment, query, at=at, stream=stream, of=kind, number=number)


def flags(connection: Connection[Any], at: int, streams: Sequence[str]) -> list[Flag]:
    """What is followed up in these years, the oldest first; what has left the plan is left out."""
    query = f"""select * from (
        select s.stream, s.kind, s.number, s.reason, s.person, s.charge, s.at as raised_at, s.from_pos as position, {NAME} as name
        from read.flag s where s.stream = any(%(streams)s) and {HOLDS}) f
      where name is not null order by position"""
    return rows(connection, Flag, query, at=at, streams=list(streams))


def mentions(connection: Connection[Any], at: int, person: str) -> list[Mention]:
    """The comments that mention a person and were not read yet, the last one first; what is read is the person's own matter."""
    query = f"""select * from (
        select s.stream, s.comment, s.kind, s.number, s.text, s.person, s.at as said_at, s.from_pos as position, {NAME} as name
        from read.mention m join read.comment s on s.stream = m.stream and s.comment = m.comment
        where m.person = %(person)s and s.person <> %(person)s
          and m.from_pos <= %(at)s and m.to_pos > %(at)s and s.from_pos <= %(at)s and s.to_pos > %(at)s
          and not exists (select from people.mention_read r
            where r.person = m.person and r.stream = m.stream and r.comment = m.comment)) f
      where name is not null order by position desc"""
    return rows(connection, Mention, query, at=at, person=person)


def name(connection: Connection[Any], at: int, stream: str, kind: str, number: int) -> str | None:
    """What a subject is called, "" for a quarter; None where there is none."""
    query = f"select {NAME} from (values (%(stream)s, %(kind)s, %(number)s::int)) as s (stream, kind, number)"
    row = connection.execute(query, {"at": at, "stream": stream, "kind": kind, "number": number}).fetchone()
    return row[0] if row else None


def closed(connection: Connection[Any], at: int, stream: str) -> bool:
    """Whether the year is closed: then nothing more is said in it."""
    query = f"select from read.balance where stream = %(stream)s and status = 'closed' and {HOLDS}"
    return connection.execute(query, {"at": at, "stream": stream}).fetchone() is not None


def subject_of(connection: Connection[Any], at: int, stream: str, comment: int) -> tuple[str, int] | None:
    """What a comment is about."""
    query = f"select kind, number from read.comment where stream = %(stream)s and comment = %(comment)s and {HOLDS}"
    row = connection.execute(query, {"at": at, "stream": stream, "comment": comment}).fetchone()
    return (row[0], row[1]) if row else None

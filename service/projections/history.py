"""The history: one slim row per fact, with its figure and reason; the other words come from the event itself, read beside it."""

import functools
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates import Event
from service.projections import DATE, INT, MOMENT, TEXT, Row, Table
from service.projections.reading import HOLDS, STANDING, one
from service.record import Recorded, decode
from service.settings import LIMA

SUBJECTS = ("quarter", "activity", "task", "alert", "commitment", "amendment", "correction")
HISTORY = Table(
    "history",
    {"stream": "text", "version": "bigint"},
    {
        "at": MOMENT,
        "happened_on": DATE,
        "person": TEXT,
        "charge": TEXT,
        "type": TEXT,
        **dict.fromkeys(SUBJECTS, INT),
        "figure": TEXT,
        "reason": TEXT,
    },
    ("at", "from_pos", "stream, activity, version", "stream, commitment, version"),
    log=True,
)
TABLES = (HISTORY,)


@functools.cache
def _plain(kind: type[Event]) -> tuple[dict[str, Any], tuple[str, ...], bool]:
    """The columns of a kind of fact as far as they are always the same, the fields that fill others, and whether it has a figure."""
    fields = kind.__struct_fields__
    always = dict.fromkeys(HISTORY.columns) | dict.fromkeys(SUBJECTS, 0) | {"figure": "", "reason": ""}
    always["type"] = str(kind.__struct_config__.tag)
    return always, tuple(name for name in (*SUBJECTS, "reason") if name in fields), "executed" in fields


def row(recorded: Recorded) -> Row:
    """The fact's line in the history."""
    fact = recorded.fact
    event: Event = fact.event
    always, fields, counted = _plain(type(event))
    values = always.copy()
    values["at"], values["happened_on"], values["person"], values["charge"] = fact.at, fact.on, fact.person, fact.charge
    for name in fields:
        values[name] = getattr(event, name)
    if counted:
        values["figure"] = format(event.executed, "f")  # type: ignore[attr-defined]  # so say its fields
    return Row(HISTORY, (recorded.stream, recorded.version), values, fresh=True)


class Deed(msgspec.Struct, frozen=True):
    """A fact beside its event; `corrected` when an approved correction later replaced its figure."""

    position: int
    version: int
    stream: str
    at: datetime
    on: date
    person: str
    charge: str
    event: Any
    corrected: bool = False

    @property
    def late(self) -> bool:
        """Whether it happened on a day before it was recorded."""
        return self.on < self.at.astimezone(LIMA).date()


class Wanted(msgspec.Struct, frozen=True):
    """Which facts to look for; what is left empty asks for all. Days are those of recording, in Lima."""

    person: str = ""
    charge: str = ""
    types: tuple[str, ...] = ()
    quarter: int = 0
    activity: int = 0
    task: int = 0
    commitment: int = 0
    alert: int = 0
    since: date | None = None
    until: date | None = None
    before: int = 0
    after: int = 0


CONDITIONS = {
    "person": "h.person = %(person)s",
    "charge": "h.charge = %(charge)s",
    "types": "h.type = any(%(types)s)",
    "quarter": "h.quarter = %(quarter)s",
    "activity": "h.activity = %(activity)s",
    "task": "h.task = %(task)s",
    "commitment": "h.commitment = %(commitment)s",
    "alert": "h.alert = %(alert)s",
    "since": "h.at >= (%(since)s::date)::timestamp at time zone 'America/Lima'",
    "until": "h.at < (%(until)s::date + 1)::timestamp at time zone 'America/Lima'",
    "before": "h.version < %(before)s",
    "after": "h.version > %(after)s",
}
# The figure that a correction replaced is the last one recorded of its task in its quarter.
CORRECTED = """h.type = 'progress-recorded' and exists (
    select from read.correction c where c.stream = h.stream and c.quarter = h.quarter and c.task = h.task
      and c.status = 'approved' and c.from_pos > h.from_pos and c.from_pos <= %(at)s and c.to_pos > %(at)s)
  and not exists (
    select from read.history l where l.stream = h.stream and l.activity = h.activity and l.version > h.version
      and l.type = h.type and l.quarter = h.quarter and l.task = h.task and l.from_pos <= %(at)s)"""


class Head(msgspec.Struct, frozen=True):
    """The last fact of the record up to a moment: a cut-off."""

    position: int = 0
    at: datetime | None = None


def head(connection: Connection[Any], at: int) -> Head:
    """Where the whole record stood at the moment."""
    query = "select from_pos as position, at from read.history where from_pos <= %(at)s order by from_pos desc limit 1"
    return one(connection, Head, query, at=at) or Head()


def times(connection: Connection[Any], positions: Iterable[int]) -> dict[int, datetime]:
    """When each of these facts was recorded."""
    query = "select from_pos, at from read.history where from_pos = any(%s)"
    return dict(connection.execute(query, [list(positions)]).fetchall())


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The conditions asked for, each with an index of its own kind, and their values."""
    values = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value}
    values |= {"types": list(wanted.types)} if wanted.types else {}
    asked = "".join(f" and {CONDITIONS[name]}" for name in values)
    return f"h.stream = %(stream)s and h.from_pos <= %(at)s and h.to_pos > %(at)s{asked}", values


def find(connection: Connection[Any], at: int, stream: str, wanted: Wanted = Wanted(), limit: int = 50) -> list[Deed]:  # noqa: B008 — immutable
    """The facts of a stream up to the moment, the last one first; with `after`, the next ones after that ordinal."""
    where, values = _where(wanted)
    query = f"""select h.from_pos, h.version, {CORRECTED}, e.state
      from read.history h join ledger.event e on e.originator_id = h.stream and e.originator_version = h.version
      where {where} order by h.version {"asc" if wanted.after else "desc"} limit %(limit)s"""
    found = connection.execute(query, {"at": at, "stream": stream, "limit": limit, **values}, prepare=True).fetchall()
    facts = [(position, version, corrected, decode(state)) for position, version, corrected, state in found]
    deeds = [
        Deed(position, version, stream, fact.at, fact.on, fact.person, fact.charge, fact.event, corrected)
        for position, version, corrected, fact in facts
    ]
    return deeds[::-1] if wanted.after else deeds


def register(connection: Connection[Any], at: int, stream: str, wanted: Wanted, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of all the facts wanted, the first fact first; from the history alone, so ten thousand are a moment's work."""
    where, values = _where(wanted)
    query = f"select {', '.join(columns)} from read.history h where {where} order by h.version"
    return connection.execute(query, {"at": at, "stream": stream, **values}, prepare=True, binary=True).fetchall()


def stored(connection: Connection[Any], at: int, stream: str, wanted: Wanted) -> list[tuple[int, int, bytes]]:
    """Position, ordinal and exact bytes of all the facts wanted, the first one first."""
    where, values = _where(wanted)
    query = f"""select h.from_pos, h.version, e.state
      from read.history h join ledger.event e on e.originator_id = h.stream and e.originator_version = h.version
      where {where} order by h.version"""
    return connection.execute(query, {"at": at, "stream": stream, **values}, prepare=True, binary=True).fetchall()


def count(connection: Connection[Any], at: int, stream: str, wanted: Wanted) -> int:
    """How many facts of the stream are wanted, on all pages together."""
    where, values = _where(msgspec.structs.replace(wanted, before=0, after=0))
    query = f"select count(*) from read.history h where {where}"
    row = connection.execute(query, {"at": at, "stream": stream, **values}).fetchone()
    return int(row[0]) if row else 0


def actors(connection: Connection[Any], at: int, stream: str) -> list[tuple[str, str]]:
    """Every person and charge that acted in the stream up to the moment."""
    query = """select distinct person, charge from read.history
      where stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s order by charge, person"""
    return connection.execute(query, {"at": at, "stream": stream}).fetchall()


def called(connection: Connection[Any], subject: str, places: Iterable[tuple[str, int, int]]) -> dict[tuple[str, int, int], str]:
    """What tasks or activities (`subject`) were called at each (stream, position, number), or when they were last there."""
    known = list(set(places))
    query = f"""select p.stream, p.position, p.number, s.name
      from unnest(%(streams)s::text[], %(positions)s::bigint[], %(numbers)s::int[]) as p (stream, position, number)
      cross join lateral (
        select name from read.{subject} s where s.stream = p.stream and s.{subject} = p.number and s.from_pos <= p.position
        order by s.from_pos desc limit 1
      ) s"""
    streams, positions, numbers = (list(column) for column in zip(*known, strict=True)) if known else ([], [], [])
    values = {"streams": streams, "positions": positions, "numbers": numbers}
    return {(stream, position, n): name for stream, position, n, name in connection.execute(query, values).fetchall()}


def units(connection: Connection[Any], at: int) -> dict[str, str]:
    """The name of every unit, by its code."""
    query = f"select code, name from read.unit where stream = '{STANDING}' and {HOLDS}"
    return dict(connection.execute(query, {"at": at}).fetchall())

"""The queries of commitments: as they stand, their versions with what each one said, their signatures, their extensions."""

from datetime import date, datetime
from typing import Any, LiteralString

import msgspec
from psycopg import Connection

from service.projections.reading import HOLDS, InYear, one, rows


class Commitment(InYear, frozen=True):
    """A commitment as it stood; `carried_to` is the year it goes on in, `root` and `first` its stream and number when proposed.

    `version` is in force, or the last one offered; `offered` is a renegotiation that waits for signatures, `signed` counts those
    of the text that waits, else of the one in force. `original` is the day first agreed, `extension` one to be resolved.
    """

    commitment: int
    kind: str
    findings: list[int]
    measure: int
    quarter: int | None
    finding_text: str
    cause: str
    document: str
    version: int
    offered: int
    origin: str
    action: str
    responsible: str
    due: date
    original: date
    indicator: str
    target: str
    verification: str
    budget: str
    signatories: list[str]
    ordered: bool
    status: str
    fulfilled: bool
    proposer: str
    declarer: str
    extensions: int
    extension: int
    signed: int
    carried_to: int | None
    root: str
    first: int

    @property
    def finding(self) -> int:
        """The finding it answers first."""
        return self.findings[0]

    @property
    def id(self) -> str:
        """Its name in addresses: 120005-2026-3."""
        return f"{self.code}-{self.year}-{self.commitment}"

    @property
    def href(self) -> str:
        return f"/compromisos/{self.id}"

    @property
    def waiting(self) -> int:
        """The version that can be signed now, 0 when none can."""
        return self.version if self.status == "proposed" else self.offered if self.status == "signed" else 0

    def overdue(self, day: date) -> bool:
        """Whether its day has passed while it is still to be signed or carried out here."""
        return self.status in {"proposed", "signed"} and self.due < day and not self.carried_to

    def state(self, day: date) -> str:
        """Its state in a word of the clock: `overdue` is never stored."""
        return "overdue" if self.overdue(day) else self.status


class Version(msgspec.Struct, frozen=True):
    """One text of a commitment: the exact bytes that are signed, who offered it and why."""

    version: int
    document: str
    canonical: str
    signatories: list[str]
    ordered: bool
    proposer: str
    at: datetime
    reason: str
    from_pos: int


class Signature(msgspec.Struct, frozen=True):
    """What a signatory did; `kind` is «quipu», «fuera», or nothing where it was given in the year of origin."""

    stream: str
    version: int
    charge: str
    person: str
    at: datetime
    status: str
    reason: str
    document: str
    kind: str
    method: str
    verdict: str
    file: str
    signed_at: datetime | None
    from_pos: int


class Extension(msgspec.Struct, frozen=True):
    """More time that was asked for, and what became of it."""

    extension: int
    was: date | None
    due: date
    reason: str
    asker: str
    at: datetime
    status: str
    answer: str
    answerer: str
    answered_at: datetime | None
    from_pos: int


# A carried commitment rests on the findings of the first year: its origin leads there, one year back at a time.
COMMITMENTS: LiteralString = """with recursive root as (
    select c.stream as of_stream, c.commitment as of_commitment, c.stream, c.commitment, c.origin
    from read.commitment c where c.from_pos <= %(at)s and c.to_pos > %(at)s and c.stream like %(streams)s
  union all
    select r.of_stream, r.of_commitment, o.stream, o.commitment, o.origin
    from root r join read.commitment o on r.origin <> '' and o.from_pos <= %(at)s and o.to_pos > %(at)s
      and o.stream = 'unit/' || split_part(r.origin, '-', 1) || '/' || split_part(r.origin, '-', 2)
      and o.commitment = split_part(r.origin, '-', 3)::int
  )
  select c.stream, c.commitment, c.kind, c.findings, c.measure, f.quarter, coalesce(f.text, '') as finding_text,
    coalesce(f.cause, '') as cause, c.document, c.version, c.offered, c.origin, c.action, c.responsible, c.due, c.original,
    c.indicator, c.target, c.verification, c.budget, c.signatories, c.ordered, c.status, c.fulfilled, c.proposer, c.declarer,
    c.extensions, c.extension,
    (select count(*) from read.signature s where s.stream = c.stream and s.commitment = c.commitment and s.status = 'signed'
      and s.version = case when c.status = 'signed' and c.offered > 0 then c.offered else c.version end
      and s.from_pos <= %(at)s and s.to_pos > %(at)s)::int as signed,
    (select max(split_part(n.stream, '/', 3)::int) from read.commitment n where n.from_pos <= %(at)s and n.to_pos > %(at)s
      and n.origin = replace(replace(c.stream, 'unit/', ''), '/', '-') || '-' || c.commitment) as carried_to, r.stream as root, r.commitment as first
  from read.commitment c
  join root r on r.of_stream = c.stream and r.of_commitment = c.commitment and r.origin = ''
  left join read.finding f on f.stream = r.stream and f.finding = c.findings[1] and f.from_pos <= %(at)s and f.to_pos > %(at)s
  where c.from_pos <= %(at)s and c.to_pos > %(at)s and c.stream like %(streams)s"""


def commitments(connection: Connection[Any], at: int, code: str = "", year: int | None = None) -> list[Commitment]:
    """The commitments of a unit (or of all) in a year (or in all), the nearest due day first."""
    streams = f"unit/{code or '%'}/{year or '%'}"
    return rows(connection, Commitment, f"{COMMITMENTS} order by c.due, c.stream, c.commitment", at=at, streams=streams)


def commitment(connection: Connection[Any], at: int, stream: str, number: int) -> Commitment | None:
    """One commitment."""
    query: LiteralString = f"{COMMITMENTS} and c.commitment = %(number)s"
    return one(connection, Commitment, query, at=at, streams=stream, number=number)


def onward(connection: Connection[Any], at: int, it: Commitment) -> Commitment | None:
    """The same commitment in the year after, where it goes on."""
    stream = f"unit/{it.code}/{it.carried_to}"
    query = "select commitment from read.commitment where stream = %s and origin = %s and from_pos <= %s and to_pos > %s"
    row = connection.execute(query, [stream, it.id, at, at]).fetchone() if it.carried_to else None
    return commitment(connection, at, stream, row[0]) if row else None


def versions(connection: Connection[Any], at: int, it: Commitment) -> dict[int, Version]:
    """Every text of a commitment by its number, as it was first offered, in whatever year that was."""
    found = dict[int, Version]()
    for stream, number in places(connection, at, it):
        query: LiteralString = f"""select version, document, canonical, signatories, ordered, proposer, at, reason, from_pos
          from read.commitment_version where stream = %(stream)s and commitment = %(number)s and {HOLDS} order by version"""
        known = {each.version: each for each in rows(connection, Version, query, at=at, stream=stream, number=number)}
        found |= {n: each for n, each in known.items() if each.canonical or n not in found}
    return dict(sorted(found.items()))


def signatures(connection: Connection[Any], at: int, it: Commitment) -> dict[int, dict[str, Signature]]:
    """What each signatory did, by version and charge; a carried signature is shown as it was given."""
    found = dict[int, dict[str, Signature]]()
    for stream, number in places(connection, at, it):
        query: LiteralString = f"""select stream, version, charge, person, at, status, reason, document, kind, method, verdict, file,
          signed_at, from_pos from read.signature where stream = %(stream)s and commitment = %(number)s and {HOLDS} order by from_pos"""
        for each in rows(connection, Signature, query, at=at, stream=stream, number=number):
            found.setdefault(each.version, {})[each.charge] = each
    return found


def extensions(connection: Connection[Any], at: int, it: Commitment) -> list[Extension]:
    """The extensions asked for, the first one first."""
    found = dict[int, Extension]()
    for stream, number in places(connection, at, it):
        query: LiteralString = f"""select extension, was, due, reason, asker, at, status, answer, answerer, answered_at, from_pos
          from read.extension where stream = %(stream)s and commitment = %(number)s and {HOLDS}"""
        found = {each.extension: each for each in rows(connection, Extension, query, at=at, stream=stream, number=number)} | found
    return [found[number] for number in sorted(found)]


def places(connection: Connection[Any], at: int, it: Commitment) -> list[tuple[str, int]]:
    """The stream and number of a commitment in each year that it lived through, the last one first."""
    found, origin = [(it.stream, it.commitment)], it.origin
    while origin:
        unit, year, number = origin.split("-")
        found.append((f"unit/{unit}/{year}", int(number)))
        query = "select origin from read.commitment where stream = %s and commitment = %s and from_pos <= %s and to_pos > %s"
        row = connection.execute(query, [*found[-1], at, at]).fetchone()
        origin = row[0] if row else ""
    return found

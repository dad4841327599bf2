"""The queries of what was signed elsewhere: the files of a version in turn, those not accepted, and all that the record names."""

from datetime import datetime
from typing import Any, LiteralString

import msgspec
from psycopg import Connection

from service.aggregates.commitment_signing import REWRITTEN
from service.projections.reading import InYear, rows

FILES: LiteralString = """select file from read.signature where stream = %s and commitment = %s and version = %s and kind = 'fuera'
  and from_pos <= %s and to_pos > %s order by from_pos"""
REFUSED: LiteralString = """select charge, file, verdict, reasons, person, at, from_pos from read.refused_file
  where stream = %(stream)s and commitment = %(number)s and version = coalesce(%(version)s, version)
    and from_pos <= %(at)s and to_pos > %(at)s order by from_pos desc"""
REVIEWED: LiteralString = """select distinct f.stream, f.commitment, c.action, c.signatories, f.charge, f.person
  from read.refused_file f
  join read.commitment c on c.stream = f.stream and c.commitment = f.commitment and c.from_pos <= %(at)s and c.to_pos > %(at)s
  where f.reasons = %(rewritten)s and f.from_pos <= %(at)s and f.to_pos > %(at)s
    and (%(stream)s = '' or f.stream = %(stream)s and f.commitment = %(number)s)
    and f.version = case c.status when 'proposed' then c.version when 'signed' then c.offered else 0 end
    and not exists (select from read.signature s where s.stream = f.stream and s.commitment = f.commitment
      and s.version = f.version and s.charge = f.charge and s.from_pos <= %(at)s and s.to_pos > %(at)s)
  order by f.stream, f.commitment, f.charge"""
NAMED: LiteralString = """select stream, commitment, file from (
    select stream, commitment, file from read.signature_now where kind = 'fuera'
    union select stream, commitment, paper from read.signature_now where kind = 'fuera' and paper <> ''
    union select stream, commitment, file from read.refused_file_now) named
  order by stream, commitment, file"""


class Refused(msgspec.Struct, frozen=True):
    """A file that was not accepted, and why, in codes."""

    charge: str
    file: str
    verdict: str
    reasons: list[str]
    person: str
    at: datetime
    from_pos: int

    @property
    def by_hand(self) -> bool:
        """Whether nothing but the tool that wrote it again stands between the file and its check: a person may accept it."""
        return tuple(self.reasons) == REWRITTEN


class ToReview(InYear, frozen=True):
    """A file that waits for a person's eyes, while its version waits for signatures: its charge, and who brought it."""

    commitment: int
    action: str
    signatories: list[str]
    charge: str
    person: str


def to_review(connection: Connection[Any], at: int, stream: str = "", number: int = 0) -> list[ToReview]:
    """Every file that only a person can judge and that nobody has accepted yet; of one commitment where it is named."""
    return rows(connection, ToReview, REVIEWED, at=at, stream=stream, number=number, rewritten=list(REWRITTEN))


def files(connection: Connection[Any], at: int, stream: str, number: int, version: int) -> list[str]:
    """The files accepted for a version, the first one first: each holds one signature more than the one before."""
    return [file for (file,) in connection.execute(FILES, [stream, number, version, at, at])]


def refused(connection: Connection[Any], at: int, stream: str, number: int, version: int | None = None) -> list[Refused]:
    """The files that were not found valid for a version, or for any, the last one first."""
    return rows(connection, Refused, REFUSED, at=at, stream=stream, number=number, version=version)


def named(connection: Connection[Any]) -> list[tuple[str, int, str]]:
    """Every file that the record names: the stream and number of the commitment, and the hash."""
    return connection.execute(NAMED).fetchall()

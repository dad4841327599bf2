"""The queries of what was signed elsewhere: the files of a version in turn, those not accepted, and all that the record names."""

from datetime import datetime
from typing import Any, LiteralString

import msgspec
from psycopg import Connection

from service.projections.reading import rows

FILES: LiteralString = """select file from read.signature where stream = %s and commitment = %s and version = %s and kind = 'fuera'
  and from_pos <= %s and to_pos > %s order by from_pos"""
REFUSED: LiteralString = """select charge, file, verdict, reasons, person, at, from_pos from read.refused_file
  where stream = %(stream)s and commitment = %(number)s and version = %(version)s
    and from_pos <= %(at)s and to_pos > %(at)s order by from_pos desc"""
NAMED: LiteralString = """select stream, commitment, file from (
    select stream, commitment, file from read.signature_now where kind = 'fuera'
    union select stream, commitment, paper from read.signature_now where kind = 'fuera'
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


def files(connection: Connection[Any], at: int, stream: str, number: int, version: int) -> list[str]:
    """The files accepted for a version, the first one first: each holds one signature more than the one before."""
    return [file for (file,) in connection.execute(FILES, [stream, number, version, at, at])]


def refused(connection: Connection[Any], at: int, stream: str, number: int, version: int) -> list[Refused]:
    """The files that were not accepted for a version, the last one first."""
    return rows(connection, Refused, REFUSED, at=at, stream=stream, number=number, version=version)


def named(connection: Connection[Any]) -> list[tuple[str, int, str]]:
    """Every file that the record names: the stream and number of the commitment, and the hash."""
    return connection.execute(NAMED).fetchall()

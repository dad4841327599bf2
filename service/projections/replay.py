"""A stream's facts as steps: ordinal ↔ global position, the neighbours of a step, the marks on the track, the stored bytes."""

import hashlib
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.projections.reading import one, rows
from service.record import decode


class Step(msgspec.Struct, frozen=True):
    """A fact's place: its ordinal in the stream and its global position."""

    version: int
    position: int


class Mark(msgspec.Struct, frozen=True):
    """A fact that people look for on the track."""

    version: int
    position: int
    at: datetime
    type: str
    quarter: int
    commitment: int
    correction: int


MARKED = (
    "plan-approved",
    "amendment-approved",
    "quarter-closed",
    "commitment-signed",
    "commitment-signed.2",
    "commitment-signed-outside",
    "outside-file-accepted",
    "correction-approved",
    "balance-closed",
    "support-convened",
    "support-attended",
    "undertaking-verified",
)


def total(connection: Connection[Any], stream: str) -> int:
    """How many facts the stream has today."""
    row = connection.execute("select coalesce(max(version), 0) from read.history where stream = %s", [stream]).fetchone()
    return int(row[0]) if row else 0


def last(connection: Connection[Any], at: int, stream: str) -> Step | None:
    """The stream's last fact at a global position, or None before its first."""
    query = """select version, from_pos as position from read.history
      where stream = %(stream)s and from_pos <= %(at)s order by version desc limit 1"""
    return one(connection, Step, query, stream=stream, at=at)


def step(connection: Connection[Any], stream: str, version: int) -> Step | None:
    """The stream's fact with this ordinal."""
    query = "select version, from_pos as position from read.history where stream = %(stream)s and version = %(version)s"
    return one(connection, Step, query, stream=stream, version=version)


def marks(connection: Connection[Any], stream: str) -> list[Mark]:
    """Approvals, closings, signatures, corrections and support sessions of the whole stream, in order."""
    query = """select version, from_pos as position, at, type, quarter, commitment, correction from read.history
      where stream = %(stream)s and type = any(%(types)s) order by version"""
    return rows(connection, Mark, query, stream=stream, types=list(MARKED))


def stored(connection: Connection[Any], stream: str, position: int) -> tuple[bytes, str] | None:
    """The exact bytes of a fact of the stream and their SHA-256."""
    query = "select state from ledger.event where originator_id = %s and notification_id = %s"
    row = connection.execute(query, [stream, position]).fetchone()
    return (bytes(row[0]), hashlib.sha256(row[0]).hexdigest()) if row else None


def event(connection: Connection[Any], stream: str, position: int) -> Any:
    """The event of a fact that the stream is known to have."""
    found = stored(connection, stream, position)
    assert found  # noqa: S101 — so says who asks
    return decode(found[0]).event

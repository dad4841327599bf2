"""Files sent to be imported, and what their columns mean: mutable, outside the record, gone after a while.

Every function takes a connection of the service's role in autocommit mode.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from service.workbook import Mapping, Reading

LASTS, KEPT = timedelta(days=7), 5
MAPPINGS_KEPT = 40


class Upload(msgspec.Struct, frozen=True):
    """A file kept between the dry run of an import and its confirmation, with what was read of it."""

    id: str
    person: str
    unit: str
    year: int
    filename: str
    sha256: str
    content: bytes
    reading: bytes | None
    confirmed_at: datetime | None

    def read(self) -> Reading | None:
        """What was read of the file, None where this release would read it otherwise."""
        try:
            return msgspec.msgpack.decode(self.reading, type=Reading) if self.reading is not None else None
        except msgspec.DecodeError:
            return None


class Remembered(msgspec.Struct, frozen=True):
    """A mapping with who saved it, and when."""

    mapping: Mapping
    person: str | None
    saved_at: datetime


def keep(connection: Connection[Any], person: str, unit: str, year: int, filename: str, content: bytes) -> str:
    """Keep a file until its import is confirmed, the last few of each person; returns its id."""
    upload = secrets.token_urlsafe(16)
    connection.execute(
        "delete from people.upload where created_at < now() - %s or id in"
        " (select id from people.upload where person = %s order by created_at desc offset %s)",
        [LASTS, person, KEPT - 1],
    )
    connection.execute(
        "insert into people.upload (id, person, unit, year, filename, sha256, bytes) values (%s, %s, %s, %s, %s, %s, %s)",
        [upload, person, unit, year, filename, hashlib.sha256(content).hexdigest(), content],
    )
    return upload


def find(connection: Connection[Any], upload: str, person: str) -> Upload | None:
    """A file this same person sent."""
    cursor = connection.cursor(row_factory=class_row(Upload))
    query = """select id, person, unit, year, filename, sha256, bytes as content, reading, confirmed_at
      from people.upload where id = %s and person = %s"""
    return cursor.execute(query, [upload, person]).fetchone()


def note_reading(connection: Connection[Any], upload: str, reading: Reading) -> None:
    """Keep what was read of a file, so that its pages need not read it again."""
    connection.execute("update people.upload set reading = %s where id = %s", [msgspec.msgpack.encode(reading), upload])


def note_confirmed(connection: Connection[Any], upload: str) -> None:
    """Remember that the file was imported: confirming it again is no second import."""
    connection.execute("update people.upload set confirmed_at = now() where id = %s", [upload])


def remember(connection: Connection[Any], unit: str, fingerprint: str, mapping: Mapping, person: str) -> None:
    """Keep what a header means for a unit; the oldest ones are forgotten."""
    connection.execute(
        "insert into people.import_mapping (unit, fingerprint, mapping, person) values (%s, %s, %s, %s)"
        " on conflict (unit, fingerprint) do update"
        " set mapping = excluded.mapping, person = excluded.person, saved_at = now()",
        [unit, fingerprint, Jsonb(msgspec.to_builtins(mapping)), person],
    )
    connection.execute(
        "delete from people.import_mapping where unit = %s and fingerprint in"
        " (select fingerprint from people.import_mapping where unit = %s order by saved_at desc offset %s)",
        [unit, unit, MAPPINGS_KEPT],
    )


def forget(connection: Connection[Any], unit: str, fingerprint: str) -> None:
    """Forget what a header means for a unit."""
    connection.execute("delete from people.import_mapping where unit = %s and fingerprint = %s", [unit, fingerprint])


def remembered(connection: Connection[Any], unit: str) -> dict[str, Remembered]:
    """What headers mean for a unit, by their fingerprints."""
    query = "select fingerprint, mapping, person, saved_at from people.import_mapping where unit = %s"
    found = dict[str, Remembered]()
    for fingerprint, mapping, person, saved_at in connection.execute(query, [unit]):
        try:
            found[fingerprint] = Remembered(msgspec.convert(mapping, Mapping), person, saved_at)
        except msgspec.ValidationError:
            continue
    return found

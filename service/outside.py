"""What the directory keeps of signatures made elsewhere: each person's DNI, and what a check read in a certificate, for its sender.

Every function takes a connection of the service's role in autocommit mode. Nothing of this enters the record.
"""

import secrets
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection, errors
from psycopg.rows import class_row

from service.pades import Verdict
from service.people import PeopleError


class Checked(msgspec.Struct, frozen=True):
    """A check of a file, as it came out."""

    file: str
    verdict: str
    reasons: list[str]
    subject: str
    signed_at: datetime | None
    at: datetime


def dni(connection: Connection[Any], person: str) -> str:
    """The DNI of a person, empty where the directory has none."""
    row = connection.execute("select coalesce(dni, '') from people.person where id = %s", [person]).fetchone()
    return str(row[0]) if row else ""


def set_dni(connection: Connection[Any], person: str, number: str) -> None:
    """Enter the DNI of a person, or take it out.

    Raises:
        PeopleError: it is none, or another person's.

    """
    number = number.strip()
    try:
        connection.execute("update people.person set dni = nullif(%s, '') where id = %s", [number, person])
    except errors.CheckViolation as error:
        message = "El DNI tiene 8 cifras."
        raise PeopleError(message) from error
    except errors.UniqueViolation as error:
        message = "Ese DNI ya está registrado a otra persona."
        raise PeopleError(message) from error


def note(connection: Connection[Any], person: str, commitment: str, file: str, verdict: Verdict) -> str:
    """Keep what a check said, for its sender to read; returns its id."""
    made = secrets.token_urlsafe(16)
    connection.execute(
        "insert into people.outside_check (id, person, commitment, file, verdict, reasons, subject, signed_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        [made, person, commitment, file, verdict.verdict, list(verdict.reasons), verdict.subject, verdict.signed_at],
    )
    return made


def find(connection: Connection[Any], check: str, person: str, commitment: str) -> Checked | None:
    """What a check said, to who sent the file."""
    cursor = connection.cursor(row_factory=class_row(Checked))
    query = """select file, verdict, reasons, subject, signed_at, at from people.outside_check
      where id = %s and person = %s and commitment = %s"""
    return cursor.execute(query, [check, person, commitment]).fetchone()

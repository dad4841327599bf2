"""What an administrator does with the directory: find persons, let them in, keep them out. Each deed is written to the access log."""

from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from service.people import Person, note_access

MOST = 200
SPANISH = (
    """replace(translate(lower(normalize(name, NFC)), 'áéíóúüà', 'aeiouua'), 'ñ', 'n~') collate "C" """  # no ICU is asked for
)
_COLUMNS = "select id, usuario, name, email, active, created_at from people.person"


def search(connection: Connection[Any], text: str) -> list[Person]:
    """The persons whose name or usuario holds the text, in Spanish order of their names; the system is nobody."""
    query = (
        f"{_COLUMNS} where id <> 'sistema' and (name ilike %(text)s or usuario ilike %(text)s) order by {SPANISH} limit {MOST}"
    )
    sought = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return connection.cursor(row_factory=class_row(Person)).execute(query, {"text": f"%{sought}%"}).fetchall()


def find(connection: Connection[Any], person: str) -> Person | None:
    """A person by the opaque id; the system is nobody."""
    query = f"{_COLUMNS} where id = %s and id <> 'sistema'"
    return connection.cursor(row_factory=class_row(Person)).execute(query, [person]).fetchone()


def set_active(connection: Connection[Any], person: str, by: str, *, active: bool) -> None:
    """Let a person in, or keep the person out from now on, wherever still signed in."""
    with connection.transaction():
        connection.execute("update people.person set active = %s where id = %s", [active, person])
        if not active:
            connection.execute("update people.sign_in set ended_at = now() where person = %s and ended_at is null", [person])
        note_access(connection, by, f"{'activó' if active else 'desactivó'} la cuenta {person}")

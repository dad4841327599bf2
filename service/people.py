"""The directory: persons behind the opaque ids of the record, their passwords and sign-ins; what may be erased lies only here.

Every function takes a connection of the service's role in autocommit mode.
"""

import hashlib
import secrets
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import argon2
import msgspec
from psycopg import Connection, errors
from psycopg.rows import class_row

from service.permits import PERMITS, SYSTEM, Forbidden, authorize, choose, may

__all__ = ["PERMITS", "SYSTEM", "Forbidden", "authorize", "choose", "may"]

LASTS = timedelta(hours=12)
WINDOW = timedelta(minutes=15)
PER_PAIR, PER_ACCOUNT, PER_ADDRESS = 5, 20, 60
SHORTEST = 12

hasher = argon2.PasswordHasher()
_hashing = threading.Semaphore(2)
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$zZk5jaRgMXpTeu3r5kEuYA$K1Gp/eGxZTYmYlMf1kN1IPOMlCLZI+3Nv4qQKgLZ+Rc"


class PeopleError(Exception):
    """The directory refuses; the message is Spanish and final."""


class TooManyTries(PeopleError):
    """Sign-in is closed for a while, for this account or from this address."""


class Person(msgspec.Struct, frozen=True):
    """A person of the directory."""

    id: str
    usuario: str
    name: str
    email: str | None
    active: bool
    created_at: datetime


class SignedIn(msgspec.Struct, frozen=True):
    """Who is signed in: the person and the secret of this sign-in."""

    id: str
    usuario: str
    name: str
    token: str


def add_person(
    connection: Connection[Any], usuario: str, name: str, *, email: str | None = None, person: str | None = None
) -> str:
    """Enter a person; returns the opaque id (`person` injects it, for the demo).

    Raises:
        PeopleError: the usuario is taken or malformed.

    """
    usuario, name = usuario.strip().lower(), name.strip()
    if not (usuario and name and usuario.replace(".", "").replace("-", "").isalnum()):
        message = "Escriba el nombre de la persona y un usuario con letras, números, puntos o guiones."
        raise PeopleError(message)
    person = person or secrets.token_hex(8)
    try:
        connection.execute(
            "insert into people.person (id, usuario, name, email) values (%s, %s, %s, %s)", [person, usuario, name, email]
        )
    except errors.UniqueViolation as error:
        message = f"El usuario «{usuario}» ya existe."
        raise PeopleError(message) from error
    return person


def set_password(connection: Connection[Any], person: str, password: str) -> None:
    """Set the password and end the person's other sign-ins.

    Raises:
        PeopleError: the password is too short.

    """
    if len(password) < SHORTEST:
        message = f"La clave debe tener al menos {SHORTEST} caracteres."
        raise PeopleError(message)
    with _hashing:
        hashed = hasher.hash(password)
    with connection.transaction():
        connection.execute(
            "insert into people.credential (person, hash) values (%s, %s)"
            " on conflict (person) do update set hash = excluded.hash, changed_at = now()",
            [person, hashed],
        )
        connection.execute("update people.sign_in set ended_at = now() where person = %s and ended_at is null", [person])


def check_password(connection: Connection[Any], person: str | None, password: str) -> bool:
    """Whether this is the person's password; takes as long for a person who does not exist."""
    row = connection.execute("select hash from people.credential where person = %s", [person]).fetchone()
    with _hashing:
        try:
            hasher.verify(row[0] if row else _NOBODY, password)
        except argon2.exceptions.VerifyMismatchError:
            return False
    return row is not None


def find_by_usuario(connection: Connection[Any], usuario: str) -> Person | None:
    """The person who signs in with this name."""
    cursor = connection.cursor(row_factory=class_row(Person))
    query = "select id, usuario, name, email, active, created_at from people.person where usuario = %s"
    return cursor.execute(query, [usuario.strip().lower()]).fetchone()


def names(connection: Connection[Any], ids: Iterable[str]) -> dict[str, str]:
    """The names behind opaque ids, for screens; who was erased reads «persona retirada del directorio»."""
    wanted = list(set(ids))
    found = dict(connection.execute("select id, name from people.person where id = any(%s)", [wanted]).fetchall())
    return {each: found.get(each, "persona retirada del directorio") for each in wanted}


def ids(connection: Connection[Any], usuarios: Iterable[str]) -> dict[str, str]:
    """The persons who sign in with these names."""
    query = "select usuario, id from people.person where active and usuario = any(%s)"
    return dict(connection.execute(query, [list(usuarios)]).fetchall())


def search(connection: Connection[Any], beginning: str, most: int = 40) -> list[Person]:
    """The active persons whose usuario, or a word of whose name, begins like this; accents and capitals are forgiven."""
    bare = "translate(lower(normalize({}, NFC)), 'áéíóúüñ', 'aeiouun')"
    wanted = bare.format("%(beginning)s::text")
    cursor = connection.cursor(row_factory=class_row(Person))
    query = f"""select id, usuario, name, email, active, created_at from people.person
      where active and (starts_with(usuario, lower(%(beginning)s))
        or strpos(' ' || {bare.format("name")}, ' ' || {wanted}) > 0) order by usuario limit %(most)s"""
    return cursor.execute(query, {"beginning": beginning, "most": most}).fetchall()


def throttle(connection: Connection[Any], usuario: str, address: str) -> None:
    """Count this try before looking at the password, so that many at once gain nothing."""
    connection.execute("insert into people.attempt (usuario, address) values (%s, %s)", [usuario, address])
    pair, account, place, oldest = connection.execute(
        "select count(*) filter (where usuario = %(usuario)s and address = %(address)s),"
        " count(*) filter (where usuario = %(usuario)s), count(*) filter (where address = %(address)s),"
        " extract(epoch from min(at) + %(window)s - clock_timestamp())::int"
        " from people.attempt where at > clock_timestamp() - %(window)s and (usuario = %(usuario)s or address = %(address)s)",
        {"usuario": usuario, "address": address, "window": WINDOW},
    ).fetchone() or (0, 0, 0, 0)
    if pair > PER_PAIR or account > PER_ACCOUNT or place > PER_ADDRESS:
        minutes = max(1, -(-oldest // 60))
        message = (
            f"Demasiados intentos fallidos. Espere {minutes} {'minuto' if minutes == 1 else 'minutos'} y vuelva a intentarlo."
        )
        raise TooManyTries(message)


def sign_in(connection: Connection[Any], usuario: str, password: str, address: str) -> SignedIn:
    """Check the password and start a sign-in with a new token, of which only the hash is kept.

    Raises:
        PeopleError: wrong name or password (the sentence does not say which), or too many tries.

    """
    usuario = usuario.replace("\0", "").strip().lower()[:100]
    throttle(connection, usuario, address)
    person = find_by_usuario(connection, usuario)
    right = check_password(connection, person.id if person else None, password)
    if person is None or not right or not person.active:
        message = "El usuario o la clave no son correctos."
        raise PeopleError(message)
    connection.execute(
        "delete from people.attempt where (usuario = %s and address = %s) or at < now() - interval '1 day'", [usuario, address]
    )
    connection.execute("delete from people.sign_in where expires_at < now() - interval '30 days'")
    return SignedIn(person.id, person.usuario, person.name, start(connection, person.id, address))


def forgive(connection: Connection[Any], usuario: str, address: str) -> None:
    """Forget the failed tries of an account from an address, because the right proof came."""
    connection.execute("delete from people.attempt where usuario = %s and address = %s", [usuario, address])


def start(connection: Connection[Any], person: str, address: str) -> str:
    """Begin a sign-in whose proof was given; returns its token, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        "insert into people.sign_in (token, person, address, expires_at) values (%s, %s, %s, now() + %s)",
        [_digest(token), person, address, LASTS],
    )
    return token


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def sign_out(connection: Connection[Any], token: str) -> None:
    """End the sign-in; the token is worth nothing from now on."""
    connection.execute("update people.sign_in set ended_at = now() where token = %s and ended_at is null", [_digest(token)])


def whoami(connection: Connection[Any], token: str) -> SignedIn | None:
    """The person of a live sign-in."""
    row = connection.execute(
        "select p.id, p.usuario, p.name from people.sign_in s join people.person p on p.id = s.person"
        " where s.token = %s and s.ended_at is null and s.expires_at > now() and p.active",
        [_digest(token)],
        prepare=True,
    ).fetchone()
    return SignedIn(row[0], row[1], row[2], token) if row else None


def whose(connection: Connection[Any], token: str) -> str:
    """The person a sign-in was given to, also when it has ended; empty for a token never given out."""
    row = connection.execute("select person from people.sign_in where token = %s", [_digest(token)]).fetchone()
    return str(row[0]) if row else ""


def note_access(connection: Connection[Any], person: str, what: str) -> None:
    """Write the access log: exports and auditors' readings."""
    connection.execute("insert into people.access_log (person, what) values (%s, %s)", [person, what])

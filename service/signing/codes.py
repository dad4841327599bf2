"""The codes of an app (TOTP, RFC 6238): a secret that app and service share, a code each half minute that serves once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pyotp
from psycopg import Connection

from service import people
from service.signing import SigningError

STEP, AROUND = 30, 1
ISSUER = "Quipu"


def enrolled(connection: Connection[Any], person: str) -> bool:
    """Whether the person has an app that gives codes."""
    row = connection.execute("select from people.totp where person = %s and secret is not null", [person]).fetchone()
    return row is not None


def pending(connection: Connection[Any], person: str) -> str:
    """The secret that waits for its first code; one is made where none waits."""
    row = connection.execute(
        "insert into people.totp as t (person, pending) values (%s, %s)"
        " on conflict (person) do update set pending = coalesce(t.pending, excluded.pending) returning pending",
        [person, pyotp.random_base32()],
    ).fetchone()
    assert row is not None  # noqa: S101 — the statement returns its row
    return str(row[0])


def uri(secret: str, usuario: str) -> str:
    """What the app reads from the QR."""
    return pyotp.TOTP(secret).provisioning_uri(name=usuario, issuer_name=ISSUER)


def confirm(connection: Connection[Any], person: str, code: str, at: datetime | None = None) -> None:
    """The first code of the waiting secret puts it in the place of the old one.

    Raises:
        SigningError: it is not its code.

    """
    step = _step(pending(connection, person), code, at)
    if step is None:
        raise SigningError("Ese código no es el que da la aplicación con este secreto: revise la hora de su celular.")
    connection.execute(
        "update people.totp set secret = pending, pending = null, last_step = %s, changed_at = now() where person = %s",
        [step, person],
    )


def give(connection: Connection[Any], person: str, secret: str) -> None:
    """Share a secret that was agreed elsewhere: the demo's accounts have theirs from the seed."""
    query = "insert into people.totp (person, secret) values (%s, %s) on conflict (person) do update set secret = excluded.secret"
    connection.execute(query, [person, secret])


def now(connection: Connection[Any], person: str) -> str:
    """The code that serves now, for a demo to show: of this half minute, or the next one where that has served; empty without an app."""
    row = connection.execute("select secret, last_step from people.totp where person = %s", [person]).fetchone()
    if not row or not row[0]:
        return ""
    current = int(datetime.now(UTC).timestamp()) // STEP
    return pyotp.TOTP(row[0]).generate_otp(max(current, min(row[1] + 1, current + AROUND)))


def use(connection: Connection[Any], person: str, code: str, at: datetime | None = None) -> None:
    """Use a code up: it never serves again, nor does an older one; `at` is now unless a test says otherwise.

    Raises:
        SigningError: it is not the code of now, or it served before.

    """
    with connection.transaction():
        row = connection.execute("select secret, last_step from people.totp where person = %s for update", [person]).fetchone()
        step = _step(row[0], code, at) if row and row[0] else None
        if row is None or step is None:
            raise SigningError(
                "El código no es correcto o ya venció: escriba el que muestra ahora la aplicación. No se firmó nada."
            )
        if step <= row[1]:
            raise SigningError("Ese código ya se usó: espere el siguiente en la aplicación. No se firmó nada.")
        connection.execute("update people.totp set last_step = %s where person = %s", [step, person])


def _step(secret: str, code: str, at: datetime | None) -> int | None:
    """The half minute whose code this is, among the present one and its neighbours."""
    app, current = pyotp.TOTP(secret), int((at or datetime.now(UTC)).timestamp()) // STEP
    plain = "".join(code.split())
    around = range(current - AROUND, current + AROUND + 1)
    return next((step for step in around if pyotp.utils.strings_equal(app.generate_otp(step), plain)), None)


def set_up(connection: Connection[Any], person: str, usuario: str, password: str, code: str, address: str) -> None:
    """Begin to use the waiting app, with the own password and its first code; tries are counted as at the door.

    Raises:
        PeopleError: the password is not right, or too many tries.
        SigningError: the code is not.

    """
    with _asked_again(connection, person, usuario, password, address, "La clave no es correcta."):
        confirm(connection, person, code)


def step_up(connection: Connection[Any], person: str, usuario: str, password: str, code: str, address: str) -> None:
    """Ask a signed-in person for the own password and a code at the moment of signing; tries are counted as at the door.

    Raises:
        PeopleError: the password is not right, or too many tries.
        SigningError: the code is not.

    """
    with _asked_again(connection, person, usuario, password, address, "La clave no es correcta: no se firmó nada."):
        use(connection, person, code)


@contextmanager
def _asked_again(
    connection: Connection[Any], person: str, usuario: str, password: str, address: str, wrong: str
) -> Iterator[None]:
    """What follows needs the own password once more; only when it has succeeded are the tries forgiven."""
    people.throttle(connection, usuario, address)
    if not people.check_password(connection, person, password):
        raise people.PeopleError(wrong)
    yield
    people.forgive(connection, usuario, address)

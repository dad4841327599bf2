"""Questions put to a passkey: each names its purpose, is answered by who was asked, once, and within a few minutes."""

import secrets
from datetime import timedelta
from typing import Any

from psycopg import Connection

from service.aggregates.assertion import encoded
from service.signing import SigningError

LASTS = timedelta(minutes=5)
OVER = "Esta pregunta a su llave ya se respondió o venció: intente de nuevo. No se firmó nada."


def ask(connection: Connection[Any], person: str, purpose: str) -> str:
    """A new nonce for this person and purpose; those nobody answered in time are forgotten."""
    nonce = encoded(secrets.token_bytes(32))
    connection.execute("delete from people.challenge where expires_at < now()")
    connection.execute(
        "insert into people.challenge (nonce, person, purpose, expires_at) values (%s, %s, %s, now() + %s)",
        [nonce, person, purpose, LASTS],
    )
    return nonce


def answered(connection: Connection[Any], nonce: str, person: str, purpose: str) -> None:
    """Use the nonce up, whatever the answer is worth.

    Raises:
        SigningError: it was not asked of this person for this purpose, was used before, or is too old.

    """
    found = connection.execute(
        "delete from people.challenge where nonce = %s and person = %s and purpose = %s and expires_at > now()",
        [nonce, person, purpose],
    )
    if not found.rowcount:
        raise SigningError(OVER)

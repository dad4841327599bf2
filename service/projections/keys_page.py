"""The queries of passkeys."""

from datetime import datetime
from typing import Any, LiteralString

import msgspec
from psycopg import Connection

from service.aggregates.assertion import decoded
from service.aggregates.receipt import code, grouped
from service.projections import LATEST
from service.projections.reading import rows


class Key(msgspec.Struct, frozen=True):
    """A key as it stands; `position` is the fact of its enrolment."""

    key: int
    holder: str
    label: str
    site: str
    public_key: str
    status: str
    enrolled_at: datetime
    confirmer: str
    confirmed_at: datetime | None
    revoked_at: datetime | None
    reason: str
    position: int

    @property
    def receipt(self) -> str:
        """The code that its holder reads to who confirms it."""
        return grouped(code(decoded(self.public_key)))

    @property
    def living(self) -> bool:
        return self.status != "revoked"


def keys(connection: Connection[Any]) -> list[Key]:
    """All keys, in the order of their enrolment."""
    query: LiteralString = """select key, holder, label, site, public_key, status, enrolled_at, confirmer, confirmed_at,
      revoked_at, reason,
      (select min(first.from_pos) from read.signing_key first where first.stream = k.stream and first.key = k.key) as position
      from read.signing_key k where from_pos <= %(at)s and to_pos > %(at)s order by key"""
    return rows(connection, Key, query, at=LATEST)

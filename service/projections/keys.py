"""Passkeys to read: each with its holder, its state, who confirmed it and when."""

from service.aggregates import signing_key as k
from service.projections import MOMENT, TEXT, Projection, Row, Table
from service.record import Recorded

SIGNING_KEY = Table(
    "signing_key",
    {"stream": "text", "key": "int"},
    {
        "holder": TEXT,
        "label": TEXT,
        "site": TEXT,
        "public_key": TEXT,
        "status": TEXT,
        "enrolled_at": MOMENT,
        "confirmer": TEXT,
        "confirmed_at": MOMENT,
        "revoked_at": MOMENT,
        "reason": TEXT,
    },
)
TABLES = (SIGNING_KEY,)


def _enrolled(r: Recorded) -> list[Row]:
    e: k.KeyEnrolled = r.fact.event
    values = {name: getattr(e, name) for name in ("holder", "label", "site", "public_key")}
    return [Row(SIGNING_KEY, (r.stream, e.key), {**values, "status": "enrolled", "enrolled_at": r.fact.at}, fresh=True)]


def _key(r: Recorded, **values: object) -> list[Row]:
    return [Row(SIGNING_KEY, (r.stream, r.fact.event.key), values)]


PROJECTORS: dict[type, Projection] = {
    k.KeyEnrolled: _enrolled,
    k.KeyConfirmed: lambda r: _key(r, status="confirmed", confirmer=r.fact.person, confirmed_at=r.fact.at),
    k.KeyRevoked: lambda r: _key(r, status="revoked", revoked_at=r.fact.at, reason=r.fact.event.reason),
}

"""The ways in which a reader can prove, at the moment of signing, to be the signatory; and where a passkey holds."""

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from service.aggregates.signing_key import SigningKey
from service.signing import codes

if TYPE_CHECKING:
    from psycopg import Connection

    from service.web.page import Req
    from service.web.session import Session


class Ways(msgspec.Struct, frozen=True):
    """The reader's keys that can sign here, whether one waits to be confirmed, the app of codes; `code` is told in a demo only."""

    keys: tuple[SigningKey, ...] = ()
    unconfirmed: bool = False
    coded: bool = False
    code: str = ""

    def __bool__(self) -> bool:
        """Whether there is any way."""
        return bool(self.keys) or self.coded


def site(request: "Req") -> str:
    """The name at which keys are registered and hold: that of the public address, else of this page; an IP address is none."""
    told = request.app.state.settings.address or f"//{request.headers.get('host', '')}"
    try:
        host = urlsplit(told).hostname or ""
        ip_address(host)
    except ValueError:
        return host
    return ""


def usable(session: "Session", place: str) -> tuple[SigningKey, ...]:
    """The reader's confirmed keys that hold at this place."""
    mine = (each for each in session.dre.keys.values() if each.holder == session.id and each.status == "confirmed")
    return tuple(each for each in mine if place == each.site or place.endswith(f".{each.site}"))


def of(request: "Req", connection: "Connection[Any]") -> Ways:
    """The reader's ways."""
    session, demo = request.user, request.app.state.demo
    waits = any(each.holder == session.id and each.status == "enrolled" for each in session.dre.keys.values())
    coded = codes.enrolled(connection, session.id)
    code = codes.now(connection, session.id) if demo and coded else ""
    return Ways(usable(session, site(request)), waits, coded, code)

"""What a browser prints below a commitment or an acta, as their papers have it: the fact it tells up to, the code, its QR."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup
from psycopg import Connection

from service.papers import code
from service.projections import history
from service.web.page import Moment, Req
from service.web.reader import Paper

if TYPE_CHECKING:
    from service.projections.commitment_page import Version


class Seal(msgspec.Struct, frozen=True):
    """What stood when a page was printed, the fact it tells up to, the code it is found by, and its QR; a draft has no code."""

    standing: str
    position: int
    at: datetime | None
    letters: str = ""
    check: str = ""
    qr: Markup = Markup()


def at(request: Req, standing: str, position: int, when: datetime | None, letters: str) -> Seal:
    """The seal of what stood at a fact."""
    if not letters:
        return Seal(standing, position, when)
    check = f"{request.app.state.settings.site}/verificar/{letters}"
    return Seal(standing, position, when, letters, check, Markup(code.qr(check)))  # noqa: S704 — a drawing of our own


def now(request: Req, connection: Connection[Any], moment: Moment, standing: str, letters: str = "") -> Seal:
    """The seal of what stands at the moment of the page."""
    last = history.head(connection, moment.position)
    return at(request, standing, last.position, last.at, letters)


def of_text(request: Req, connection: Connection[Any], moment: Moment, paper: Paper, text: "Version") -> Seal:
    """The seal of one text of a commitment, with how its signatures stand."""
    given = paper.signatures.get(text.version, {}).values()
    signed = sum(each.status == "signed" for each in given)
    standing = f"Firmas de la versión {text.version}: {signed} de {len(text.signatories)}."
    return now(request, connection, moment, standing, code.from_digest(text.document))

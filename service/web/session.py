"""Who is at the door: one guard for every route, before anything of the request is believed.

A route that changes something says in `opt` who may: `command` (one command or several; the unit is the address's `code`,
or that of its `commitment`, else the DRE), `own=True` (one's own things), `public=True` (nobody has to be signed in).
`draft=False` says that what it is sent is not a form that somebody filled in.
"""

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from anyio import to_thread
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException

from service import people, private
from service.aggregates import DRE, Command
from service.aggregates.dre import ChargeAssigned, Dre
from service.permits import PERMITS, Forbidden
from service.settings import LIMA, Settings
from service.web.incoming import fields, form_of, local, same_origin, sensible, split

if TYPE_CHECKING:
    from litestar import Request
    from litestar.connection import ASGIConnection
    from litestar.datastructures import State
    from litestar.handlers.base import BaseRouteHandler

READING = {"GET", "HEAD", "OPTIONS"}
CSRF_FIELD, CSRF_HEADER = "_csrf_token", "x-csrftoken"
LARGEST_KEPT = 200_000
FOREIGN = "Este formulario no viene de esta página: ábrala de nuevo y repita."
STALE = "Esta página quedó abierta desde otra sesión: vuelva a abrirla y repita."
PENDING = "/ingresar/pendiente"


BY_NAME: dict[str, type[Command]] = {command.__name__: command for command in PERMITS}


class NotSignedIn(Exception):
    """Nobody is signed in; `back` is where to go afterwards."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


class Session(msgspec.Struct, frozen=True):
    """A signed-in person, the charges held today, and the DRE's standing state (names of units, rules)."""

    id: str
    usuario: str
    name: str
    token: str
    key: bytes
    charges: tuple[ChargeAssigned, ...]
    dre: Dre

    @property
    def csrf(self) -> str:
        """The token for forms: another text on each page, so that compression never gives it away."""
        mask = secrets.token_bytes(32)
        return (mask + _xor(mask, self.key)).hex()

    @property
    def unit(self) -> str:
        """The unit of the first charge, empty without charges."""
        return self.charges[0].unit if self.charges else ""

    def may(self, command: type[Command], unit: str) -> bool:
        """Whether any charge held today may give the command: what a page asks before it shows a form."""
        return any(people.may(charge, command, unit) for charge in self.charges)

    def can(self, command: str, unit: str) -> bool:
        """`may`, by the command's name: for templates."""
        return self.may(BY_NAME[command], unit)

    def has(self, *roles: str) -> bool:
        """Whether one of these roles is held today."""
        return any(charge.role in roles for charge in self.charges)


def cookie_name(settings: Settings) -> str:
    """The cookie's name: browsers refuse `__Host-` without Secure."""
    return "quipu" if settings.insecure_http else "__Host-quipu"


def cookie(settings: Settings, token: str) -> Cookie:
    """The cookie of a sign-in; an empty token takes it away."""
    return Cookie(
        key=cookie_name(settings),
        value=token,
        path="/",
        secure=not settings.insecure_http,
        httponly=True,
        samesite="lax",
        max_age=None if token else 0,
    )


async def guard(connection: "ASGIConnection[Any, Any, Any, Any]", handler: "BaseRouteHandler") -> None:
    """Let a request in, or say why not, before anything else of it is looked at.

    Raises:
        NotSignedIn: sign in first (303).
        Forbidden: forged, or not allowed to this person in this unit (403).
        NotFoundException: the address names a unit that does not exist, or nothing the record could hold.

    """
    request: Request[Any, Any, Any] = connection  # type: ignore[assignment]  # there are no websockets here
    sensible(request)
    changing = request.method not in READING
    if changing and not same_origin(request):
        raise Forbidden(FOREIGN)
    if handler.opt.get("public"):
        return
    token = request.cookies.get(cookie_name(request.app.state.settings), "")
    if changing and token:
        request.state.typed = fields(await form_of(request))
    request.state.heard = request.app.state.hub.head  # whatever the page shows, it is of this position or later
    session = await to_thread.run_sync(_load, request, token) if token else None
    if session is None:
        raise NotSignedIn(await _way_back(request, token, keeps=handler.opt.get("draft", True)))
    request.scope["user"] = session
    if changing:
        authorize(request, handler, session)
        sent = request.headers.get(CSRF_HEADER) or "".join(request.state.typed.get(CSRF_FIELD, ()))
        if not valid(session.key, sent):
            raise Forbidden(STALE)


def authorize(request: "Request[Any, Any, Any]", handler: "BaseRouteHandler", session: Session) -> None:
    """Refuse a change that no charge of this person allows in the unit of the address."""
    if handler.opt.get("own"):
        return
    unit = unit_of(request.path_params)
    if unit != DRE and unit not in session.dre.units:
        raise NotFoundException
    wanted = commands(handler)
    if not any(session.may(command, unit) for command in wanted):
        people.choose(session.charges, wanted[0], unit)


def commands(handler: "BaseRouteHandler") -> tuple[type[Command], ...]:
    """The commands a route may give."""
    declared = handler.opt["command"]
    return tuple(declared) if isinstance(declared, Iterable) else (declared,)


def unit_of(path_params: dict[str, Any]) -> str:
    """The unit an address writes in."""
    code = path_params.get("code") or str(path_params.get("commitment", "")).partition("-")[0]
    return str(code or DRE)


def _load(request: "Request[Any, Any, Any]", token: str) -> Session | None:
    state = request.app.state
    with state.database.connection() as connection:
        signed = people.whoami(connection, token)
    if signed is None:
        return None
    dre: Dre = state.ledger.standing()
    held = dre.held(signed.id, datetime.now(UTC).astimezone(LIMA).date())
    key = _key(state.settings.secret, token)
    session = Session(signed.id, signed.usuario, signed.name, token, key, tuple(held), dre)
    if session.has("auditor") and request.method in READING:
        with state.database.connection() as connection:
            people.note_access(connection, signed.id, f"leyó {request.url.path}?{request.url.query}".rstrip("?"))
    return session


async def _way_back(request: "Request[Any, Any, Any]", token: str, *, keeps: bool) -> str:
    """Where to go after signing in; what a person whose sign-in ended had typed is kept for then, as a draft."""
    if request.method in READING:
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    small = (request.content_length or LARGEST_KEPT + 1) <= LARGEST_KEPT
    form = form_key(request.url.path, request.state.get("typed", {}))
    if token and small and keeps and await to_thread.run_sync(_keep, request.app.state, token, form, typed(request)):
        return f"{PENDING}?forma={quote(form, safe='/')}"
    return local(split(str(request.headers.get("hx-current-url") or request.headers.get("referer", ""))).path)


def typed(request: "Request[Any, Any, Any]") -> dict[str, list[str]]:
    """What came with the form, without its secrets: what may be shown or kept."""
    sent: dict[str, list[str]] = request.state.get("typed", {})
    shown = {name: values for name, values in sent.items() if name not in private.SECRET}
    return {name.replace("\0", ""): [value.replace("\0", "") for value in values] for name, values in shown.items()}


def _keep(state: "State", token: str, form: str, typed: dict[str, list[str]]) -> bool:
    with state.database.connection() as connection:
        person = people.whose(connection, token)
        return bool(person) and private.keep_draft(connection, person, form, typed)


def form_key(path: str, typed: Mapping[str, Sequence[str]]) -> str:
    """Under which name a form's draft is kept: its address, and which of several forms that share it."""
    which = next(iter(typed.get(private.WHICH, ())), "")
    return f"{path}#{which}" if which else path


def valid(key: bytes, sent: str) -> bool:
    """Whether a form's token belongs to this sign-in."""
    try:
        raw = bytes.fromhex(sent)
    except ValueError:
        return False
    mask, masked = raw[:32], raw[32:]
    return len(masked) == len(mask) == 32 and hmac.compare_digest(_xor(mask, masked), key)  # noqa: PLR2004 — SHA-256


def _key(secret: str, token: str) -> bytes:
    """What a sign-in's forms are sealed with: nobody makes it from the database, nor from the cookie alone."""
    return hmac.digest(secret.encode(), b"quipu-csrf:" + token.encode(), "sha256")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))

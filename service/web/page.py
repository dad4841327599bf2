"""How a page is built.

A page is one module with its handlers and its templates, and one entry in `ROUTES` of app.py:

    @get("/ugel/{code:str}/{year:int}", sync_to_thread=True)
    def unit(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], …) -> Response[str]:
        with request.app.state.database.snapshot() as connection:      # every query at one moment
            rows = …queries(connection, stream, moment.position)        # SQL straight to row structs
        return page(request, "unidad.html", part="_unidad.html", moment=moment, rows=rows)

    @post("/ugel/{code:str}/{year:int}/envio", opt={"command": SubmitPlan}, sync_to_thread=True)
    def submit(request: Req, session: …, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> …:
        form = send(request, raw, SubmitPlan, stream_of(code, year))    # the only way to change anything
        if form.done:
            return redirect(request, f"/ugel/{code}/{year}", "El plan quedó enviado.")
        return page(request, "unidad.html", part="_unidad.html", status=form.status, form=form, …)

`page` draws the whole page, or for htmx its part (a file that starts with `_`). A GET handler that reads takes `moment`;
on a past moment the template gets `as_of` and shows no forms. Forms carry `q.keys(csrf, form.command_id)`; a page
without a sent form uses `Form.fresh()`. A changing route declares `command`, `own` or `public` in `opt` (session.py).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, unquote

import msgspec
from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie, State

from service import private
from service.aggregates import Command, Refused
from service.aggregates.merging import Clash
from service.projections import LATEST
from service.settings import LIMA
from service.web.form import Form, Raw, first, read
from service.web.incoming import local
from service.web.navigation import sections
from service.web.session import Session, form_key
from service.web.words import cargo

if TYPE_CHECKING:
    from psycopg import Connection

Req = Request[Session, Any, State]
C = TypeVar("C", bound=Command)
NOTICE = "quipu-aviso"
LAST_DAY = date(9999, 12, 30)  # the last one with a midnight after it


class Invalid(Exception):
    """The address asks for something that does not make sense (422); the sentence is Spanish."""


class Moment(msgspec.Struct, frozen=True):
    """The position every query of a page reads at; `past` when the address fixes it by `hasta` or `al`."""

    position: int = LATEST
    past: bool = False
    on: Any = None  # a day or a moment: a signature of Litestar cannot hold the union
    today: str = ""


def moment(request: Req) -> Moment:
    """The moment the address asks for: `hasta` a global position, `al` the end of a day in Lima.

    Raises:
        Invalid: it lies in the future or is not a position or a day.

    """
    upto, day = request.query_params.get("hasta"), request.query_params.get("al")
    if not upto and not day:
        return Moment()
    rest = "&".join(f"{k}={quote(v)}" for k, v in request.query_params.multi_items() if k not in {"hasta", "al"})
    today = local(request.url.path) + (f"?{rest}" if rest else "")
    with request.app.state.database.snapshot() as connection:
        if upto:
            position = _whole(upto)
            return Moment(position, past=True, on=_recorded_at(connection, position), today=today)
        on = _day(day or "")
        return Moment(last_of(connection, on), past=True, on=on, today=today)


def _whole(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 18 and int(text) > 0:  # noqa: PLR2004 — fits a bigint
        return int(text)
    message = f"«hasta» debe ser el número de un hecho; dice «{text[:40]}»."
    raise Invalid(message)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"«al» debe ser una fecha como 2026-09-30; dice «{text[:40]}»."
        raise Invalid(message) from error


def _recorded_at(connection: "Connection[Any]", position: int) -> datetime:
    row = connection.execute("select at from read.history where from_pos = %s", [position]).fetchone()
    if row is None:
        message = f"El registro todavía no llega al hecho n.º {position}."
        raise Invalid(message)
    found: datetime = row[0]
    return found


def last_of(connection: "Connection[Any]", day: date) -> int:
    """The position before the first fact recorded after that day ended in Lima; order is position, never time."""
    midnight = datetime.combine(min(day, LAST_DAY), time(), LIMA) + timedelta(days=1)
    row = connection.execute("select min(from_pos) - 1 from read.history where at >= %s", [midnight]).fetchone()
    if row and row[0] is not None:
        return int(row[0])
    head = connection.execute("select coalesce(max(notification_id), 0) from ledger.event").fetchone()
    return int(head[0]) if head else 0


def send(
    request: Req,
    raw: Raw,
    kind: type[C],
    stream: str,
    *,
    on: date | None = None,
    charge: str | None = None,
    wrap: Callable[[C], Command] | None = None,
    **fixed: Any,
) -> Form[C]:
    """Carry out what a form asks; the form comes back with `done`, or with its errors and `status` 422 or 409.

    `wrap` makes another command of the one the form carries: a proposal instead of a change.

    Raises:
        Forbidden: not allowed to this person (403).

    """
    form = read(kind, raw, **fixed)
    form.command_id = identity(raw)
    if form.command is not None:
        give(request, form, wrap(form.command) if wrap else form.command, stream, on=on, charge=charge)
    return form


def give(
    request: Req, form: Form[Any], command: Command, stream: str, *, on: date | None = None, charge: str | None = None
) -> None:
    """Carry out a command that a form led to; the form is `done`, or says what rule refused it."""
    try:
        form.done = request.app.state.ledger.carry_out(
            request.user.id, stream, command, command_id=form.command_id, on=on, charge=charge
        )
    except Refused as refused:
        form.refuse(refused.sentence, refused.items)
        form.clash = isinstance(refused, Clash)
    if form.done:
        with request.app.state.database.connection() as connection:
            private.drop_draft(connection, request.user.id, form_key(request.url.path, request.state.typed))


def identity(raw: Raw) -> str:
    """The id of the command a form carries, a new one where it carries none.

    Raises:
        Invalid: it is not one of ours.

    """
    sent = first(raw, "command_id")
    if sent and not re.fullmatch(r"[0-9A-Za-z-]{1,64}", sent):
        message = "El formulario llegó dañado: vuelva a abrir la página y repita."
        raise Invalid(message)
    return sent or Form.fresh().command_id


def wants_part(request: Request[Any, Any, Any]) -> bool:
    """Whether htmx asks for a part, not for a page or its way back in the history."""
    headers = request.headers
    return headers.get("hx-request") == "true" and "hx-boosted" not in headers and "hx-history-restore-request" not in headers


def page(
    request: Request[Any, Any, Any],
    template: str,
    *,
    part: str | None = None,
    status: int = 200,
    moment: Moment | None = None,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response[str]:
    """Draw a page, or only its part when htmx asks for it; in the thread of the handler, not in the event loop."""
    name = part if part and wants_part(request) else template
    values = frame(request, moment) | context
    cookies = [Cookie(key=NOTICE, value="", max_age=0)] if values["notice"] else []
    text = request.app.state.templates.get_template(name).render(values)
    return Response(
        text, status_code=status, media_type=MediaType.HTML, headers={"vary": "HX-Request"} | dict(headers or {}), cookies=cookies
    )


def frame(request: Request[Any, Any, Any], moment: Moment | None = None) -> dict[str, Any]:
    """What base.html needs; works without a session and without the database."""
    state, session = request.app.state, request.scope.get("user")
    signed = session if isinstance(session, Session) else None
    return {
        "entity": state.settings.entity,
        "logo": None,
        "year_name": state.settings.year_name,
        "demo": state.demo,
        "insecure": state.settings.insecure_http,
        "session": signed,
        "person": _person(signed) if signed else None,
        "nav": sections(signed, request.url.path) if signed else [],
        "csrf": signed.csrf if signed else "",
        "moment": moment,
        "as_of": moment if moment and moment.past else None,
        "live": f"/en-vivo?desde={request.state.heard}" if signed else "",
        # A part that fetches itself again must not take the sentence from the page it was meant for.
        "notice": "" if wants_part(request) else unquote(request.cookies.get(NOTICE, "")),
    }


def _person(session: Session) -> dict[str, str]:
    first = session.charges[0] if session.charges else None
    unit = session.dre.units.get(session.unit)
    return {
        "name": session.name,
        "charge": cargo(first.charge).removesuffix(" de UGEL") if first else "Sin cargo vigente",
        "unit": unit.name if unit else "",
    }


def redirect(request: Request[Any, Any, Any], path: str, notice: str = "") -> Response[str]:
    """Go to another page of ours, with a sentence to show there once."""
    secure = not request.app.state.settings.insecure_http
    shown = Cookie(key=NOTICE, value=quote(notice), max_age=60, httponly=True, samesite="strict", secure=secure)
    return Response("", status_code=303, media_type=MediaType.TEXT, headers={"location": path}, cookies=[shown] if notice else [])

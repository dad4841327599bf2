"""The conversation about an activity, a finding, a commitment or a score: comments, mentions, and the flag to follow it up.

A page of such a subject shows it with two lines, outside of its own live part:

    talk=conversation.read(request, connection, moment, stream, "activity", 12)
    {% include "_conversacion.html" %}
"""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service.aggregates import Command
from service.aggregates.discussion import Comment, LowerFlag, RaiseFlag
from service.ledger import stream_of
from service.projections import discussion as told
from service.web.corner import whole
from service.web.form import Form, Raw, first
from service.web.mentions import Piece, address, called, names, pieces, plain, resolve
from service.web.page import Moment, Req, page, redirect, send, wants_part
from service.web.words import cargo

NOUNS = {"activity": "actividades", "finding": "hallazgos", "commitment": "compromisos", "quarter": "trimestres"}
STEPS: dict[str, tuple[type[Command], str]] = {
    "comentarios": (Comment, "Su comentario quedó registrado."),
    "seguimiento": (RaiseFlag, "Quedó en seguimiento."),
    "seguimiento/fin": (LowerFlag, "Ya no está en seguimiento."),
}


class Said(msgspec.Struct, frozen=True):
    """A comment as it is shown; `own` when the reader said it."""

    it: told.Comment
    who: str
    charge: str
    pieces: list[Piece]
    own: bool


class Flagged(msgspec.Struct, frozen=True):
    """Something followed up, as it is shown."""

    it: told.Flag
    who: str
    charge: str
    reason: str
    href: str
    what: str


class Talk(msgspec.Struct, frozen=True):
    """All that the part of a conversation shows, with what became of the form `sent`."""

    code: str
    stream: str
    here: str
    back: str
    title: str
    comments: list[Said]
    flag: Flagged | None
    form: Form[Any]
    sent: str
    corrects: int
    closed: bool


def flagged(connection: Connection[Any], found: list[told.Flag]) -> list[Flagged]:
    """What is followed up, in words."""
    named = names(connection, (each.person for each in found), (each.reason for each in found))
    return [
        Flagged(
            each,
            named[each.person],
            cargo(each.charge),
            plain(each.reason, named),
            address(each.kind, each.stream, each.number),
            called(each.kind, each.number, each.name),
        )
        for each in found
    ]


def read(
    request: Req,
    connection: Connection[Any],
    moment: Moment,
    stream: str,
    kind: str,
    number: int,
    form: Form[Any] | None = None,
    sent: str = "",
) -> Talk:
    """The conversation about one subject at a moment.

    Raises:
        NotFoundException: there was no such thing.
    """
    name = told.name(connection, moment.position, stream, kind, number)
    if name is None:
        raise NotFoundException
    said = told.comments(connection, moment.position, stream, kind, number)
    flags = [f for f in told.flags(connection, moment.position, [stream]) if (f.kind, f.number) == (kind, number)]
    named = names(connection, (each.person for each in said), (each.text for each in said))
    own = {each.comment for each in said if each.person == request.user.id and not each.corrected}
    corrects = whole(str(form["corrects"]) if form else request.query_params.get("rectificar"))
    _, code, year = stream.split("/")
    return Talk(
        code,
        stream,
        f"/ugel/{code}/{year}/{NOUNS[kind]}/{number}/conversacion",
        address(kind, stream, number),
        called(kind, number, name),
        [Said(s, named[s.person], cargo(s.charge), pieces(s.text, named), s.comment in own) for s in said],
        next(iter(flagged(connection, flags)), None),
        form or Form.fresh(),
        sent,
        corrects if corrects in own else 0,
        told.closed(connection, moment.position, stream),
    )


def draw(request: Req, kind: str, moment: Moment | None = None, form: Form[Any] | None = None, sent: str = "") -> Response[str]:
    """Draw the conversation on a page of its own, or for htmx its part."""
    at = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        talk = read(request, connection, at, _stream(request), kind, _number(request, kind), form, sent)
    status = form.status if form else 200
    return page(request, "conversacion.html", part="_conversacion.html", status=status, moment=at, talk=talk)


def _stream(request: Req) -> str:
    return stream_of(request.path_params["code"], request.path_params["year"])


def _number(request: Req, kind: str) -> int:
    return int(request.path_params[_parameter(kind)])


def _parameter(kind: str) -> str:
    return kind if kind in {"activity", "finding"} else "number"


def _say(request: Req, raw: Raw, kind: type[Command], **about: Any) -> Form[Any]:
    """Carry out one step; those whom its text mentions by usuario go into the record by id."""
    field = "text" if kind is Comment else "reason"
    with request.app.state.database.connection() as connection:
        text, unknown = resolve(connection, first(raw, field))
    if unknown:
        form: Form[Any] = Form(typed={name: values[0] for name, values in raw.items()}, status=422)
        form.errors[field] = f"Nadie ingresa con el usuario «{unknown[0]}»: elíjalo de la lista o quite la arroba."
        form.command_id = first(raw, "command_id")
        return form
    return send(request, raw, kind, _stream(request), wrap=lambda c: msgspec.structs.replace(c, **{field: text}), **about)


def _routes(kind: str) -> list[Any]:
    """The addresses of the conversation about one kind of subject."""
    parameter = _parameter(kind)
    place = f"/ugel/{{code:str}}/{{year:int}}/{NOUNS[kind]}/{{{parameter}:int}}"

    @get(f"{place}/conversacion", sync_to_thread=True, name=f"talk-{kind}")
    def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
        return draw(request, kind, moment)

    return [show, *(_step(f"{place}/{noun}", kind, noun) for noun in STEPS)]


def _step(path: str, kind: str, noun: str) -> Any:
    command, notice = STEPS[noun]

    @post(path, opt={"command": command}, sync_to_thread=True, name=f"talk-{kind}-{noun}")
    def carry(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
        form = _say(request, raw, command, **{kind: _number(request, kind)})
        if not form.done:
            return draw(request, kind, form=form, sent=noun)
        if wants_part(request):
            return draw(request, kind)
        back = address(kind, _stream(request), _number(request, kind))
        return redirect(request, f"{back}#conversacion", notice)

    return carry


ROUTES = [route for kind in NOUNS for route in _routes(kind)]

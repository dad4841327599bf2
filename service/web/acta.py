"""The acta of a session: its draft, the changes proposed to it, closing it, its errata, and the paper."""

from contextlib import suppress
from typing import Any

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from service import papers, people
from service.aggregates.session_minutes import (
    PARTS,
    AcceptWording,
    CloseMinutes,
    ProposeWording,
    RecordErratum,
    RejectWording,
    WriteMinutes,
)
from service.papers import code
from service.projections import LATEST, history
from service.projections import session_page as read
from service.web import acta_errata, acta_paper, conflict, matters, printed
from service.web.corner import circumstances, forms
from service.web.facts_session import PARTS as NAMES
from service.web.form import Form, Raw, first
from service.web.page import Invalid, Moment, Req, page, redirect, send
from service.web.paper import PDF
from service.web.sitting import ONE, both, find, fixed, numbers, where
from service.web.sitting_page import lay_out


def draw(request: Req, moment: Moment | None = None, *, form: Form[Any] | None = None, sent: str = "") -> Response[str]:
    """Draw the acta, with what became of the form `sent` where there is one."""
    at, number, moment = where(request), request.path_params["number"], moment or Moment()
    with request.app.state.database.snapshot() as connection:
        sitting = find(connection, moment, at, number)
        shown = numbers(connection, moment, sitting)
        proposed = read.wordings(connection, moment.position, at.stream, number)
        errata = read.errata(connection, moment.position, at.stream, number)
        names = people.names(connection, {each.proposer for each in proposed} | {each.person for each in errata})
        base = str(history.head(connection, LATEST).position)
        seal = printed.now(request, connection, moment, "BORRADOR: este papel no es el acta cerrada.")
    it, around = sitting.it, circumstances(request, moment)
    if it.closed_at:
        letters = code.of_acta(it.stream, it.session, it.closed_at)
        seal = printed.at(request, "Acta cerrada: ya no cambia.", it.position, it.closed_at, letters)
    made = forms("", None, "propuestas", "cierre", "erratas")
    made["acta"] = Form.fresh(**{part: getattr(it, part) for part in PARTS}, base=base)
    for each in proposed:
        made |= forms("", None, f"aceptacion-{each.wording}", f"rechazo-{each.wording}")
    return page(
        request,
        "acta.html",
        part="_acta.html",
        status=form.status if form else 200,
        moment=moment,
        at=at,
        it=it,
        sitting=sitting,
        numbers=shown,
        proposed=proposed,
        errata=errata,
        seal=seal,
        stream=at.stream,
        here=f"{at.href}/{number}",
        parts={part: NAMES[part].capitalize() for part in PARTS},
        names=sitting.names | names,
        link=lambda key, position=0: matters.link(key, at.year, around["units"], position),
        titles={each.item: each.title for each in sitting.items},
        forms=made | forms(sent, form),
        conflict=lay_out(request, at.stream, form),
        **around,
    )


def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the acta."""
    return draw(request, moment)


def _step(kind: type[Any], suffix: str, noun: str, notice: str) -> list[Any]:
    """The changing routes of one step of the acta."""

    def carry(request: Req, raw: NamedDependency[Raw]) -> Response[str]:
        known = fixed(request, kind)
        carried = conflict.send if "seen" in kind.__struct_fields__ else send
        form: Form[Any] = carried(request, raw, kind, where(request).stream, **known)
        if not form.done:
            return draw(request, form=form, sent=f"{noun}-{known.get('wording', '')}".rstrip("-"))
        answer = _done(request, notice)
        if kind is CloseMinutes:
            answer.background = BackgroundTask(_keep, request)
        return answer

    return both(post, f"{ONE}{suffix}", carry, opt={"command": kind})


def _done(request: Req, notice: str) -> Response[str]:
    return redirect(request, f"{where(request).href}/{request.path_params['number']}/acta", notice)


def propose(request: Req, raw: NamedDependency[Raw]) -> Response[str]:
    """Propose other words for one part of the draft."""
    part, _, item = first(raw, "place").partition("/")
    number = int(item) if item.isascii() and item.isdecimal() and len(item) < 7 else 0  # noqa: PLR2004 — as any list
    known = fixed(request, ProposeWording) | {"item": number}
    if not where(request).regional:
        known["unit"] = where(request).code
    form = send(request, {**raw, "part": [part]}, ProposeWording, where(request).stream, **known)
    if form.done:
        return _done(request, "El cambio quedó propuesto: otra persona lo acepta o lo rechaza.")
    if "part" in form.errors:
        form.errors["place"] = form.errors.pop("part")
    return draw(request, form=form, sent="propuestas")


def _keep(request: Req) -> None:
    """Make the paper of an acta that was just closed, with the names the directory says today; if it fails, a download tries again."""
    with suppress(papers.Unprintable):
        _file(request, Moment())


def paper(request: Req, moment: NamedDependency[Moment]) -> Response[bytes]:
    """The acta as a paper: of a closed one always the same file, before that a draft.

    Raises:
        Invalid: it cannot be printed.

    """
    try:
        name, made, position = _file(request, moment)
    except papers.Unprintable as error:
        message = "El acta tiene texto que no se puede imprimir: avise a su administrador. El acta en pantalla está completa."
        raise Invalid(message) from error
    with request.app.state.database.connection() as connection:
        people.note_access(connection, request.user.id, f"descargó {name}, hecho n.º {position}")
    return Response(made, media_type=PDF, headers={"content-disposition": f'attachment; filename="{name}.pdf"'})


def _file(request: Req, moment: Moment) -> tuple[str, bytes, int]:
    """The paper's name, its bytes and the fact it tells up to.

    Raises:
        NotFoundException: the session has not begun, there is nothing to write down.

    """
    at, number = where(request), request.path_params["number"]
    state, dre = request.app.state, request.user.dre
    with state.database.snapshot() as connection:
        sitting = find(connection, moment, at, number)
        shown = numbers(connection, moment, sitting)
        last = history.head(connection, moment.position)
    it = sitting.it
    if not it.opened_at:
        raise NotFoundException
    when = it.closed_at or last.at or it.opened_at
    position = it.position if it.closed_at else last.position
    data = acta_paper.filled(sitting, shown, dre, state.settings, (position, when), demo=state.demo)
    name = f"acta-{'region' if at.regional else at.code}-{at.year}-{number}"
    if not it.closed_at:
        return f"{name}-borrador", papers.typeset("acta", data, when), position
    with state.database.connection() as connection:
        return name, papers.keep(connection, name, lambda: papers.typeset("acta", data, when)), position


WORDING = "/acta/propuestas/{wording:int}"
ROUTES = [
    *both(get, f"{ONE}/acta", show),
    *both(get, f"{ONE}/acta.pdf", paper),
    *both(post, f"{ONE}/acta/propuestas", propose, own=True, opt={"command": ProposeWording}),
    *_step(WriteMinutes, "/acta", "acta", "El borrador del acta quedó guardado."),
    *_step(AcceptWording, f"{WORDING}/aceptacion", "aceptacion", "El cambio quedó aceptado: el borrador ya lo dice."),
    *_step(RejectWording, f"{WORDING}/rechazo", "rechazo", "El cambio quedó rechazado."),
    *_step(CloseMinutes, "/acta/cierre", "cierre", "El acta quedó cerrada: ya no cambia."),
    *acta_errata.ROUTES,
    *_step(RecordErratum, "/acta/erratas", "erratas", "La fe de erratas quedó registrada."),
]

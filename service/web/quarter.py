"""The quarter of a unit: figures by line, activity and task, warnings, corrections, the official score, and whose turn it is."""

from collections.abc import Callable
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.aggregates import ROMAN, Command
from service.aggregates.quarter import CloseQuarter, ObserveQuarter, ScoreQuarter, SubmitQuarter, ValidateQuarter
from service.aggregates.quarter_corrections import ApproveCorrection, RejectCorrection, RequestCorrection
from service.aggregates.quarter_reopening import ReopenQuarter
from service.ledger import stream_of
from service.projections import indicator_page
from service.web import conversation, sheet, since
from service.web.corner import circumstances, day_of, find_place, forms, whole
from service.web.form import Form, Raw, first
from service.web.page import Moment, Req, page, redirect, send
from service.web.rescoring import rescoring
from service.web.turn import turn

MORE_ROWS = "filas"
PLACE = "/ugel/{code:str}/{year:int}"


def four(decorate: Callable[..., Any], suffix: str, handle: Callable[..., Any], **opt: Any) -> list[Any]:
    """One route per quarter: a parameter is a whole part of a path, and `t3` is a word."""
    return [decorate(f"{PLACE}/t{number}{suffix}", sync_to_thread=True, **opt)(handle) for number in ROMAN]


def number_of(request: Req) -> int:
    """The quarter an address is about."""
    return int(request.scope["path"].split("/")[4].removeprefix("t"))


def draw(
    request: Req, code: str, year: int, moment: Moment | None = None, sent: str = "", form: Form[Any] | None = None
) -> Response[str]:
    """Draw the quarter, with what became of a form where there is one."""
    moment, number = moment or Moment(), number_of(request)
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        shown = sheet.read(connection, moment.position, place, number)
        changed = since.read(connection, moment.position, shown)
        scored = shown.quarter is not None and shown.quarter.percent is not None
        measured = [
            each for each in indicator_page.indicators(connection, moment.position, place.stream) if each.looked_at(number)
        ]
        remeasured = since.measured(connection, moment.position, place.stream, number, shown.status, measured)
        scored_anew = rescoring(connection, moment.position, shown.quarter)
        talk = conversation.read(request, connection, moment, place.stream, "quarter", number) if scored else None
    turns = turn(shown, request.user, moment, day_of(request, moment))
    query = request.query_params
    view = sheet.view(shown, query.get("ver", ""), whole(query.get("pagina")))
    return page(
        request,
        "trimestre.html",
        part="_trimestre.html",
        status=form.status if form else 200,
        moment=moment,
        sheet=shown,
        since=changed,
        remeasured=remeasured,
        turn=turns,
        rescoring=scored_anew,
        talk=talk,
        view=view,
        indicators=measured,
        unmeasured=[each for each in measured if each.missing(number)],
        picked={name: whole(query.get(name)) for name in ("observar", "rectificar")},
        begun=date(year, 3 * number - 2, 1),
        forms=forms(sent, form, *STEPS, *(f"{noun}-{each.correction}" for each in turns.resolve for noun in RESOLUTIONS)),
        **circumstances(request, moment),
    )


def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the quarter."""
    return draw(request, code, year, moment)


RESOLUTIONS = ("aprobacion", "rechazo")
STEPS: dict[str, tuple[type[Command], str]] = {
    "envio": (SubmitQuarter, "El {} trimestre quedó enviado a la DRE."),
    "observacion": (ObserveQuarter, "La observación quedó registrada: la unidad puede corregir y volver a enviar."),
    "validacion": (ValidateQuarter, "El {} trimestre quedó validado."),
    "calificacion": (ScoreQuarter, "El {} trimestre quedó calificado."),
    "cierre": (CloseQuarter, "El {} trimestre quedó cerrado: ya no admite cambios."),
    "reapertura": (ReopenQuarter, "El {} trimestre quedó reabierto para lo elegido."),
    "rectificaciones": (RequestCorrection, "La rectificación quedó pedida: otra persona debe aprobarla."),
}


def _step(noun: str, kind: type[Command], notice: str) -> list[Any]:
    """The changing routes of one step; its noun is its address."""

    def carry(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
        number = number_of(request)
        if first(raw, MORE_ROWS):
            typed: dict[str, str | list[str]] = {name: values[0] for name, values in raw.items() if values}
            return draw(request, code, year, sent=noun, form=Form(typed=typed, command_id=first(raw, "command_id")))
        form = send(request, raw, kind, stream_of(code, year), quarter=number)
        if not form.done:
            return draw(request, code, year, sent=noun, form=form)
        return redirect(request, f"/ugel/{code}/{year}/t{number}", notice.format(ROMAN[number]))

    return four(post, f"/{noun}", carry, opt={"command": kind})


def _resolution(noun: str, kind: type[Command], notice: str) -> list[Any]:
    """The changing routes that ends a correction one way or the other."""

    def resolve(
        request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int], correction: FromPath[int]
    ) -> Response[Any]:
        form = send(request, raw, kind, stream_of(code, year), correction=correction)
        if not form.done:
            return draw(request, code, year, sent=f"{noun}-{correction}", form=form)
        return redirect(request, f"/ugel/{code}/{year}/t{number_of(request)}", notice)

    return four(post, f"/rectificaciones/{{correction:int}}/{noun}", resolve, opt={"command": kind})


ROUTES = [
    *four(get, "", show),
    *(route for noun, step in STEPS.items() for route in _step(noun, *step)),
    *_resolution("aprobacion", ApproveCorrection, "La rectificación quedó aprobada: la cifra nueva rige desde ahora."),
    *_resolution("rechazo", RejectCorrection, "La rectificación quedó rechazada: la cifra sigue como estaba."),
]

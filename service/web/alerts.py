"""Early alerts as cases: the rule in words with the figures it looked at; attended with a measure, closed with evidence."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import people
from service.aggregates import Command
from service.aggregates.alert import AcknowledgeAlert, CloseAlert, SilenceAlert, TakeMeasure
from service.ledger import stream_of
from service.permits import PERMITS
from service.projections import followup_page as read
from service.web import agreements, story
from service.web.corner import circumstances, day_of, find_place, forms, held
from service.web.form import Form, Raw
from service.web.page import Moment, Req, page, redirect, send

PLACE = "/ugel/{code:str}/{year:int}/alertas"
ONE = f"{PLACE}/{{alert:int}}"
ANSWER = PERMITS[TakeMeasure].own + PERMITS[TakeMeasure].anywhere


def draw(
    request: Req,
    code: str,
    year: int,
    alert: int,
    moment: Moment | None = None,
    sent: str = "",
    form: Form[Any] | None = None,
) -> Response[str]:
    """Draw one alert, with what became of a form where there is one."""
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        found = read.alert(connection, moment.position, place.stream, alert)
        if found is None:
            raise NotFoundException
        history = story.story(connection, moment.position, place.stream, alert=alert)
        agreed = agreements.about(connection, moment.position, code, year, "alert", alert)
        findings = [each for each in read.findings(connection, moment.position, place.stream) if each.alert == alert]
        names = people.names(connection, [found.taker] if found.taker else [])
    return page(
        request,
        "alerta.html",
        part="_alerta.html",
        status=form.status if form else 200,
        moment=moment,
        place=place,
        it=found,
        agreed=agreed,
        history=history,
        findings=findings,
        taker=names.get(found.taker, ""),
        answering=list(held(request.user.dre, day_of(request, moment), code, ANSWER)),
        when=date.fromisoformat,
        forms=forms(sent, form, "recepcion", "medida", "silencio", "cierre"),
        **circumstances(request, moment),
    )


@get(ONE, sync_to_thread=True)
def show(
    request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int], alert: FromPath[int]
) -> Response[str]:
    """Show one alert."""
    return draw(request, code, year, alert, moment)


def _step(noun: str, kind: type[Command], notice: str) -> Any:
    """The changing route of one step; its noun is its address."""

    @post(f"{ONE}/{noun}", opt={"command": kind}, sync_to_thread=True, name=f"alert-{noun}")
    def carry(
        request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int], alert: FromPath[int]
    ) -> Response[Any]:
        form = send(request, raw, kind, stream_of(code, year), alert=alert)
        if not form.done:
            return draw(request, code, year, alert, sent=noun, form=form)
        return redirect(request, f"/ugel/{code}/{year}/alertas/{alert}", notice)

    return carry


ROUTES = [
    show,
    _step("recepcion", AcknowledgeAlert, "La alerta quedó recibida: falta su medida."),
    _step("medida", TakeMeasure, "La alerta quedó con su medida."),
    _step("silencio", SilenceAlert, "La alerta calla hasta ese día; después vuelve a estar abierta."),
    _step("cierre", CloseAlert, "La alerta quedó cerrada."),
]

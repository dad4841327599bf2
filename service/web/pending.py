"""What last year's balance left open, to be continued, closed or dropped with a reason before the plan may be sent."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.aggregates.balance import DisposeItem
from service.ledger import stream_of
from service.projections import balance_page as read
from service.projections.quarter_page import place
from service.web.form import Form, Raw, first
from service.web.page import Moment, Req, page, redirect, send

PLACE = "/ugel/{code:str}/{year:int}/pendientes"
DECISIONS = (
    ("continuar", "Continuar: sigue vigente este año"),
    ("cerrar", "Cerrar: ya se resolvió"),
    ("descartar", "Descartar: ya no corresponde"),
)


def draw(
    request: Req, code: str, year: int, moment: Moment | None = None, form: Form[Any] | None = None, item: str = ""
) -> Response[str]:
    """Draw the list, with what became of the form of one item where there is one."""
    at = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        where = place(connection, at.position, code, year)
        if where is None:
            raise NotFoundException
        last = read.balance(connection, at.position, stream_of(code, year - 1))
        items = read.items(connection, at.position, code, year - 1, last.open_items) if last.status == "closed" else []
    return page(
        request,
        "pendientes.html",
        part="_pendientes.html",
        status=form.status if form else 200,
        moment=at,
        place=where,
        last=last,
        items=items,
        form=form,
        sent=item,
        decisions=DECISIONS,
    )


@get(PLACE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show each open item with its decision, or the form for it."""
    return draw(request, code, year, moment)


@post(f"{PLACE}/decisiones", opt={"command": DisposeItem}, sync_to_thread=True)
def dispose(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Decide what becomes of one item."""
    form = send(request, raw, DisposeItem, stream_of(code, year))
    if form.done:
        return redirect(request, f"/ugel/{code}/{year}/pendientes", "La decisión quedó registrada.")
    return draw(request, code, year, form=form, item=first(raw, "item"))


ROUTES = (show, dispose)

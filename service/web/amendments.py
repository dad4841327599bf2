"""One amendment of a plan: what it would change, in words and side by side, who proposed it, why, and how it was resolved."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import people
from service.aggregates import Command
from service.aggregates.plan_versions import ApproveAmendment, RejectAmendment
from service.ledger import stream_of
from service.projections import unit
from service.projections.quarter_page import place
from service.projections.versions import NOW, past
from service.web import comparing
from service.web.form import Form, Raw
from service.web.page import Moment, Req, page, redirect, send

PLACE = "/ugel/{code:str}/{year:int}/modificaciones/{amendment:int}"


def draw(request: Req, moment: Moment | None = None, form: Form[Any] | None = None, sent: str = "") -> Response[str]:
    """Draw the amendment of the address, with what became of the form that resolves it.

    Raises:
        NotFoundException: it was not proposed by then.

    """
    code, year, number = (request.path_params[name] for name in ("code", "year", "amendment"))
    at, stream = moment or Moment(), stream_of(code, year)
    with request.app.state.database.snapshot() as connection:
        where, found = place(connection, at.position, code, year), past(connection, at.position, stream)
        it = next((each for each in unit.amendments(connection, at.position, stream) if each.amendment == number), None)
        if where is None or it is None:
            raise NotFoundException
        proposal = found.proposals[number]
        end = found.sides.get(str(it.version), found.sides[NOW])
        touched = found.changing(proposal, end)
        groups = comparing.groups(connection, proposal.base, proposal.content, touched)
        deeds = (proposal.proposed, proposal.answered) if proposal.answered else (proposal.proposed,)
        names = people.names(connection, (deed.person for deed in deeds))
    form = form or Form.fresh()
    return page(
        request,
        "modificacion.html",
        part="_modificacion.html",
        status=form.status,
        moment=at,
        place=where,
        it=it,
        proposal=proposal,
        view=comparing.view(groups, request.query_params.get("pagina", "")),
        tally=comparing.tally(proposal.base, proposal.content),
        names=names,
        form=form,
        sent=sent,
    )


@get(PLACE, sync_to_thread=True)
def show(
    request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int], amendment: FromPath[int]
) -> Response[str]:
    """Show an amendment."""
    return draw(request, moment)


def _answer(kind: type[Command], noun: str, notice: str) -> Any:
    """A route that resolves the amendment: the noun is its address."""

    @post(f"{PLACE}/{noun}", opt={"command": kind}, sync_to_thread=True, name=f"amendment-{noun}")
    def carry(
        request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int], amendment: FromPath[int]
    ) -> Response[Any]:
        form = send(request, raw, kind, stream_of(code, year), amendment=amendment)
        return redirect(request, f"/ugel/{code}/{year}", notice) if form.done else draw(request, form=form, sent=noun)

    return carry


ROUTES = (
    show,
    _answer(ApproveAmendment, "aprobacion", "La modificación quedó aprobada."),
    _answer(RejectAmendment, "rechazo", "La modificación quedó rechazada."),
)

"""From a measure of the improvement plan to a commitment that carries it out: it answers the findings of its measure."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.aggregates.commitment import ProposeCommitment
from service.projections import followup_page
from service.projections import improvement_page as read
from service.web import proposing
from service.web.corner import circumstances, find_place
from service.web.form import Form, Raw
from service.web.page import Moment, Req, page, redirect

ONE = "/ugel/{code:str}/{year:int}/mejora/medidas/{measure:int}/compromiso"


def draw(request: Req, code: str, year: int, measure: int, form: Form[Any] | None = None) -> Response[str]:
    """Draw the form; it stands beside the measure and the findings that it answers."""
    moment, kind = Moment(), proposing.kind_of(request, form or Form(), "mejora")
    form = form or proposing.fresh(request, code, kind)
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        it = _measure(connection, place.stream, measure)
        findings = followup_page.findings(connection, moment.position, place.stream)
    return page(
        request,
        "mejora_compromiso.html",
        status=form.status,
        place=place,
        it=it,
        findings=[each for each in findings if each.finding in it.findings],
        kind=kind,
        form=form,
        **proposing.offered(request, moment, code),
        **circumstances(request, moment),
    )


def _measure(connection: Any, stream: str, measure: int) -> read.Measure:
    """A measure in force.

    Raises:
        NotFoundException: there is none of that number.

    """
    known = read.measures(connection, Moment().position, stream)
    found = next((each for each in known if each.measure == measure and not each.dropped), None)
    if found is None:
        raise NotFoundException
    return found


@get(ONE, sync_to_thread=True)
def write(request: Req, code: FromPath[str], year: FromPath[int], measure: FromPath[int]) -> Response[str]:
    """Show the form."""
    return draw(request, code, year, measure)


@post(ONE, opt={"command": ProposeCommitment}, sync_to_thread=True)
def propose(
    request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int], measure: FromPath[int]
) -> Response[Any]:
    """Propose the commitment."""
    with request.app.state.database.snapshot() as connection:
        it = _measure(connection, find_place(connection, Moment(), code, year).stream, measure)
    form = proposing.propose(request, raw, code, year, findings=tuple(it.findings), measure=measure)
    if not form.done:
        return draw(request, code, year, measure, form)
    number = form.done.facts[0].fact.event.commitment
    return redirect(request, f"/compromisos/{code}-{year}-{number}", "El compromiso quedó propuesto: ya se puede firmar.")


ROUTES = (write, propose)

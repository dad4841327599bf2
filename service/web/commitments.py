"""Commitments: the register of all that the filters of the address leave."""

from datetime import date

from litestar import Response, get
from litestar.di import NamedDependency

from service.projections import commitment_page as read
from service.web import commitment, commitment_texts, signing, wording
from service.web.corner import circumstances, day_of, whole
from service.web.page import Moment, Req, page

PER_PAGE = 25
ALIVE = {"proposed", "signed", "declared"}


@get("/compromisos", sync_to_thread=True)
def show_all(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the commitments that the filters of the address leave, the most urgent first."""
    query, day = request.query_params, day_of(request, moment)
    unit, year, state = query.get("ugel", ""), whole(query.get("anio")), query.get("estado", "")
    unit = unit if unit in request.user.dre.units else ""
    with request.app.state.database.snapshot() as connection:
        found = read.commitments(connection, moment.position, unit, year or None)
    shown = sorted((each for each in found if _fits(each, state, day)), key=_urgency)
    pages = max(1, -(-len(shown) // PER_PAGE))
    number = min(max(1, whole(query.get("pagina"))), pages)
    years = sorted({each.year for each in found} | {day.year, *((year,) if year else ())}, reverse=True)
    return page(
        request,
        "compromisos.html",
        part="_compromisos.html",
        moment=moment,
        commitments=shown[(number - 1) * PER_PAGE : number * PER_PAGE],
        total=len(shown),
        number=number,
        pages=pages,
        overdue=sum(each.overdue(day) for each in found),
        unit=unit,
        year=year,
        state=state,
        years=years,
        **circumstances(request, moment),
    )


def _urgency(it: read.Commitment) -> tuple[bool, int]:
    """Those that wait for somebody first, the nearest day first; then those that ended, the latest first."""
    ended = it.status not in ALIVE or bool(it.carried_to)
    return ended, -it.due.toordinal() if ended else it.due.toordinal()


def _fits(it: read.Commitment, state: str, day: date) -> bool:
    if state == "vivos":
        return it.status in ALIVE and not it.carried_to
    return it.state(day) == state if state else True


ROUTES = [show_all, *commitment.ROUTES, *commitment_texts.ROUTES, *signing.ROUTES, *wording.ROUTES]

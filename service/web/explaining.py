"""How any percentage of a quarter was made: of the unit, of a line, of an activity; official or preliminary, at any moment."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import people
from service.aggregates import ROMAN
from service.projections import commitment_page, followup_page, history
from service.web import agreements
from service.web.corner import circumstances, find_place, whole
from service.web.download import XLSX, cutoff
from service.web.page import Moment, Req, page
from service.web.quarter import four, number_of
from service.web.session import Session
from service.web.words import regla
from service.web.working import Asked, Explained, explain
from service.web.working_file import book


def asked(request: Req) -> Asked:
    """Which percentage the address is about."""
    query = request.query_params
    return Asked(query.get("linea"), whole(query.get("actividad")), query.get("meta") == "original", query.get("area", ""))


def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show how it was made, from the figures and the rules it was made from."""
    number, wanted = number_of(request), asked(request)
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        it = explain(connection, moment.position, place, number, wanted)
        agreed = agreements.about(connection, moment.position, code, year, "quarter", number)
        found, commitments = (
            followup_page.findings(connection, moment.position, place.stream, number),
            commitment_page.commitments(connection, moment.position, code, year),
        )
    values: dict[str, Any] = {"place": place, "number": number, "it": it, "asked": wanted, "agreed": agreed}
    values["found"] = _after(it, found, commitments) if it else []
    return page(request, "calificacion.html", moment=moment, **values, **circumstances(request, moment))


def _after(
    it: Explained, found: list[followup_page.Finding], commitments: list[commitment_page.Commitment]
) -> list[tuple[followup_page.Finding, list[commitment_page.Commitment]]]:
    """What followed from a percentage: the findings on its activities, or on the whole of it, with the commitments from each."""
    within = {term.activity for term in it.terms} | (set() if it.name else {0})
    made = [each for each in commitments if not each.origin]
    return [(each, [one for one in made if each.finding in one.findings]) for each in found if each.activity in within]


def export(
    request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]
) -> Response[bytes]:
    """The same as a workbook whose formulas give it again."""
    number, wanted = number_of(request), asked(request)
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        it, head = explain(connection, moment.position, place, number, wanted), history.head(connection, moment.position)
    if it is None:
        raise NotFoundException
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"exportó el cálculo de {code}, {number} trimestre {year}")
    title = f"{place.name}, {ROMAN[number]} trimestre {year}" + (f": {it.name}" if it.name else "")
    notes = (cutoff(head.position, head.at), f"Fórmula: {regla(it.formula)}; {it.scale.label}, versión {it.scale.version}")
    headers = {"content-disposition": f'attachment; filename="calculo-{code}-{year}-t{number}.xlsx"'}
    return Response(book(it, title, notes), media_type=XLSX, headers=headers)


ROUTES = [*four(get, "/calificacion", show), *four(get, "/calificacion.xlsx", export)]

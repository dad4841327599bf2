"""An erratum of an acta as a paper of its own, linked to the acta by its code; the acta itself is never touched."""

from litestar import Response, get
from litestar.exceptions import NotFoundException

from service import papers, people
from service.aggregates import ROMAN
from service.papers import code
from service.projections import session_page as read
from service.web.page import Moment, Req
from service.web.paper import PDF, headed
from service.web.sitting import ONE, both, find, where
from service.web.words import fecha, numero


def paper(request: Req) -> Response[bytes]:
    """The erratum as PDF/A: the same bytes whoever asks; the charge it was recorded in stands on it, no name.

    Raises:
        NotFoundException: the acta has no such erratum.

    """
    at, number, erratum = where(request), request.path_params["number"], request.path_params["erratum"]
    state = request.app.state
    with state.database.snapshot() as connection:
        it = find(connection, Moment(), at, number).it
        found = next(
            (each for each in read.errata(connection, Moment().position, at.stream, number) if each.erratum == erratum), None
        )
    if found is None or it.closed_at is None:
        raise NotFoundException
    acta = code.of_acta(it.stream, it.session, it.closed_at)
    title, subject = f"Fe de erratas n.º {erratum}", f"Acta de la sesión {it.session} de {it.year}"
    data = {
        **headed(state.settings, title, subject, (found.position, found.at), demo=state.demo, letters=acta),
        "facts": [
            ["Acta", f"Sesión {it.kind} del {ROMAN[it.quarter]} trimestre {it.year}, n.º {it.session}"],
            ["Cerrada", f"{fecha(it.closed_at)}; hecho n.º {numero(it.position)}; código {acta}"],
        ],
        "clauses": [["Donde dice", found.says], ["Debe decir", found.should_say], ["Motivo", found.reason]],
        "signatory": "Quien registra la fe de erratas",
    }
    name = f"acta-{'region' if at.regional else at.code}-{at.year}-{number}-errata-{erratum}"
    made = papers.typeset("errata", data, found.at)
    with state.database.connection() as connection:
        people.note_access(connection, request.user.id, f"descargó {name}, hecho n.º {found.position}")
    return Response(made, media_type=PDF, headers={"content-disposition": f'attachment; filename="{name}.pdf"'})


ROUTES = both(get, f"{ONE}/acta/erratas/{{erratum:int}}/papel.pdf", paper)

"""The findings of a unit's year and the critical knots of the region's as files: the rows of the page, with their cut-off."""

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.aggregates import ROMAN
from service.ledger import region_of, stream_of
from service.projections import followup_page, knot_page
from service.web.board_files import both, table_file
from service.web.board_filters import asked_year
from service.web.corner import find_place, office
from service.web.page import Moment, Req
from service.web.session import Session
from service.web.words import fecha
from service.workbook.table import Table

FINDINGS = (
    "Hallazgo",
    "Tipo",
    "Trimestre",
    "Texto",
    "Causa raíz",
    "Actividad",
    "Alerta",
    "Documento",
    "Compromisos",
    "Registró",
    "Registrado",
    "Hecho n.º",
)
KNOTS = (
    "Nudo regional",
    "Texto del nudo",
    "Código",
    "UGEL",
    "Hallazgo",
    "Texto",
    "Causa raíz",
    "Actividad",
    "Trimestre",
    "Compromisos",
)


def findings(
    request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]
) -> Response[bytes]:
    """Every finding of the unit's year."""
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        found = followup_page.findings(connection, moment.position, place.stream)
    rows = [
        (
            each.finding,
            each.kind,
            ROMAN[each.quarter],
            each.text,
            each.cause,
            each.activity_name,
            each.alert or None,
            each.evidence,
            each.commitments,
            office(request.user.dre, each.charge),
            fecha(each.at).replace("\u00a0", " "),
            each.position,
        )
        for each in found
    ]
    table = Table(f"Hallazgos {year}", FINDINGS, rows)
    return table_file(request, session, moment, table, f"hallazgos-{code}-{year}", f"los hallazgos {year} de la unidad {code}")


def knots(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[bytes]:
    """Every critical knot of the year's UGEL, with the regional knot it is in: those first."""
    year, units = asked_year(request), {code: each for code, each in request.user.dre.units.items() if each.kind == "ugel"}
    with request.app.state.database.snapshot() as connection:
        texts = {each.knot: each.text for each in knot_page.knots(connection, moment.position, region_of(year))}
        streams = [stream_of(code, year) for code in sorted(units)]
        found = knot_page.findings(connection, moment.position, region_of(year), streams)
    found.sort(key=lambda each: (not each.knot, each.knot))
    rows = [
        (
            each.knot or None,
            texts.get(each.knot, ""),
            each.unit,
            units[each.unit].name,
            each.finding,
            each.text,
            each.cause,
            each.activity_name,
            ROMAN[each.quarter],
            each.commitments,
        )
        for each in found
    ]
    table = Table(f"Nudos críticos {year}", KNOTS, rows)
    return table_file(request, session, moment, table, f"nudos-{year}", f"los nudos críticos {year}")


ROUTES = (*both("/ugel/{code:str}/{year:int}/hallazgos/exportar", findings), *both("/nudos/exportar", knots))

"""How far the improvement plan of each UGEL has come, on screen and as files."""

from typing import TYPE_CHECKING

from litestar import Response, get
from litestar.di import NamedDependency

from service.aggregates import ROMAN
from service.ledger import stream_of
from service.projections import commitment_page
from service.projections import improvement_page as read
from service.web.board import years
from service.web.board_files import both, table_file
from service.web.board_filters import asked_year
from service.web.corner import circumstances, day_of
from service.web.improvement_document import Progress, born, progress
from service.web.page import Moment, Req, page
from service.web.session import Session
from service.workbook.table import Table

if TYPE_CHECKING:
    from psycopg import Connection

COUNTS = ("Cumplidos y verificados", "Incumplidos", "Por verificar", "En ejecución", "Vencidos", "Por firmar")
HEADS = ("Código", "UGEL", "Nace del trimestre", "Hallazgos", "Con medida", "Medidas", *COUNTS)


def plans(connection: "Connection", request: Req, moment: Moment, year: int) -> list[tuple[read.Line, Progress]]:
    """Each UGEL's plan of the year with what came of the commitments of its measures, wherever they go on."""
    day = day_of(request, moment)
    agreed = [each for each in commitment_page.commitments(connection, moment.position) if each.measure]
    lines = read.region(connection, moment.position, year)
    return [(line, progress(born(agreed, stream_of(line.code, year)), day)) for line in lines]


@get("/mejora", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show how far the plan of each UGEL has come."""
    year, day = asked_year(request), day_of(request, moment)
    with request.app.state.database.snapshot() as connection:
        found = plans(connection, request, moment, year)
        known = years(connection, moment.position, year, day.year)
    return page(request, "mejoras.html", moment=moment, year=year, years=known, plans=found, **circumstances(request, moment))


def export(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[bytes]:
    """The same lines, the commitments of the measures counted by what became of them."""
    year = asked_year(request)
    with request.app.state.database.snapshot() as connection:
        found = plans(connection, request, moment, year)
    rows = [
        (
            *(line.code, line.name, ROMAN[line.quarter] if line.quarter else None, line.findings, line.answered, line.measures),
            *(done.kept, done.broken, done.declared, done.running, done.overdue, done.proposed),
        )
        for line, done in found
    ]
    table = Table(f"Planes de mejora {year}", HEADS, rows)
    return table_file(request, session, moment, table, f"mejora-{year}", f"los planes de mejora {year}")


ROUTES = (show, *both("/mejora/exportar", export))

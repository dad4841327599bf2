"""The trends as files: those of Seguimiento with the commitments by state, and those of each line of action of a unit."""

from collections.abc import Iterable

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.aggregates import ROMAN
from service.web import charts
from service.web.board import OFFICIAL
from service.web.board_files import both, table_file
from service.web.corner import find_place
from service.web.page import Moment, Req
from service.web.session import Session
from service.web.trending import Course, promised, read, read_years, sparks
from service.web.words import LIGHTS
from service.workbook.table import Cell, Table

HEADS = ("Año", "Trimestre", "Avance %", "Semáforo", "Cifra", "Comparación")


def _rows(made: Iterable[Course]) -> list[tuple[Cell, ...]]:
    """A row for each course and quarter, and where it does not compare."""
    return [
        (
            each.code,
            each.name,
            point.year,
            ROMAN[point.quarter],
            point.percent,
            LIGHTS[point.light].word if point.light else "",
            OFFICIAL[point.official] if point.percent is not None else "",
            charts.why(point),
        )
        for each in made
        for point in each.points
    ]


def export(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[bytes]:
    """The trends as their filter shows them, in a workbook with the commitments beside them."""
    asked, _, made, _ = read(request, moment)
    trends = Table(f"Tendencias hasta {asked.year}", ("Código", "Unidad", *HEADS), _rows(made), [asked.words])
    name, what = f"tendencias-{asked.year}", f"las tendencias hasta {asked.year}"
    return table_file(request, session, moment, trends, name, what, _states(request, moment, asked.year, made))


def export_states(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[bytes]:
    """The commitments by state of the same units, alone."""
    asked, _, made, _ = read(request, moment)
    table = _states(request, moment, asked.year, made)
    return table_file(
        request, session, moment, table, f"compromisos-por-estado-{asked.year}", f"los compromisos por estado {asked.year}"
    )


def _states(request: Req, moment: Moment, year: int, made: Iterable[Course]) -> Table:
    with request.app.state.database.snapshot() as connection:
        bars = promised(request, connection, moment, year, made)
    return Table(f"Compromisos por estado {year}", ("Estado", "Cuántos"), [(bar.word, bar.count) for bar in bars])


def export_lines(
    request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]
) -> Response[bytes]:
    """How each line of action of a unit went, as its page draws it."""
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        made = sparks(*read_years(connection, request, moment.position, year, 2), code)
    table = Table(f"{place.name}, líneas de acción hasta {year}", ("Línea", "Nombre", *HEADS), _rows(made))
    return table_file(
        request, session, moment, table, f"tendencias-{code}-{year}", f"las tendencias por línea de {code} hasta {year}"
    )


ROUTES = (
    *both("/seguimiento/tendencias", export),
    *both("/seguimiento/tendencias/compromisos", export_states),
    *both("/ugel/{code:str}/{year:int}/tendencias", export_lines),
)

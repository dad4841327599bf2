"""The coverage of the objectives: objective by line of action and by UGEL, what nobody serves in plain sight, each cell with its activities."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg import Connection

from service import people
from service.ledger import stream_of
from service.projections import alignment as read
from service.projections import history
from service.web.board import years
from service.web.board_filters import asked_year
from service.web.corner import day_of, keep
from service.web.coverage_files import PARTS, separated, tables
from service.web.coverage_matrix import Block, Matrix, blocks, matrix
from service.web.download import cutoff, workbook
from service.web.page import Invalid, Moment, Req, page
from service.web.session import Session


class Coverage(msgspec.Struct, frozen=True):
    """All that the pages show of the plans of a year: by line, by UGEL, by both at once, and each plan as a whole."""

    objectives: list[read.Objective]
    served: list[read.Served]
    standings: list[read.Standing]
    by_line: Matrix
    by_unit: Matrix
    blocks: list[Block]

    @property
    def aligned(self) -> int:
        return sum(each.aligned for each in self.standings)


def coverage(connection: Connection[Any], at: int, year: int, units: Sequence[str], instrument: str = "") -> Coverage:
    """Read the coverage of these units' plans, of one instrument where it is named."""
    streams = [stream_of(code, year) for code in units]
    objectives = [o for o in read.objectives(connection, at, streams) if not instrument or o.instrument == instrument]
    served, standings = read.served(connection, at, streams), read.standings(connection, at, streams)
    lines = read.lines(connection, at, streams)
    heads = [(each.unit, each.name.removeprefix("UGEL "), each.name) for each in standings]
    by_line = matrix(
        objectives, served, [(line.code, line.code, f"{line.name} ({line.kind})") for line in lines], lambda each: each.line
    )
    by_unit = matrix(objectives, served, heads, lambda each: each.unit)
    return Coverage(objectives, served, standings, by_line, by_unit, blocks(by_unit, served, lines))


class Filters(msgspec.Struct, frozen=True):
    """What the address asks for; empty asks for all."""

    year: int
    instrument: str = ""
    unit: str = ""
    moment: str = ""

    def address(self, path: str, **more: str) -> str:
        """The same filters on another address."""
        asked = {"anio": str(self.year), "instrumento": self.instrument, "ugel": self.unit, **more}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" + (f"&{self.moment}" if self.moment else "")


def filters(request: Req, moment: Moment) -> tuple[Filters, list[str]]:
    """Read the filters, and the units they leave.

    Raises:
        Invalid: there is no such UGEL.

    """
    known = sorted(code for code, unit in request.user.dre.units.items() if unit.kind == "ugel")
    asked = request.query_params
    unit = asked.get("ugel", "")
    if unit and unit not in request.user.dre.units:
        message = "Esa UGEL no existe: elija una de la lista."
        raise Invalid(message)
    found = Filters(asked_year(request), asked.get("instrumento", ""), unit, keep(moment).removeprefix("?"))
    return found, [unit] if unit else known


@get("/alineamiento", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the coverage of the region in a year."""
    asked, units = filters(request, moment)
    with request.app.state.database.snapshot() as connection:
        found = coverage(connection, moment.position, asked.year, units, asked.instrument)
        instruments = dict.fromkeys(o.instrument for o in read.objectives(connection, moment.position, []))
        known = years(connection, moment.position, asked.year, day_of(request, moment).year)
    ugels = [(code, unit.name) for code, unit in sorted(request.user.dre.units.items()) if unit.kind == "ugel"]
    return page(
        request,
        "alineamiento.html",
        part="_alineamiento.html",
        moment=moment,
        asked=asked,
        found=found,
        instruments=list(instruments),
        ugels=ugels,
        years=known,
    )


@get("/alineamiento/actividades", sync_to_thread=True)
def behind(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the activities behind a cell, a row or a column."""
    asked, units = filters(request, moment)
    objective, line = (request.query_params.get(name, "") for name in ("objetivo", "linea"))
    streams = [stream_of(code, asked.year) for code in units]
    with request.app.state.database.snapshot() as connection:
        found = read.activities(connection, moment.position, streams, objective, line)
        known = {o.code: o for o in read.objectives(connection, moment.position, streams)}
        lines = {each.code: each for each in read.lines(connection, moment.position, streams)}
    return page(
        request,
        "alineamiento_actividades.html",
        moment=moment,
        asked=asked,
        found=found,
        objective=known.get(objective),
        objective_code=objective,
        line=lines.get(line),
        line_code=line,
        keep=keep(moment),
    )


@get("/alineamiento/{name:str}", sync_to_thread=True)
def export(
    request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], name: FromPath[str]
) -> Response[bytes]:
    """The coverage as its filter shows it: `exportar.xlsx` with all its tables, the detail as `exportar.csv`, line by UGEL as `matriz.csv`.

    Raises:
        Invalid: neither of them.

    """
    if name not in {"exportar.xlsx", *PARTS}:
        message = f"Se exporta como exportar.xlsx, {' o '.join(PARTS)}."
        raise Invalid(message)
    asked, units = filters(request, moment)
    with request.app.state.database.snapshot() as connection:
        found = coverage(connection, moment.position, asked.year, units, asked.instrument)
        head = history.head(connection, moment.position)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"exportó el alineamiento {asked.year}, corte n.º {head.position}")
    if name in PARTS:
        return separated(PARTS[name](found, ()), f"alineamiento-{asked.year}-{name}")
    note = f"Filtro: instrumento {asked.instrument or 'todos'}; UGEL {asked.unit or 'todas'}"
    return workbook(
        f"Alineamiento {asked.year}", tables(found, (cutoff(head.position, head.at), note)), f"alineamiento-{asked.year}.xlsx"
    )


ROUTES = (show, behind, export)

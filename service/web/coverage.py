"""The coverage of the objectives: objective by line of action and by UGEL, what nobody serves in plain sight, each cell with its activities."""

import csv
import io
from collections.abc import Callable, Sequence
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
from service.web.board import asked_year, years
from service.web.corner import day_of, keep
from service.web.download import cutoff, workbook
from service.web.history_file import safe
from service.web.page import Invalid, Moment, Req, page
from service.web.session import Session
from service.workbook.table import Cell, Table


class Column(msgspec.Struct, frozen=True):
    """A column of a matrix: its code, what stands over it, its full name, how many alignments stand in it."""

    code: str
    head: str
    name: str
    total: int


class Row(msgspec.Struct, frozen=True):
    """An objective and how many activities serve it in each column."""

    objective: read.Objective
    cells: list[int]

    @property
    def total(self) -> int:
        return sum(self.cells)


class Matrix(msgspec.Struct, frozen=True):
    columns: list[Column]
    rows: list[Row]

    @property
    def unserved(self) -> list[read.Objective]:
        """The objectives that nobody serves."""
        return [row.objective for row in self.rows if not row.total]

    @property
    def blank(self) -> list[Column]:
        """The columns in which nothing is aligned."""
        return [column for column in self.columns if not column.total]


Heads = Sequence[tuple[str, str, str]]


def matrix(
    objectives: list[read.Objective], served: list[read.Served], heads: Heads, place: Callable[[read.Served], str]
) -> Matrix:
    """Count the activities of each objective under each head (code, text, full name)."""
    counts: dict[tuple[str, str], int] = {}
    for each in served:
        key = (each.objective, place(each))
        counts[key] = counts.get(key, 0) + each.activities
    rows = [Row(o, [counts.get((o.code, code), 0) for code, _, _ in heads]) for o in objectives]
    totals = [sum(row.cells[n] for row in rows) for n in range(len(heads))]
    return Matrix([Column(*head, total) for head, total in zip(heads, totals, strict=True)], rows)


class Coverage(msgspec.Struct, frozen=True):
    """All that the pages show of the plans of a year: both matrices, and each plan as a whole."""

    objectives: list[read.Objective]
    served: list[read.Served]
    standings: list[read.Standing]
    by_line: Matrix
    by_unit: Matrix

    @property
    def aligned(self) -> int:
        return sum(each.aligned for each in self.standings)


def coverage(connection: Connection[Any], at: int, year: int, units: Sequence[str], instrument: str = "") -> Coverage:
    """Read the coverage of these units' plans, of one instrument where it is named."""
    streams = [stream_of(code, year) for code in units]
    objectives = [o for o in read.objectives(connection, at, streams) if not instrument or o.instrument == instrument]
    served, standings = read.served(connection, at, streams), read.standings(connection, at, streams)
    lines = [(line.code, line.code, f"{line.name} ({line.kind})") for line in read.lines(connection, at, streams)]
    heads = [(each.unit, each.name.removeprefix("UGEL "), each.name) for each in standings]
    by_line = matrix(objectives, served, lines, lambda each: each.line)
    by_unit = matrix(objectives, served, heads, lambda each: each.unit)
    return Coverage(objectives, served, standings, by_line, by_unit)


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


def _detail(found: Coverage) -> list[Sequence[Cell]]:
    """A row for each objective, line and UGEL that serves it; the objectives that nobody serves with a zero."""
    names = {each.unit: each.name for each in found.standings}
    rows = list[Sequence[Cell]]()
    for o in found.objectives:
        mine = [each for each in found.served if each.objective == o.code]
        rows += [(o.instrument, o.code, o.text, s.line, s.unit, names[s.unit], s.activities) for s in mine]
        rows += [] if mine else [(o.instrument, o.code, o.text, "", "", "Nadie lo atiende", 0)]
    return rows


def _table(title: str, made: Matrix, notes: Sequence[str]) -> Table:
    heads = ("Instrumento", "Objetivo", "Texto", *(column.head for column in made.columns), "Total")
    rows: list[Sequence[Cell]] = [
        (row.objective.instrument, row.objective.code, row.objective.text, *row.cells, row.total) for row in made.rows
    ]
    totals: tuple[Cell, ...] = ("", "Total", "", *(column.total for column in made.columns), sum(c.total for c in made.columns))
    return Table(title, heads, [*rows, totals], notes)


@get("/alineamiento/{name:str}", sync_to_thread=True)
def export(
    request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], name: FromPath[str]
) -> Response[bytes]:
    """The coverage as its filter shows it: `exportar.xlsx` with both matrices and the detail, `exportar.csv` with the detail.

    Raises:
        Invalid: neither of them.

    """
    if name not in {"exportar.xlsx", "exportar.csv"}:
        message = "Se exporta como exportar.xlsx o exportar.csv."
        raise Invalid(message)
    asked, units = filters(request, moment)
    with request.app.state.database.snapshot() as connection:
        found = coverage(connection, moment.position, asked.year, units, asked.instrument)
        head = history.head(connection, moment.position)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"exportó el alineamiento {asked.year}, corte n.º {head.position}")
    heads, rows, file = (
        ("Instrumento", "Objetivo", "Texto", "Línea", "Código UGEL", "UGEL", "Actividades"),
        _detail(found),
        "alineamiento",
    )
    if name.endswith(".csv"):
        text = io.StringIO()
        told = [[safe(each) if isinstance(each, str) else each for each in row] for row in rows]
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([heads, *told])
        headers = {"content-disposition": f'attachment; filename="{file}-{asked.year}.csv"'}
        return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)
    note = f"Filtro: instrumento {asked.instrument or 'todos'}; UGEL {asked.unit or 'todas'}"
    notes = (cutoff(head.position, head.at), note)
    tables = [
        _table("Objetivo por línea", found.by_line, notes),
        _table("Objetivo por UGEL", found.by_unit, notes),
        Table("Detalle", heads, rows, notes),
    ]
    return workbook(f"Alineamiento {asked.year}", tables, f"{file}-{asked.year}.xlsx")


ROUTES = (show, behind, export)

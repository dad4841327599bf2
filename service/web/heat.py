"""The heat grid of Seguimiento: every UGEL by quarter, or by line of action in one quarter; each row keeps itself fresh."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from service.aggregates import ROMAN
from service.projections import board
from service.projections.remembered import Rules
from service.projections.yearly import Year
from service.settings import LIMA
from service.web.board import Total, region, years
from service.web.board_files import both, table_file
from service.web.board_filters import BY, Filters, filters, line_names, options
from service.web.page import Moment, Req, page
from service.web.session import Session
from service.web.words import LIGHTS
from service.workbook.table import Table


class Column(msgspec.Struct, frozen=True):
    """A column: a quarter, of a line of action where it is one of those."""

    head: str
    name: str
    quarter: int
    line: str


class Row(msgspec.Struct, frozen=True):
    """A unit and its cells, one for each column."""

    line: board.Line
    cells: tuple[board.Cell, ...]


class Grid(msgspec.Struct, frozen=True):
    """The grid: its columns, the rows that the filters keep, and the region below."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Total, ...]


def grid(years: Sequence[Year], asked: Filters, rules: Rules) -> Grid:
    """Lay the grid out; the region counts every UGEL, whatever the filters keep."""
    columns = _columns(years, asked)
    rows = tuple(
        Row(year.line, tuple(year.quarters[each.quarter - 1].seen(each.line, asked.area) for each in columns))
        for year in years
        if asked.keeps(year.line)
    )
    totals = tuple(
        region([year.seen(each.line, asked.area) for year in years], rules.scale, rules.scales)[each.quarter - 1]
        for each in columns
    )
    return Grid(columns, rows, totals)


def _columns(years: Sequence[Year], asked: Filters) -> tuple[Column, ...]:
    if asked.by == "trimestre":
        return tuple(Column(roman, "", n, asked.line) for n, roman in ROMAN.items())
    names, number = line_names(years), asked.quarter or latest(years)
    return tuple(Column(code, name, number, code) for code, name in names.items() if asked.line in {"", code})


def latest(years: Sequence[Year]) -> int:
    """The last quarter that some unit has sent; the first one while nobody has."""
    sent = [cell.quarter for year in years for cell in year.line.cells if cell.light and cell.percent is not None]
    return max(sent, default=1)


def read(request: Req, moment: Moment) -> tuple[Filters, list[Year], Grid]:
    """What the address asks for, the units and their grid."""
    asked = filters(request, moment)
    with request.app.state.database.snapshot() as connection:
        found, rules = request.app.state.region.years(connection, moment.position, asked.year)
    return asked, found, grid(found, asked, rules)


@get("/seguimiento/mapa", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the grid, or with `fila` one of its rows and the region's."""
    asked, found, made = read(request, moment)
    with request.app.state.database.snapshot() as connection:
        known = years(connection, moment.position, asked.year, datetime.now(UTC).astimezone(LIMA).year)
        lines = [year.line for year in found]
        offered = options(request, connection, moment.position, asked, lines)
    values: dict[str, Any] = {
        "made": made,
        "all": sum(line.unit.kind == "ugel" for line in lines),
        "years": known,
        "VIEWS": BY,
        **offered,
    }
    code = request.query_params.get("fila")
    if code:
        row = next((row for row in made.rows if row.line.unit.code == code), None)
        if row is None:
            raise NotFoundException
        return page(request, "_mapa_fila.html", moment=moment, row=row, **values)
    return page(request, "mapa.html", moment=moment, **values)


def export(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[bytes]:
    """The grid as its filter shows it: percentages, and the word of each light beside them."""
    asked, _, made = read(request, moment)
    heads = [text for each in made.columns for text in (f"{each.head} %", f"{each.head} semáforo")]
    rows = [
        (row.line.unit.code, row.line.unit.name, row.line.unit.province, row.line.alerts, *_pairs(row.cells)) for row in made.rows
    ]
    quarter = made.columns[0].quarter if made.columns and asked.by == "linea" else 0
    title = f"Mapa de calor {asked.year}" + (f", {ROMAN[quarter]} trimestre" if quarter else "")
    table = Table(
        title,
        ("Código", "Unidad", "Provincia", "Alertas sin cerrar", *heads),
        [*rows, ("", "Región", "", None, *_pairs(made.totals))],
        [BY[asked.by], asked.words],
    )
    return table_file(request, session, moment, table, f"mapa-{asked.year}", f"el mapa de calor {asked.year}")


def _pairs(cells: Sequence[board.Cell | Total]) -> list[Decimal | str | None]:
    return [value for cell in cells for value in (cell.percent, LIGHTS[cell.light].word if cell.light else "")]


ROUTES = (show, *both("/seguimiento/mapa", export))

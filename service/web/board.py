"""Seguimiento: every UGEL by four quarters, the DRE's own plan apart, the region below; each row keeps itself fresh."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from markupsafe import Markup
from psycopg import Connection

from service.aggregates import ROMAN
from service.aggregates.score import mean
from service.projections import board, scales
from service.projections.catalogue_page import Dues
from service.projections.remembered import Rules
from service.projections.yearly import Figure
from service.settings import LIMA
from service.web.board_files import both, table_file
from service.web.board_filters import Filters, filters, options
from service.web.corner import day_of
from service.web.page import Moment, Req, page
from service.web.session import Session
from service.web.words import LIGHTS, STATES, plural
from service.workbook.table import Table

HEADS = (
    *("Código", "Unidad", "Provincia", "Trimestre", "Estado", "Avance %", "Semáforo", "Cumplidas", "Actividades"),
    *("Cifra", "Enviado", "Alertas sin cerrar", "Avance de la meta original %"),
)
OFFICIAL = {True: "oficial", False: "preliminar"}


class Total(msgspec.Struct, frozen=True):
    """A quarter of the region: mean of the UGEL that count in it, their fulfilled activities, how many scored and closed it.

    It is official when all are scored. It has no light ("") while all that count are still writing.
    """

    percent: Decimal | None
    light: str
    fulfilled: int
    activities: int
    units: int
    scored: int
    closed: int
    official: bool
    original: Decimal | None = None

    @property
    def partial(self) -> str:
        """That only some of the UGEL are scored, and the figure is theirs; empty where none or all are."""
        return f"{self.scored} de {self.units} UGEL calificadas" if self.scored and not self.official else ""


def years(connection: Connection[Any], at: int, *more: int) -> list[int]:
    """The years that some unit had opened by the moment, and `more`, the latest first."""
    query = "select distinct year from read.unit_year where from_pos <= %(at)s and to_pos > %(at)s"
    known = {year for (year,) in connection.execute(query, {"at": at}).fetchall()}
    return sorted(known | set(more), reverse=True)


def against(figure: board.Cell | Figure | Total) -> Decimal | None:
    """The percentage of the original targets: the same one while they are those in force."""
    return figure.percent if figure.original is None else figure.original


def counted(cells: Iterable[board.Cell]) -> list[board.Cell]:
    """Which UGEL make the region's figure: the scored ones; while nobody is scored, those with data, as a preliminary one."""
    known = [cell for cell in cells if cell.percent is not None]
    return [cell for cell in known if cell.official] or known


def region(lines: list[board.Line], scale: scales.Scale, known_scales: Mapping[int, scales.Scale]) -> list[Total]:
    """The region's four quarters, from its UGEL only; one made of scored quarters keeps the scale they were scored with."""
    totals = list[Total]()
    for quarter in range(4):
        cells = [line.cells[quarter] for line in lines if line.unit.kind == "ugel"]
        known = counted(cells)
        average = mean([cell.percent for cell in known if cell.percent is not None])
        lit = any(cell.light for cell in known) or not known
        totals.append(
            Total(
                average,
                board.then(known, scale, known_scales).light(average) if lit else "",
                sum(cell.fulfilled for cell in known),
                sum(cell.activities for cell in known),
                len(cells),
                sum(cell.official for cell in cells),
                sum(cell.state == "closed" for cell in cells),
                bool(cells) and all(cell.official for cell in cells),
                mean([each for cell in known if (each := against(cell)) is not None])
                if any(cell.original is not None for cell in known)
                else None,
            )
        )
    return totals


def late(cell: board.Cell, dues: Dues, today: date) -> str:
    """How late a quarter was sent, or is until today, by the calendar in force when it was closed: «3 días de retraso»."""
    due = dues.of(cell.quarter, cell.closed_at)
    until = cell.submitted_at.astimezone(LIMA).date() if cell.submitted_at else today
    return f"{plural((until - due).days, 'día', 'días')} de retraso" if due and until > due else ""


def drawn(request: Req, asked: Filters, line: board.Line, lates: list[str]) -> Markup:
    """A unit's row, drawn once for all who look at it until something in it changes."""
    state, key = request.app.state, (asked, line, *lates)
    known: Markup | None = state.drawn.get(key)
    return known or state.drawn.keep(key, state.templates.get_template("_seguimiento_celdas.html").module.row(line, asked, lates))


def rows(connection: Connection[Any], request: Req, asked: Filters, moment: Moment) -> tuple[list[board.Line], Rules]:
    """Every unit's row, for the whole plans or the part of them that is asked for, and the rules it was made by."""
    known, at = request.app.state.region, moment.position
    if not asked.part:
        found: tuple[list[board.Line], Rules] = known.board(connection, at, asked.year)
        return found
    years, rules = known.years(connection, at, asked.year)
    return [each.seen(asked.line, asked.area) for each in years], rules


@get("/seguimiento", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the board, or with `fila` one of its rows and the region's."""
    asked, today = filters(request, moment), day_of(request, moment)
    with request.app.state.database.snapshot() as connection:
        lines, rules = rows(connection, request, asked, moment)
        known = years(connection, moment.position, asked.year, datetime.now(UTC).astimezone(LIMA).year)
        offered = options(request, connection, moment.position, asked, lines)
    values: dict[str, Any] = {
        "ugels": [line for line in lines if line.unit.kind == "ugel" and asked.keeps(line)],
        "dre": [line for line in lines if line.unit.kind == "dre" and asked.keeps(line)],
        "totals": region(lines, rules.scale, rules.scales),
        "all": sum(line.unit.kind == "ugel" for line in lines),
        "alerts": sum(line.alerts for line in lines if line.unit.kind == "ugel"),
        "scale": board.then((cell for line in lines for cell in line.cells), rules.scale, rules.scales),
        "drawn": lambda line: drawn(request, asked, line, [late(cell, rules.dues, today) for cell in line.cells]),
        "years": known,
        **offered,
    }
    row = request.query_params.get("fila")
    if row:
        line = next((line for line in lines if line.unit.code == row), None)
        if line is None:
            raise NotFoundException
        return page(request, "_seguimiento_fila.html", moment=moment, line=line, **values)
    return page(request, "seguimiento.html", part="_seguimiento.html", moment=moment, **values)


def export(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[bytes]:
    """The board as its filter shows it, a row for each UGEL and quarter."""
    asked = filters(request, moment)
    with request.app.state.database.snapshot() as connection:
        lines, _ = rows(connection, request, asked, moment)
    cells = [
        (
            line.unit.code,
            line.unit.name,
            line.unit.province,
            ROMAN[cell.quarter],
            STATES["quarter"][cell.word].word,
            cell.percent,
            LIGHTS[cell.light].word if cell.light else "",
            cell.fulfilled,
            cell.activities,
            OFFICIAL[cell.official] if cell.percent is not None else "",
            cell.submitted_at,
            line.alerts,
            against(cell),
        )
        for line in lines
        if asked.keeps(line)
        for cell in line.cells
    ]
    table = Table(f"Seguimiento del PAT {asked.year}", HEADS, cells, [asked.words])
    return table_file(request, session, moment, table, f"seguimiento-{asked.year}", f"el seguimiento {asked.year}")


ROUTES = (show, *both("/seguimiento/exportar", export))

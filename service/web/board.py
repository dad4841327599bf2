"""Seguimiento: every UGEL by four quarters, the DRE's own plan apart, the region below; each row keeps itself fresh."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from markupsafe import Markup
from psycopg import Connection

from service import people
from service.aggregates import FIRST_YEAR, LAST_YEAR
from service.aggregates.score import mean
from service.projections import board, history, scales, summary
from service.projections.catalogue_page import Dues
from service.settings import LIMA
from service.web.corner import day_of, keep
from service.web.download import cutoff, workbook
from service.web.page import Invalid, Moment, Req, page
from service.web.session import Session
from service.web.words import LIGHTS, STATES, plural
from service.workbook.table import Table

QUARTERS = ("I", "II", "III", "IV")
OFFICIAL = {True: "oficial", False: "preliminar"}


class Total(msgspec.Struct, frozen=True):
    """A quarter of the region: mean of the UGEL with data, their fulfilled activities, how many closed it.

    It has no light ("") while all that have data are still writing.
    """

    percent: Decimal | None
    light: str
    fulfilled: int
    activities: int
    reporting: int
    closed: int
    official: bool
    original: Decimal | None = None


class Filters(msgspec.Struct, frozen=True):
    """What the address asks for; empty asks for all. `keep` is what other addresses need to show the same moment."""

    year: int
    province: str = ""
    state: str = ""
    alerts: bool = False
    moment: str = ""
    keep: str = ""

    def keeps(self, line: board.Line) -> bool:
        """Whether the row is wanted: of the province, with some quarter in the state, with open alerts."""
        here = not self.province or line.unit.province == self.province
        reached = not self.state or any(cell.word == self.state for cell in line.cells)
        return here and reached and (line.alerts > 0 or not self.alerts)

    @property
    def words(self) -> str:
        """The filter as a sentence, for a file."""
        state = f"algún trimestre «{STATES['quarter'][self.state].word}»" if self.state else ""
        said = (f"provincia {self.province}" if self.province else "", state, "con alertas abiertas" if self.alerts else "")
        return "Filtro: " + ("; ".join(filter(None, said)) or "ninguno")

    def address(self, path: str, **more: str) -> str:
        """The same filters on another address."""
        alerts = "1" if self.alerts else ""
        asked = {"anio": str(self.year), "provincia": self.province, "estado": self.state, "alertas": alerts, **more}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" + (f"&{self.moment}" if self.moment else "")


def filters(request: Req, at: Moment) -> Filters:
    """Read the filters.

    Raises:
        Invalid: the year or the state makes no sense.

    """
    asked = request.query_params
    state = asked.get("estado", "")
    if state and state not in STATES["quarter"]:
        message = "Ese estado no existe: elija uno de la lista."
        raise Invalid(message)
    moment = urlencode({name: asked[name] for name in ("hasta", "al") if asked.get(name)})
    return Filters(asked_year(request), asked.get("provincia", ""), state, asked.get("alertas") == "1", moment, keep(at))


def asked_year(request: Req) -> int:
    """The year of `anio`, this one where it is missing.

    Raises:
        Invalid: it is not a year.

    """
    text = request.query_params.get("anio") or str(datetime.now(UTC).astimezone(LIMA).year)
    if text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:  # noqa: PLR2004 — as any year of the record
        return int(text)
    message = f"«anio» debe ser un año como 2026; dice «{text[:40]}»."
    raise Invalid(message)


def years(connection: Connection[Any], at: int, *more: int) -> list[int]:
    """The years that some unit had opened by the moment, and `more`, the latest first."""
    query = "select distinct year from read.unit_year where from_pos <= %(at)s and to_pos > %(at)s"
    known = {year for (year,) in connection.execute(query, {"at": at}).fetchall()}
    return sorted(known | set(more), reverse=True)


def against(figure: board.Cell | summary.Figure | Total) -> Decimal | None:
    """The percentage of the original targets: the same one while they are those in force."""
    return figure.percent if figure.original is None else figure.original


def region(lines: list[board.Line], scale: scales.Scale, known_scales: Mapping[int, scales.Scale]) -> list[Total]:
    """The region's four quarters, from its UGEL only; one that all have closed keeps the scale it was scored with."""
    totals = list[Total]()
    for cells in zip(*(line.cells for line in lines if line.unit.kind == "ugel"), strict=True):
        known = [cell.percent for cell in cells if cell.percent is not None]
        average = mean(known)
        lit = any(cell.light for cell in cells if cell.percent is not None) or not known
        totals.append(
            Total(
                average,
                board.then(cells, scale, known_scales).light(average) if lit else "",
                sum(cell.fulfilled for cell in cells if cell.percent is not None),
                sum(cell.activities for cell in cells if cell.percent is not None),
                len(known),
                sum(cell.state == "closed" for cell in cells),
                all(cell.official for cell in cells),
                mean([each for cell in cells if (each := against(cell)) is not None])
                if any(cell.original is not None for cell in cells)
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


@get("/seguimiento", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the board, or with `fila` one of its rows and the region's."""
    asked, at = filters(request, moment), moment.position
    with request.app.state.database.snapshot() as connection:
        lines, rules = request.app.state.region.board(connection, at, asked.year)
        known = years(connection, at, asked.year, datetime.now(UTC).astimezone(LIMA).year)
    today = day_of(request, moment)
    values: dict[str, Any] = {
        "asked": asked,
        "ugels": [line for line in lines if line.unit.kind == "ugel" and asked.keeps(line)],
        "dre": [line for line in lines if line.unit.kind == "dre" and asked.keeps(line)],
        "totals": region(lines, rules.scale, rules.scales),
        "all": sum(line.unit.kind == "ugel" for line in lines),
        "alerts": sum(line.alerts for line in lines if line.unit.kind == "ugel"),
        "scale": board.then((cell for line in lines for cell in line.cells), rules.scale, rules.scales),
        "drawn": lambda line: drawn(request, asked, line, [late(cell, rules.dues, today) for cell in line.cells]),
        "years": known,
        "provinces": sorted({line.unit.province for line in lines if line.unit.province}),
    }
    row = request.query_params.get("fila")
    if row:
        line = next((line for line in lines if line.unit.code == row), None)
        if line is None:
            raise NotFoundException
        return page(request, "_seguimiento_fila.html", moment=moment, line=line, **values)
    return page(request, "seguimiento.html", part="_seguimiento.html", moment=moment, **values)


@get("/seguimiento/exportar.xlsx", sync_to_thread=True)
def export(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[bytes]:
    """The board as its filter shows it, a row for each UGEL and quarter."""
    asked, at = filters(request, moment), moment.position
    with request.app.state.database.snapshot() as connection:
        lines, _ = request.app.state.region.board(connection, at, asked.year)
        head = history.head(connection, at)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"exportó el seguimiento {asked.year}, corte n.º {head.position}")
    heads = ("Código", "Unidad", "Provincia", "Trimestre", "Estado", "Avance %", "Semáforo", "Cumplidas", "Actividades")
    rows = [
        (
            line.unit.code,
            line.unit.name,
            line.unit.province,
            QUARTERS[cell.quarter - 1],
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
    notes = (cutoff(head.position, head.at), asked.words)
    title = f"Seguimiento del PAT {asked.year}"
    table = Table(title, (*heads, "Cifra", "Enviado", "Alertas abiertas", "Avance de la meta original %"), rows, notes)
    return workbook(title, [table], f"seguimiento-{asked.year}.xlsx")


ROUTES = (show, export)

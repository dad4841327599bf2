"""How a percentage of the region was made: those of its scored UGEL, each with its own fact and working; on screen and as a workbook."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from service import people
from service.aggregates import ROMAN
from service.ledger import stream_of
from service.projections import board, history, scales
from service.projections.yearly import scores
from service.web.board import Total, counted, region, rows
from service.web.board_filters import Filters, filters
from service.web.corner import keep
from service.web.download import XLSX, cutoff
from service.web.page import Invalid, Moment, Req, page
from service.web.region_file import book
from service.web.session import Session

if TYPE_CHECKING:
    from decimal import Decimal

    from psycopg import Connection


class Part(msgspec.Struct, frozen=True):
    """A UGEL and what it brings: its percentage and the fact that scored it, 0 where none did; `counts` when it is of those taken."""

    unit: board.Unit
    cell: board.Cell
    counts: bool
    scored_by: int


class Worked(msgspec.Struct, frozen=True):
    """A quarter of the region, and the UGEL it was made of."""

    total: Total
    parts: list[Part]
    scale: scales.Scale

    @property
    def counted(self) -> "list[Decimal]":
        """The percentages that count."""
        return [part.cell.percent for part in self.parts if part.counts and part.cell.percent is not None]

    @property
    def unscored(self) -> list[Part]:
        """The UGEL that wait for their score."""
        return [part for part in self.parts if not part.cell.official]

    @property
    def preliminary(self) -> bool:
        """Whether nobody is scored, so that the figure is of what is reported."""
        return not self.total.scored and self.total.percent is not None


def work(
    connection: "Connection",
    at: int,
    asked: Filters,
    lines: list[board.Line],
    scale: scales.Scale,
    known: Mapping[int, scales.Scale],
) -> Worked:
    """Take a quarter of the region apart."""
    ugels = [line for line in lines if line.unit.kind == "ugel"]
    cells = [line.cells[asked.quarter - 1] for line in ugels]
    taken = counted(cells)
    streams = {stream_of(line.unit.code, asked.year): line.unit.code for line in ugels}
    facts = {
        streams[each.stream]: each.position for each in scores(connection, at, list(streams)) if each.quarter == asked.quarter
    }
    parts = [
        Part(line.unit, cell, any(cell is each for each in taken), facts.get(line.unit.code, 0))
        for line, cell in zip(ugels, cells, strict=True)
    ]
    return Worked(region(lines, scale, known)[asked.quarter - 1], parts, board.then(taken, scale, known))


def read(request: Req, moment: Moment) -> tuple[Filters, Worked, history.Head]:
    """What the address asks for, taken apart.

    Raises:
        Invalid: there is no such quarter.

    """
    asked = filters(request, moment)
    if not asked.quarter:
        message = "El trimestre debe ser un número de 1 a 4."
        raise Invalid(message)
    with request.app.state.database.snapshot() as connection:
        lines, rules = rows(connection, request, asked, moment)
        found = work(connection, moment.position, asked, lines, rules.scale, rules.scales)
        return asked, found, history.head(connection, moment.position)


@get("/seguimiento/calculo", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the working of a quarter of the region."""
    asked, it, _ = read(request, moment)
    return page(request, "region_calculo.html", moment=moment, asked=asked, number=asked.quarter, it=it, keep=keep(moment))


@get("/seguimiento/calculo.xlsx", sync_to_thread=True)
def export(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[bytes]:
    """The same as a workbook whose formulas give it again."""
    asked, it, head = read(request, moment)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"exportó el cálculo de la región, {asked.quarter} trimestre {asked.year}")
    title = f"Región, {ROMAN[asked.quarter]} trimestre {asked.year}"
    notes = (cutoff(head.position, head.at), f"{asked.words}; {it.scale.label}, versión {it.scale.version}")
    headers = {"content-disposition": f'attachment; filename="calculo-region-{asked.year}-t{asked.quarter}.xlsx"'}
    return Response(book(it, title, notes), media_type=XLSX, headers=headers)


ROUTES = (show, export)

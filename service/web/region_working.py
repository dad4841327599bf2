"""How a percentage of the region was made: those of its UGEL, each with its own working."""

from decimal import Decimal

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from service.projections import board, scales
from service.web.board import Total, region, rows
from service.web.board_filters import filters
from service.web.corner import keep
from service.web.page import Invalid, Moment, Req, page


class Part(msgspec.Struct, frozen=True):
    """A UGEL and what it brings: its percentage, None where it has none and is left out."""

    unit: board.Unit
    cell: board.Cell


class Worked(msgspec.Struct, frozen=True):
    """A quarter of the region, and the UGEL it was made of."""

    total: Total
    parts: list[Part]
    scale: scales.Scale

    @property
    def counted(self) -> list[Decimal]:
        """The percentages that there are."""
        return [part.cell.percent for part in self.parts if part.cell.percent is not None]


@get("/seguimiento/calculo", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the working of a quarter of the region.

    Raises:
        Invalid: there is no such quarter.

    """
    asked = filters(request, moment)
    number = asked.quarter
    if not number:
        message = "El trimestre debe ser un número de 1 a 4."
        raise Invalid(message)
    with request.app.state.database.snapshot() as connection:
        lines, rules = rows(connection, request, asked, moment)
    parts = [Part(line.unit, line.cells[number - 1]) for line in lines if line.unit.kind == "ugel"]
    scale = board.then((part.cell for part in parts), rules.scale, rules.scales)
    worked = Worked(region(lines, rules.scale, rules.scales)[number - 1], parts, scale)
    return page(request, "region_calculo.html", moment=moment, asked=asked, number=number, it=worked, keep=keep(moment))


ROUTES = (show,)

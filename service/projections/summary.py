"""A unit's year at a glance, at any position: its quarters, and each line of action by quarter."""

from typing import Any

import msgspec
from psycopg import Connection

from service.projections import board, formulas, scales, unit, yearly
from service.projections.yearly import Figure


class LineFigures(msgspec.Struct, frozen=True):
    """A line of action and its four quarters."""

    code: str
    kind: str
    name: str
    quarters: tuple[Figure, ...]


class Summary(msgspec.Struct, frozen=True):
    """The year of a unit in numbers: the plan's head, four quarters, and its lines."""

    head: unit.Head | None
    cells: tuple[board.Cell, ...]
    lines: tuple[LineFigures, ...]
    scale: scales.Scale


def summary(connection: Connection[Any], at: int, stream: str) -> Summary:
    """The year's numbers at the moment."""
    scale = scales.scale(connection, at)
    quarters = yearly.quarters(connection, at, [stream], scale, formulas.formulas(connection, at))[stream]
    made = [
        LineFigures(line.code, line.kind, line.name, tuple(quarter.figure(line.code) for quarter in quarters))
        for line in unit.lines(connection, at, stream)
    ]
    return Summary(unit.head(connection, at, stream), tuple(quarter.cell for quarter in quarters), tuple(made), scale)

"""A unit's year at a glance, at any position: its quarters, and each line of action by quarter."""

from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.score import round2
from service.projections import board, unit
from service.projections.reading import rows


class Figure(msgspec.Struct, frozen=True):
    """A quarter of a line: the mean of its activities' percentages; `official` when taken from the frozen score.

    `original` is the mean of what the targets approved first give, None while they are those in force.
    """

    percent: Decimal | None
    light: str
    activities: int
    reported: int
    official: bool
    original: Decimal | None = None


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
    scale: board.Scale


class Frozen(msgspec.Struct, frozen=True):
    """The official score of a quarter, activity by activity, and the version of the scale that gave its lights."""

    quarter: int
    scale: int
    lines: dict[str, Any]


class _Placed(msgspec.Struct, frozen=True):
    activity: int
    line: str


def summary(connection: Connection[Any], at: int, stream: str) -> Summary:
    """The year's numbers at the moment."""
    scale, shares = board.scale(connection, at), board.shares(connection, at, [stream])
    first = board.first_approved(connection, at, [stream])
    original = board.originals(connection, at, first)
    cells = board.cells(shares, board.officials(connection, at, [stream]), original, scale)
    was_placed = _placed(connection, first[stream], stream) if first else {}
    figures = {(share.quarter, share.activity): (share.percent, share.reported) for share in shares}
    scales = [scale] * 4
    for quarter, frozen in scores(connection, at, stream).items():
        figures = {key: value for key, value in figures.items() if key[0] != quarter}
        figures |= {(quarter, int(n)): (Decimal(str(line["percent"])), line["reported"]) for n, line in frozen.lines.items()}
        scales[quarter - 1] = board.scale_of(connection, frozen.scale)
    placed = _placed(connection, at, stream)
    made = [
        LineFigures(
            line.code,
            line.kind,
            line.name,
            tuple(
                msgspec.structs.replace(
                    _figure(figures, placed.get(line.code, []), cell, scaled),
                    original=board.reached(
                        [s for s in original if s.quarter == cell.quarter and s.activity in was_placed.get(line.code, [])]
                    ),
                )
                for cell, scaled in zip(cells, scales, strict=True)
            ),
        )
        for line in unit.lines(connection, at, stream)
    ]
    return Summary(unit.head(connection, at, stream), cells, tuple(made), scale)


def _figure(
    figures: dict[tuple[int, int], tuple[Decimal, int]], activities: list[int], cell: board.Cell, scale: board.Scale
) -> Figure:
    found = [figures[cell.quarter, n] for n in activities if (cell.quarter, n) in figures]
    reported = sum(1 for _, count in found if count)
    percent = round2(sum((share for share, _ in found), Decimal(0)) / len(found)) if reported else None
    light = scale.light(percent) if cell.light or percent is None else ""
    return Figure(percent, light, len(found), reported, cell.official)


def scores(connection: Connection[Any], at: int, stream: str) -> dict[int, Frozen]:
    """The official scores that stand at the moment, by quarter."""
    query = """select quarter, scale, coalesce(lines, '{}') as lines from read.quarter where stream = %(stream)s
      and status in ('scored', 'closed') and percent is not null and from_pos <= %(at)s and to_pos > %(at)s"""
    return {each.quarter: each for each in rows(connection, Frozen, query, at=at, stream=stream)}


def _placed(connection: Connection[Any], at: int, stream: str) -> dict[str, list[int]]:
    query = "select activity, line from read.activity where stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s"
    placed: dict[str, list[int]] = {}
    for each in rows(connection, _Placed, query, at=at, stream=stream):
        placed.setdefault(each.line, []).append(each.activity)
    return placed

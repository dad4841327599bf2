"""A unit's year at a glance, at any position: its quarters, and each line of action by quarter."""

from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.catalogue_content import Weights
from service.projections import board, scales, unit
from service.projections.reading import rows
from service.projections.shares import Share, reached


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
    scale: scales.Scale


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
    figures = board.figures(connection, at, stream)
    placed, was_placed = (_placed(connection, position, stream) for position in (at, figures.first))
    shares, known = figures.shares, [figures.scale] * 4
    for quarter, frozen in scores(connection, at, stream).items():
        shares = [*(share for share in shares if share.quarter != quarter), *_frozen(stream, frozen)]
        known[quarter - 1] = scales.scale_of(connection, frozen.scale)
    made = list[LineFigures]()
    for line in unit.lines(connection, at, stream):
        mine = [msgspec.structs.replace(s, kind=line.kind) for s in shares if s.activity in placed.get(line.code, [])]
        first = [share for share in figures.original if share.activity in was_placed.get(line.code, [])]
        quarters = zip(figures.cells, known, figures.weights, strict=True)
        made.append(LineFigures(line.code, line.kind, line.name, tuple(_figure(mine, first, *each) for each in quarters)))
    return Summary(unit.head(connection, at, stream), figures.cells, tuple(made), figures.scale)


def _frozen(stream: str, score: Frozen) -> list[Share]:
    """The activities of an official score."""
    return [
        Share(stream, score.quarter, int(number), Decimal(str(line["percent"])), line["tasks"], line["reported"], "")
        for number, line in score.lines.items()
    ]


def _figure(shares: list[Share], original: list[Share], cell: board.Cell, scale: scales.Scale, weights: Weights) -> Figure:
    """A quarter of a line, from its activities: by the same formula as the whole unit."""
    found, first = ([share for share in each if share.quarter == cell.quarter] for each in (shares, original))
    percent = reached(found, weights)
    light = scale.light(percent) if cell.light or percent is None else ""
    reported = sum(1 for share in found if share.reported)
    return Figure(percent, light, len(found), reported, cell.official, reached(first, weights))


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

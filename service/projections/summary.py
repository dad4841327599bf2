"""A unit's year at a glance, at any position: its quarters, and each line of action by quarter."""

from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.catalogue_content import Weights
from service.projections import board, scales, unit
from service.projections.quarter import STATUS
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
    """The official score of a quarter, activity by activity, the version of the scale that gave its lights, and its fact."""

    quarter: int
    scale: int
    position: int
    lines: dict[str, Any]


class _Placed(msgspec.Struct, frozen=True):
    activity: int
    line: str
    kind: str


def summary(connection: Connection[Any], at: int, stream: str) -> Summary:
    """The year's numbers at the moment."""
    figures = board.figures(connection, at, stream)
    shares, known = figures.shares, [figures.scale] * 4
    for quarter, frozen in scores(connection, at, stream).items():
        shares = [*(share for share in shares if share.quarter != quarter), *_frozen(connection, stream, frozen)]
        known[quarter - 1] = scales.scale_of(connection, frozen.scale)
    made = list[LineFigures]()
    for line in unit.lines(connection, at, stream):
        mine, first = ([share for share in each if share.line == line.code] for each in (shares, figures.original))
        quarters = zip(figures.cells, known, figures.weights, strict=True)
        made.append(LineFigures(line.code, line.kind, line.name, tuple(_figure(mine, first, *each) for each in quarters)))
    return Summary(unit.head(connection, at, stream), figures.cells, tuple(made), figures.scale)


def _frozen(connection: Connection[Any], stream: str, score: Frozen) -> list[Share]:
    """The activities of an official score, in the lines they were of when it was given."""
    query = """select a.activity, a.line, coalesce(l.kind, '') as kind from read.activity a
      left join read.line l on l.stream = a.stream and l.code = a.line and l.from_pos <= %(at)s and l.to_pos > %(at)s
      where a.stream = %(stream)s and a.from_pos <= %(at)s and a.to_pos > %(at)s"""
    placed = {each.activity: each for each in rows(connection, _Placed, query, at=score.position, stream=stream)}
    made = list[Share]()
    for name, line in score.lines.items():
        where, number = placed[int(name)], int(name)
        values = Decimal(str(line["percent"])), line["tasks"], line["reported"]
        made.append(Share(stream, score.quarter, number, *values, where.line, where.kind))
    return made


def _figure(shares: list[Share], original: list[Share], cell: board.Cell, scale: scales.Scale, weights: Weights) -> Figure:
    """A quarter of a line, from its activities: by the same formula as the whole unit."""
    found, first = ([share for share in each if share.quarter == cell.quarter] for each in (shares, original))
    percent = reached(found, weights)
    light = scale.light(percent) if cell.light or percent is None else ""
    reported = sum(1 for share in found if share.reported)
    return Figure(percent, light, len(found), reported, cell.official, reached(first, weights))


def scores(connection: Connection[Any], at: int, stream: str) -> dict[int, Frozen]:
    """The official scores that stand at the moment, by quarter."""
    query = f"""select q.quarter, q.scale, coalesce(q.lines, '{{}}') as lines, coalesce((select max(h.from_pos) from read.history h
        where h.stream = q.stream and h.type = 'quarter-scored' and h.quarter = q.quarter and h.from_pos <= %(at)s), 0) as position
      from read.quarter q where q.stream = %(stream)s
      and {STATUS} in ('scored', 'closed') and q.percent is not null and q.from_pos <= %(at)s and q.to_pos > %(at)s"""
    return {each.quarter: each for each in rows(connection, Frozen, query, at=at, stream=stream)}

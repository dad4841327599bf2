"""A unit's year by quarter with the activities that its percentages are made of: as a score froze them, else as the figures say."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from psycopg import Connection

from service.aggregates.catalogue_content import Weights
from service.aggregates.score import round2
from service.projections import board, scales
from service.projections.formulas import Formulas
from service.projections.quarter import STATUS
from service.projections.reading import STANDING, rows
from service.projections.shares import Share, reached

T = TypeVar("T", bound=msgspec.Struct)


class Figure(msgspec.Struct, frozen=True):
    """A quarter of a part of the plan: the mean of its activities' percentages; `official` when taken from the frozen score.

    `original` is the mean of what the targets approved first give, None while they are those in force.
    """

    percent: Decimal | None
    light: str
    activities: int
    reported: int
    official: bool
    original: Decimal | None = None


class Frozen(msgspec.Struct, frozen=True):
    """The official score of a quarter, activity by activity, the version of the scale that gave its lights, and its fact."""

    stream: str
    quarter: int
    scale: int
    formula: str
    position: int
    lines: dict[str, Any]


class Line(msgspec.Struct, frozen=True):
    """A line of action of a plan, with the name that the catalogue gave its code then; empty where it does not know it."""

    code: str
    kind: str
    name: str
    listed: str


class Quarter(msgspec.Struct, frozen=True):
    """A quarter and what it is read by: the scale, the weights and the name of the formula, the lines of the plan as they were."""

    cell: board.Cell
    scale: scales.Scale
    weights: Weights
    formula: str
    lines: Mapping[str, Line]
    parts: tuple[Share, ...]
    original: tuple[Share, ...]

    def figure(self, line: str = "", area: str = "") -> Figure:
        """The part of the plan that is of a line, of an area, of both; all of it by default: by the same formula as the whole."""
        found, first = ([share for share in each if _of(share, line, area)] for each in (self.parts, self.original))
        percent = reached(found, self.weights)
        light = self.scale.light(percent) if self.cell.light or percent is None else ""
        reported = sum(1 for share in found if share.reported)
        return Figure(percent, light, len(found), reported, self.cell.official, reached(first, self.weights))

    def seen(self, line: str = "", area: str = "") -> board.Cell:
        """The cell of the board for a part of the plan; it has no light where nothing of the part was programmed."""
        if not line and not area:
            return self.cell
        figure = self.figure(line, area)
        done = [share for share in self.parts if _of(share, line, area) and share.reported]
        return msgspec.structs.replace(
            self.cell,
            percent=figure.percent,
            light=figure.light if figure.activities else "",
            fulfilled=sum(self.scale.light(round2(share.percent)) == "fulfilled" for share in done),
            activities=figure.activities,
            original=figure.original,
        )

    def definition(self, line: str = "") -> dict[str, str]:
        """What the percentage means, by subject: two quarters compare where all of it is the same.

        Weights say nothing within a line: all of its activities weigh the same.
        """
        scale = f"{self.scale.label}, versión {self.scale.version}"
        if not line:
            return {"la escala": scale, "la fórmula": self.formula}
        known = self.lines.get(line)
        plan, listed = (f"{known.kind}: {known.name}", known.listed) if known else ("", "")
        return {"la escala": scale, "la línea del plan": plan, "la línea del catálogo": listed}


class Year(msgspec.Struct, frozen=True):
    """A unit's row of the board and its four quarters in depth."""

    line: board.Line
    quarters: tuple[Quarter, ...]

    def seen(self, line: str = "", area: str = "") -> board.Line:
        """The row for a part of the plan."""
        return msgspec.structs.replace(self.line, cells=tuple(each.seen(line, area) for each in self.quarters))


class _Placed(msgspec.Struct, frozen=True):
    stream: str
    quarter: int
    activity: int
    line: str
    kind: str
    area: str


class _Named(msgspec.Struct, frozen=True):
    stream: str
    quarter: int
    code: str
    kind: str
    name: str
    listed: str


def _of(share: Share, line: str, area: str) -> bool:
    return line in {"", share.line} and area in {"", share.area}


def quarters(
    connection: Connection[Any], at: int, streams: list[str], current: scales.Scale, formed: Formulas
) -> dict[str, tuple[Quarter, ...]]:
    """The four quarters of each stream."""
    known, made = scales.published(connection), board.material(connection, at, streams)
    frozen = scores(connection, at, streams)
    parts, lines = _parts(connection, frozen), _lines(connection, at, streams, frozen)
    official = {(each.stream, each.quarter): each for each in frozen}

    def quarter(stream: str, cell: board.Cell, weights: Weights) -> Quarter:
        key = stream, cell.quarter
        score = official.get(key)
        loose, first = (
            tuple(share for share in each.get(stream, ()) if share.quarter == cell.quarter)
            for each in (made.shares, made.original)
        )
        scale, formula = (known.get(score.scale, current), score.formula) if score else (current, formed.name)
        return Quarter(cell, scale, weights, formula, lines.get(key, {}), tuple(parts.get(key, ())) if score else loose, first)

    return {
        stream: tuple(
            quarter(stream, cell, weights)
            for cell, weights in zip(
                made.cells(stream, current, formed), board.weighing(made.official.get(stream, []), formed), strict=True
            )
        )
        for stream in streams
    }


def scores(connection: Connection[Any], at: int, streams: list[str]) -> list[Frozen]:
    """The official scores that stand at the moment."""
    query = f"""select q.stream, q.quarter, q.scale, q.formula, coalesce(q.lines, '{{}}') as lines,
      coalesce((select max(h.from_pos) from read.history h
        where h.stream = q.stream and h.type = 'quarter-scored' and h.quarter = q.quarter and h.from_pos <= %(at)s), 0) as position
      from read.quarter q where q.stream = any(%(streams)s)
      and {STATUS} in ('scored', 'closed') and q.percent is not null and q.from_pos <= %(at)s and q.to_pos > %(at)s"""
    return rows(connection, Frozen, query, at=at, streams=streams)


def _parts(connection: Connection[Any], frozen: Iterable[Frozen]) -> dict[tuple[str, int], list[Share]]:
    """The activities of official scores, in the lines and areas they were of when it was given."""
    query = """select f.stream, f.quarter, a.activity, a.line, coalesce(l.kind, '') as kind, a.area
      from unnest(%(streams)s::text[], %(quarters)s::int[], %(positions)s::bigint[]) as f (stream, quarter, position)
      join read.activity a on a.stream = f.stream and a.from_pos <= f.position and a.to_pos > f.position
      left join read.line l on l.stream = a.stream and l.code = a.line and l.from_pos <= f.position and l.to_pos > f.position"""
    given = list(frozen)
    found = _at(connection, _Placed, query, [(each.stream, each.quarter, each.position) for each in given])
    placed = {(each.stream, each.quarter, each.activity): each for each in found}
    made = dict[tuple[str, int], list[Share]]()
    for score in given:
        key = score.stream, score.quarter
        for name, line in score.lines.items():
            where = placed[*key, int(name)]
            percent, (stream, quarter) = Decimal(str(line["percent"])), key
            share = Share(
                stream, quarter, int(name), percent, line["tasks"], line["reported"], where.line, where.kind, where.area
            )
            made.setdefault(key, []).append(share)
    return made


def _lines(
    connection: Connection[Any], at: int, streams: list[str], frozen: Iterable[Frozen]
) -> dict[tuple[str, int], dict[str, Line]]:
    """The lines of action of each quarter, as the plan and the catalogue had them when it was scored, else at the moment."""
    query = """select f.stream, f.quarter, l.code, l.kind, l.name, coalesce(c.name, '') as listed
      from unnest(%(streams)s::text[], %(quarters)s::int[], %(positions)s::bigint[]) as f (stream, quarter, position)
      join read.line l on l.stream = f.stream and l.from_pos <= f.position and l.to_pos > f.position
      left join read.catalogue_line c on c.stream = %(standing)s and c.code = l.code
        and c.from_pos <= f.position and c.to_pos > f.position"""
    official = {(each.stream, each.quarter): each.position for each in frozen}
    places = [(stream, quarter, official.get((stream, quarter), at)) for stream in streams for quarter in range(1, 5)]
    named = _at(connection, _Named, query, places)
    made = dict[tuple[str, int], dict[str, Line]]()
    for each in named:
        made.setdefault((each.stream, each.quarter), {})[each.code] = Line(each.code, each.kind, each.name, each.listed)
    return made


def _at(connection: Connection[Any], kind: type[T], query: str, places: list[tuple[str, int, int]]) -> list[T]:
    """The rows of a query that looks at each stream at a position of its own."""
    streams, quarters, positions = ([each[n] for each in places] for n in range(3))
    values = {"streams": streams, "quarters": quarters, "positions": positions, "standing": STANDING}
    return rows(connection, kind, query, **values) if places else []

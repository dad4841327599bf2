"""The regional board: every unit by four quarters, with lights, states and open alerts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from psycopg import Connection

from service.aggregates.catalogue_content import Weights
from service.aggregates.score import round2
from service.projections.formulas import Formulas, formulas
from service.projections.quarter import STATUS, WORD
from service.projections.reading import STANDING, rows
from service.projections.scales import Scale, scale
from service.projections.shares import Share, first_approved, originals, reached, shares


class Unit(msgspec.Struct, frozen=True):
    """A unit of the region, with its plan of the year asked for (status empty when the year is not open)."""

    code: str
    name: str
    kind: str
    province: str
    plan_status: str
    plan_version: int


class Official(msgspec.Struct, frozen=True):
    """A quarter as its own facts left it: state, and the official score where there is one."""

    stream: str
    quarter: int
    status: str
    submitted_at: datetime | None
    percent: Decimal | None
    light: str
    fulfilled: int
    activities: int
    scale: int
    formula: str
    position: int
    word: str

    @property
    def stands(self) -> bool:
        """Whether its official score stands."""
        return self.status in {"scored", "closed"} and self.percent is not None


T = TypeVar("T", Share, Official)


class Cell(msgspec.Struct, frozen=True):
    """A quarter of a unit: state, percentage and light; `official` when it was scored, else computed at the moment.

    What is still being written has a percentage and no light (""): nobody has said yet that it is all. `original` is the
    percentage of the targets approved first, None while they are those in force. An official one names the version of its
    scale; a closed one the fact from which its words and rules stay. `word` is its state as people are told.
    """

    quarter: int
    state: str
    word: str
    percent: Decimal | None
    light: str
    fulfilled: int
    activities: int
    official: bool
    submitted_at: datetime | None = None
    original: Decimal | None = None
    scale: int = 0
    closed_at: int = 0


class Line(msgspec.Struct, frozen=True):
    """A unit's row of the board."""

    unit: Unit
    cells: tuple[Cell, ...]
    alerts: int


def units(connection: Connection[Any], at: int, year: int) -> list[Unit]:
    """The units registered at the moment, the DRE last."""
    query = """select u.code, u.name, u.kind, u.province, coalesce(y.plan_status, '') as plan_status,
      coalesce(y.plan_version, 0) as plan_version
      from read.unit u
      left join read.unit_year y on y.stream = 'unit/' || u.code || '/' || %(year)s::text
        and y.from_pos <= %(at)s and y.to_pos > %(at)s
      where u.stream = %(stream)s and u.from_pos <= %(at)s and u.to_pos > %(at)s
      order by u.kind desc, u.code"""
    return rows(connection, Unit, query, stream=STANDING, at=at, year=year)


def officials(connection: Connection[Any], at: int, streams: list[str]) -> list[Official]:
    """The quarters of the streams that were ever sent."""
    query = f"""select stream, quarter, {STATUS} as status, submitted_at, percent, light, fulfilled, activities, scale,
      formula, from_pos as position, {WORD} as word from read.quarter q
      where stream = any(%(streams)s) and from_pos <= %(at)s and to_pos > %(at)s"""
    return rows(connection, Official, query, at=at, streams=streams)


class Material(msgspec.Struct, frozen=True):
    """What percentages are made from, by stream: shares of the targets in force and of those approved first, official scores.

    `first` is where the first version of an amended plan was approved.
    """

    shares: dict[str, list[Share]]
    official: dict[str, list[Official]]
    original: dict[str, list[Share]]
    first: dict[str, int]

    def cells(self, stream: str, scaled: Scale, formed: Formulas) -> tuple[Cell, ...]:
        """The four quarters of a stream."""
        official = self.official.get(stream, [])
        return cells(self.shares.get(stream, []), official, self.original.get(stream, []), scaled, formed)


def material(connection: Connection[Any], at: int, streams: list[str]) -> Material:
    """Read what the percentages of these streams are made from."""
    first = first_approved(connection, at, streams)
    found, official = shares(connection, at, streams), officials(connection, at, streams)
    return Material(_grouped(found), _grouped(official), _grouped(originals(connection, at, first)), first)


class Figures(msgspec.Struct, frozen=True):
    """All percentages of a unit's year at a moment, with what they were made from.

    `weights` has those of each quarter: of its official score where one stands, else in force; `first` is where the first
    version of the plan was approved, 0 while it is the one in force.
    """

    scale: Scale
    formulas: Formulas
    weights: tuple[Weights, ...]
    shares: list[Share]
    original: list[Share]
    first: int
    cells: tuple[Cell, ...]


def figures(connection: Connection[Any], at: int, stream: str) -> Figures:
    """Read the percentages of a unit's year."""
    scaled, formed, made = scale(connection, at), formulas(connection, at), material(connection, at, [stream])
    weights = weighing(made.official.get(stream, []), formed)
    found, original = made.shares.get(stream, []), made.original.get(stream, [])
    return Figures(scaled, formed, weights, found, original, made.first.get(stream, 0), made.cells(stream, scaled, formed))


def weighing(official: list[Official], formed: Formulas) -> tuple[Weights, ...]:
    """The weights of the four quarters: what was scored keeps those of its score."""
    scored = {each.quarter: formed.of(each.formula) for each in official if each.stands}
    return tuple(scored.get(n, formed.current) for n in range(1, 5))


def cells(
    found: list[Share], official: list[Official], original: list[Share], scaled: Scale, formed: Formulas
) -> tuple[Cell, ...]:
    """The four quarters of a unit, from its shares, its own facts and its shares of the original targets."""
    known = {each.quarter: each for each in official}
    made = list[Cell]()
    for n, weights in enumerate(weighing(official, formed), 1):
        mine, first = ([share for share in shares if share.quarter == n] for shares in (found, original))
        made.append(msgspec.structs.replace(_cell(n, known.get(n), mine, scaled, weights), original=reached(first, weights)))
    return tuple(made)


def _cell(quarter: int, official: Official | None, found: list[Share], scaled: Scale, weights: Weights) -> Cell:
    """One cell: the official score while it stands, else what the figures say."""
    status = official.status if official else ""
    sent = official.submitted_at if official else None
    if official and official.stands:
        counts = official.fulfilled, official.activities
        closed = official.position if status == "closed" else 0
        return Cell(
            quarter,
            status,
            official.word,
            official.percent,
            official.light,
            *counts,
            official=True,
            submitted_at=sent,
            scale=official.scale,
            closed_at=closed,
        )
    percent = reached(found, weights)
    fulfilled = sum(scaled.light(round2(share.percent)) == "fulfilled" for share in found if share.reported)
    state = status or ("draft" if percent is not None else "none")
    light = "" if state == "draft" else scaled.light(percent)
    word = official.word if official else state
    return Cell(quarter, state, word, percent, light, fulfilled, len(found), official=False, submitted_at=sent)


def then(made: Iterable[Cell], current: Scale, known: Mapping[int, Scale]) -> Scale:
    """The scale for figures made of these cells: the newest that they were scored with, the current one while any is open."""
    with_data = [cell for cell in made if cell.percent is not None]
    if not with_data or not all(cell.official for cell in with_data):
        return current
    return known.get(max(cell.scale for cell in with_data), current)


def _grouped(found: list[T]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for each in found:
        groups.setdefault(each.stream, []).append(each)
    return groups


def board(
    connection: Connection[Any], at: int, year: int, scaled: Scale | None = None, formed: Formulas | None = None
) -> list[Line]:
    """All units of the region in a year at a moment; by other rules than those in force where they are given."""
    known, scaled, formed = units(connection, at, year), scaled or scale(connection, at), formed or formulas(connection, at)
    return lines(connection, at, year, known, scaled, formed)


def lines(connection: Connection[Any], at: int, year: int, known: list[Unit], scaled: Scale, formed: Formulas) -> list[Line]:
    """The rows of these units."""
    streams = {f"unit/{unit.code}/{year}": unit for unit in known}
    made = material(connection, at, list(streams))
    alerts = dict(
        connection.execute(
            """select stream, count(*)::int from read.alert where stream = any(%(streams)s) and status <> 'closed'
            and from_pos <= %(at)s and to_pos > %(at)s group by stream""",
            {"streams": list(streams), "at": at},
        ).fetchall()
    )
    return [Line(unit, made.cells(stream, scaled, formed), alerts.get(stream, 0)) for stream, unit in streams.items()]

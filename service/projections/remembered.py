"""What was read of the region's units, kept in memory: a position never changes, so what was read at it stays true.

A unit's year depends on its own facts, on the standing ones of the DRE (units, scale, weights, calendar) and on the day, by
which a reopening ends. So it is kept by the last position of both streams and by the day: a fact of one UGEL has the row of
that UGEL read again, and no other.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

import msgspec
from psycopg import Connection

from service.projections import board, formulas, scales, yearly
from service.projections.catalogue_page import Dues
from service.projections.quarter import TODAY
from service.projections.reading import STANDING, rows

T = TypeVar("T")
MOST = 600


class Rules(msgspec.Struct, frozen=True):
    """What the DRE had published by a moment: scale and weights in force, every scale by its version, the last days of the year."""

    scale: scales.Scale
    formulas: formulas.Formulas
    scales: Mapping[int, scales.Scale]
    dues: Dues


class Head(msgspec.Struct, frozen=True):
    """The last position of a stream up to a moment, 0 without facts, and the day of the moment; no code is the DRE's own stream."""

    code: str
    position: int
    today: date


class Kept(Generic[T]):
    """The last `MOST` values asked for, by what they depend on."""

    def __init__(self) -> None:
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def keep(self, key: Hashable, value: T) -> T:
        with self._lock:
            self._values[key] = value
            while len(self._values) > MOST:
                self._values.popitem(last=False)
            return value


Read = Callable[[Connection[Any], int, int, list[board.Unit], Rules], Sequence[T]]


class Region:
    """The region's units by year and moment; one for each process of the service."""

    def __init__(self) -> None:
        self._rules: Kept[Rules] = Kept()
        self._lines: Kept[board.Line] = Kept()
        self._quarters: Kept[tuple[yearly.Quarter, ...]] = Kept()

    def board(self, connection: Connection[Any], at: int, year: int) -> tuple[list[board.Line], Rules]:
        """The board, and the rules it was made by."""
        return self._read(connection, at, year, self._lines, _lines)

    def years(self, connection: Connection[Any], at: int, year: int) -> tuple[list[yearly.Year], Rules]:
        """The board in depth: each unit's row with the activities that its percentages are made of."""
        lines, rules = self.board(connection, at, year)
        quarters, _ = self._read(connection, at, year, self._quarters, _quarters)
        return [yearly.Year(*each) for each in zip(lines, quarters, strict=True)], rules

    def _read(self, connection: Connection[Any], at: int, year: int, kept: Kept[T], read: Read[T]) -> tuple[list[T], Rules]:
        standing, *units = heads(connection, at, year)
        rules = self._published(connection, at, year, standing)
        keys = {each.code: (year, each, standing) for each in units}
        found = {code: value for code, key in keys.items() if (value := kept.get(key)) is not None}
        if len(found) < len(keys):
            wanted = [unit for unit in board.units(connection, at, year) if unit.code not in found]
            for unit, value in zip(wanted, read(connection, at, year, wanted, rules), strict=True):
                found[unit.code] = kept.keep(keys[unit.code], value)
        return [found[code] for code in keys], rules

    def _published(self, connection: Connection[Any], at: int, year: int, standing: Head) -> Rules:
        key = year, standing.position
        return self._rules.get(key) or self._rules.keep(
            key,
            Rules(
                scales.scale(connection, at),
                formulas.formulas(connection, at),
                scales.published(connection),
                Dues(connection, at, year),
            ),
        )


def heads(connection: Connection[Any], at: int, year: int) -> list[Head]:
    """Where the DRE's stream and those of its units' year stood at a moment; the units as the board orders them."""
    query = f"""select code, {TODAY} as today, coalesce((
        select h.from_pos from read.history h where h.stream = s.stream and h.from_pos <= %(at)s and h.to_pos > %(at)s
        order by h.version desc limit 1), 0) as position
      from (
        select '' as code, '' as kind, %(standing)s as stream, 0 as place
        union all
        select u.code, u.kind, 'unit/' || u.code || '/' || %(year)s::text, 1 from read.unit u
        where u.stream = %(standing)s and u.from_pos <= %(at)s and u.to_pos > %(at)s
      ) s order by place, kind desc, code"""
    return rows(connection, Head, query, standing=STANDING, at=at, year=year)


def _lines(connection: Connection[Any], at: int, year: int, units: list[board.Unit], rules: Rules) -> list[board.Line]:
    return board.lines(connection, at, year, units, rules.scale, rules.formulas)


def _quarters(
    connection: Connection[Any], at: int, year: int, units: list[board.Unit], rules: Rules
) -> list[tuple[yearly.Quarter, ...]]:
    streams = [f"unit/{unit.code}/{year}" for unit in units]
    found = yearly.quarters(connection, at, streams, rules.scale, rules.formulas)
    return [found[stream] for stream in streams]

"""The catalogue at a moment: all it held then, its versions, and the words of single items."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates import catalogue_content as cc
from service.aggregates.alert_rules import CODES, Rule
from service.projections.reading import HOLDS, STANDING, one, rows

COLUMNS = {
    "instruments": "select instrument as name, norm, levels, place from read.instrument",
    "objectives": "select code, instrument, text, level, parent from read.objective",
    "lines": "select code, kind, name from read.catalogue_line",
    "areas": "select code, name from read.area",
    "measures": "select name, aliases from read.measure",
    "deadlines": "select year, step, day, quarter from read.deadline",
}


class Edition(msgspec.Struct, frozen=True):
    """A version of the catalogue: its number and place in the record, who published it, when and why."""

    edition: int
    position: int
    reason: str
    person: str
    at: datetime
    items: int


class Named(msgspec.Struct, frozen=True):
    """An objective as it read at a moment, with its level in the instrument's own words; `retired` by which version."""

    code: str
    instrument: str
    text: str
    level: str
    retired: int


class Next(msgspec.Struct, frozen=True):
    """A deadline that lies ahead."""

    year: int
    step: str
    quarter: int
    day: date


class _Setting(msgspec.Struct, frozen=True):
    rule: str
    version: int
    settings: dict[str, Any]


def content(connection: Connection[Any], at: int) -> cc.Content:
    """The catalogue in force at the moment."""
    made: dict[str, Any] = {}
    for kind, select in COLUMNS.items():
        where = f"where stream = %(stream)s and retired = 0 and {HOLDS}"
        with connection.cursor() as cursor:
            found = cursor.execute(f"{select} {where}", {"stream": STANDING, "at": at})
            names = [column.name for column in found.description or ()]
            made[kind] = tuple(msgspec.convert(dict(zip(names, row, strict=True)), cc.KINDS[kind]) for row in found)
    settings = {each.rule: each.settings for each in _settings(connection, at)}
    if "scale" in settings:
        made["scale"] = msgspec.convert(settings["scale"], cc.Scale, strict=False)
    if "formula" in settings:
        made["weights"] = msgspec.convert(settings["formula"], cc.Weights, strict=False)
    if "alerts" in settings:
        rules = settings["alerts"]
        made["rules"] = tuple(msgspec.convert(rules[code], Rule, strict=False) for code in CODES)
    return cc.ordered(cc.Content(**made))


def numbers(connection: Connection[Any], at: int) -> dict[str, int]:
    """The versions of scale, formula and alert rules in force; 0 where the example stands."""
    return {"scale": 0, "formula": 0, "alerts": 0} | {each.rule: each.version for each in _settings(connection, at)}


def _settings(connection: Connection[Any], at: int) -> list[_Setting]:
    query = f"select rule, version, settings from read.rule where stream = %(stream)s and {HOLDS}"
    return rows(connection, _Setting, query, stream=STANDING, at=at)


def editions(connection: Connection[Any], at: int) -> list[Edition]:
    """The versions published by the moment, the last one first."""
    query = f"""select edition, from_pos as position, reason, person, at, items from read.edition
      where stream = %(stream)s and {HOLDS} order by edition desc"""
    return rows(connection, Edition, query, stream=STANDING, at=at)


def objectives(connection: Connection[Any], at: int, codes: Iterable[str]) -> dict[str, Named]:
    """Objectives as they read at the moment, retired ones too: an old alignment always has its text."""
    query = f"""select o.code, o.instrument, o.text, coalesce(i.levels[o.level], '') as level, o.retired
      from (select * from read.objective where stream = %(stream)s and code = any(%(codes)s) and {HOLDS}) o
      left join (select * from read.instrument where {HOLDS}) i using (stream, instrument)"""
    found = rows(connection, Named, query, stream=STANDING, at=at, codes=sorted(set(codes)))
    return {each.code: each for each in found}


def next_deadline(connection: Connection[Any], at: int, today: date) -> Next | None:
    """The nearest deadline that is not past."""
    query = f"""select year, step, quarter, day from read.deadline
      where stream = %(stream)s and retired = 0 and day >= %(today)s and {HOLDS} order by day, year, step, quarter limit 1"""
    return one(connection, Next, query, stream=STANDING, at=at, today=today)


class _Due(msgspec.Struct, frozen=True):
    quarter: int
    day: date
    from_pos: int
    to_pos: int


class Dues:
    """The last days to report each quarter of a year, at any position: a closed quarter keeps the one it was judged by."""

    def __init__(self, connection: Connection[Any], at: int, year: int) -> None:
        self.at = at
        query = """select quarter, day, from_pos, to_pos from read.deadline
          where stream = %(stream)s and year = %(year)s and step = 'quarter-report' and retired = 0"""
        self._all = rows(connection, _Due, query, stream=STANDING, year=year)

    def of(self, quarter: int, closed_at: int = 0) -> date | None:
        """The last day for a quarter; for one closed by then, as the calendar stood at its closing."""
        at = closed_at or self.at
        return next((each.day for each in self._all if each.quarter == quarter and each.from_pos <= at < each.to_pos), None)


def words_at(connection: Connection[Any], at: int, stream: str, quarter: int) -> int:
    """The position whose words a quarter shows: that of its closing, or of the year's, once it is closed; else the moment's."""
    query = """select max(from_pos) filter (where type = 'quarter-closed' and quarter = %(quarter)s),
      max(from_pos) filter (where type = 'balance-closed')
      from read.history where stream = %(stream)s and type in ('quarter-closed', 'balance-closed') and from_pos <= %(at)s"""
    row = connection.execute(query, {"stream": stream, "quarter": quarter, "at": at}).fetchone()
    closing = [position for position in row or () if position]
    return min(closing, default=at)


def aligned(connection: Connection[Any], at: int, stream: str) -> dict[str, int]:
    """The objectives that a plan serves at the moment, with how many activities each."""
    query = f"""select unnest(objectives) as code, count(*)::int from read.activity
      where stream = %(stream)s and {HOLDS} group by 1 order by 1"""
    return dict(connection.execute(query, {"stream": stream, "at": at}).fetchall())

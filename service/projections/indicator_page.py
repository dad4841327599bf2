"""The queries of indicators: each with its definition and its values, as they stood; which of them can be compared over time.

A quarter that is closed keeps the definition that stood when it was closed, whatever was changed afterwards.
"""

from decimal import Decimal
from typing import Any, LiteralString

import msgspec
from psycopg import Connection

from service.aggregates.achievement import Achievement, achieved
from service.aggregates.indicator import BETWEEN_YEARS, MEANING, Definition
from service.aggregates.indicator_proposal import Change
from service.projections.reading import rows
from service.projections.scales import Scale, scale


class Measure(msgspec.Struct, frozen=True):
    """The value of an indicator in a quarter, and the fact that says so; `proposal` is the change that led to it, 0 for none."""

    quarter: int
    indicator: int
    value: Decimal
    evidence: str
    reason: str
    late: int
    proposal: int
    from_pos: int
    version: int


class Cell(msgspec.Struct, frozen=True):
    """A quarter of an indicator: by which definition it is read, its value, what that achieves, whether it follows the quarter before."""

    quarter: int
    definition: Definition
    defined_by: int
    measure: Measure | None
    achievement: Achievement
    light: str
    comparable: bool
    objection: str

    @property
    def percent(self) -> Decimal | None:
        return self.achievement.percent


class Indicator(msgspec.Struct, frozen=True):
    """An indicator as it stands with its four quarters; `subject` is the name of its activity or line, empty when it is gone."""

    indicator: int
    definition: Definition
    defined_by: int
    version: int
    dropped: str
    subject: str
    cells: tuple[Cell, ...]

    def cell(self, quarter: int) -> Cell:
        return self.cells[quarter - 1]

    def looked_at(self, quarter: int) -> bool:
        """Whether a quarter has to do with it: it is measured there, or still in force and of something that is in the plan."""
        return self.cell(quarter).measure is not None or bool(self.subject and not self.dropped)

    def missing(self, quarter: int) -> bool:
        """Whether a quarter asks for a value that nobody gave."""
        cell = self.cell(quarter)
        return self.looked_at(quarter) and cell.measure is None and cell.definition.expected(quarter)


class Proposal(msgspec.Struct, frozen=True):
    """A change that somebody asked for: what it would be, why, and what became of it."""

    proposal: int
    indicator: int
    reason: str
    asked: dict[str, Any]
    proposer: str
    status: str
    answer: str
    from_pos: int

    @property
    def change(self) -> Change:
        change: Change = msgspec.convert(self.asked, Change, strict=False)
        return change


class _Row(msgspec.Struct, frozen=True):
    """An indicator at a position, as its columns say it."""

    indicator: int
    written: dict[str, Any]
    dropped: str
    subject: str
    defined_by: int
    version: int

    @property
    def definition(self) -> Definition:
        return msgspec.convert(self.written, Definition, strict=False)


# Each row of an indicator without `dropped` is one that somebody wrote: how many, and the last of them.
STANDING: LiteralString = """select i.indicator, i.definition as written, i.dropped, coalesce(a.name, l.name, '') as subject,
    w.defined_by, w.version
  from read.indicator i
  cross join lateral (select max(from_pos) as defined_by, count(*)::int as version from read.indicator w
    where w.stream = i.stream and w.indicator = i.indicator and w.from_pos <= i.from_pos and w.dropped = '') w
  left join read.activity a on a.stream = i.stream and a.activity = i.activity and a.from_pos <= %(at)s and a.to_pos > %(at)s
  left join read.line l on l.stream = i.stream and l.code = i.line and i.line <> '' and l.from_pos <= %(at)s and l.to_pos > %(at)s
  where i.stream = %(stream)s and i.from_pos <= %(at)s and i.to_pos > %(at)s order by i.indicator"""
MEASURES: LiteralString = """select m.quarter, m.indicator, m.value, m.evidence, m.reason, m.late, m.proposal, m.from_pos,
    (select count(*)::int from read.indicator_value w where w.stream = m.stream and w.quarter = m.quarter and w.indicator = m.indicator
      and w.from_pos <= m.from_pos) as version
  from read.indicator_value m where m.stream = %(stream)s and m.from_pos <= %(at)s and m.to_pos > %(at)s"""


CLOSINGS: LiteralString = """select quarter, min(from_pos) from read.history
  where stream = %(stream)s and type = 'quarter-closed' and from_pos <= %(at)s group by quarter"""
OBJECTIONS: LiteralString = """select quarter, indicator, text, from_pos from read.indicator_observed
  where stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s"""
LINES: LiteralString = """select activity, line from read.activity
  where stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s"""
PROPOSALS: LiteralString = """select proposal, indicator, reason, change as asked, proposer, status, answer, from_pos
  from read.indicator_proposal
  where stream = %(stream)s and from_pos <= %(at)s and to_pos > %(at)s order by proposal desc"""


def indicators(connection: Connection[Any], at: int, stream: str, activity: int = 0) -> list[Indicator]:
    """The indicators of a unit's year at a position, or of one of its activities; those that were dropped too."""
    standing = _standing(connection, at, stream)
    if not standing:
        return []
    closed = connection.execute(CLOSINGS, {"at": at, "stream": stream}).fetchall()
    then = {quarter: _standing(connection, position, stream) for quarter, position in closed}
    colours = dict.fromkeys(range(1, 5), scale(connection, at)) | {n: scale(connection, position) for n, position in closed}
    values = {(each.quarter, each.indicator): each for each in rows(connection, Measure, MEASURES, at=at, stream=stream)}
    objections = {(q, n): (text, since) for q, n, text, since in connection.execute(OBJECTIONS, {"at": at, "stream": stream})}
    found = list[Indicator]()
    for number, row in standing.items():
        definition, cells = row.definition, list[Cell]()
        if activity and definition.activity != activity:
            continue
        for quarter in range(1, 5):
            held, value = then.get(quarter, standing).get(number, row), values.get((quarter, number))
            said, since = objections.get((quarter, number), ("", 0))
            objection = said if not value or since > value.from_pos else ""
            cells.append(_cell(quarter, held, value, cells[-1] if cells else None, colours[quarter], objection))
        found.append(Indicator(number, definition, row.defined_by, row.version, row.dropped, row.subject, tuple(cells)))
    return found


def _standing(connection: Connection[Any], at: int, stream: str) -> dict[int, _Row]:
    return {row.indicator: row for row in rows(connection, _Row, STANDING, at=at, stream=stream)}


def _cell(quarter: int, held: _Row, value: Measure | None, before: Cell | None, colours: Scale, objection: str) -> Cell:
    meant = held.definition
    worked = achieved(meant, quarter, value.value if value else None)
    comparable = before is None or not differing(before.definition, meant)
    return Cell(quarter, meant, held.defined_by, value, worked, colours.light(worked.percent), comparable, objection)


def differing(before: Definition, after: Definition, fields: tuple[str, ...] = MEANING) -> tuple[str, ...]:
    """What changed of its meaning, by field; two quarters of an indicator compare only where nothing did. Targets may differ."""
    return tuple(name for name in fields if getattr(before, name) != getattr(after, name))


class Break(msgspec.Struct, frozen=True):
    """An indicator that is no longer what it was: from the quarter on that is named, its values do not compare with those before.

    `line` is its line of action, or that of its activity; the first quarter stands for a change from the year before.
    """

    stream: str
    indicator: int
    name: str
    line: str
    quarter: int
    fields: tuple[str, ...]


def breaks(connection: Connection[Any], at: int, streams: list[str]) -> list[Break]:
    """Where the indicators of these years stop being comparable: between quarters, and between years by their name."""
    found, last = list[Break](), dict[tuple[str, str], Definition]()
    for stream in sorted(streams):
        lines = dict(connection.execute(LINES, {"at": at, "stream": stream}).fetchall())
        for each in indicators(connection, at, stream):
            key = (stream.rpartition("/")[0], each.definition.name.casefold())
            before = last.get(key)
            for cell in each.cells:
                fields = differing(before, cell.definition, MEANING if cell.quarter > 1 else BETWEEN_YEARS) if before else ()
                if fields:
                    line = cell.definition.line or lines.get(cell.definition.activity, "")
                    found.append(Break(stream, each.indicator, each.definition.name, line, cell.quarter, fields))
                before = cell.definition
            last[key] = each.cells[-1].definition
    return found


def observed(connection: Connection[Any], at: int, stream: str, quarter: int, since: int) -> dict[int, str]:
    """What was observed of the quarter's indicators since a fact, answered or not."""
    found = connection.execute(OBJECTIONS, {"at": at, "stream": stream}).fetchall()
    return {number: text for of, number, text, position in found if of == quarter and position > since}


def proposals(connection: Connection[Any], at: int, stream: str) -> list[Proposal]:
    """The changes that were asked for, the last one first."""
    return rows(connection, Proposal, PROPOSALS, at=at, stream=stream)


def waiting(connection: Connection[Any], at: int, streams: list[str], person: str) -> dict[str, int]:
    """How many changes of indicators wait in each year for somebody else than the person who asked for them."""
    query = """select stream, count(*)::int from read.indicator_proposal where stream = any(%(streams)s) and status = 'proposed'
      and proposer <> %(person)s and from_pos <= %(at)s and to_pos > %(at)s group by stream order by stream"""
    return dict(connection.execute(query, {"at": at, "streams": streams, "person": person}).fetchall())

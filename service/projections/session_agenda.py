"""What a session should look at: observed quarters, open alerts, commitments that fall due, what is being followed up; and figures."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.projections import agenda, board
from service.projections.formulas import formulas
from service.projections.matters import matters
from service.projections.reading import HOLDS, rows
from service.projections.scales import scale
from service.projections.session_page import Session, spoken_of
from service.projections.shares import first_approved, originals, shares


class Suggestion(msgspec.Struct, frozen=True):
    """An item that could be on the agenda: of which unit, what it is about, its name there; `pressing` when it was escalated."""

    unit: str
    kind: str
    number: int
    name: str
    detail: str
    pressing: bool = False

    @property
    def key(self) -> str:
        return f"{self.unit}/{self.kind}/{self.number}"


class Figures(msgspec.Struct, frozen=True):
    """A unit's quarter in numbers, as they stood at a position."""

    cell: board.Cell
    alerts: int
    knots: int
    commitments: int


def suggestions(connection: Connection[Any], at: int, streams: Sequence[str], quarter: int, day: date) -> list[Suggestion]:
    """What waits in these units' years, unit by unit: the quarter itself, then what is pending (`matters`)."""
    years = list(streams)
    status = {each.stream: each.status for each in agenda.quarters(connection, at, years) if each.quarter == quarter}
    found = [Suggestion(_unit(stream), "quarter", quarter, "", status.get(stream, "none")) for stream in years]
    waits = matters(connection, at, day, years)
    found += [Suggestion(_unit(q.stream), "quarter", q.quarter, q.observation, q.status) for q in waits.quarters]
    found += [Suggestion(_unit(a.stream), "alert", a.alert, a.subject, a.rule, a.escalated) for a in waits.alerts]
    found += [Suggestion(_unit(c.stream), "commitment", c.commitment, c.action, c.due.isoformat()) for c in waits.commitments]
    found += [Suggestion(_unit(f.stream), f.kind, f.number, f.name, "flag") for f in waits.flags]
    first: dict[str, Suggestion] = {}
    for each in found:
        first.setdefault(each.key, each)
    return sorted(first.values(), key=lambda each: each.unit)


def entering(connection: Connection[Any], at: int, it: Session) -> list[Suggestion]:
    """The escalated alerts that come on the agenda when the session opens: those that were never on it."""
    there = spoken_of(connection, at, it.stream, it.session)
    found = suggestions(connection, at, it.streams, it.quarter, it.day)
    return [each for each in found if each.pressing and each.key not in there]


def findings(connection: Connection[Any], at: int, streams: Sequence[str], quarter: int) -> list[Suggestion]:
    """The findings of a quarter in these units' years."""
    query = f"""select stream, finding, text, kind from read.finding
      where stream = any(%(streams)s) and quarter = %(quarter)s and {HOLDS} order by stream, finding"""
    found = connection.execute(query, {"at": at, "streams": list(streams), "quarter": quarter}).fetchall()
    return [Suggestion(_unit(stream), "finding", number, text, kind) for stream, number, text, kind in found]


def _unit(stream: str) -> str:
    return stream.split("/")[1]


def figures(connection: Connection[Any], at: int, streams: Sequence[str], quarter: int) -> dict[str, Figures]:
    """The quarter of each unit at a position, by the unit's code."""
    years, known, formed = list(streams), scale(connection, at), formulas(connection, at)
    found_shares, official = shares(connection, at, years), board.officials(connection, at, years)
    original = originals(connection, at, first_approved(connection, at, years))
    counts = _counts(connection, at, years, quarter)
    found: dict[str, Figures] = {}
    for stream in years:
        mine = ([each for each in group if each.stream == stream] for group in (found_shares, original))
        own = [each for each in official if each.stream == stream]
        cell = board.cells(next(mine), own, next(mine), known, formed)[quarter - 1]
        found[_unit(stream)] = Figures(cell, *counts.get(stream, (0, 0, 0)))
    return found


class _Count(msgspec.Struct, frozen=True):
    stream: str
    alerts: int
    knots: int
    commitments: int


def _counts(connection: Connection[Any], at: int, streams: list[str], quarter: int) -> dict[str, tuple[int, int, int]]:
    query = f"""select s.stream,
        (select count(*) from read.alert a where a.stream = s.stream and a.quarter = %(quarter)s and a.status <> 'closed'
          and {HOLDS})::int as alerts,
        (select count(*) from read.finding f where f.stream = s.stream and f.quarter = %(quarter)s and f.kind = 'nudo crítico'
          and {HOLDS})::int as knots,
        (select count(*) from read.commitment c where c.stream = s.stream and c.status in ('proposed', 'signed', 'declared')
          and {HOLDS})::int as commitments
      from unnest(%(streams)s::text[]) as s (stream)"""
    found = rows(connection, _Count, query, at=at, streams=streams, quarter=quarter)
    return {each.stream: (each.alerts, each.knots, each.commitments) for each in found}


def activities(connection: Connection[Any], at: int, stream: str, quarter: int) -> list[tuple[int, str, Decimal | None, str]]:
    """The activities of a unit's quarter: number, name, share reached, light; the weakest first."""
    known = scale(connection, at)
    mine = [each for each in shares(connection, at, [stream]) if each.quarter == quarter]
    query = f"select activity, name from read.activity where stream = %(stream)s and {HOLDS}"
    names = dict(connection.execute(query, {"at": at, "stream": stream}).fetchall())
    reached = [(each.activity, each.percent if each.reported else None) for each in mine]
    ordered = sorted(reached, key=lambda each: (each[1] is not None, each[1] or Decimal(0), each[0]))
    return [(number, names.get(number, ""), share, known.light(share)) for number, share in ordered]

"""The regional board: every unit by four quarters, with lights, states and open alerts."""

from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from psycopg import Connection

from service.aggregates import DRE
from service.aggregates.score import mean, round2
from service.projections.reading import one, rows

STANDING = f"dre/{DRE}"

# The share of its target that each activity reached in a quarter, missing figures counted as 0: the score's formula.
_SHARES = """
  select t.stream, n as quarter, t.activity,
    avg(least(100, coalesce(p.executed, 0) * 100 / t.programmed[n])) as percent,
    count(*)::int as tasks, count(p.executed)::int as reported
  from {tasks} cross join generate_series(1, 4) n
  left join read.progress p on p.stream = t.stream and p.quarter = n and p.task = t.task
    and p.from_pos <= %(at)s and p.to_pos > %(at)s
  where t.from_pos <= {position} and t.to_pos > {position} and t.programmed[n] > 0 and t.stream = any(%(streams)s)
  group by t.stream, n, t.activity
"""
SHARES = _SHARES.format(tasks="read.task t", position="%(at)s")
# The same of the targets that were approved first, also of tasks that were retired since.
ORIGINAL = _SHARES.format(
    tasks="unnest(%(streams)s::text[], %(positions)s::bigint[]) as f (stream, position) join read.task t on t.stream = f.stream",
    position="f.position",
)


class Scale(msgspec.Struct, frozen=True):
    """The traffic-light scale in force at the moment."""

    fulfilled: Decimal = Decimal(90)
    in_progress: Decimal = Decimal(70)
    label: str = "escala de ejemplo, ajústela"
    version: int = 0

    def light(self, percent: Decimal | None) -> str:
        """The light of a percentage; none without data."""
        if percent is None:
            return "no-data"
        if percent >= self.fulfilled:
            return "fulfilled"
        return "in-progress" if percent >= self.in_progress else "at-risk"


class Unit(msgspec.Struct, frozen=True):
    """A unit of the region, with its plan of the year asked for (status empty when the year is not open)."""

    code: str
    name: str
    kind: str
    province: str
    plan_status: str
    plan_version: int


class Share(msgspec.Struct, frozen=True):
    """An activity's share in a quarter, from the figures that stood."""

    stream: str
    quarter: int
    activity: int
    percent: Decimal
    tasks: int
    reported: int


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
    position: int


T = TypeVar("T", Share, Official)


class Cell(msgspec.Struct, frozen=True):
    """A quarter of a unit: state, percentage and light; `official` when it was scored, else computed at the moment.

    What is still being written has a percentage and no light (""): nobody has said yet that it is all. `original` is the
    percentage of the targets approved first, None while they are those in force. An official one names the version of its
    scale; a closed one the fact from which its words and rules stay.
    """

    quarter: int
    state: str
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


def scale(connection: Connection[Any], at: int) -> Scale:
    """The scale in force at the moment."""
    query = """select (settings ->> 'fulfilled')::numeric as fulfilled, (settings ->> 'in_progress')::numeric as in_progress,
      settings ->> 'label' as label, version
      from read.rule where stream = %(stream)s and rule = 'scale' and from_pos <= %(at)s and to_pos > %(at)s"""
    return one(connection, Scale, query, stream=STANDING, at=at) or Scale()


def scale_of(connection: Connection[Any], version: int) -> Scale:
    """The scale that an official score names; 0 is the example that stands until the DRE publishes one."""
    query = """select (settings ->> 'fulfilled')::numeric as fulfilled, (settings ->> 'in_progress')::numeric as in_progress,
      settings ->> 'label' as label, version
      from read.rule where stream = %(stream)s and rule = 'scale' and version = %(version)s"""
    return one(connection, Scale, query, stream=STANDING, version=version) or Scale()


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


def shares(connection: Connection[Any], at: int, streams: list[str]) -> list[Share]:
    """Every activity's share in every quarter of the streams."""
    return rows(connection, Share, SHARES, at=at, streams=streams)


def officials(connection: Connection[Any], at: int, streams: list[str]) -> list[Official]:
    """The quarters of the streams that were ever sent."""
    query = """select stream, quarter, status, submitted_at, percent, light, fulfilled, activities, scale,
      from_pos as position from read.quarter
      where stream = any(%(streams)s) and from_pos <= %(at)s and to_pos > %(at)s"""
    return rows(connection, Official, query, at=at, streams=streams)


def first_approved(connection: Connection[Any], at: int, streams: list[str]) -> dict[str, int]:
    """Where the first version was approved, of the plans that were amended since."""
    query = """select y.stream, min(f.from_pos) from read.unit_year y
      join read.unit_year f on f.stream = y.stream and f.plan_version = 1 and f.from_pos <= %(at)s
      where y.stream = any(%(streams)s) and y.plan_version > 1 and y.from_pos <= %(at)s and y.to_pos > %(at)s group by y.stream"""
    return dict(connection.execute(query, {"at": at, "streams": streams}).fetchall())


def originals(connection: Connection[Any], at: int, first: dict[str, int]) -> list[Share]:
    """Every activity's share of the targets approved first, in the plans amended since (`first_approved`)."""
    return rows(connection, Share, ORIGINAL, at=at, streams=list(first), positions=list(first.values())) if first else []


def reached(found: list[Share]) -> Decimal | None:
    """The mean of the shares, None without any figure."""
    return mean([share.percent for share in found]) if any(share.reported for share in found) else None


def cells(found: list[Share], official: list[Official], original: list[Share], scaled: Scale) -> tuple[Cell, ...]:
    """The four quarters of a unit, from its shares, its own facts and its shares of the original targets."""
    known = {each.quarter: each for each in official}
    made = list[Cell]()
    for n in range(1, 5):
        mine, first = ([share for share in shares if share.quarter == n] for shares in (found, original))
        made.append(msgspec.structs.replace(_cell(n, known.get(n), mine, scaled), original=reached(first)))
    return tuple(made)


def _cell(quarter: int, official: Official | None, found: list[Share], scaled: Scale) -> Cell:
    """One cell: the official score while it stands, else what the figures say."""
    status = official.status if official else ""
    sent = official.submitted_at if official else None
    if official and status in {"scored", "closed"} and official.percent is not None:
        counts = official.fulfilled, official.activities
        closed = official.position if status == "closed" else 0
        return Cell(
            quarter,
            status,
            official.percent,
            official.light,
            *counts,
            official=True,
            submitted_at=sent,
            scale=official.scale,
            closed_at=closed,
        )
    percent = reached(found)
    fulfilled = sum(scaled.light(round2(share.percent)) == "fulfilled" for share in found if share.reported)
    state = status or ("draft" if percent is not None else "none")
    light = "" if state == "draft" else scaled.light(percent)
    return Cell(quarter, state, percent, light, fulfilled, len(found), official=False, submitted_at=sent)


def _grouped(found: list[T]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for each in found:
        groups.setdefault(each.stream, []).append(each)
    return groups


def board(connection: Connection[Any], at: int, year: int) -> list[Line]:
    """All units of the region in a year at a moment."""
    known, scaled = units(connection, at, year), scale(connection, at)
    streams = {f"unit/{unit.code}/{year}": unit for unit in known}
    found, official = _grouped(shares(connection, at, list(streams))), _grouped(officials(connection, at, list(streams)))
    original = _grouped(originals(connection, at, first_approved(connection, at, list(streams))))
    alerts = dict(
        connection.execute(
            """select stream, count(*)::int from read.alert where stream = any(%(streams)s) and status <> 'closed'
            and from_pos <= %(at)s and to_pos > %(at)s group by stream""",
            {"streams": list(streams), "at": at},
        ).fetchall()
    )
    return [
        Line(
            unit,
            cells(found.get(stream, []), official.get(stream, []), original.get(stream, []), scaled),
            alerts.get(stream, 0),
        )
        for stream, unit in streams.items()
    ]

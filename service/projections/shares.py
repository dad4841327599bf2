"""What each activity reached of its target in each quarter, and the one way to make a percentage of many of them."""

from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.catalogue_content import Weights
from service.aggregates.score import round2, weighted
from service.projections.reading import rows

# The share of its target that each activity reached in a quarter, missing figures counted as 0: the score's formula.
_SHARES = """
  select s.stream, s.quarter, s.activity, s.percent, s.tasks, s.reported, coalesce(a.line, '') as line,
    coalesce(l.kind, '') as kind, coalesce(a.area, '') as area
  from (
    select t.stream, n as quarter, t.activity, max({position}) as position,
      avg(least(100, coalesce(p.executed, 0) * 100 / t.programmed[n])) as percent,
      count(*)::int as tasks, count(p.executed)::int as reported
    from {tasks} cross join generate_series(1, 4) n
    left join read.progress p on p.stream = t.stream and p.quarter = n and p.task = t.task and p.stream = any(%(streams)s)
      and p.from_pos <= %(at)s and p.to_pos > %(at)s
    where t.from_pos <= {position} and t.to_pos > {position} and t.programmed[n] > 0 and t.stream = any(%(streams)s)
    group by t.stream, n, t.activity
  ) s
  left join read.activity a on a.stream = s.stream and a.activity = s.activity and a.stream = any(%(streams)s)
    and a.from_pos <= {then} and a.to_pos > {then}
  left join read.line l on l.stream = a.stream and l.code = a.line and l.stream = any(%(streams)s)
    and l.from_pos <= {then} and l.to_pos > {then}
"""
SHARES = _SHARES.format(tasks="read.task t", position="%(at)s::bigint", then="%(at)s")
# The same of the targets that were approved first, also of tasks that were retired since.
ORIGINAL = _SHARES.format(
    tasks="unnest(%(streams)s::text[], %(positions)s::bigint[]) as f (stream, position) join read.task t on t.stream = f.stream",
    position="f.position",
    then="s.position",
)


class Share(msgspec.Struct, frozen=True):
    """An activity's share in a quarter, from the figures that stood; `kind` is the type of its line, by which it weighs."""

    stream: str
    quarter: int
    activity: int
    percent: Decimal
    tasks: int
    reported: int
    line: str
    kind: str
    area: str


def shares(connection: Connection[Any], at: int, streams: list[str]) -> list[Share]:
    """Every activity's share in every quarter of the streams."""
    return rows(connection, Share, SHARES, at=at, streams=streams)


def first_approved(connection: Connection[Any], at: int, streams: list[str]) -> dict[str, int]:
    """Where the first version was approved, of the plans that were amended since."""
    query = """select y.stream, min(f.from_pos) from read.unit_year y
      join read.unit_year f on f.stream = y.stream and f.plan_version = 1 and f.from_pos <= %(at)s
      where y.stream = any(%(streams)s) and y.plan_version > 1 and y.from_pos <= %(at)s and y.to_pos > %(at)s group by y.stream"""
    return dict(connection.execute(query, {"at": at, "streams": streams}).fetchall())


def originals(connection: Connection[Any], at: int, first: dict[str, int]) -> list[Share]:
    """Every activity's share of the targets approved first, in the plans amended since (`first_approved`)."""
    return rows(connection, Share, ORIGINAL, at=at, streams=list(first), positions=list(first.values())) if first else []


def reached(found: list[Share], weights: Weights) -> Decimal | None:
    """The mean of the shares by their weights, as a score is made; None without any figure."""
    if not any(share.reported for share in found):
        return None
    return round2(weighted([share.percent for share in found], [weights.of(share.kind) for share in found]))

"""What a finding rests on, each with the fact that says it: the score that caused it, its activity's part of it, its alert."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.projections.reading import rows


class Ground(msgspec.Struct, frozen=True):
    """A finding with what caused it; a position is 0 where there is no such fact."""

    finding: int
    quarter: int
    kind: str
    text: str
    cause: str
    activity: int
    activity_name: str
    alert: int
    rule: str
    percent: Decimal | None
    light: str
    part: Decimal | None
    scored: int
    raised: int
    found: int


def of(connection: Connection[Any], at: int, stream: str, findings: Sequence[int]) -> list[Ground]:
    """The grounds of these findings; the score is the one that stood when the finding was recorded."""
    query = """select f.finding, f.quarter, f.kind, f.text, f.cause, f.activity, coalesce(a.name, '') as activity_name, f.alert,
        coalesce(l.rule, '') as rule, q.percent, coalesce(q.light, '') as light,
        (q.lines -> f.activity::text ->> 'percent')::numeric as part, coalesce(s.scored, 0) as scored,
        coalesce((select min(h.from_pos) from read.history h where h.stream = f.stream and h.alert = f.alert and f.alert > 0
          and h.type like 'alert-raised%%'), 0) as raised, f.from_pos as found
      from read.finding f
      cross join lateral (select max(h.from_pos) as scored from read.history h where h.stream = f.stream
        and h.type = 'quarter-scored' and h.quarter = f.quarter and h.from_pos < f.from_pos) s
      left join read.quarter q on q.stream = f.stream and q.quarter = f.quarter and q.from_pos <= s.scored and q.to_pos > s.scored
      left join read.activity a on a.stream = f.stream and a.activity = f.activity and a.from_pos <= %(at)s and a.to_pos > %(at)s
      left join read.alert l on l.stream = f.stream and l.alert = f.alert and l.from_pos <= %(at)s and l.to_pos > %(at)s
      where f.stream = %(stream)s and f.finding = any(%(findings)s) and f.from_pos <= %(at)s and f.to_pos > %(at)s
      order by f.finding"""
    return rows(connection, Ground, query, at=at, stream=stream, findings=list(findings))

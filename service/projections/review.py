"""What the last review of a plan observed, row by row, and how the unit attended it."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.projections.reading import rows


class Observed(msgspec.Struct, frozen=True):
    """An observation with its fact, and the answer with its own; `activity` 0 is the plan as a whole."""

    observation: int
    activity: int
    task: int
    text: str
    position: int
    at: datetime
    person: str
    charge: str
    answer: str
    answered: int
    answered_at: datetime | None
    answerer: str


def observations(connection: Connection[Any], at: int, stream: str) -> list[Observed]:
    """The observations of the plan's last review, in the order written."""
    query = """select o.observation, o.activity, o.task, o.text, h.from_pos as position, h.at, h.person, h.charge,
        o.answer, coalesce(a.from_pos, 0) as answered, a.at as answered_at, coalesce(a.person, '') as answerer
      from read.observation o
      join read.unit_year y on y.stream = o.stream and y.from_pos <= %(at)s and y.to_pos > %(at)s
      join read.history h on h.stream = o.stream and h.version = o.observed
      left join read.history a on a.stream = o.stream and a.version = nullif(o.answered, 0)
      where o.stream = %(stream)s and o.observed >= y.reviewed and o.from_pos <= %(at)s and o.to_pos > %(at)s
      order by o.observation"""
    return rows(connection, Observed, query, at=at, stream=stream)

"""The figures that a commitment's text rests on: the scores behind its findings, each with the fact that says it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from psycopg import Connection

from service.aggregates import ROMAN
from service.aggregates.commitment_terms import Figure
from service.projections import LATEST


def of(connection: Connection[Any], stream: str, findings: Sequence[int]) -> tuple[Figure, ...]:
    """The score of each finding's quarter, and that of its activity, as they stand now; each figure once."""
    query = """select f.quarter, f.activity, q.percent, (q.lines -> f.activity::text ->> 'percent')::numeric,
        (select max(h.from_pos) from read.history h where h.stream = f.stream and h.quarter = f.quarter
          and h.type = 'quarter-scored')
      from read.finding f
      join read.quarter q on q.stream = f.stream and q.quarter = f.quarter and q.percent is not null
        and q.from_pos <= %(at)s and q.to_pos > %(at)s
      where f.stream = %(stream)s and f.finding = any(%(findings)s) and f.from_pos <= %(at)s and f.to_pos > %(at)s
      order by f.quarter, f.activity"""
    found = dict[str, Figure]()
    asked = {"stream": stream, "findings": list(findings), "at": LATEST}
    for quarter, activity, total, part, fact in connection.execute(query, asked).fetchall():
        named = {f"{ROMAN[quarter]} trimestre, calificación": total}
        named |= {f"{ROMAN[quarter]} trimestre, calificación de la actividad {activity}": part} if part is not None else {}
        found |= {label: Figure(label, _percent(value), fact) for label, value in named.items()}
    return tuple(found.values())


def _percent(value: Decimal) -> str:
    return f"{value:.2f} %".replace(".", ",")

"""One amendment of a plan to read: what it would change, word by word, and how it ended."""

from typing import Any

from psycopg import Connection

from service.aggregates.plan_versions import AmendmentProposed
from service.projections.reading import one
from service.projections.unit import HOLDS, Amendment
from service.record import decode


def amendment(connection: Connection[Any], at: int, stream: str, number: int) -> tuple[Amendment, AmendmentProposed] | None:
    """The amendment as it stood and the proposal as it was recorded, or None."""
    query = f"""select amendment, status, reason, proposer, changes, version, resolution, answer from read.amendment
      where stream = %(stream)s and amendment = %(number)s and {HOLDS}"""
    found = one(connection, Amendment, query, stream=stream, number=number, at=at)
    row = connection.execute(
        """select e.state from read.history h
        join ledger.event e on e.originator_id = h.stream and e.originator_version = h.version
        where h.stream = %s and h.amendment = %s and h.type = 'amendment-proposed' and h.from_pos <= %s""",
        [stream, number, at],
    ).fetchone()
    return (found, decode(row[0]).event) if found and row else None

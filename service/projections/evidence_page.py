"""The queries of evidence: that of a quarter or a task at a moment, one by its number, and the files that the record names."""

from datetime import datetime
from typing import Any, LiteralString

import msgspec
from psycopg import Connection

from service.projections.quarter import STATUS
from service.projections.reading import one, rows


class Evidence(msgspec.Struct, frozen=True):
    """An evidence: what it is, who attached it, what was said of it; `successor` took its place, 0 when nobody did."""

    evidence: int
    quarter: int
    activity: int
    task: int
    title: str
    reference: str
    digest: str
    media: str
    size: int
    replaces: int
    author: str
    charge: str
    at: datetime
    verdict: str
    reason: str
    reviewer: str
    reviewed_at: datetime | None
    successor: int
    from_pos: int

    @property
    def state(self) -> str:
        """What stands of it: replaced, what the reviewer said, or pending."""
        return "replaced" if self.successor else self.verdict or "pending"


COLUMNS: LiteralString = """e.evidence, e.quarter, e.activity, e.task, e.title, e.reference, e.digest, e.media, e.size, e.replaces,
  e.author, e.charge, e.at, e.verdict, e.reason, e.reviewer, e.reviewed_at, e.from_pos,
  coalesce((select s.evidence from read.evidence s where s.stream = e.stream and s.replaces = e.evidence
    and s.from_pos <= %(at)s and s.to_pos > %(at)s), 0) as successor"""
OF_QUARTER: LiteralString = f"""select {COLUMNS} from read.evidence e
  where e.stream = %(stream)s and e.quarter = %(quarter)s and (%(task)s = 0 or e.task = %(task)s)
    and e.from_pos <= %(at)s and e.to_pos > %(at)s
  order by e.task, e.evidence desc"""
ONE: LiteralString = f"""select {COLUMNS} from read.evidence e
  where e.stream = %(stream)s and e.evidence = %(evidence)s and e.from_pos <= %(at)s and e.to_pos > %(at)s"""


def of_quarter(connection: Connection[Any], at: int, stream: str, quarter: int, task: int = 0) -> list[Evidence]:
    """The evidence of a quarter, or of one of its tasks; the newest of a task first."""
    return rows(connection, Evidence, OF_QUARTER, at=at, stream=stream, quarter=quarter, task=task)


def numbered(connection: Connection[Any], at: int, stream: str, evidence: int) -> Evidence | None:
    """One evidence at a moment, or None when it was not attached yet."""
    return one(connection, Evidence, ONE, at=at, stream=stream, evidence=evidence)


class Work(msgspec.Struct, frozen=True):
    """How many evidences of a quarter wait for a review, were observed, or are to be corrected."""

    stream: str
    quarter: int
    waiting: int
    observed: int
    correction: int


def open_work(connection: Connection[Any], at: int, streams: list[str]) -> list[Work]:
    """What there is to do about the evidence of quarters that were sent and are not closed."""
    query = f"""select e.stream, e.quarter, count(*) filter (where e.verdict = '')::int as waiting,
        count(*) filter (where e.verdict = 'observed')::int as observed,
        count(*) filter (where e.verdict = 'correction')::int as correction
      from read.evidence e join read.quarter q on q.stream = e.stream and q.quarter = e.quarter
        and q.from_pos <= %(at)s and q.to_pos > %(at)s
      where e.stream = any(%(streams)s) and e.from_pos <= %(at)s and e.to_pos > %(at)s and {STATUS} <> 'closed'
        and not exists (select from read.evidence s where s.stream = e.stream and s.replaces = e.evidence
          and s.from_pos <= %(at)s and s.to_pos > %(at)s)
      group by e.stream, e.quarter order by e.stream, e.quarter"""
    return rows(connection, Work, query, at=at, streams=streams)


def named(connection: Connection[Any]) -> list[tuple[str, int, str]]:
    """Every file that the record names: the stream and number of the evidence, and the hash."""
    query = "select stream, evidence, digest from read.evidence_now where digest <> '' order by stream, evidence"
    return connection.execute(query).fetchall()

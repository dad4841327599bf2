"""The queries of what follows a score: alerts and findings."""

from datetime import date, datetime
from typing import Any, LiteralString

import msgspec
from psycopg import Connection

from service.aggregates import ROMAN
from service.projections.reading import InYear, one, rows


class Alert(InYear, frozen=True):
    """A case: the rule with its version and its figures, the measure, the closing; `gone` is the fact by which its cause was, or 0."""

    alert: int
    rule: str
    rules: int
    quarter: int
    activity: int
    activity_name: str
    commitment: int
    inputs: dict[str, str]
    deadline: date | None
    raised_at: datetime
    status: str
    measure: str
    responsible: str
    due: date | None
    taker: str
    silent: date | None
    silence: str
    escalated: bool
    gone: int
    answer: str
    evidence: str

    @property
    def href(self) -> str:
        return f"/ugel/{self.code}/{self.year}/alertas/{self.alert}"

    @property
    def ends(self) -> date | None:
        """Until when it may stay open: its own deadline, or the day of its measure where that is later."""
        return max(self.deadline, self.due) if self.deadline and self.due else self.deadline

    @property
    def subject(self) -> str:
        """What the case is about, in words."""
        if self.activity:
            return self.activity_name or f"Actividad {self.activity}"
        if self.commitment:
            return f"Compromiso n.º {self.commitment}"
        return f"{ROMAN[self.quarter]} trimestre" if self.quarter else f"Plan {self.year}"

    def state(self, day: date) -> str:
        """Its state on a day: `silenced` and `escalated` are told before the step it has come to."""
        if self.status == "closed":
            return self.status
        if self.silent and day <= self.silent:
            return "silenced"
        return "escalated" if self.escalated else self.status


class Finding(msgspec.Struct, frozen=True):
    """A finding, what it rests on and which fact recorded it; `commitments` are those proposed from it that still count."""

    finding: int
    quarter: int
    kind: str
    text: str
    cause: str
    activity: int
    activity_name: str
    alert: int
    evidence: str
    commitments: int
    position: int
    at: datetime
    charge: str


ALERTS: LiteralString = """select l.stream, l.alert, l.rule, l.rules, l.quarter, l.activity, coalesce(a.name, '') as activity_name,
  l.commitment, l.inputs, l.deadline, l.raised_at, l.status, l.measure, l.responsible, l.due, l.taker, l.silent, l.silence,
  l.escalated, case when l.gone then (select max(b.to_pos) from read.alert b
    where b.stream = l.stream and b.alert = l.alert and not b.gone and b.to_pos <= %(at)s) else 0 end as gone, l.answer, l.evidence
  from read.alert l
  left join read.activity a on a.stream = l.stream and a.activity = l.activity and a.from_pos <= %(at)s and a.to_pos > %(at)s
  where l.stream = any(%(streams)s) and l.from_pos <= %(at)s and l.to_pos > %(at)s"""


def alerts(connection: Connection[Any], at: int, stream: str, quarter: int | None = None) -> list[Alert]:
    """The alerts of a unit's year, or of one quarter of it: open ones first."""
    query: LiteralString = f"""{ALERTS} and l.quarter = coalesce(%(quarter)s, l.quarter)
      order by array_position('{{open,acknowledged,measured,closed}}', l.status), l.alert"""
    return rows(connection, Alert, query, at=at, streams=[stream], quarter=quarter)


def alerts_of(connection: Connection[Any], at: int, streams: list[str]) -> list[Alert]:
    """The alerts of these years, unit by unit."""
    return rows(connection, Alert, f"{ALERTS} order by l.stream, l.alert", at=at, streams=streams)


def alert(connection: Connection[Any], at: int, stream: str, number: int) -> Alert | None:
    """One alert."""
    return one(connection, Alert, f"{ALERTS} and l.alert = %(number)s", at=at, streams=[stream], number=number)


FINDINGS: LiteralString = """select f.finding, f.quarter, f.kind, f.text, f.cause, f.activity,
  coalesce(a.name, '') as activity_name, f.alert, f.evidence,
  (select count(*) from read.commitment c where c.stream = f.stream and f.finding = any(c.findings) and c.origin = ''
    and c.status not in ('withdrawn', 'declined') and c.from_pos <= %(at)s and c.to_pos > %(at)s)::int as commitments,
  f.from_pos as position, h.at, h.charge
  from read.finding f
  join read.history h on h.from_pos = f.from_pos
  left join read.activity a on a.stream = f.stream and a.activity = f.activity and a.from_pos <= %(at)s and a.to_pos > %(at)s
  where f.stream = %(stream)s and f.from_pos <= %(at)s and f.to_pos > %(at)s"""


def findings(connection: Connection[Any], at: int, stream: str, quarter: int | None = None) -> list[Finding]:
    """The findings of a unit's year, or of one quarter of it."""
    query: LiteralString = f"{FINDINGS} and f.quarter = coalesce(%(quarter)s, f.quarter) order by f.finding"
    return rows(connection, Finding, query, at=at, stream=stream, quarter=quarter)


def finding(connection: Connection[Any], at: int, stream: str, number: int) -> Finding | None:
    """One finding."""
    return one(connection, Finding, f"{FINDINGS} and f.finding = %(number)s", at=at, stream=stream, number=number)

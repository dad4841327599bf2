"""The queries of what follows a score: alerts, findings, commitments with their signatures."""

from datetime import date, datetime
from typing import Any, LiteralString

import msgspec
from psycopg import Connection

from service.projections.reading import one, rows

ROMAN = ("", "I", "II", "III", "IV")
AT = "from_pos <= %(at)s and to_pos > %(at)s"


class Alert(msgspec.Struct, frozen=True):
    """A case: the rule with its version and the figures it looked at, the measure and the closing."""

    stream: str
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
    answer: str
    evidence: str

    @property
    def code(self) -> str:
        return self.stream.split("/")[1]

    @property
    def year(self) -> int:
        return int(self.stream.split("/")[2])

    @property
    def href(self) -> str:
        return f"/ugel/{self.code}/{self.year}/alertas/{self.alert}"

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
    """A finding and what it rests on; `commitments` are those proposed from it that still count."""

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


class Commitment(msgspec.Struct, frozen=True):
    """A commitment as it stood; `carried_to` is the year it goes on in, `root` and `first` its stream and number when proposed."""

    stream: str
    commitment: int
    finding: int
    quarter: int | None
    finding_text: str
    cause: str
    document: str
    origin: str
    action: str
    responsible: str
    due: date
    indicator: str
    target: str
    verification: str
    signatories: list[str]
    status: str
    fulfilled: bool
    proposer: str
    declarer: str
    signed: int
    carried_to: int | None
    root: str
    first: int

    @property
    def code(self) -> str:
        return self.stream.split("/")[1]

    @property
    def year(self) -> int:
        return int(self.stream.split("/")[2])

    @property
    def id(self) -> str:
        """Its name in addresses: 120005-2026-3."""
        return f"{self.code}-{self.year}-{self.commitment}"

    @property
    def href(self) -> str:
        return f"/compromisos/{self.id}"

    def overdue(self, day: date) -> bool:
        """Whether its day has passed while it is still to be signed or carried out here."""
        return self.status in {"proposed", "signed"} and self.due < day and not self.carried_to

    def state(self, day: date) -> str:
        """Its state in a word of the clock: `overdue` is never stored."""
        return "overdue" if self.overdue(day) else self.status


class Signature(msgspec.Struct, frozen=True):
    """What a signatory did."""

    charge: str
    person: str
    at: datetime
    status: str
    reason: str
    method: str
    from_pos: int


ALERTS: LiteralString = """select l.stream, l.alert, l.rule, l.rules, l.quarter, l.activity, coalesce(a.name, '') as activity_name,
  l.commitment, l.inputs, l.deadline, l.raised_at, l.status, l.measure, l.responsible, l.due, l.taker, l.silent, l.silence,
  l.escalated, l.answer, l.evidence
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
  (select count(*) from read.commitment c where c.stream = f.stream and c.finding = f.finding and c.origin = ''
    and c.status not in ('withdrawn', 'declined') and c.from_pos <= %(at)s and c.to_pos > %(at)s)::int as commitments
  from read.finding f
  left join read.activity a on a.stream = f.stream and a.activity = f.activity and a.from_pos <= %(at)s and a.to_pos > %(at)s
  where f.stream = %(stream)s and f.from_pos <= %(at)s and f.to_pos > %(at)s"""


def findings(connection: Connection[Any], at: int, stream: str, quarter: int | None = None) -> list[Finding]:
    """The findings of a unit's year, or of one quarter of it."""
    query: LiteralString = f"{FINDINGS} and f.quarter = coalesce(%(quarter)s, f.quarter) order by f.finding"
    return rows(connection, Finding, query, at=at, stream=stream, quarter=quarter)


def finding(connection: Connection[Any], at: int, stream: str, number: int) -> Finding | None:
    """One finding."""
    return one(connection, Finding, f"{FINDINGS} and f.finding = %(number)s", at=at, stream=stream, number=number)


# A carried commitment rests on the finding of the first year: its origin leads there, one year back at a time.
COMMITMENTS: LiteralString = """with recursive root as (
    select c.stream as of_stream, c.commitment as of_commitment, c.stream, c.commitment, c.origin
    from read.commitment c where c.from_pos <= %(at)s and c.to_pos > %(at)s and c.stream like %(streams)s
  union all
    select r.of_stream, r.of_commitment, o.stream, o.commitment, o.origin
    from root r join read.commitment o on r.origin <> '' and o.from_pos <= %(at)s and o.to_pos > %(at)s
      and o.stream = 'unit/' || split_part(r.origin, '-', 1) || '/' || split_part(r.origin, '-', 2)
      and o.commitment = split_part(r.origin, '-', 3)::int
  )
  select c.stream, c.commitment, c.finding, f.quarter, coalesce(f.text, '') as finding_text, coalesce(f.cause, '') as cause,
    c.document, c.origin, c.action, c.responsible, c.due, c.indicator, c.target, c.verification,
    c.signatories, c.status, c.fulfilled, c.proposer, c.declarer,
    (select count(*) from read.signature s where s.stream = c.stream and s.commitment = c.commitment and s.status = 'signed'
      and s.from_pos <= %(at)s and s.to_pos > %(at)s)::int as signed,
    (select max(split_part(n.stream, '/', 3)::int) from read.commitment n where n.from_pos <= %(at)s and n.to_pos > %(at)s
      and n.origin = replace(replace(c.stream, 'unit/', ''), '/', '-') || '-' || c.commitment) as carried_to, r.stream as root, r.commitment as first
  from read.commitment c
  join root r on r.of_stream = c.stream and r.of_commitment = c.commitment and r.origin = ''
  left join read.finding f on f.stream = r.stream and f.finding = c.finding and f.from_pos <= %(at)s and f.to_pos > %(at)s
  where c.from_pos <= %(at)s and c.to_pos > %(at)s and c.stream like %(streams)s"""


def commitments(connection: Connection[Any], at: int, code: str = "", year: int | None = None) -> list[Commitment]:
    """The commitments of a unit (or of all) in a year (or in all), the nearest due day first."""
    streams = f"unit/{code or '%'}/{year or '%'}"
    return rows(connection, Commitment, f"{COMMITMENTS} order by c.due, c.stream, c.commitment", at=at, streams=streams)


def commitment(connection: Connection[Any], at: int, stream: str, number: int) -> Commitment | None:
    """One commitment."""
    query: LiteralString = f"{COMMITMENTS} and c.commitment = %(number)s"
    return one(connection, Commitment, query, at=at, streams=stream, number=number)


def signatures(connection: Connection[Any], at: int, stream: str, number: int) -> dict[str, Signature]:
    """The signatures of a commitment, by charge."""
    query: LiteralString = f"""select charge, person, at, status, reason,
      method, from_pos
      from read.signature where stream = %(stream)s and commitment = %(number)s and {AT}"""
    return {each.charge: each for each in rows(connection, Signature, query, at=at, stream=stream, number=number)}

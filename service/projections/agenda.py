"""What waits for somebody, at any position: the unfinished states of units' years, from which each reader's tasks follow."""

from datetime import date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.projections import followup_page
from service.projections.quarter import STATUS
from service.projections.reading import HOLDS, STANDING, rows


class UnitYear(msgspec.Struct, frozen=True):
    """A unit's year: plan and balance; `pending` items of last year's closed balance still wait for a decision."""

    stream: str
    code: str
    name: str
    year: int
    plan_status: str
    plan_version: int
    observation: str
    balance: str
    pending: int


class Quarter(msgspec.Struct, frozen=True):
    """A quarter that was sent at least once; `corrections` of it wait for a second person; `untouched` since it was reopened."""

    stream: str
    quarter: int
    status: str
    observation: str
    corrections: int
    untouched: bool


class Request(msgspec.Struct, frozen=True):
    """A correction or an amendment that waits for an answer by somebody other than `asker`."""

    stream: str
    number: int
    quarter: int
    asker: str
    reason: str


class Commitment(msgspec.Struct, frozen=True):
    """A commitment on its way; `version` waits for signatures since `since` (0: none does), with its `signatories` in their order.

    `signed` are the charges, `signers` the persons that have signed it; `extension` waits for an answer to its `asker`.
    """

    stream: str
    commitment: int
    action: str
    responsible: str
    due: date
    status: str
    declarer: str
    proposer: str
    version: int
    since: datetime | None
    renegotiation: bool
    signatories: list[str]
    ordered: bool
    signed: list[str]
    signers: list[str]
    extension: int
    asker: str

    @property
    def awaited(self) -> list[str]:
        """The charges whose turn it is to sign."""
        missing = [charge for charge in self.signatories if charge not in self.signed] if self.version else []
        return missing[:1] if self.ordered else missing


class Declined(msgspec.Struct, frozen=True):
    """A text that a signatory declined and that nothing was done about."""

    stream: str
    commitment: int
    charge: str
    reason: str


class Knot(msgspec.Struct, frozen=True):
    """A critical knot that no commitment answers."""

    stream: str
    finding: int
    quarter: int
    text: str


class Tallies(msgspec.Struct, frozen=True):
    """The four «n de 13» of a year, and how many UGEL there are; `plans` are participatory, aligned and approved."""

    ugels: int = 0
    plans: int = 0
    evaluations: int = 0
    improvement: int = 0
    balances: int = 0


def years(connection: Connection[Any], at: int, streams: list[str]) -> list[UnitYear]:
    """The years among these streams, opened or not, whose balance is not closed."""
    query = f"""select s.stream, u.code, u.name, split_part(s.stream, '/', 3)::int as year,
        coalesce(y.plan_status, '') as plan_status, coalesce(y.plan_version, 0) as plan_version,
        coalesce(y.plan_observation, '') as observation, coalesce(b.status, 'none') as balance,
        (select count(*) from read.balance p cross join unnest(p.open_items) item
          where p.stream = 'unit/' || u.code || '/' || split_part(s.stream, '/', 3)::int - 1 and p.status = 'closed'
            and p.from_pos <= %(at)s and p.to_pos > %(at)s
            and not exists (select from read.disposition d where d.stream = s.stream and d.item = item and {HOLDS}))::int as pending
      from unnest(%(streams)s::text[]) as s (stream)
      join read.unit u on u.stream = '{STANDING}' and u.code = split_part(s.stream, '/', 2)
        and u.from_pos <= %(at)s and u.to_pos > %(at)s
      left join read.unit_year y on y.stream = s.stream and y.from_pos <= %(at)s and y.to_pos > %(at)s
      left join read.balance b on b.stream = s.stream and b.from_pos <= %(at)s and b.to_pos > %(at)s
      where coalesce(b.status, '') <> 'closed' order by year, u.code"""
    return rows(connection, UnitYear, query, at=at, streams=streams)


def quarters(connection: Connection[Any], at: int, streams: list[str]) -> list[Quarter]:
    """The quarters of the streams that have a state of their own, with their open corrections."""
    query = f"""select q.stream, q.quarter, {STATUS} as status, q.observation,
        (select count(*) from read.correction c where c.stream = q.stream and c.quarter = q.quarter
          and c.status = 'requested' and {HOLDS})::int as corrections, q.status = 'closed' as untouched
      from read.quarter q where q.stream = any(%(streams)s) and q.from_pos <= %(at)s and q.to_pos > %(at)s"""
    return rows(connection, Quarter, query, at=at, streams=streams)


def corrections(connection: Connection[Any], at: int, streams: list[str]) -> list[Request]:
    """The corrections that wait."""
    query = f"""select stream, correction as number, quarter, requester as asker, reason from read.correction
      where stream = any(%(streams)s) and status = 'requested' and {HOLDS} order by from_pos"""
    return rows(connection, Request, query, at=at, streams=streams)


def amendments(connection: Connection[Any], at: int, streams: list[str]) -> list[Request]:
    """The amendments that wait."""
    query = f"""select stream, amendment as number, 0 as quarter, proposer as asker, reason from read.amendment
      where stream = any(%(streams)s) and status = 'proposed' and {HOLDS} order by from_pos"""
    return rows(connection, Request, query, at=at, streams=streams)


def alerts(connection: Connection[Any], at: int, streams: list[str]) -> list[followup_page.Alert]:
    """The alerts that are not closed in years that are not either: escalated ones first, then by the step they have come to."""
    query = f"""{followup_page.ALERTS} and l.status <> 'closed'
        and not exists (select from read.balance b where b.stream = l.stream and b.status = 'closed'
          and b.from_pos <= %(at)s and b.to_pos > %(at)s)
      order by l.escalated desc, array_position('{{open,acknowledged,measured}}', l.status), l.stream, l.alert"""
    return rows(connection, followup_page.Alert, query, at=at, streams=streams)


def commitments(connection: Connection[Any], at: int) -> list[Commitment]:
    """The commitments of all units that are to be signed, carried out or verified in their own year, nearest day first."""
    query = f"""select c.stream, c.commitment, c.action, c.responsible, c.due, c.status, c.declarer, c.proposer,
        coalesce(v.version, 0) as version, greatest(v.at, s.at) as since, v.version is distinct from c.version as renegotiation,
        coalesce(v.signatories, '{{}}') as signatories, coalesce(v.ordered, false) as ordered,
        coalesce(s.signed, '{{}}') as signed, coalesce(s.signers, '{{}}') as signers,
        c.extension, coalesce(e.asker, '') as asker
      from read.commitment c
      left join read.commitment_version v on v.stream = c.stream and v.commitment = c.commitment
        and v.version = case c.status when 'proposed' then c.version when 'signed' then c.offered end
        and v.from_pos <= %(at)s and v.to_pos > %(at)s
      left join lateral (select array_agg(charge) as signed, array_agg(person) as signers, max(at) as at from read.signature
        where stream = v.stream and commitment = v.commitment and version = v.version and status = 'signed' and {HOLDS}) s on true
      left join read.extension e on e.stream = c.stream and e.commitment = c.commitment and e.extension = c.extension
        and e.from_pos <= %(at)s and e.to_pos > %(at)s
      where c.status in ('proposed', 'signed', 'declared') and c.from_pos <= %(at)s and c.to_pos > %(at)s
        and not exists (select from read.balance b where b.stream = c.stream and b.status = 'closed' and {HOLDS})
      order by c.due, c.stream, c.commitment"""
    return rows(connection, Commitment, query, at=at)


def declined(connection: Connection[Any], at: int, proposer: str) -> list[Declined]:
    """The texts offered by a person that were declined, until another is offered, they are withdrawn or the result declared."""
    query = f"""select v.stream, v.commitment, s.charge, s.reason
      from read.commitment_version v
      join read.commitment c on c.stream = v.stream and c.commitment = v.commitment and c.status in ('declined', 'signed')
        and c.from_pos <= %(at)s and c.to_pos > %(at)s
      join read.signature s on s.stream = v.stream and s.commitment = v.commitment and s.version = v.version
        and s.status = 'declined' and s.from_pos <= %(at)s and s.to_pos > %(at)s
      where v.proposer = %(proposer)s and v.from_pos <= %(at)s and v.to_pos > %(at)s
        and not exists (select from read.commitment_version n where n.stream = v.stream and n.commitment = v.commitment
          and n.version > v.version and n.from_pos <= %(at)s and n.to_pos > %(at)s)
        and not exists (select from read.balance b where b.stream = v.stream and b.status = 'closed' and {HOLDS})
      order by v.stream, v.commitment"""
    return rows(connection, Declined, query, at=at, proposer=proposer)


def reminded(connection: Connection[Any], at: int, streams: list[str]) -> set[tuple[str, int, date]]:
    """The commitments, with their due day, of which the clock has reminded."""
    query = f"select distinct stream, commitment, due from read.reminder where stream = any(%(streams)s) and {HOLDS}"
    return set(connection.execute(query, {"streams": streams, "at": at}).fetchall())


def knots(connection: Connection[Any], at: int, streams: list[str]) -> list[Knot]:
    """The critical knots without a commitment that counts."""
    query = f"""select f.stream, f.finding, f.quarter, f.text from read.finding f
      where f.stream = any(%(streams)s) and f.kind = 'nudo crítico' and f.from_pos <= %(at)s and f.to_pos > %(at)s
        and not exists (select from read.commitment c where c.stream = f.stream and f.finding = any(c.findings) and c.origin = ''
          and c.status not in ('withdrawn', 'declined') and {HOLDS})
      order by f.stream, f.finding"""
    return rows(connection, Knot, query, at=at, streams=streams)


def tallies(connection: Connection[Any], at: int, year: int, quarter: int) -> Tallies:
    """How many UGEL have a participatory, aligned and approved plan, the quarter closed, measures against findings, a closed balance."""
    query = f"""with ugel as (
        select 'unit/' || code || '/' || %(year)s::text as stream from read.unit
        where stream = '{STANDING}' and kind = 'ugel' and {HOLDS})
      select count(*)::int as ugels,
        count(*) filter (where exists (select from read.unit_year y where y.stream = ugel.stream and y.plan_version > 0 and {HOLDS})
          and exists (select from read.diagnosis d where d.stream = ugel.stream and d.actors <> '{{}}' and {HOLDS})
          and not exists (select from read.activity a where a.stream = ugel.stream and a.objectives = '{{}}' and {HOLDS})
        )::int as plans,
        count(*) filter (where exists (select from read.quarter q where q.stream = ugel.stream and q.quarter = %(quarter)s
          and {STATUS} = 'closed' and {HOLDS}))::int as evaluations,
        count(*) filter (where exists (select from read.improvement_measure m where m.stream = ugel.stream
          and m.dropped = '' and {HOLDS}))::int as improvement,
        count(*) filter (where exists (select from read.balance b where b.stream = ugel.stream and b.status = 'closed'
          and {HOLDS}))::int as balances
      from ugel"""
    return next(iter(rows(connection, Tallies, query, at=at, year=year, quarter=quarter)), Tallies())

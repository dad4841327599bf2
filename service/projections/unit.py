"""A unit's year to read: the plan's head, its activities by line with what was done, its amendments."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.plan import Kind
from service.aggregates.score import percent
from service.projections.reading import HOLDS, one, rows


class Head(msgspec.Struct, frozen=True):
    """The plan of a year: its status, version and resolution, and what the DRE observed."""

    stream: str
    unit: str
    year: int
    plan_status: str
    plan_version: int
    plan_observation: str
    resolution: str
    resolution_date: date | None
    submitted_at: datetime | None


class Line(msgspec.Struct, frozen=True):
    code: str
    kind: Kind
    name: str


class Activity(msgspec.Struct, frozen=True):
    """An activity with the sums of its tasks; `target`, `original` and `executed` are of the year, in `units`.

    `original` is what was approved first, also of tasks that were retired since.
    """

    activity: int
    line: str
    code: str
    name: str
    area: str
    indicator: str
    verification: str
    objectives: list[str]
    foreign_codes: list[str]
    tasks: int
    units: list[str]
    target: Decimal
    original: Decimal
    executed: Decimal | None
    proofs: int
    changed_at: datetime | None
    changed_by: str | None
    changed: int | None
    position: int
    origin: str = ""
    item: str = ""

    def share(self, target: Decimal) -> Decimal | None:
        """The share of a target that was done in the year, 0 to 100."""
        return percent(self.executed, target) if self.executed is not None and target else None


class Task(msgspec.Struct, frozen=True):
    """A task with its twelve months in force, as approved first, and what was done in each quarter."""

    task: int
    activity: int
    code: str
    name: str
    unit: str
    months: list[Decimal]
    original: list[Decimal]
    programmed: list[Decimal]
    note: str
    position: int


class Done(msgspec.Struct, frozen=True):
    """What was reported of a task in a quarter; `original` is the first figure when it was corrected."""

    task: int
    quarter: int
    executed: Decimal
    evidence: str
    reason: str
    correction: int
    position: int
    original: Decimal | None


class Amendment(msgspec.Struct, frozen=True):
    amendment: int
    status: str
    reason: str
    proposer: str
    changes: int
    version: int
    resolution: str
    answer: str


class Objective(msgspec.Struct, frozen=True):
    """An objective that is offered, with its level in the instrument's own words."""

    code: str
    instrument: str
    text: str
    level: str


def head(connection: Connection[Any], at: int, stream: str) -> Head | None:
    """The year's plan, or None when nobody opened it by then."""
    query = f"""select stream, unit, year, plan_status, plan_version, plan_observation, resolution, resolution_date,
      submitted_at from read.unit_year where stream = %(stream)s and {HOLDS}"""
    return one(connection, Head, query, stream=stream, at=at)


def lines(connection: Connection[Any], at: int, stream: str) -> list[Line]:
    """The lines of action of the plan: strategic, missional, support."""
    query = f"select code, kind, name from read.line where stream = %(stream)s and {HOLDS} order by kind, code"
    return rows(connection, Line, query, stream=stream, at=at)


def activities(connection: Connection[Any], at: int, stream: str, activity: int = 0) -> list[Activity]:
    """The plan's activities (or one of them) in order."""
    query = f"""
      with task as materialized (
        select activity, count(*)::int as tasks, array_agg(distinct unit order by unit) as units,
          sum((select sum(m) from unnest(months) m)) as target
        from read.task where stream = %(stream)s and {HOLDS} group by activity
      ), first as materialized (
        select coalesce(min(from_pos), %(at)s) as position from read.unit_year
        where stream = %(stream)s and plan_version = 1 and from_pos <= %(at)s
      ), original as materialized (
        select activity, sum((select sum(m) from unnest(months) m)) as original
        from read.task cross join first
        where stream = %(stream)s and from_pos <= first.position and to_pos > first.position group by activity
      ), done as materialized (
        select activity, sum(executed) as executed, count(*) filter (where evidence <> '')::int as proofs
        from read.progress where stream = %(stream)s and {HOLDS} group by activity
      )
      select a.activity, a.line, a.code, a.name, a.area, a.indicator, a.verification, a.objectives, a.foreign_codes,
        coalesce(t.tasks, 0) as tasks, coalesce(t.units, '{{}}') as units, coalesce(t.target, 0) as target,
        coalesce(o.original, 0) as original, d.executed, coalesce(d.proofs, 0) as proofs,
        h.at as changed_at, h.person as changed_by, h.from_pos as changed, a.from_pos as position,
        a.origin, a.item
      from read.activity a
      left join task t using (activity) left join original o using (activity) left join done d using (activity)
      left join lateral (
        select at, person, from_pos from read.history h
        where h.stream = a.stream and h.activity = a.activity and h.from_pos <= %(at)s and h.to_pos > %(at)s
          and h.type not in ('comment-made', 'flag-raised', 'flag-lowered', 'plan-row-observed', 'observation-attended')
        order by version desc limit 1
      ) h on true
      where a.stream = %(stream)s and a.from_pos <= %(at)s and a.to_pos > %(at)s
        and (%(activity)s = 0 or a.activity = %(activity)s)
      order by a.line, coalesce(a.place, a.activity), a.activity"""
    return rows(connection, Activity, query, stream=stream, at=at, activity=activity)


def tasks(connection: Connection[Any], at: int, stream: str, activity: int = 0) -> list[Task]:
    """The tasks of an activity, or of the whole plan, in order."""
    query = f"""select task, activity, code, name, unit, months, original, programmed, note, from_pos as position from read.task
      where stream = %(stream)s and {HOLDS} and (%(activity)s = 0 or activity = %(activity)s)
      order by activity, coalesce(place, task), task"""
    return rows(connection, Task, query, stream=stream, at=at, activity=activity)


def done(connection: Connection[Any], at: int, stream: str, activity: int = 0) -> list[Done]:
    """What was reported, by task and quarter; a corrected figure comes with the first one."""
    query = f"""select p.task, p.quarter, p.executed, p.evidence, p.reason, p.correction, p.from_pos as position,
        (select c.was from read.correction c where c.stream = p.stream and c.quarter = p.quarter and c.task = p.task
          and c.status = 'approved' and c.from_pos <= %(at)s and c.to_pos > %(at)s order by c.correction limit 1) as original
      from read.progress p where p.stream = %(stream)s and {HOLDS} and (%(activity)s = 0 or p.activity = %(activity)s)"""
    return rows(connection, Done, query, stream=stream, at=at, activity=activity)


def amendments(connection: Connection[Any], at: int, stream: str) -> list[Amendment]:
    """The amendments of the plan, the last one first."""
    query = f"""select amendment, status, reason, proposer, changes, version, resolution, answer from read.amendment
      where stream = %(stream)s and {HOLDS} order by amendment desc"""
    return rows(connection, Amendment, query, stream=stream, at=at)


def objectives(connection: Connection[Any], at: int) -> list[Objective]:
    """The objectives of the catalogue in force at the moment, instrument by instrument."""
    query = f"""select o.code, o.instrument, o.text, coalesce(i.levels[o.level], '') as level
      from (select * from read.objective where retired = 0 and {HOLDS}) o
      left join (select * from read.instrument where {HOLDS}) i using (stream, instrument)
      order by coalesce(i.place, 0), o.instrument, o.code"""
    return rows(connection, Objective, query, at=at)

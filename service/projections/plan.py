"""The plan to read: the unit's year, its lines, activities, tasks and amendments."""

from decimal import Decimal

from service.aggregates import plan as p
from service.aggregates import plan_review as w
from service.aggregates import plan_versions as v
from service.projections import BIGINT, DATE, INT, MOMENT, NUMBER, NUMBERS, TEXT, TEXTS, Projection, Row, Table
from service.record import Recorded

UNIT_YEAR = Table(
    "unit_year",
    {"stream": "text"},
    {
        "unit": TEXT,
        "year": INT,
        "plan_status": TEXT,
        "plan_version": INT,
        "plan_observation": TEXT,
        "resolution": TEXT,
        "resolution_date": DATE,
        "submitted_at": MOMENT,
        "reviewed": BIGINT,
    },
)
LINE = Table("line", {"stream": "text", "code": "text"}, {"kind": TEXT, "name": TEXT})
ACTIVITY = Table(
    "activity",
    {"stream": "text", "activity": "int"},
    {
        "line": TEXT,
        "code": TEXT,
        "name": TEXT,
        "area": TEXT,
        "indicator": TEXT,
        "verification": TEXT,
        "objectives": TEXTS,
        "foreign_codes": TEXTS,
        "place": NUMBER,
        "origin": TEXT,
        "item": TEXT,
    },
)
TASK = Table(
    "task",
    {"stream": "text", "task": "int"},
    {
        "activity": INT,
        "code": TEXT,
        "name": TEXT,
        "unit": TEXT,
        "months": NUMBERS,
        "original": NUMBERS,
        "programmed": NUMBERS,
        "note": TEXT,
        "place": NUMBER,
    },
    ("stream, activity",),
)
AMENDMENT = Table(
    "amendment",
    {"stream": "text", "amendment": "int"},
    {"status": TEXT, "reason": TEXT, "proposer": TEXT, "changes": INT, "version": INT, "resolution": TEXT, "answer": TEXT},
)
OBSERVATION = Table(
    "observation",
    {"stream": "text", "observation": "int"},
    {"activity": INT, "task": INT, "text": TEXT, "observed": BIGINT, "answer": TEXT, "answered": BIGINT},
)
TABLES = (UNIT_YEAR, LINE, ACTIVITY, TASK, AMENDMENT, OBSERVATION)


def _activity_added(r: Recorded) -> list[Row]:
    e: p.ActivityAdded = r.fact.event
    values = {name: getattr(e, name) for name in p.ACTIVITY_FIELDS}
    key = (r.stream, e.activity)
    return [Row(ACTIVITY, key, {**values, "objectives": e.objectives, "foreign_codes": e.foreign}, fresh=True)]


def _activity_aligned(r: Recorded) -> list[Row]:
    e: p.ActivityAligned = r.fact.event
    foreign = {} if e.foreign is None else {"foreign_codes": e.foreign}
    return [Row(ACTIVITY, (r.stream, e.activity), {"objectives": e.objectives, **foreign})]


def targets(months: tuple[Decimal, ...]) -> dict[str, tuple[Decimal, ...]]:
    """The twelve months in force, and the sums of the four quarters."""
    return {"months": months, "programmed": tuple(sum(months[n : n + 3], Decimal(0)) for n in (0, 3, 6, 9))}


def _task_added(r: Recorded) -> list[Row]:
    e: p.TaskAdded = r.fact.event
    values = {"activity": e.activity, "code": e.code, "name": e.name, "unit": e.unit, "note": e.note}
    original = e.months if not e.amendment else tuple(month * 0 for month in e.months)
    return [Row(TASK, (r.stream, e.task), {**values, **targets(e.months), "original": original}, fresh=True)]


def _task_changed(r: Recorded) -> list[Row]:
    e: p.TaskChanged = r.fact.event
    values = {"code": e.code, "name": e.name, "unit": e.unit, **targets(e.months)} | ({} if e.note is None else {"note": e.note})
    return [Row(TASK, (r.stream, e.task), values if e.amendment else {**values, "original": e.months})]


def _year_opened(r: Recorded) -> list[Row]:
    e: v.YearOpened = r.fact.event
    return [Row(UNIT_YEAR, (r.stream,), {"unit": e.unit, "year": e.year, "plan_status": "draft"}, fresh=True)]


def _plan_observed(r: Recorded) -> list[Row]:
    """The review begins anew: `reviewed` is the ordinal of its first fact, by which older observations are told apart."""
    e: v.PlanObserved = r.fact.event
    values = {"plan_status": "observed", "plan_observation": e.text, "reviewed": r.version}
    return [Row(UNIT_YEAR, (r.stream,), values), *(_observed(r, 0, e.activity, 0) if e.text else ())]


def _observed(r: Recorded, number: int, activity: int, task: int) -> list[Row]:
    values = {"activity": activity, "task": task, "text": r.fact.event.text, "observed": r.version, "answer": "", "answered": 0}
    return [Row(OBSERVATION, (r.stream, number), values)]


def _plan_approved(r: Recorded) -> list[Row]:
    e: v.PlanApproved = r.fact.event
    resolution = {"resolution": e.resolution, "resolution_date": e.resolution_date}
    return [Row(UNIT_YEAR, (r.stream,), {"plan_status": "approved", "plan_version": e.version, **resolution})]


def _amendment_proposed(r: Recorded) -> list[Row]:
    e: v.AmendmentProposed = r.fact.event
    values = {"status": "proposed", "reason": e.reason, "proposer": r.fact.person, "changes": len(e.changes)}
    return [Row(AMENDMENT, (r.stream, e.amendment), values, fresh=True)]


def _amendment_approved(r: Recorded) -> list[Row]:
    e: v.AmendmentApproved = r.fact.event
    resolution = {"resolution": e.resolution, "resolution_date": e.resolution_date}
    approved = {"status": "approved", "version": e.version, "resolution": e.resolution}
    return [
        Row(AMENDMENT, (r.stream, e.amendment), approved),
        Row(UNIT_YEAR, (r.stream,), {"plan_version": e.version, **resolution}),
    ]


PROJECTORS: dict[type, Projection] = {
    v.YearOpened: _year_opened,
    p.LineAdded: lambda r: [
        Row(LINE, (r.stream, r.fact.event.code), {"kind": r.fact.event.kind, "name": r.fact.event.name}, fresh=True)
    ],
    p.ActivityAdded: _activity_added,
    p.ActivityChanged: lambda r: [Row(ACTIVITY, (r.stream, r.fact.event.activity), r.fact.event.now)],
    p.ActivityAligned: _activity_aligned,
    p.ActivityRemoved: lambda r: [Row(ACTIVITY, (r.stream, r.fact.event.activity), None)],
    p.TaskAdded: _task_added,
    p.TaskChanged: _task_changed,
    p.TaskRemoved: lambda r: [Row(TASK, (r.stream, r.fact.event.task), None)],
    v.PlanSubmitted: lambda r: [Row(UNIT_YEAR, (r.stream,), {"plan_status": "submitted", "submitted_at": r.fact.at})],
    v.PlanObserved: _plan_observed,
    w.PlanRowObserved: lambda r: _observed(r, r.fact.event.observation, r.fact.event.activity, r.fact.event.task),
    w.ObservationAttended: lambda r: [
        Row(OBSERVATION, (r.stream, r.fact.event.observation), {"answer": r.fact.event.text, "answered": r.version})
    ],
    v.PlanApproved: _plan_approved,
    v.AmendmentProposed: _amendment_proposed,
    v.AmendmentApproved: _amendment_approved,
    v.AmendmentRejected: lambda r: [
        Row(AMENDMENT, (r.stream, r.fact.event.amendment), {"status": "rejected", "answer": r.fact.event.reason})
    ],
}

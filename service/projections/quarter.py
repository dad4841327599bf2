"""The quarters to read: progress, status, the frozen score, corrections."""

import msgspec

from service.aggregates import quarter as q
from service.aggregates import quarter_corrections as corrections
from service.aggregates import quarter_reopening as reopening
from service.aggregates.quarter_progress import ProgressRecorded
from service.aggregates.quarter_score import QuarterScored
from service.projections import COUNTS, DATE, INT, JSON, MOMENT, NUMBER, NUMBERS, TEXT, Projection, Row, Table
from service.record import Recorded

PROGRESS = Table(
    "progress",
    {"stream": "text", "quarter": "int", "task": "int"},
    {"activity": INT, "executed": NUMBER, "evidence": TEXT, "reason": TEXT, "correction": INT, "months": NUMBERS, "late": INT},
)
QUARTER = Table(
    "quarter",
    {"stream": "text", "quarter": "int"},
    {
        "status": TEXT,
        "submitted_at": MOMENT,
        "reason": TEXT,
        "observation": TEXT,
        "observed_task": INT,
        "percent": NUMBER,
        "light": TEXT,
        "fulfilled": INT,
        "activities": INT,
        "scale": INT,
        "formula": TEXT,
        "lines": JSON,
        "late": INT,
        "reopened_until": DATE,
        "reopened_tasks": COUNTS,
        "reopened_indicators": COUNTS,
        "reopening": TEXT,
    },
)
CORRECTION = Table(
    "correction",
    {"stream": "text", "correction": "int"},
    {
        "quarter": INT,
        "activity": INT,
        "task": INT,
        "was": NUMBER,
        "executed": NUMBER,
        "reason": TEXT,
        "status": TEXT,
        "requester": TEXT,
        "answer": TEXT,
    },
)
OBSERVED = Table("quarter_row", {"stream": "text", "quarter": "int", "task": "int"}, {"activity": INT, "text": TEXT})
TABLES = (PROGRESS, QUARTER, CORRECTION, OBSERVED)

TODAY = "(coalesce((select h.at from read.history h where h.from_pos = %(at)s), now()) at time zone 'America/Lima')::date"
STATUS = f"""case when q.reopened_until is null then q.status when q.reopened_until < {TODAY} then 'closed'
  when q.status = 'closed' then 'scored' else q.status end"""
"""The status of a row `q` at a moment: what was closed and is open again counts as scored until the end of its last day."""
WORD = f"""case when q.reopened_until is not null and {STATUS} <> 'closed' then 'reopened'
  when {STATUS} = 'submitted' and coalesce(q.observation, '') <> '' then 'resubmitted' else {STATUS} end"""
"""The state of a row `q` as people are told: that it is open again, or was sent again, goes before the step it has come to."""


def _recorded(r: Recorded) -> list[Row]:
    e: ProgressRecorded = r.fact.event
    values = {"activity": e.activity, "executed": e.executed, "evidence": e.evidence, "reason": e.reason}
    return [Row(PROGRESS, (r.stream, e.quarter, e.task), {**values, "months": list(e.months), **_late(e.late)})]


def _late(days: int) -> dict[str, int]:
    """What was late once stays so: what comes later in time takes no mark away."""
    return {"late": days} if days else {}


def _status(r: Recorded, status: str, **values: object) -> list[Row]:
    return [Row(QUARTER, (r.stream, r.fact.event.quarter), {"status": status, **values})]


def _requested(r: Recorded) -> list[Row]:
    e: corrections.CorrectionRequested = r.fact.event
    values = {name: getattr(e, name) for name in ("quarter", "activity", "task", "was", "executed", "reason")}
    waiting = {"status": "requested", "requester": r.fact.person}
    return [Row(CORRECTION, (r.stream, e.correction), {**values, **waiting}, fresh=True)]


def _corrected(r: Recorded) -> list[Row]:
    e: corrections.CorrectionApproved = r.fact.event
    figure = {"activity": e.activity, "executed": e.executed, "evidence": e.evidence, "correction": e.correction}
    figure |= {"months": []}
    return [
        Row(CORRECTION, (r.stream, e.correction), {"status": "approved"}),
        Row(PROGRESS, (r.stream, e.quarter, e.task), figure),
        *_status(r, "validated"),
    ]


def _scored(r: Recorded) -> list[Row]:
    e: QuarterScored = r.fact.event
    values = {name: getattr(e, name) for name in ("percent", "light", "fulfilled", "activities", "scale", "formula")}
    lines = {str(line.activity): msgspec.to_builtins(line) for line in e.lines}
    return _status(r, "scored", **values, lines=lines)


def _submitted(r: Recorded) -> list[Row]:
    e: q.QuarterSubmitted = r.fact.event
    return _status(r, "submitted", submitted_at=r.fact.at, reason=e.reason, **_late(e.late))


def _reopened(r: Recorded) -> list[Row]:
    e: reopening.QuarterReopened = r.fact.event
    scope = {"reopened_tasks": list(e.tasks), "reopened_indicators": list(e.indicators)}
    return [Row(QUARTER, (r.stream, e.quarter), {"reopened_until": e.until, "reopening": e.reason, **scope})]


PROJECTORS: dict[type, Projection] = {
    ProgressRecorded: _recorded,
    q.QuarterSubmitted: _submitted,
    q.QuarterRowObserved: lambda r: [
        Row(
            OBSERVED,
            (r.stream, r.fact.event.quarter, r.fact.event.task),
            {"activity": r.fact.event.activity, "text": r.fact.event.text},
        )
    ],
    q.QuarterObserved: lambda r: _status(r, "observed", observation=r.fact.event.text, observed_task=r.fact.event.task),
    q.QuarterValidated: lambda r: _status(r, "validated"),
    corrections.CorrectionRequested: _requested,
    corrections.CorrectionApproved: _corrected,
    corrections.CorrectionRejected: lambda r: [
        Row(CORRECTION, (r.stream, r.fact.event.correction), {"status": "rejected", "answer": r.fact.event.reason})
    ],
    QuarterScored: _scored,
    q.QuarterClosed: lambda r: _status(r, "closed", reopened_until=None, reopened_tasks=[], reopened_indicators=[], reopening=""),
    reopening.QuarterReopened: _reopened,
}

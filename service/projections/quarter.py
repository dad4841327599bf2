"""The quarters to read: progress, status, the frozen score, corrections."""

import msgspec

from service.aggregates import quarter as q
from service.aggregates import quarter_corrections as corrections
from service.projections import INT, JSON, MOMENT, NUMBER, TEXT, Projection, Row, Table
from service.record import Recorded

PROGRESS = Table(
    "progress",
    {"stream": "text", "quarter": "int", "task": "int"},
    {"activity": INT, "executed": NUMBER, "evidence": TEXT, "reason": TEXT, "correction": INT},
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
TABLES = (PROGRESS, QUARTER, CORRECTION)


def _recorded(r: Recorded) -> list[Row]:
    e: q.ProgressRecorded = r.fact.event
    values = {"activity": e.activity, "executed": e.executed, "evidence": e.evidence, "reason": e.reason}
    return [Row(PROGRESS, (r.stream, e.quarter, e.task), values)]


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
    return [
        Row(CORRECTION, (r.stream, e.correction), {"status": "approved"}),
        Row(PROGRESS, (r.stream, e.quarter, e.task), figure),
        *_status(r, "validated"),
    ]


def _scored(r: Recorded) -> list[Row]:
    e: q.QuarterScored = r.fact.event
    values = {name: getattr(e, name) for name in ("percent", "light", "fulfilled", "activities", "scale", "formula")}
    lines = {str(line.activity): msgspec.to_builtins(line) for line in e.lines}
    return _status(r, "scored", **values, lines=lines)


PROJECTORS: dict[type, Projection] = {
    q.ProgressRecorded: _recorded,
    q.QuarterSubmitted: lambda r: _status(r, "submitted", submitted_at=r.fact.at, reason=r.fact.event.reason),
    q.QuarterObserved: lambda r: _status(r, "observed", observation=r.fact.event.text, observed_task=r.fact.event.task),
    q.QuarterValidated: lambda r: _status(r, "validated"),
    corrections.CorrectionRequested: _requested,
    corrections.CorrectionApproved: _corrected,
    corrections.CorrectionRejected: lambda r: [
        Row(CORRECTION, (r.stream, r.fact.event.correction), {"status": "rejected", "answer": r.fact.event.reason})
    ],
    q.QuarterScored: _scored,
    q.QuarterClosed: lambda r: _status(r, "closed"),
}

"""What follows a score, to read: alerts, findings, reminders of commitments."""

import msgspec

from service.aggregates import alert as a
from service.aggregates import alert_cause as cause
from service.aggregates import alert_first as before
from service.aggregates import alert_watch as w
from service.aggregates import finding as f
from service.projections import BOOL, DATE, INT, JSON, MOMENT, TEXT, TEXTS, Projection, Row, Table
from service.record import Recorded

ALERT = Table(
    "alert",
    {"stream": "text", "alert": "int"},
    {
        "rule": TEXT,
        "rules": INT,
        "quarter": INT,
        "activity": INT,
        "commitment": INT,
        "inputs": JSON,
        "deadline": DATE,
        "raised_at": MOMENT,
        "status": TEXT,
        "measure": TEXT,
        "responsible": TEXT,
        "due": DATE,
        "taker": TEXT,
        "silent": DATE,
        "silence": TEXT,
        "escalated": BOOL,
        "gone": BOOL,
        "answer": TEXT,
        "evidence": TEXT,
    },
)
FINDING = Table(
    "finding",
    {"stream": "text", "finding": "int"},
    {"quarter": INT, "kind": TEXT, "text": TEXT, "cause": TEXT, "activity": INT, "alert": INT, "evidence": TEXT},
)
REMINDER = Table("reminder", {"stream": "text", "commitment": "int", "days": "int", "due": "date"}, {"at": MOMENT}, log=True)
AWAITED = Table(
    "signature_reminder",
    {"stream": "text", "commitment": "int", "version": "int", "days": "int", "since": "date"},
    {"charges": TEXTS, "at": MOMENT},
    log=True,
)
TABLES = (ALERT, FINDING, REMINDER, AWAITED)


def _raised(r: Recorded) -> list[Row]:
    e: a.AlertRaised = r.fact.event
    values = {name: getattr(e, name) for name in ("rule", "rules", "quarter", "activity", "commitment", "inputs", "deadline")}
    return [Row(ALERT, (r.stream, e.alert), {**values, "status": "open", "raised_at": r.fact.at}, fresh=True)]


def _measured(r: Recorded) -> list[Row]:
    e: a.MeasureTaken = r.fact.event
    return _alert(r, status="measured", measure=e.measure, responsible=e.responsible, due=e.due, taker=r.fact.person)


def _today(then: Projection) -> Projection:
    """Project an old event as what it means today."""
    return lambda r: then(msgspec.structs.replace(r, fact=msgspec.structs.replace(r.fact, event=before.today(r.fact.event))))


def _reminded(r: Recorded) -> list[Row]:
    e: w.ReminderGiven = r.fact.event
    return [Row(REMINDER, (r.stream, e.commitment, e.days, e.due), {"at": r.fact.at}, fresh=True)]


def _awaited(r: Recorded) -> list[Row]:
    e: w.SignatureReminded = r.fact.event
    values = {"charges": list(e.charges), "at": r.fact.at}
    return [Row(AWAITED, (r.stream, e.commitment, e.version, e.days, e.since), values, fresh=True)]


def _alert(r: Recorded, **values: object) -> list[Row]:
    return [Row(ALERT, (r.stream, r.fact.event.alert), values)]


def _found(r: Recorded) -> list[Row]:
    e: f.FindingRecorded = r.fact.event
    values = {name: getattr(e, name) for name in FINDING.columns}
    return [Row(FINDING, (r.stream, e.finding), values, fresh=True)]


PROJECTORS: dict[type, Projection] = {
    a.AlertRaised: _raised,
    before.FirstAlertRaised: _today(_raised),
    before.FirstAlertAcknowledged: _today(_measured),
    a.AlertAcknowledged: lambda r: _alert(r, status="acknowledged"),
    a.MeasureTaken: _measured,
    a.AlertSilenced: lambda r: _alert(r, silent=r.fact.event.until, silence=r.fact.event.reason),
    cause.AlertCauseNoted: lambda r: _alert(r, gone=not r.fact.event.exists),
    a.AlertEscalated: lambda r: _alert(r, escalated=True),
    w.ReminderGiven: _reminded,
    w.SignatureReminded: _awaited,
    a.AlertClosed: lambda r: _alert(r, status="closed", answer=r.fact.event.text, evidence=r.fact.event.evidence),
    f.FindingRecorded: _found,
}

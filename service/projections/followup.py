"""What follows a score, to read: alerts, findings, commitments and their signatures."""

import msgspec

from service.aggregates import alert as a
from service.aggregates import alert_first as before
from service.aggregates import alert_watch as w
from service.aggregates import commitment as c
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
        "answer": TEXT,
        "evidence": TEXT,
    },
)
FINDING = Table(
    "finding",
    {"stream": "text", "finding": "int"},
    {"quarter": INT, "kind": TEXT, "text": TEXT, "cause": TEXT, "activity": INT, "alert": INT, "evidence": TEXT},
)
COMMITMENT = Table(
    "commitment",
    {"stream": "text", "commitment": "int"},
    {
        "finding": INT,
        "document": TEXT,
        "origin": TEXT,
        "action": TEXT,
        "responsible": TEXT,
        "due": DATE,
        "indicator": TEXT,
        "target": TEXT,
        "verification": TEXT,
        "signatories": TEXTS,
        "status": TEXT,
        "fulfilled": BOOL,
        "proposer": TEXT,
        "declarer": TEXT,
    },
)
SIGNATURE = Table(
    "signature",
    {"stream": "text", "commitment": "int", "charge": "text"},
    {"person": TEXT, "at": MOMENT, "status": TEXT, "reason": TEXT, "document": TEXT, "method": TEXT},
)
REMINDER = Table("reminder", {"stream": "text", "commitment": "int", "days": "int", "due": "date"}, {"at": MOMENT}, log=True)
TABLES = (ALERT, FINDING, COMMITMENT, SIGNATURE, REMINDER)


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


def _alert(r: Recorded, **values: object) -> list[Row]:
    return [Row(ALERT, (r.stream, r.fact.event.alert), values)]


def _found(r: Recorded) -> list[Row]:
    e: f.FindingRecorded = r.fact.event
    values = {name: getattr(e, name) for name in FINDING.columns}
    return [Row(FINDING, (r.stream, e.finding), values, fresh=True)]


def _agreed(r: Recorded, **values: object) -> list[Row]:
    e: c.CommitmentProposed | c.CommitmentCarried = r.fact.event
    terms = {name: getattr(e.terms, name) for name in e.terms.__struct_fields__}
    known = {"document": e.document, "proposer": r.fact.person, **terms, **values}
    return [Row(COMMITMENT, (r.stream, e.commitment), known, fresh=True)]


def _carried(r: Recorded) -> list[Row]:
    e: c.CommitmentCarried = r.fact.event
    carried = {"status": "signed", "document": e.document, "at": r.fact.at, "method": "", "reason": ""}
    signatures = [
        Row(SIGNATURE, (r.stream, e.commitment, charge), {**carried, "person": person}, fresh=True)
        for charge, person in e.signed.items()
    ]
    return [*_agreed(r, status=e.status, origin=e.origin, declarer=e.declarer, fulfilled=e.fulfilled), *signatures]


def _commitment(r: Recorded, **values: object) -> Row:
    return Row(COMMITMENT, (r.stream, r.fact.event.commitment), values)


def _signed(r: Recorded) -> list[Row]:
    e: c.CommitmentSigned = r.fact.event
    values = {"person": r.fact.person, "at": r.fact.at, "status": "signed", "document": e.document, "method": e.method}
    signature = Row(SIGNATURE, (r.stream, e.commitment, e.charge), values, fresh=True)
    return [signature, _commitment(r, status="signed")] if e.complete else [signature]


def _declined(r: Recorded) -> list[Row]:
    e: c.CommitmentDeclined = r.fact.event
    values = {"person": r.fact.person, "at": r.fact.at, "status": "declined", "reason": e.reason}
    return [Row(SIGNATURE, (r.stream, e.commitment, e.charge), values, fresh=True), _commitment(r, status="declined")]


PROJECTORS: dict[type, Projection] = {
    a.AlertRaised: _raised,
    before.FirstAlertRaised: _today(_raised),
    before.FirstAlertAcknowledged: _today(_measured),
    a.AlertAcknowledged: lambda r: _alert(r, status="acknowledged"),
    a.MeasureTaken: _measured,
    a.AlertSilenced: lambda r: _alert(r, silent=r.fact.event.until, silence=r.fact.event.reason),
    a.AlertEscalated: lambda r: _alert(r, escalated=True),
    w.ReminderGiven: _reminded,
    a.AlertClosed: lambda r: _alert(r, status="closed", answer=r.fact.event.text, evidence=r.fact.event.evidence),
    f.FindingRecorded: _found,
    c.CommitmentProposed: lambda r: _agreed(r, status="proposed"),
    c.CommitmentCarried: _carried,
    c.CommitmentSigned: _signed,
    c.CommitmentDeclined: _declined,
    c.CommitmentWithdrawn: lambda r: [_commitment(r, status="withdrawn")],
    c.CommitmentDeclared: lambda r: [_commitment(r, status="declared", fulfilled=r.fact.event.fulfilled, declarer=r.fact.person)],
    c.CommitmentVerified: lambda r: [_commitment(r, status="verified" if r.fact.event.accepted else "signed")],
}

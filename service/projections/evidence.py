"""The evidence to read: what was attached to a task in a quarter, and what was said of it."""

from service.aggregates import evidence as e
from service.projections import INT, MOMENT, TEXT, Projection, Row, Table
from service.record import Recorded

EVIDENCE = Table(
    "evidence",
    {"stream": "text", "evidence": "int"},
    {
        "quarter": INT,
        "activity": INT,
        "task": INT,
        "title": TEXT,
        "reference": TEXT,
        "digest": TEXT,
        "media": TEXT,
        "size": INT,
        "replaces": INT,
        "author": TEXT,
        "charge": TEXT,
        "at": MOMENT,
        "verdict": TEXT,
        "reason": TEXT,
        "reviewer": TEXT,
        "reviewed_at": MOMENT,
    },
    ("stream, quarter, task",),
)
TABLES = (EVIDENCE,)


def _attached(r: Recorded) -> list[Row]:
    event: e.EvidenceAttached = r.fact.event
    names = ("quarter", "activity", "task", "title", "reference", "digest", "media", "size", "replaces")
    values = {name: getattr(event, name) for name in names}
    values |= {"author": r.fact.person, "charge": r.fact.charge, "at": r.fact.at}
    return [Row(EVIDENCE, (r.stream, event.evidence), values, fresh=True)]


def _reviewed(r: Recorded) -> list[Row]:
    event: e.EvidenceReviewed = r.fact.event
    said = {"verdict": event.verdict, "reason": event.reason, "reviewer": r.fact.person, "reviewed_at": r.fact.at}
    return [Row(EVIDENCE, (r.stream, event.evidence), said)]


PROJECTORS: dict[type, Projection] = {e.EvidenceAttached: _attached, e.EvidenceReviewed: _reviewed}

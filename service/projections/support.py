"""Support sessions to read: programme, who came, and what each unit took on."""

from service.aggregates import support as s
from service.projections import BOOL, DATE, INT, TEXT, TEXTS, Projection, Row, Table
from service.record import Recorded

SUPPORT = Table(
    "support",
    {"stream": "text", "support": "int"},
    {
        "kind": TEXT,
        "title": TEXT,
        "day": DATE,
        "place": TEXT,
        "virtual": BOOL,
        "units": TEXTS,
        "agenda": TEXTS,
        "materials": TEXTS,
        "links": TEXTS,
        "status": TEXT,
        "reason": TEXT,
        "persons": TEXTS,
        "charges": TEXTS,
    },
)
UNDERTAKING = Table(
    "undertaking",
    {"stream": "text", "undertaking": "int"},
    {
        "support": INT,
        "unit": TEXT,
        "text": TEXT,
        "due": DATE,
        "status": TEXT,
        "evidence": TEXT,
        "reporter": TEXT,
        "answer": TEXT,
    },
)
TABLES = (SUPPORT, UNDERTAKING)


def _convened(r: Recorded) -> list[Row]:
    e: s.SupportConvened = r.fact.event
    values = {name: getattr(e, name) for name in ("kind", "title", "day", "place", "virtual", "units", "agenda")}
    values["materials"] = tuple(each.title for each in e.materials)
    values["links"] = tuple(each.reference for each in e.materials)
    return [Row(SUPPORT, (r.stream, e.support), values | {"status": "convened"})]


def _attended(r: Recorded) -> list[Row]:
    e: s.SupportAttended = r.fact.event
    persons, charges = (tuple(getattr(each, name) for each in e.attendees) for name in ("person", "charge"))
    return [Row(SUPPORT, (r.stream, e.support), {"status": "held", "persons": persons, "charges": charges})]


def _added(r: Recorded) -> list[Row]:
    e: s.UndertakingAdded = r.fact.event
    values = {"support": e.support, "unit": e.unit, "text": e.text, "due": e.due, "status": "open"}
    return [Row(UNDERTAKING, (r.stream, e.undertaking), values, fresh=True)]


def _undertaking(r: Recorded, **values: object) -> list[Row]:
    return [Row(UNDERTAKING, (r.stream, r.fact.event.undertaking), values)]


PROJECTORS: dict[type, Projection] = {
    s.SupportConvened: _convened,
    s.SupportChanged: _convened,
    s.SupportCancelled: lambda r: [
        Row(SUPPORT, (r.stream, r.fact.event.support), {"status": "cancelled", "reason": r.fact.event.reason})
    ],
    s.SupportAttended: _attended,
    s.UndertakingAdded: _added,
    s.UndertakingReported: lambda r: _undertaking(
        r, status="reported", evidence=r.fact.event.evidence, reporter=r.fact.person, answer=""
    ),
    s.UndertakingVerified: lambda r: _undertaking(
        r, status="fulfilled" if r.fact.event.accepted else "observed", answer=r.fact.event.text
    ),
}

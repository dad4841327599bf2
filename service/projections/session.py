"""The sessions to read: each with its acta, who attended, the agenda, the agreements and votes, what was proposed and corrected."""

from service.aggregates import session as s
from service.aggregates import session_agenda as g
from service.aggregates import session_agreements as a
from service.aggregates import session_attendance as t
from service.aggregates import session_minutes as m
from service.aggregates.session_matter import Matter
from service.projections import BIGINT, BOOL, DATE, INT, MOMENT, TEXT, TEXTS, Projection, Row, Table
from service.record import Recorded

SESSION = Table(
    "session",
    {"stream": "text", "session": "int"},
    {
        "kind": TEXT,
        "quarter": INT,
        "day": DATE,
        "hour": TEXT,
        "place": TEXT,
        "virtual": BOOL,
        "units": TEXTS,
        "persons": INT,
        "roles": TEXTS,
        "share": INT,
        "counts": TEXTS,
        "rules": INT,
        "status": TEXT,
        "reason": TEXT,
        "opened_at": MOMENT,
        "ended_at": MOMENT,
        "closed_at": MOMENT,
        **dict.fromkeys(m.PARTS, TEXT),
    },
)
ATTENDANCE = Table("attendance", {"stream": "text", "session": "int", "person": "text"}, {"charge": TEXT})
ITEM = Table(
    "agenda_item",
    {"stream": "text", "item": "int"},
    {
        "session": INT,
        "place": INT,
        "title": TEXT,
        "unit": TEXT,
        "kind": TEXT,
        "number": INT,
        "taken_up": BIGINT,
        "note": TEXT,
    },
)
AGREEMENT = Table(
    "agreement",
    {"stream": "text", "agreement": "int"},
    {
        "session": INT,
        "item": INT,
        "text": TEXT,
        "responsible": TEXT,
        "due": DATE,
        "matters": TEXTS,
        "withdrawn": BOOL,
        "reason": TEXT,
    },
)
VOTE = Table("vote", {"stream": "text", "agreement": "int", "person": "text"}, {"charge": TEXT, "choice": TEXT, "reason": TEXT})
WORDING = Table(
    "wording",
    {"stream": "text", "wording": "int"},
    {
        "session": INT,
        "part": TEXT,
        "item": INT,
        "text": TEXT,
        "reason": TEXT,
        "proposer": TEXT,
        "status": TEXT,
        "answer": TEXT,
    },
)
ERRATUM = Table(
    "erratum",
    {"stream": "text", "session": "int", "erratum": "int"},
    {"says": TEXT, "should_say": TEXT, "reason": TEXT, "person": TEXT, "at": MOMENT},
)
TABLES = (SESSION, ATTENDANCE, ITEM, AGREEMENT, VOTE, WORDING, ERRATUM)


def _convened(r: Recorded) -> list[Row]:
    e: s.SessionConvened = r.fact.event
    values = {name: getattr(e, name) for name in ("kind", "quarter", "day", "hour", "place", "virtual", "units")}
    rule = {"persons": e.quorum.persons, "roles": tuple("|".join(group) for group in e.quorum.roles), "share": e.quorum.units}
    rule |= {"counts": e.quorum.counts, "rules": e.rules}
    return [Row(SESSION, (r.stream, e.session), {**values, **rule, "status": "convened"})]


def _session(r: Recorded, **values: object) -> list[Row]:
    return [Row(SESSION, (r.stream, r.fact.event.session), values)]


def _attended(r: Recorded) -> list[Row]:
    e: t.AttendanceMarked = r.fact.event
    return [Row(ATTENDANCE, (r.stream, e.session, e.person), {"charge": e.charge} if e.present else None)]


def _added(r: Recorded) -> list[Row]:
    e: g.AgendaItemAdded = r.fact.event
    matter = e.matter or Matter(unit="", kind="quarter", number=0)
    about = {"unit": matter.unit, "kind": matter.kind if e.matter else "", "number": matter.number}
    values = {"session": e.session, "place": e.place, "title": e.title, **about}
    return [Row(ITEM, (r.stream, e.item), values, fresh=True)]


def _item(r: Recorded, **values: object) -> list[Row]:
    return [Row(ITEM, (r.stream, r.fact.event.item), values)]


def _places(r: Recorded) -> list[Row]:
    return [Row(ITEM, (r.stream, item), {"place": place}) for place, item in enumerate(r.fact.event.order, start=1)]


def _removed(r: Recorded) -> list[Row]:
    gone = (r.stream, r.fact.event.item)
    return [Row(ITEM, gone, None), *(row for row in _places(r) if row.key != gone)]


def _agreed(r: Recorded) -> list[Row]:
    e: a.AgreementWritten | a.AgreementChanged = r.fact.event
    values = {name: getattr(e, name) for name in a.FIELDS}
    values["matters"] = tuple(f"{each.unit}/{each.kind}/{each.number}" for each in e.matters)
    if isinstance(e, a.AgreementWritten):
        values |= {"session": e.session, "item": e.item}
    return [Row(AGREEMENT, (r.stream, e.agreement), values)]


def _voted(r: Recorded) -> list[Row]:
    e: a.VoteCast = r.fact.event
    values = {"charge": e.charge, "choice": e.choice, "reason": e.reason}
    return [Row(VOTE, (r.stream, e.agreement, r.fact.person), values, fresh=True)]


def _proposed(r: Recorded) -> list[Row]:
    e: m.WordingProposed = r.fact.event
    values = {name: getattr(e, name) for name in ("session", "part", "item", "text", "reason")}
    known = {**values, "proposer": r.fact.person, "status": "proposed"}
    return [Row(WORDING, (r.stream, e.wording), known, fresh=True)]


def _accepted(r: Recorded) -> list[Row]:
    e: m.WordingAccepted = r.fact.event
    words = Row(ITEM, (r.stream, e.item), {"note": e.text}) if e.item else Row(SESSION, (r.stream, e.session), {e.part: e.text})
    return [Row(WORDING, (r.stream, e.wording), {"status": "accepted"}), words]


def _corrected(r: Recorded) -> list[Row]:
    e: m.ErratumRecorded = r.fact.event
    values = {name: getattr(e, name) for name in ("says", "should_say", "reason")}
    known = {**values, "person": r.fact.person, "at": r.fact.at}
    return [Row(ERRATUM, (r.stream, e.session, e.erratum), known, fresh=True)]


PROJECTORS: dict[type, Projection] = {
    s.SessionConvened: _convened,
    s.SessionChanged: _convened,
    s.SessionCalledOff: lambda r: _session(r, status="called-off", reason=r.fact.event.reason),
    s.SessionOpened: lambda r: _session(r, status="open", opened_at=r.fact.at),
    s.SessionEnded: lambda r: _session(r, status="ended", ended_at=r.fact.at, reason=r.fact.event.reason),
    t.AttendanceMarked: _attended,
    g.AgendaItemAdded: _added,
    g.AgendaOrdered: _places,
    g.AgendaItemRemoved: _removed,
    g.AgendaItemTakenUp: lambda r: _item(r, taken_up=r.fact.event.position),
    g.AgendaItemNoted: lambda r: _item(r, note=r.fact.event.note),
    a.AgreementWritten: _agreed,
    a.AgreementChanged: _agreed,
    a.AgreementWithdrawn: lambda r: [
        Row(AGREEMENT, (r.stream, r.fact.event.agreement), {"withdrawn": True, "reason": r.fact.event.reason})
    ],
    a.VoteCast: _voted,
    m.MinutesWritten: lambda r: _session(r, **{part: getattr(r.fact.event, part) for part in m.PARTS}),
    m.WordingProposed: _proposed,
    m.WordingAccepted: _accepted,
    m.WordingRejected: lambda r: [
        Row(WORDING, (r.stream, r.fact.event.wording), {"status": "rejected", "answer": r.fact.event.reason})
    ],
    m.MinutesClosed: lambda r: _session(r, status="closed", closed_at=r.fact.at),
    m.ErratumRecorded: _corrected,
}

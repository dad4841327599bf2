"""The commitments to read: as they stand, each version's text, every signature, every file, every extension asked for."""

from service.aggregates import commitment as c
from service.aggregates import commitment_first as before
from service.aggregates import commitment_life as life
from service.aggregates import commitment_review as review
from service.aggregates import commitment_signing as s
from service.aggregates.commitment_terms import Terms
from service.projections import BOOL, COUNTS, DATE, INT, MOMENT, TEXT, TEXTS, Projection, Row, Table
from service.record import Recorded

COMMITMENT = Table(
    "commitment",
    {"stream": "text", "commitment": "int"},
    {
        "kind": TEXT,
        "findings": COUNTS,
        "measure": INT,
        "version": INT,
        "offered": INT,
        "document": TEXT,
        "origin": TEXT,
        "action": TEXT,
        "responsible": TEXT,
        "due": DATE,
        "original": DATE,
        "indicator": TEXT,
        "target": TEXT,
        "verification": TEXT,
        "budget": TEXT,
        "signatories": TEXTS,
        "ordered": BOOL,
        "status": TEXT,
        "fulfilled": BOOL,
        "proposer": TEXT,
        "declarer": TEXT,
        "extensions": INT,
        "extension": INT,
    },
)
VERSION = Table(
    "commitment_version",
    {"stream": "text", "commitment": "int", "version": "int"},
    {"document": TEXT, "canonical": TEXT, "signatories": TEXTS, "ordered": BOOL, "proposer": TEXT, "at": MOMENT, "reason": TEXT},
)
SIGNATURE = Table(
    "signature",
    {"stream": "text", "commitment": "int", "version": "int", "charge": "text"},
    {
        "person": TEXT,
        "at": MOMENT,
        "status": TEXT,
        "reason": TEXT,
        "document": TEXT,
        "kind": TEXT,
        "method": TEXT,
        "verdict": TEXT,
        "paper": TEXT,
        "file": TEXT,
        "signed_at": MOMENT,
    },
)
REFUSED_FILE = Table(
    "refused_file",
    {"stream": "text", "commitment": "int", "version": "int", "charge": "text", "file": "text"},
    {"verdict": TEXT, "reasons": TEXTS, "person": TEXT, "at": MOMENT},
)
FILE = Table(
    "commitment_file",
    {"stream": "text", "commitment": "int", "file": "text"},
    {"media": TEXT, "size": INT, "author": TEXT, "charge": TEXT, "at": MOMENT},
)
EXTENSION = Table(
    "extension",
    {"stream": "text", "commitment": "int", "extension": "int"},
    {
        "was": DATE,
        "due": DATE,
        "reason": TEXT,
        "asker": TEXT,
        "at": MOMENT,
        "status": TEXT,
        "answer": TEXT,
        "answerer": TEXT,
        "answered_at": MOMENT,
    },
)
TABLES = (COMMITMENT, VERSION, SIGNATURE, REFUSED_FILE, FILE, EXTENSION)
SHOWN = ("kind", "measure", "action", "responsible", "indicator", "target", "verification", "budget", "ordered")


def _terms(terms: Terms) -> dict[str, object]:
    """The columns that say what is agreed, but for the day, which an extension may move."""
    said = {name: getattr(terms, name) for name in SHOWN}
    return said | {"findings": list(terms.findings), "signatories": list(terms.signatories)}


def _here(r: Recorded, **values: object) -> Row:
    return Row(COMMITMENT, (r.stream, r.fact.event.commitment), values)


def _text(r: Recorded, version: c.Version, reason: str = "") -> Row:
    values = {name: getattr(version, name) for name in ("document", "canonical", "proposer")}
    signing = {"signatories": list(version.terms.signatories), "ordered": version.terms.ordered}
    key = (r.stream, r.fact.event.commitment, version.number)
    return Row(VERSION, key, {**values, **signing, "at": r.fact.at, "reason": reason}, fresh=True)


def _proposed(r: Recorded, e: c.CommitmentProposed) -> list[Row]:
    text = c.Version(e.version, e.terms, e.document, e.canonical, r.fact.person)
    known = {"version": e.version, "document": e.document, "proposer": r.fact.person, "status": "proposed"}
    days = {"due": e.terms.due, "original": e.terms.due}
    row = Row(COMMITMENT, (r.stream, e.commitment), {**known, **days, **_terms(e.terms)}, fresh=True)
    return [row, _text(r, text)]


def _revised(r: Recorded) -> list[Row]:
    e: c.CommitmentRevised = r.fact.event
    text = _text(r, c.Version(e.version, e.terms, e.document, e.canonical, r.fact.person), e.reason)
    if e.renegotiation:
        return [text, _here(r, offered=e.version)]
    known = {"version": e.version, "document": e.document, "proposer": r.fact.person, "status": "proposed"}
    return [text, _here(r, **known, due=e.terms.due, original=e.terms.due, **_terms(e.terms))]


def _carried(r: Recorded, e: c.CommitmentCarried) -> list[Row]:
    now, texts = e.current, {text.number: text for text in (e.current, e.offer) if text}
    known = {name: getattr(e, name) for name in ("status", "origin", "declarer", "fulfilled", "due", "original", "extensions")}
    known |= {"version": now.number, "document": now.document, "proposer": now.proposer}
    known |= {"offered": e.offer.number if e.offer else 0, "extension": e.extension.number if e.extension else 0}
    rows = [Row(COMMITMENT, (r.stream, e.commitment), {**known, **_terms(now.terms)}, fresh=True)]
    for text in texts.values():
        rows.append(_text(r, text))
        rows += [_signature(r, text.number, who, person=person, document=text.document) for who, person in text.signed.items()]
    if e.extension:
        asked = {name: getattr(e.extension, name) for name in ("due", "reason", "asker")}
        asked |= {"at": r.fact.at, "status": "requested"}
        rows.append(Row(EXTENSION, (r.stream, e.commitment, e.extension.number), asked, fresh=True))
    return rows


def _signature(r: Recorded, version: int, charge: str, **values: object) -> Row:
    known = {"person": r.fact.person, "at": r.fact.at, "status": "signed"}
    return Row(SIGNATURE, (r.stream, r.fact.event.commitment, version, charge), {**known, **values}, fresh=True)


def _in_force(r: Recorded) -> list[Row]:
    """The last signature puts its text into force."""
    e: s.CommitmentSigned | s.CommitmentSignedOutside | review.OutsideFileAccepted = r.fact.event
    if not e.complete:
        return []
    terms, known = before.said(e.canonical).terms, {"version": e.version, "document": e.document, "offered": 0}
    return [_here(r, status="signed", **known, due=terms.due, **_terms(terms))]


def _signed(r: Recorded) -> list[Row]:
    e: s.CommitmentSigned = r.fact.event
    return [_signature(r, e.version, e.charge, document=e.document, kind="quipu", method=e.method), *_in_force(r)]


def _signed_outside(r: Recorded) -> list[Row]:
    e: s.CommitmentSignedOutside = r.fact.event
    files = {"paper": e.paper, "file": e.file, "signed_at": e.signed_at}
    known = {"document": e.document, "kind": "fuera", "verdict": "VÁLIDO", **files}
    return [_signature(r, e.version, e.charge, **known), *_in_force(r)]


def _accepted(r: Recorded) -> list[Row]:
    """Its signatory brought the file; what the check said of it stays said."""
    e: review.OutsideFileAccepted = r.fact.event
    known = {"person": e.signatory, "document": e.document, "kind": "fuera", "verdict": "INDETERMINADO"}
    return [_signature(r, e.version, e.charge, **known, file=e.file, reason=e.reason), *_in_force(r)]


def _first_signed(r: Recorded) -> list[Row]:
    e: before.FirstCommitmentSigned = r.fact.event
    signature = _signature(r, 1, e.charge, document=e.document, kind="quipu", method=e.method)
    return [signature, _here(r, status="signed")] if e.complete else [signature]


def _declined(r: Recorded) -> list[Row]:
    e: s.CommitmentDeclined = r.fact.event
    ended = _here(r, offered=0) if e.renegotiation else _here(r, status="declined")
    return [_signature(r, e.version, e.charge, status="declined", reason=e.reason), ended]


def _file_refused(r: Recorded) -> list[Row]:
    e: s.OutsideFileRefused = r.fact.event
    values = {"verdict": e.verdict, "reasons": list(e.reasons), "person": r.fact.person, "at": r.fact.at}
    return [Row(REFUSED_FILE, (r.stream, e.commitment, e.version, e.charge, e.file), values)]


def _filed(r: Recorded) -> list[Row]:
    """The file of a report or of a declaration; the same content is there once."""
    e: life.CommitmentReported | life.CommitmentDeclared = r.fact.event
    values = {"media": e.media, "size": e.size, "author": r.fact.person, "charge": r.fact.charge, "at": r.fact.at}
    return [Row(FILE, (r.stream, e.commitment, e.digest), values)] if e.digest else []


def _declared(r: Recorded) -> list[Row]:
    e: life.CommitmentDeclared = r.fact.event
    return [_here(r, status="declared", fulfilled=e.fulfilled, declarer=r.fact.person), *_filed(r)]


def _asked(r: Recorded) -> list[Row]:
    e: life.ExtensionRequested = r.fact.event
    values = {"due": e.due, "reason": e.reason, "asker": r.fact.person, "at": r.fact.at, "status": "requested"}
    request = Row(EXTENSION, (r.stream, e.commitment, e.extension), values, fresh=True)
    return [request, _here(r, extensions=e.extension, extension=e.extension)]


def _answered(r: Recorded, status: str, **values: object) -> Row:
    e: life.ExtensionGranted | life.ExtensionRejected = r.fact.event
    answered = {"status": status, "answerer": r.fact.person, "answered_at": r.fact.at}
    return Row(EXTENSION, (r.stream, e.commitment, e.extension), {**answered, **values})


def _granted(r: Recorded) -> list[Row]:
    e: life.ExtensionGranted = r.fact.event
    return [_answered(r, "granted", was=e.was), _here(r, extension=0, due=e.due)]


def _first(r: Recorded) -> list[Row]:
    """Project an old event as what it means today."""
    event = before.today(r.fact.event, r.stream, r.fact.person)
    return _proposed(r, event) if isinstance(event, c.CommitmentProposed) else _carried(r, event)


PROJECTORS: dict[type, Projection] = {
    c.CommitmentProposed: lambda r: _proposed(r, r.fact.event),
    before.FirstCommitmentProposed: _first,
    c.CommitmentRevised: _revised,
    c.CommitmentCarried: lambda r: _carried(r, r.fact.event),
    before.FirstCommitmentCarried: _first,
    c.CommitmentWithdrawn: lambda r: [
        _here(r, offered=0) if r.fact.event.renegotiation else _here(r, status="withdrawn"),
    ],
    s.CommitmentSigned: _signed,
    before.FirstCommitmentSigned: _first_signed,
    s.CommitmentSignedOutside: _signed_outside,
    s.OutsideFileRefused: _file_refused,
    review.OutsideFileAccepted: _accepted,
    s.CommitmentDeclined: _declined,
    life.ExtensionRequested: _asked,
    life.ExtensionGranted: _granted,
    life.ExtensionRejected: lambda r: [_answered(r, "rejected", answer=r.fact.event.reason), _here(r, extension=0)],
    life.CommitmentReported: _filed,
    life.CommitmentDeclared: _declared,
    life.CommitmentVerified: lambda r: [_here(r, status="verified" if r.fact.event.accepted else "signed")],
}

"""Codes of receipts to look up: what anybody checks without an account is found by nothing but its code."""

from service.aggregates import commitment as c
from service.aggregates import commitment_first as before
from service.aggregates import session_minutes as m
from service.aggregates.receipt import code, code_of_acta
from service.projections import INT, TEXT, Projection, Row, Table
from service.record import Recorded

RECEIPT = Table(
    "receipt", {"stream": "text", "code": "text"}, {"kind": TEXT, "number": INT, "version": INT}, indexes=("code",), log=True
)
TABLES = (RECEIPT,)


def _offered(r: Recorded) -> list[Row]:
    """A text of a commitment: the code is of the document itself."""
    e: c.CommitmentProposed | c.CommitmentRevised = r.fact.event
    return [_text(r, code(e.canonical.encode()), e.version)]


def _first(r: Recorded) -> list[Row]:
    e: before.FirstCommitmentProposed = r.fact.event
    return [_text(r, code(before.first_document(r.stream, e.commitment, e.terms)), 1)]


def _text(r: Recorded, letters: str, version: int) -> Row:
    values = {"kind": "commitment", "number": r.fact.event.commitment, "version": version}
    return Row(RECEIPT, (r.stream, letters), values, fresh=True)


def _closed(r: Recorded) -> list[Row]:
    """A closed acta: the code is of its session and the moment of its closing."""
    e: m.MinutesClosed = r.fact.event
    letters = code_of_acta(r.stream, e.session, r.fact.at)
    return [Row(RECEIPT, (r.stream, letters), {"kind": "acta", "number": e.session, "version": 0}, fresh=True)]


PROJECTORS: dict[type, Projection] = {
    c.CommitmentProposed: _offered,
    c.CommitmentRevised: _offered,
    before.FirstCommitmentProposed: _first,
    m.MinutesClosed: _closed,
}

"""The shapes in which the first releases recorded commitments, and what they mean today. Nobody writes them any more.

Their documents are canonical JSON of another form (`"v": 1`); the bytes that were signed are made again from the facts.
"""

from datetime import date
from typing import Literal

import msgspec
import rfc8785

from service.aggregates import Event, Fact, commitment
from service.aggregates.commitment import CommitmentCarried, CommitmentProposed, Commitments, Version
from service.aggregates.commitment_signing import sign
from service.aggregates.commitment_terms import Terms, digest


class FirstTerms(msgspec.Struct, frozen=True):
    """What was agreed: one finding, no kind, no budget, no order of signatures."""

    finding: int
    action: str
    responsible: str
    due: date
    indicator: str
    target: str
    verification: str
    signatories: tuple[str, ...]


class FirstCommitmentProposed(Event, frozen=True, tag="commitment-proposed"):
    commitment: int
    document: str
    terms: FirstTerms


class FirstCommitmentCarried(Event, frozen=True, tag="commitment-carried"):
    commitment: int
    origin: str
    document: str
    terms: FirstTerms
    signed: dict[str, str]
    declarer: str = ""
    fulfilled: bool = False


class FirstCommitmentSigned(Event, frozen=True, tag="commitment-signed"):
    """Signed with one's password alone."""

    commitment: int
    charge: str
    document: str
    method: Literal["contraseña"]
    complete: bool = False


class Document(msgspec.Struct, frozen=True):
    """A canonical document read back; the first form had no version: it was the only one."""

    stream: str
    commitment: int
    terms: Terms
    version: int = 1


class _FirstDocument(msgspec.Struct, frozen=True):
    stream: str
    commitment: int
    terms: FirstTerms


def first_document(stream: str, number: int, terms: FirstTerms) -> bytes:
    """The canonical bytes as they were shown and signed."""
    return rfc8785.dumps({"v": 1, "stream": stream, "commitment": number, "terms": msgspec.to_builtins(terms)})


def said(canonical: str) -> Document:
    """What a canonical document says, whatever its form: from its bytes alone."""
    if msgspec.json.decode(canonical)["v"] == 1:
        first = msgspec.json.decode(canonical, type=_FirstDocument)
        return Document(first.stream, first.commitment, today_terms(first.terms))
    return msgspec.json.decode(canonical, type=Document)


def today(
    event: FirstCommitmentProposed | FirstCommitmentCarried, stream: str, person: str
) -> CommitmentProposed | CommitmentCarried:
    """The event as it would be recorded today; `stream` and `person` are those of its fact."""
    terms = today_terms(event.terms)
    if isinstance(event, FirstCommitmentProposed):
        text = first_document(stream, event.commitment, event.terms).decode()
        return CommitmentProposed(commitment=event.commitment, document=event.document, canonical=text, terms=terms)
    unit, year, number = event.origin.split("-")
    text = first_document(f"unit/{unit}/{year}", int(number), event.terms).decode()
    # One that was carried twice was signed in a year before its origin: its text is read there.
    canonical = text if digest(text.encode()) == event.document else ""
    signed = not set(terms.signatories) - set(event.signed)
    return CommitmentCarried(
        commitment=event.commitment,
        origin=event.origin,
        status="declared" if event.declarer else "signed" if signed else "proposed",
        current=Version(1, terms, event.document, canonical, person, event.signed),
        versions=1,
        due=terms.due,
        original=terms.due,
        declarer=event.declarer,
        fulfilled=event.fulfilled,
    )


def today_terms(first: FirstTerms) -> Terms:
    """The terms as they would be recorded today."""
    values = {name: getattr(first, name) for name in FirstTerms.__struct_fields__ if name != "finding"}
    return Terms(**values, findings=(first.finding,), kind="gestion", measure=0, budget="", ordered=False, figures=())


def evolve(commitments: Commitments, fact: Fact) -> None:
    """Apply one old fact to the commitments."""
    event = fact.event
    if isinstance(event, FirstCommitmentSigned):
        sign(commitments.by_number[event.commitment], 1, event.charge, fact.person, complete=event.complete)
        return
    commitment.evolve(commitments, msgspec.structs.replace(fact, event=today(event, commitments.stream, fact.person)))

"""Commitments: proposed from findings, offered for signature in versions; a new text is a new version with new signatures.

The version in force stays in force until all have signed the next one. «Vencido» is never stored.
"""

from datetime import date
from typing import Literal

import msgspec

from service.aggregates import By, Command, Event, Fact, Number, Paragraph, need
from service.aggregates.commitment_terms import Scope, Terms, Wording, agreed, digest, document

Status = Literal["proposed", "declined", "withdrawn", "signed", "declared", "verified"]


class ProposeCommitment(Wording, frozen=True):
    """Offer a text for signature."""


class ReviseCommitment(Wording, frozen=True, kw_only=True):
    """Offer another text: an edit before the commitment is in force, a renegotiation afterwards."""

    commitment: Number
    reason: Paragraph


class WithdrawCommitment(Command, frozen=True):
    """Take back a proposal, or the offer of a renegotiation, that nobody has signed."""

    commitment: Number
    reason: Paragraph


class Version(msgspec.Struct, frozen=True):
    """One text and who has signed it, charge → person; `paper` and `file` are the first and the last PDF signed outside."""

    number: int
    terms: Terms
    document: str
    canonical: str
    proposer: str
    signed: dict[str, str] = {}
    paper: str = ""
    file: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The charges that have not signed yet, in their order."""
        return tuple(charge for charge in self.terms.signatories if charge not in self.signed)


class Extension(msgspec.Struct, frozen=True):
    """More time that somebody asked for."""

    number: int
    due: date
    reason: str
    asker: str


class CommitmentProposed(Event, frozen=True, kw_only=True, tag="commitment-proposed.2"):
    commitment: int
    version: int = 1
    document: str
    canonical: str
    terms: Terms


class CommitmentRevised(Event, frozen=True, tag="commitment-revised"):
    """A new version; while it is a renegotiation, the one before stays in force until all have signed."""

    commitment: int
    version: int
    document: str
    canonical: str
    terms: Terms
    reason: str
    renegotiation: bool = False


class CommitmentWithdrawn(Event, frozen=True, tag="commitment-withdrawn"):
    """The commitment, or only the offer of its renegotiation."""

    commitment: int
    reason: str
    version: int = 1
    renegotiation: bool = False


class CommitmentCarried(Event, frozen=True, tag="commitment-carried.2"):
    """A commitment alive when its year closed goes on here as it stood; `origin` is its address in the old year."""

    commitment: int
    origin: str
    status: Literal["proposed", "signed", "declared"]
    current: Version
    versions: int
    due: date
    original: date
    offer: Version | None = None
    extensions: int = 0
    extension: Extension | None = None
    declarer: str = ""
    fulfilled: bool = False


class Commitment(msgspec.Struct):
    """A commitment as it stands; `current` is in force once it is signed, `offer` a renegotiation that waits for signatures.

    `due` goes by what was granted and renegotiated, `original` is the day first agreed; `touched` since the first signature.
    """

    current: Version
    due: date
    original: date
    status: Status = "proposed"
    offer: Version | None = None
    versions: int = 1
    touched: bool = False
    extension: Extension | None = None
    extensions: int = 0
    fulfilled: bool = False
    declarer: str = ""
    carried: bool = False

    @property
    def alive(self) -> bool:
        """Whether it must be carried when its year closes."""
        return self.status not in {"verified", "withdrawn", "declined"}

    @property
    def terms(self) -> Terms:
        return self.current.terms

    @property
    def waiting(self) -> Version | None:
        """The text that can be signed now."""
        return self.current if self.status == "proposed" else self.offer if self.status == "signed" else None


class Commitments(msgspec.Struct):
    """The commitments of a year; `stream` is its name, which stands in every document, `nonces` the passkeys' answers given.

    `rewritten` are files signed outside that wait for a person's eyes: commitment, version and hash → charge and signatory.
    """

    stream: str = ""
    by_number: dict[int, Commitment] = {}
    nonces: set[str] = set()
    rewritten: dict[tuple[int, int, str], tuple[str, str]] = {}

    def at(self, number: int) -> Commitment:
        """One of them."""
        need(number in self.by_number, "Ese compromiso no existe.")
        return self.by_number[number]


def decide(commitments: Commitments, scope: Scope, command: Command, by: By) -> list[Event]:
    """The rules of proposing, of offering a new text and of taking it back."""
    match command:
        case ProposeCommitment():
            number, terms = len(commitments.by_number) + 1, agreed(command, scope, by)
            text = document(scope.stream, number, 1, terms)
            return [CommitmentProposed(commitment=number, document=digest(text), canonical=text.decode(), terms=terms)]
        case ReviseCommitment():
            return [_revised(commitments.at(command.commitment), command, scope, by)]
        case WithdrawCommitment():
            number, it = command.commitment, commitments.at(command.commitment)
            if it.status == "signed" and it.offer:
                need(not it.offer.signed, "La versión ofrecida ya tiene una firma: no se puede retirar.")
                version = it.offer.number
                return [CommitmentWithdrawn(commitment=number, reason=command.reason, version=version, renegotiation=True)]
            need(it.status in {"proposed", "declined"}, "Este compromiso ya no se puede retirar.")
            need(not it.touched, "Ya tiene una firma: no se puede retirar.")
            return [CommitmentWithdrawn(commitment=number, reason=command.reason, version=it.current.number)]
        case _:
            msg = f"commitment cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _revised(it: Commitment, command: ReviseCommitment, scope: Scope, by: By) -> CommitmentRevised:
    need(it.status in {"proposed", "declined", "signed"}, "Este compromiso ya no admite otro texto.")
    need(it.extension is None, "Hay una prórroga por resolver: resuélvala antes de proponer otro texto.")
    last = (it.offer or it.current).terms
    if it.carried:  # its findings, its measure and its figures are those of the year it comes from
        scope = Scope(scope.stream, last.findings, (last.measure,))
        by = msgspec.structs.replace(by, figures=last.figures)
    terms = agreed(command, scope, by)
    same = msgspec.structs.replace(terms, figures=last.figures) == last
    need(not same or it.status == "declined", "El texto propuesto dice lo mismo que el anterior: cambie algo o no lo envíe.")
    number, version = command.commitment, it.versions + 1
    text = document(scope.stream, number, version, terms)
    return CommitmentRevised(
        commitment=number,
        version=version,
        document=digest(text),
        canonical=text.decode(),
        terms=terms,
        reason=command.reason,
        renegotiation=it.status == "signed",
    )


def carried(old: Commitment, number: int, origin: str) -> CommitmentCarried:
    """The fact with which a commitment that is alive goes on in the next year, with all that it stood for."""
    assert old.status in {"proposed", "signed", "declared"}  # noqa: S101 — only what is alive is carried
    declared = old.status == "declared"
    names = ("current", "versions", "due", "original", "offer", "extensions", "extension")
    return CommitmentCarried(
        commitment=number,
        origin=origin,
        status=old.status,
        declarer=old.declarer if declared else "",
        fulfilled=declared and old.fulfilled,
        **{name: getattr(old, name) for name in names},
    )


def evolve(commitments: Commitments, fact: Fact) -> None:
    """Apply one fact to the commitments."""
    match event := fact.event:
        case CommitmentProposed():
            due = event.terms.due
            commitments.by_number[event.commitment] = Commitment(_version(event, fact.person), due, due)
        case CommitmentRevised():
            it, version = commitments.by_number[event.commitment], _version(event, fact.person)
            it.versions = event.version
            if event.renegotiation:
                it.offer = version
            else:
                it.current, it.due, it.original, it.status = version, event.terms.due, event.terms.due, "proposed"
        case CommitmentWithdrawn():
            it = commitments.by_number[event.commitment]
            if event.renegotiation:
                it.offer = None
            else:
                it.status = "withdrawn"
        case CommitmentCarried():
            values = {name: getattr(event, name) for name in CommitmentCarried.__struct_fields__[2:]}
            commitments.by_number[event.commitment] = Commitment(**values, touched=bool(event.current.signed), carried=True)


def _version(event: CommitmentProposed | CommitmentRevised, person: str) -> Version:
    return Version(event.version, event.terms, event.document, event.canonical, person)

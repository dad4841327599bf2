"""A signed commitment on its way: told of, given more time by another person, declared by who answers for it, verified by another."""

from datetime import date

import msgspec

from service.aggregates import By, Command, Event, Fact, Note, Number, Paragraph, Word, need
from service.aggregates.commitment import Commitment, Commitments, Extension
from service.aggregates.commitment_terms import Scope


class ReportCommitment(Command, frozen=True):
    """`evidence` names a document; `digest`, `media` and `size` are those of a file already stored."""

    commitment: Number
    text: Paragraph
    evidence: Word = ""
    digest: str = ""
    media: str = ""
    size: int = 0


class RequestExtension(Command, frozen=True):
    commitment: Number
    due: date
    reason: Paragraph


class GrantExtension(Command, frozen=True):
    commitment: Number
    extension: Number


class RejectExtension(Command, frozen=True):
    commitment: Number
    extension: Number
    reason: Paragraph


class DeclareCommitment(Command, frozen=True):
    commitment: Number
    fulfilled: bool
    text: Paragraph
    evidence: Word = ""
    digest: str = ""
    media: str = ""
    size: int = 0


class VerifyCommitment(Command, frozen=True):
    commitment: Number
    accepted: bool
    text: Note = ""


class CommitmentReported(Event, frozen=True, tag="commitment-reported"):
    commitment: int
    text: str
    evidence: str = ""
    digest: str = ""
    media: str = ""
    size: int = 0


class ExtensionRequested(Event, frozen=True, tag="extension-requested"):
    commitment: int
    extension: int
    due: date
    reason: str


class ExtensionGranted(Event, frozen=True, tag="extension-granted"):
    commitment: int
    extension: int
    was: date
    due: date


class ExtensionRejected(Event, frozen=True, tag="extension-rejected"):
    commitment: int
    extension: int
    reason: str


class CommitmentDeclared(Event, frozen=True, tag="commitment-declared"):
    commitment: int
    fulfilled: bool
    text: str
    evidence: str = ""
    digest: str = ""
    media: str = ""
    size: int = 0


class CommitmentVerified(Event, frozen=True, tag="commitment-verified"):
    commitment: int
    accepted: bool
    fulfilled: bool
    text: str = ""


def decide(commitments: Commitments, scope: Scope, command: Command, by: By) -> list[Event]:
    """The rules of a commitment in execution."""
    it = commitments.at(command.commitment)  # type: ignore[attr-defined]  # every command here names its commitment
    match command:
        case ReportCommitment():
            need(it.status == "signed", "Solo se informa el avance de un compromiso firmado y en ejecución.")
            own = by.charge == it.terms.responsible or _unit(by.charge) == _unit(scope.stream)
            need(own, "El avance lo informa la unidad o el cargo responsable: la DRE lo verifica.")
            return [CommitmentReported(**msgspec.structs.asdict(command))]
        case RequestExtension():
            return [_requested(it, command, scope, by)]
        case GrantExtension():
            asked = _asked(it, command.extension, by)
            need(asked.due > by.today, "La fecha pedida ya pasó: rechace la prórroga y pida que se proponga otra.")
            return [ExtensionGranted(commitment=command.commitment, extension=asked.number, was=it.due, due=asked.due)]
        case RejectExtension():
            asked = _asked(it, command.extension, by)
            return [ExtensionRejected(commitment=command.commitment, extension=asked.number, reason=command.reason)]
        case DeclareCommitment():
            need(it.status == "signed", "Solo se declara un compromiso firmado y en ejecución.")
            need(by.charge == it.terms.responsible, "Solo el cargo responsable declara el cumplimiento.")
            proven = command.evidence.strip() or command.digest
            need(not command.fulfilled or proven, "Indique el medio de verificación o adjunte el archivo.")
            return [CommitmentDeclared(**msgspec.structs.asdict(command))]
        case VerifyCommitment():
            need(it.status == "declared", "El responsable todavía no declara el resultado.")
            need(not _answers(it, it.declarer, by), "Quien es responsable no puede verificar.")
            need(command.accepted or command.text.strip(), "Explique por qué no acepta lo declarado.")
            number, accepted = command.commitment, command.accepted
            return [CommitmentVerified(commitment=number, accepted=accepted, fulfilled=it.fulfilled, text=command.text)]
        case _:
            msg = f"commitment_life cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _requested(it: Commitment, command: RequestExtension, scope: Scope, by: By) -> ExtensionRequested:
    need(it.status == "signed", "Solo se pide prórroga de un compromiso firmado y en ejecución.")
    asks = by.charge in {it.terms.responsible, f"director-ugel/{_unit(scope.stream)}"}
    need(asks, "Solo el cargo responsable o la dirección de la UGEL pide una prórroga.")
    need(it.extension is None, "Ya hay una prórroga por resolver.")
    need(it.offer is None, "Hay una renegociación por firmar: la fecha se acuerda en ese texto.")
    need(command.due > max(it.due, by.today), "La fecha nueva debe ser posterior a hoy y a la vigente.")
    number, extension = command.commitment, it.extensions + 1
    return ExtensionRequested(commitment=number, extension=extension, due=command.due, reason=command.reason)


def _asked(it: Commitment, number: int, by: By) -> Extension:
    """The extension that somebody else may answer."""
    asked = it.extension
    need(it.status == "signed", "El compromiso ya no está en ejecución: la prórroga no se resuelve.")
    need(asked and asked.number == number, "Esa prórroga no está por resolver.")
    assert asked  # noqa: S101 — said above
    need(not _answers(it, asked.asker, by), "Quien pide la prórroga no la resuelve.")
    return asked


def _unit(name: str) -> str:
    """The unit that the name of a charge or of a stream carries."""
    return name.split("/")[1]


def _answers(it: Commitment, author: str, by: By) -> bool:
    """Whether who acts asked or declared it, or holds the charge that answers for the commitment."""
    return by.person == author or it.terms.responsible in {by.charge, *by.held}


def evolve(commitments: Commitments, fact: Fact) -> None:
    """Apply one fact to the commitments."""
    event = fact.event
    it = commitments.by_number[event.commitment]
    match event:
        case ExtensionRequested():
            it.extension, it.extensions = Extension(event.extension, event.due, event.reason, fact.person), event.extension
        case ExtensionGranted():
            it.extension, it.due = None, event.due
        case ExtensionRejected():
            it.extension = None
        case CommitmentDeclared():
            it.status, it.fulfilled, it.declarer = "declared", event.fulfilled, fact.person
        case CommitmentVerified():
            it.status = "verified" if event.accepted else "signed"

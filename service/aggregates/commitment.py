"""Commitments: proposed from a finding, signed by each signatory on exactly the text shown, executed, declared, verified by another.

What is signed is the canonical document (RFC 8785 JSON); its SHA-256 is in every signature. «Vencido» is never stored.
"""

import hashlib
import re
from datetime import date
from typing import Annotated, Literal

import msgspec
import rfc8785
from msgspec import Meta

from service.aggregates import DRE, By, Command, Event, Fact, Line1, Note, Number, Paragraph, Word, need
from service.aggregates.finding import Findings


class ProposeCommitment(Command, frozen=True):
    """`responsible` and `signatories` are charges, such as `director-ugel/120005`."""

    finding: Number
    action: Paragraph
    responsible: Line1
    due: date
    indicator: Line1
    target: Line1
    verification: Line1
    signatories: Annotated[tuple[Line1, ...], Meta(min_length=1, extra={"error": "Elija al menos un firmante."})]


class SignCommitment(Command, frozen=True):
    """`document` is the hash of the text the signatory saw; `method` says in plain words how identity was proved."""

    commitment: Number
    document: Line1
    method: Literal["contraseña"] = "contraseña"


class DeclineCommitment(Command, frozen=True):
    commitment: Number
    reason: Paragraph


class WithdrawCommitment(Command, frozen=True):
    commitment: Number
    reason: Paragraph


class ReportCommitment(Command, frozen=True):
    commitment: Number
    text: Paragraph
    evidence: Word = ""


class DeclareCommitment(Command, frozen=True):
    commitment: Number
    fulfilled: bool
    text: Paragraph
    evidence: Word = ""


class VerifyCommitment(Command, frozen=True):
    commitment: Number
    accepted: bool
    text: Note = ""


class Terms(msgspec.Struct, frozen=True):
    """What is agreed: the part that is signed."""

    finding: int
    action: str
    responsible: str
    due: date
    indicator: str
    target: str
    verification: str
    signatories: tuple[str, ...]


class CommitmentProposed(Event, frozen=True, tag="commitment-proposed"):
    commitment: int
    document: str
    terms: Terms


class CommitmentCarried(Event, frozen=True, tag="commitment-carried"):
    """A commitment alive when its year closed goes on here; `origin` is its address in the old year, `signed` charge → person."""

    commitment: int
    origin: str
    document: str
    terms: Terms
    signed: dict[str, str]
    declarer: str = ""
    fulfilled: bool = False

    @property
    def status(self) -> Literal["proposed", "signed", "declared"]:
        """Signed once nobody is missing, declared once the responsible has said how it ended."""
        if self.declarer:
            return "declared"
        return "signed" if set(self.terms.signatories) <= set(self.signed) else "proposed"


class CommitmentSigned(Event, frozen=True, tag="commitment-signed"):
    commitment: int
    charge: str
    document: str
    method: Literal["contraseña"]
    complete: bool = False


class CommitmentDeclined(Event, frozen=True, tag="commitment-declined"):
    commitment: int
    charge: str
    reason: str


class CommitmentWithdrawn(Event, frozen=True, tag="commitment-withdrawn"):
    commitment: int
    reason: str


class CommitmentReported(Event, frozen=True, tag="commitment-reported"):
    commitment: int
    text: str
    evidence: str = ""


class CommitmentDeclared(Event, frozen=True, tag="commitment-declared"):
    commitment: int
    fulfilled: bool
    text: str
    evidence: str = ""


class CommitmentVerified(Event, frozen=True, tag="commitment-verified"):
    commitment: int
    accepted: bool
    fulfilled: bool
    text: str = ""


class Commitment(msgspec.Struct):
    """A commitment as it stands."""

    terms: Terms
    document: str
    proposer: str
    signed: dict[str, str] = {}
    status: Literal["proposed", "declined", "withdrawn", "signed", "declared", "verified"] = "proposed"
    fulfilled: bool = False
    declarer: str = ""
    carried: bool = False

    @property
    def alive(self) -> bool:
        """Whether it must be carried when its year closes."""
        return self.status not in {"verified", "withdrawn", "declined"}


class Commitments(msgspec.Struct):
    by_number: dict[int, Commitment] = {}


def document(stream: str, number: int, terms: Terms) -> bytes:
    """The canonical bytes that are shown and signed."""
    values = msgspec.to_builtins(terms)
    return rfc8785.dumps({"v": 1, "stream": stream, "commitment": number, "terms": values})


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def decide(commitments: Commitments, findings: Findings, stream: str, command: Command, by: By) -> list[Event]:
    """The rules of a commitment."""
    if isinstance(command, ProposeCommitment):
        need(command.finding in findings.by_number, "Ese hallazgo no existe.")
        need(command.due > by.today, "La fecha límite debe ser posterior a hoy.")
        auditors = [charge for charge in (*command.signatories, command.responsible) if charge.startswith("auditor")]
        need(not auditors, "El órgano de control no firma compromisos de gestión.")
        need(len(set(command.signatories)) == len(command.signatories), "Un firmante está repetido.")
        near = rf"[a-z-]+/({stream.split('/')[1]}|{DRE})(/[^/]+)?"
        strange = tuple(charge for charge in (*command.signatories, command.responsible) if not re.fullmatch(near, charge))
        need(not strange, "Los firmantes y el responsable son cargos de la unidad o de la DRE.", strange)
        number, terms = len(commitments.by_number) + 1, Terms(**msgspec.structs.asdict(command))
        return [CommitmentProposed(commitment=number, document=digest(document(stream, number, terms)), terms=terms)]
    number = command.commitment  # type: ignore[attr-defined]  # every other command of this aggregate names its commitment
    need(number in commitments.by_number, "Ese compromiso no existe.")
    it = commitments.by_number[number]
    match command:
        case SignCommitment():
            need(it.status == "proposed", "Este compromiso ya no se puede firmar.")
            need(by.charge in it.terms.signatories, "Su cargo no figura entre los firmantes.")
            need(by.charge not in it.signed, "Su cargo ya firmó este compromiso.")
            need(by.person not in it.signed.values(), "Usted ya firmó este compromiso con otro cargo.")
            need(command.document == it.document, "El texto que usted vio no es el vigente: vuelva a leerlo antes de firmar.")
            complete = len(it.signed) + 1 == len(it.terms.signatories)
            seen, method = it.document, command.method
            return [CommitmentSigned(commitment=number, charge=by.charge, document=seen, method=method, complete=complete)]
        case DeclineCommitment():
            need(it.status == "proposed", "Este compromiso ya no espera firmas.")
            need(by.charge in it.terms.signatories, "Su cargo no figura entre los firmantes.")
            need(by.charge not in it.signed, "Su cargo ya firmó este compromiso.")
            return [CommitmentDeclined(commitment=number, charge=by.charge, reason=command.reason)]
        case WithdrawCommitment():
            need(it.status in {"proposed", "declined"}, "Este compromiso ya no se puede retirar.")
            need(not it.signed, "Ya tiene una firma: no se puede retirar.")
            return [CommitmentWithdrawn(commitment=number, reason=command.reason)]
        case ReportCommitment():
            need(it.status == "signed", "Solo se informa el avance de un compromiso firmado y en ejecución.")
            return [CommitmentReported(commitment=number, text=command.text, evidence=command.evidence)]
        case DeclareCommitment():
            need(it.status == "signed", "Solo se declara un compromiso firmado y en ejecución.")
            need(by.charge == it.terms.responsible, "Solo el cargo responsable declara el cumplimiento.")
            need(not command.fulfilled or command.evidence.strip(), "Indique el medio de verificación.")
            return [CommitmentDeclared(**msgspec.structs.asdict(command))]
        case VerifyCommitment():
            need(it.status == "declared", "El responsable todavía no declara el resultado.")
            responsible = by.person == it.declarer or it.terms.responsible in {by.charge, *by.held}
            need(not responsible, "Quien es responsable no puede verificar.")
            need(command.accepted or command.text.strip(), "Explique por qué no acepta lo declarado.")
            return [CommitmentVerified(commitment=number, accepted=command.accepted, fulfilled=it.fulfilled, text=command.text)]
        case _:
            msg = f"commitment cannot decide {type(command).__name__}"
            raise TypeError(msg)


def evolve(commitments: Commitments, fact: Fact) -> None:
    """Apply one fact to the commitments."""
    event = fact.event
    match event:
        case CommitmentProposed():
            commitments.by_number[event.commitment] = Commitment(event.terms, event.document, fact.person)
            return
        case CommitmentCarried():
            commitments.by_number[event.commitment] = Commitment(
                event.terms,
                event.document,
                fact.person,
                dict(event.signed),
                event.status,
                fulfilled=event.fulfilled,
                declarer=event.declarer,
                carried=True,
            )
            return
    it = commitments.by_number[event.commitment]
    match event:
        case CommitmentSigned():
            it.signed[event.charge] = fact.person
            if event.complete:
                it.status = "signed"
        case CommitmentDeclined():
            it.status = "declined"
        case CommitmentWithdrawn():
            it.status = "withdrawn"
        case CommitmentDeclared():
            it.status, it.fulfilled, it.declarer = "declared", event.fulfilled, fact.person
        case CommitmentVerified():
            it.status = "verified" if event.accepted else "signed"

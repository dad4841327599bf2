"""Signatures of a commitment: each on exactly one version's text, by the charge held at that moment, or a refusal with its reason.

Two kinds: the electronic signature given in Quipu, and the digital signature made outside on the PDF that Quipu made once.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from service.aggregates import By, Command, Event, Fact, Line1, Number, Paragraph, need
from service.aggregates.assertion import Assertion, bound
from service.aggregates.commitment import Commitment, Commitments, Version
from service.aggregates.commitment_terms import Scope
from service.aggregates.signing_key import may_sign

Method = Literal["clave y código", "llave de acceso"]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", extra={"error": "Falta la huella del archivo."})]


class SignCommitment(Command, frozen=True):
    """`document` is the hash of the text the signatory saw; `method` says in plain words how identity was proved.

    With a passkey `proof` is its answer to exactly this statement; whether the key really signed it is checked before.
    """

    commitment: Number
    version: Number
    document: Line1
    method: Method = "clave y código"
    proof: Assertion | None = None


class DeclineCommitment(Command, frozen=True):
    commitment: Number
    version: Number
    reason: Paragraph


class SignOutside(Command, frozen=True):
    """A PDF signed elsewhere and found valid: `paper` is the one Quipu made, `previous` the last one accepted, `file` this one."""

    commitment: Number
    version: Number
    document: Line1
    paper: Sha256
    previous: Sha256
    file: Sha256
    signed_at: datetime


class RefuseOutsideFile(Command, frozen=True):
    """A PDF signed elsewhere that was not found valid; `reasons` are codes, never words of the certificate."""

    commitment: Number
    version: Number
    file: Sha256
    verdict: Literal["NO VÁLIDO", "INDETERMINADO"]
    reasons: tuple[Line1, ...]


class CommitmentSigned(Event, frozen=True, tag="commitment-signed.2"):
    """What was seen is what is signed: the hash and the canonical text itself."""

    commitment: int
    version: int
    charge: str
    document: str
    canonical: str
    method: Method
    proof: Assertion | None = None
    complete: bool = False


class CommitmentSignedOutside(Event, frozen=True, tag="commitment-signed-outside"):
    """Never a name, a number or a subject of the certificate: the files by their hashes, and the text that they print."""

    commitment: int
    version: int
    charge: str
    document: str
    canonical: str
    paper: str
    previous: str
    file: str
    signed_at: datetime
    complete: bool = False


class OutsideFileRefused(Event, frozen=True, tag="outside-file-refused"):
    commitment: int
    version: int
    charge: str
    file: str
    verdict: Literal["NO VÁLIDO", "INDETERMINADO"]
    reasons: tuple[str, ...]


class CommitmentDeclined(Event, frozen=True, tag="commitment-declined"):
    """Who declines a renegotiation ends the offer, not the commitment."""

    commitment: int
    charge: str
    reason: str
    version: int = 1
    renegotiation: bool = False


REWRITTEN = ("rewritten",)
"""The reasons for which nothing but the tool stands between a file and its check: a person may look at it."""
IN_ORIGIN = "El texto de este compromiso quedó en su año de origen: proponga una versión nueva para firmarla."
ENDED = {
    "declined": "Un firmante rechazó este compromiso: ya no se firma.",
    "withdrawn": "Este compromiso fue retirado: ya no se firma.",
    "signed": "Todos firmaron ya: no hay un texto por firmar.",
}


def decide(commitments: Commitments, scope: Scope, command: Command, by: By) -> list[Event]:
    """The rules of a signature."""
    match command:
        case SignCommitment():
            text = _signed_by(commitments.at(command.commitment), command, by)
            _proven(commitments, scope, command, by)
            return [
                CommitmentSigned(
                    commitment=command.commitment,
                    version=text.number,
                    charge=by.charge,
                    document=text.document,
                    canonical=text.canonical,
                    method=command.method,
                    proof=command.proof,
                    complete=text.missing == (by.charge,),
                )
            ]
        case SignOutside():
            text = _signed_by(commitments.at(command.commitment), command, by)
            need(text.paper in {"", command.paper}, "Ese no es el documento que Quipu preparó para firmar esta versión.")
            need(
                command.previous == (text.file or command.paper),
                "Otra persona firmó el documento después de que usted lo descargó: descárguelo otra vez y fírmelo.",
            )
            values = msgspec.structs.asdict(command) | {"canonical": text.canonical, "charge": by.charge}
            return [CommitmentSignedOutside(**values, complete=text.missing == (by.charge,))]
        case RefuseOutsideFile():
            _awaited(commitments.at(command.commitment), command.version, by)
            return [OutsideFileRefused(**msgspec.structs.asdict(command), charge=by.charge)]
        case DeclineCommitment():
            it = commitments.at(command.commitment)
            text = _awaited(it, command.version, by)
            return [
                CommitmentDeclined(
                    commitment=command.commitment,
                    charge=by.charge,
                    reason=command.reason,
                    version=text.number,
                    renegotiation=text is it.offer,
                )
            ]
        case _:
            msg = f"commitment_signing cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _awaited(it: Commitment, version: int, by: By) -> Version:
    """The text that waits for this charge's word."""
    text = it.waiting
    need(text, ENDED.get(it.status, "Este compromiso ya no se firma: su resultado está declarado."))
    assert text  # noqa: S101 — said above
    need(version <= text.number, "Esa versión no existe.")
    need(version == text.number, f"La versión {version} ya no se firma: hay una nueva, la {text.number}. Léala antes de firmar.")
    need(by.charge in text.terms.signatories, "Su cargo no figura entre los firmantes.")
    need(by.charge not in text.signed, "Su cargo ya firmó este compromiso.")
    return text


def _signed_by(it: Commitment, command: SignCommitment | SignOutside, by: By) -> Version:
    """The text that this person may sign now in this charge."""
    text = _awaited(it, command.version, by)
    need(by.person not in text.signed.values(), "Usted ya firmó este compromiso con otro cargo.")
    need(command.document == text.document, "El texto que usted vio no es el vigente: vuelva a leerlo antes de firmar.")
    need(text.canonical, IN_ORIGIN)
    turn = not text.terms.ordered or by.charge == text.missing[0]
    need(turn, "Este compromiso se firma en orden: antes falta otra firma.", text.missing[:1])
    return text


def _proven(commitments: Commitments, scope: Scope, command: SignCommitment, by: By) -> None:
    """A passkey's answer is of a key that may sign, belongs to this statement, and serves once."""
    proof = command.proof
    need((command.method == "llave de acceso") == (proof is not None), "Falta la respuesta de la llave de acceso.")
    if proof is None:
        return
    may_sign(by.keys, proof, by.person)
    said: dict[str, Any] = {"document": command.document, "signatory": by.person, "charge": by.charge, "stream": scope.stream}
    same = bound(proof, **said, commitment=command.commitment, version=command.version)
    need(same, "La respuesta de la llave no es de este texto, este cargo y esta versión: vuelva a firmar.")
    need(proof.nonce not in commitments.nonces, "Esa respuesta de la llave ya sirvió para una firma: vuelva a firmar.")


def evolve(commitments: Commitments, fact: Fact) -> None:
    """Apply one fact to the commitments."""
    event = fact.event
    match event:
        case CommitmentSigned():
            commitments.nonces |= {event.proof.nonce} if event.proof else set()
            sign(commitments.by_number[event.commitment], event.version, event.charge, fact.person, complete=event.complete)
        case CommitmentSignedOutside():
            it, files = commitments.by_number[event.commitment], {"paper": event.paper, "file": event.file}
            sign(it, event.version, event.charge, fact.person, complete=event.complete, **files)
        case OutsideFileRefused():
            if event.reasons == REWRITTEN:
                commitments.rewritten[event.commitment, event.version, event.file] = event.charge, fact.person
        case CommitmentDeclined():
            it = commitments.by_number[event.commitment]
            if event.renegotiation:
                it.offer = None
            else:
                it.status = "declined"


def sign(it: Commitment, version: int, charge: str, person: str, *, complete: bool, **files: str) -> None:
    """A signature more; the last one puts its version into force."""
    offered = it.offer is not None and it.offer.number == version
    text = it.offer if it.offer and offered else it.current
    text = msgspec.structs.replace(text, signed=text.signed | {charge: person}, **files)
    it.touched = True
    if not offered:
        it.current = text
        it.status = "signed" if complete else it.status
    elif complete:
        it.current, it.offer, it.due = text, None, text.terms.due
    else:
        it.offer = text

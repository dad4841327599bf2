"""A file signed outside that no program can check, since the signer's tool wrote it again: another person looks at it.

What that person accepts counts as a signature, and is said to be accepted so; it is never VÁLIDO.
"""

from service.aggregates import By, Command, Event, Fact, Number, Paragraph, need
from service.aggregates.commitment import Commitments
from service.aggregates.commitment_signing import IN_ORIGIN, Sha256, sign
from service.aggregates.commitment_terms import Scope


class AcceptOutsideFile(Command, frozen=True):
    """`reason` says with what the signature was checked, and that the text is the same."""

    commitment: Number
    version: Number
    file: Sha256
    reason: Paragraph


class OutsideFileAccepted(Event, frozen=True, tag="outside-file-accepted"):
    """`signatory` brought the file, signed in `charge`; who accepted it is who the fact is of."""

    commitment: int
    version: int
    charge: str
    signatory: str
    document: str
    canonical: str
    file: str
    reason: str
    complete: bool = False


def decide(commitments: Commitments, _: Scope, command: Command, by: By) -> list[Event]:
    """The rules of accepting what only a person can check."""
    match command:
        case AcceptOutsideFile():
            it = commitments.at(command.commitment)
            brought = commitments.rewritten.get((command.commitment, command.version, command.file))
            need(brought, "Ese archivo no espera que lo revise una persona.")
            assert brought  # noqa: S101 — said above
            charge, signatory = brought
            need(by.person != signatory and by.charge != charge, "Quien firmó el archivo no lo acepta: lo hace otra persona.")
            text = it.waiting
            need(text and text.number == command.version, "Esa versión ya no se firma.")
            assert text  # noqa: S101 — said above
            signs = {by.charge, *by.held}.intersection(text.terms.signatories)
            need(not signs, "Quien firma este compromiso no acepta el archivo de otro firmante: lo hace otra persona de la DRE.")
            taken = charge not in text.missing or signatory in text.signed.values()
            need(not taken, "Quien subió el archivo ya firmó este compromiso.")
            need(not text.file, "Hay un PDF firmado después de este: quien lo subió debe descargar el nuevo y firmarlo.")
            need(text.canonical, IN_ORIGIN)
            turn = not text.terms.ordered or charge == text.missing[0]
            need(turn, "Este compromiso se firma en orden: antes falta otra firma.", text.missing[:1])
            return [
                OutsideFileAccepted(
                    commitment=command.commitment,
                    version=text.number,
                    charge=charge,
                    signatory=signatory,
                    document=text.document,
                    canonical=text.canonical,
                    file=command.file,
                    reason=command.reason,
                    complete=text.missing == (charge,),
                )
            ]
        case _:
            msg = f"commitment_review cannot decide {type(command).__name__}"
            raise TypeError(msg)


def evolve(commitments: Commitments, fact: Fact) -> None:
    """Apply one fact to the commitments."""
    event: OutsideFileAccepted = fact.event
    it = commitments.by_number[event.commitment]
    sign(it, event.version, event.charge, event.signatory, complete=event.complete, file=event.file)

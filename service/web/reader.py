"""What a reader may do with a commitment, and in which of the charges held today."""

from typing import TYPE_CHECKING

import msgspec

from service import people
from service.aggregates.commitment import ReviseCommitment, WithdrawCommitment
from service.aggregates.commitment_life import (
    DeclareCommitment,
    GrantExtension,
    ReportCommitment,
    RequestExtension,
    VerifyCommitment,
)
from service.aggregates.commitment_review import AcceptOutsideFile
from service.aggregates.commitment_signing import DeclineCommitment, SignCommitment

if TYPE_CHECKING:
    from service.projections import commitment_page as read
    from service.projections.commitment_files import File
    from service.web.page import Moment
    from service.web.session import Session


class Reader(msgspec.Struct, frozen=True):
    """What this reader may do with a commitment: the main step, the quieter ones, and in which charges one acts.

    `turn` is false while a signature before the reader's own is missing.
    """

    main: str = ""
    others: tuple[str, ...] = ()
    signs: str = ""
    answers: str = ""
    reports: str = ""
    asks: str = ""
    verifies: str = ""
    turn: bool = True
    waiting: str = ""

    @property
    def steps(self) -> list[str]:
        """Every step that is open to the reader, the main one first."""
        return [step for step in (self.main, *self.others) if step]


class Paper(msgspec.Struct, frozen=True):
    """What there is of a commitment: itself, its versions, what was done with each, the extensions asked for, the files attached."""

    it: "read.Commitment"
    versions: "dict[int, read.Version]"
    signatures: "dict[int, dict[str, read.Signature]]"
    extensions: "list[read.Extension]"
    files: "list[File]"

    @property
    def waiting(self) -> "read.Version | None":
        """The text that can be signed now."""
        return self.versions.get(self.it.waiting)

    @property
    def text(self) -> "read.Version":
        """The text that waits for signatures, else the one in force."""
        return self.waiting or self.versions[self.it.version]

    def standing(self, number: int) -> str:
        """What became of a version, in words."""
        if number == self.it.waiting:
            return "por firmar"
        if any(each.status == "declined" for each in self.signatures.get(number, {}).values()):
            return "rechazada"
        if number == self.it.version:
            return "retirada" if self.it.status == "withdrawn" else "vigente"
        signed = {each.charge for each in self.signatures.get(number, {}).values()} == set(self.versions[number].signatories)
        return "estuvo vigente, con sus firmas" if signed else "sustituida antes de regir"

    @property
    def signed(self) -> "dict[str, read.Signature]":
        """What was done with the text that waits, else with the one in force."""
        return self.signatures.get(self.it.waiting or self.it.version, {})

    @property
    def touched(self) -> bool:
        """Whether anybody has signed the text that waits, or any text before the commitment was in force."""
        given = (
            self.signed if self.it.status == "signed" else {c: s for each in self.signatures.values() for c, s in each.items()}
        )
        return any(each.status == "signed" for each in given.values())


REWORDED = {"proposed", "declined", "signed"}
"""The states in which another text may be offered."""
MAIN = {"firma", "verificacion", "resolucion", "declaracion", "informes"}


def reader(paper: Paper, session: "Session", moment: "Moment") -> Reader:
    """What the reader may do now; on a past moment nothing."""
    it, text = paper.it, paper.waiting
    if moment.past or it.carried_to:
        return Reader()
    charges, code, held = session.charges, it.code, {each.charge for each in session.charges}
    missing = [charge for charge in text.signatories if charge not in paper.signed] if text else []
    already = any(each.person == session.id for each in paper.signed.values())
    signs = next((charge for charge in missing if charge in held and not already), "")
    turn = not (text and text.ordered) or missing[:1] == [signs]
    answers = next((c.charge for c in charges if c.charge == it.responsible), "")
    reports = answers or next((each.charge for each in charges if each.unit == code), "")
    asks = answers or next((each.charge for each in charges if each.charge == f"director-ugel/{code}"), "")
    able = [c for c in charges if people.may(c, VerifyCommitment, code)]
    verifies = next((c.charge for c in able if not answers and session.id != it.declarer), "")
    asked = next((each for each in paper.extensions if each.extension == it.extension), None)
    running, offered = it.status == "signed", bool(it.offered)
    steps = {
        "firma": signs and turn and session.may(SignCommitment, code),
        "verificacion": it.status == "declared" and verifies,
        "resolucion": running and asked and verifies and asked.asker != session.id and session.may(GrantExtension, code),
        "declaracion": running and answers and session.may(DeclareCommitment, code),
        "informes": running and reports and session.may(ReportCommitment, code),
        "prorroga": running and asks and not asked and not offered and session.may(RequestExtension, code),
        "rechazo": signs and session.may(DeclineCommitment, code),
        "revision": it.status in REWORDED and not asked and session.may(ReviseCommitment, code),
        "retiro": (it.status in {"proposed", "declined"} or (running and offered))
        and not paper.touched
        and session.may(WithdrawCommitment, code),
    }
    names = [name for name, can in steps.items() if can]
    main = next((name for name in names if name in MAIN), "")
    waiting = "" if main else "Antes debe firmar otro cargo." if signs else WAITING.get(it.status, "")
    return Reader(main, tuple(name for name in names if name != main), signs, answers, reports, asks, verifies, turn, waiting)


def reviews(paper: Paper, session: "Session") -> bool:
    """Whether the reader may accept a file signed outside that only a person can check: nobody who signs the text does."""
    mine = {charge.charge for charge in session.charges}
    return mine.isdisjoint(paper.text.signatories) and session.may(AcceptOutsideFile, paper.it.code)


WAITING = {
    "proposed": "Todavía no lo firman todos los cargos que deben hacerlo.",
    "signed": "El cargo responsable debe ejecutar la acción y declarar el resultado.",
    "declared": "La DRE debe verificar lo declarado.",
    "declined": "Un firmante lo rechazó: este compromiso no rige.",
}

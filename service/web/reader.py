"""What a reader may do with a commitment, and in which of the charges held today."""

from typing import TYPE_CHECKING

import msgspec

from service import people
from service.aggregates.commitment import (
    DeclareCommitment,
    DeclineCommitment,
    ReportCommitment,
    SignCommitment,
    VerifyCommitment,
    WithdrawCommitment,
)

if TYPE_CHECKING:
    from service.projections import followup_page as read
    from service.web.page import Moment
    from service.web.session import Session


class Reader(msgspec.Struct, frozen=True):
    """What this reader may do with a commitment: the main step, the quieter ones, and in which charges one acts."""

    main: str = ""
    others: tuple[str, ...] = ()
    signs: str = ""
    answers: str = ""
    verifies: str = ""
    waiting: str = ""

    @property
    def steps(self) -> list[str]:
        """Every step that is open to the reader, the main one first."""
        return [step for step in (self.main, *self.others) if step]


def reader(it: "read.Commitment", signed: "dict[str, read.Signature]", session: "Session", moment: "Moment") -> Reader:
    """What the reader may do now; on a past moment nothing."""
    if moment.past or it.carried_to:
        return Reader()
    charges, code = session.charges, it.code
    already = any(each.person == session.id for each in signed.values())
    signs = next((c.charge for c in charges if c.charge in it.signatories and c.charge not in signed and not already), "")
    answers = next((c.charge for c in charges if c.charge == it.responsible), "")
    able = [c for c in charges if people.may(c, VerifyCommitment, code)]
    verifies = next((c.charge for c in able if not answers and session.id != it.declarer), "")
    steps = {
        "firma": it.status == "proposed" and signs and session.may(SignCommitment, code),
        "verificacion": it.status == "declared" and verifies,
        "declaracion": it.status == "signed" and answers and session.may(DeclareCommitment, code),
        "informes": it.status == "signed" and session.may(ReportCommitment, code),
        "rechazo": it.status == "proposed" and signs and session.may(DeclineCommitment, code),
        "retiro": it.status in {"proposed", "declined"} and not it.signed and session.may(WithdrawCommitment, code),
    }
    names = [name for name, can in steps.items() if can]
    main = next((name for name in names if name in {"firma", "verificacion", "declaracion", "informes"}), "")
    waiting = "" if main else WAITING.get(it.status, "")
    return Reader(main, tuple(name for name in names if name != main), signs, answers, verifies, waiting)


WAITING = {
    "proposed": "Faltan firmas de otros cargos.",
    "signed": "El cargo responsable debe ejecutar la acción y declarar el resultado.",
    "declared": "La DRE debe verificar lo declarado.",
    "declined": "Un firmante lo rechazó: este compromiso no rige.",
}

"""What a session agrees, what each agreement decides on, and how those present voted; a vote once cast stays."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

import msgspec

from service.aggregates import By, Command, Event, Fact, Note, Number, Paragraph, Word, need
from service.aggregates.merging import merge
from service.aggregates.session import Agreement, Choice, Scope, Session, Sessions, the
from service.aggregates.session_agenda import known
from service.aggregates.session_matter import Matter
from service.aggregates.support import OfUnit

CLOSED = "Los acuerdos se escriben y se votan mientras la sesión está abierta."
FIELDS = ("text", "responsible", "due")
VOTING = ("director-ugel", "jefe-area", "director-dre", "jefe-dre")
Outcome = Literal["consensus", "approved", "rejected"]


class _Content(Command, frozen=True):
    """`responsible` is a charge; `matters` are what the agreement decides on."""

    text: Paragraph
    responsible: Word = ""
    due: date | None = None
    matters: tuple[Matter, ...] = ()


class WriteAgreement(_Content, frozen=True, kw_only=True):
    """`item` is the item of the agenda it came from, 0 for none."""

    session: Number
    item: int = 0


class ChangeAgreement(_Content, frozen=True, kw_only=True):
    """`seen` is what the note-taker had on screen (`merging`)."""

    agreement: Number
    seen: dict[str, Any] | None = None


class WithdrawAgreement(Command, frozen=True):
    agreement: Number
    reason: Paragraph


class CastVote(OfUnit, frozen=True, kw_only=True):
    """One's own vote, of the unit in whose charge one attends; who does not vote in favour says why."""

    agreement: Number
    choice: Choice
    reason: Note = ""


class AgreementWritten(Event, frozen=True, tag="agreement-written"):
    agreement: int
    session: int
    item: int
    text: str
    responsible: str = ""
    due: date | None = None
    matters: tuple[Matter, ...] = ()


class AgreementChanged(Event, frozen=True, tag="agreement-changed"):
    """The agreement as it stands now; `was` holds what changed, as it stood before."""

    agreement: int
    session: int
    was: dict[str, str]
    text: str
    responsible: str = ""
    due: date | None = None
    matters: tuple[Matter, ...] = ()


class AgreementWithdrawn(Event, frozen=True, tag="agreement-withdrawn"):
    agreement: int
    session: int
    reason: str


class VoteCast(Event, frozen=True, tag="vote-cast"):
    """The vote of whoever the fact names, in the charge in which he attends."""

    agreement: int
    session: int
    charge: str
    choice: Choice
    reason: str = ""


def outcome(choices: Iterable[str]) -> Outcome:
    """What votes lead to: more in favour than against approve; without any vote it is agreed by consensus."""
    cast = list(choices)
    if not cast:
        return "consensus"
    return "approved" if cast.count("a favor") > cast.count("en contra") else "rejected"


def decide(sessions: Sessions, scope: Scope, command: Command, by: By) -> list[Event]:
    """The rules of agreements and votes."""
    if isinstance(command, WriteAgreement):
        session = the(sessions, command.session, "open", otherwise=CLOSED)
        need(not command.item or command.item in session.items, "Ese punto no está en la agenda.")
        _sound(session, scope, command, by)
        return [AgreementWritten(agreement=max(sessions.agreements, default=0) + 1, **msgspec.structs.asdict(command))]
    assert isinstance(command, ChangeAgreement | WithdrawAgreement | CastVote)  # noqa: S101 — every other command of this room
    agreement, session = _at(sessions, command.agreement)
    number = {"agreement": command.agreement, "session": agreement.session}
    match command:
        case ChangeAgreement():
            return _change(agreement, session, scope, command, by)
        case WithdrawAgreement():
            need(not agreement.votes, "El acuerdo ya tiene votos: no se retira.")
            return [AgreementWithdrawn(**number, reason=command.reason)]
        case CastVote():
            charge = session.attendees.get(by.person, "")
            need(charge, "Usted no figura entre los asistentes: pida que registren su asistencia.")
            place = charge.split("/")[1] if scope.regional else scope.unit
            need(command.unit == place, "Su voto corresponde a la unidad en cuyo cargo asiste.")
            need(charge.split("/")[0] in VOTING, "Su cargo asiste sin voto: votan direcciones y jefaturas.")
            need(charge in {by.charge, *by.held}, "Usted ya no tiene el cargo con el que asiste: no puede votar.")
            need(by.person not in agreement.votes, "Usted ya votó este acuerdo.")
            need(command.choice == "a favor" or command.reason.strip(), "Escriba el motivo de su voto.")
            return [VoteCast(**number, charge=charge, choice=command.choice, reason=command.reason)]


def _change(agreement: Agreement, session: Session, scope: Scope, command: ChangeAgreement, by: By) -> list[Event]:
    need(not agreement.votes, "El acuerdo ya tiene votos: su texto no cambia. Escriba otro acuerdo.")
    _sound(session, scope, command, by)
    stands = {name: agreement.values[name] for name in FIELDS}
    values = merge(command.seen, stands, {name: getattr(command, name) for name in FIELDS}) | {"matters": command.matters}
    was = {name: str(agreement.values[name] or "") for name in FIELDS if values[name] != agreement.values[name]}
    same = not was and values["matters"] == agreement.values["matters"]
    changed = AgreementChanged(agreement=command.agreement, session=agreement.session, was=was, **values)
    return [] if same else [changed]


def _sound(session: Session, scope: Scope, command: WriteAgreement | ChangeAgreement, by: By) -> None:
    """Refuse a day before the session, a charge that nobody holds, and what is not there to be decided."""
    need(not command.due or command.due >= session.convened.day, "El plazo no puede ser anterior a la sesión.")
    need(not command.responsible or command.responsible in by.filled, "Elija como responsable un cargo vigente.")
    for matter in command.matters:
        known(scope, session.convened.units, matter)


def _at(sessions: Sessions, number: int) -> tuple[Agreement, Session]:
    need(number in sessions.agreements, "Ese acuerdo no existe.")
    agreement = sessions.agreements[number]
    session = the(sessions, agreement.session, "open", otherwise=CLOSED)
    need(not agreement.withdrawn, "Ese acuerdo se retiró.")
    return agreement, session


def evolve(sessions: Sessions, fact: Fact) -> None:
    """Apply one fact to the agreements."""
    match event := fact.event:
        case AgreementWritten():
            values = {name: getattr(event, name) for name in (*FIELDS, "matters")}
            sessions.agreements[event.agreement] = Agreement(event.session, event.item, values)
        case AgreementChanged():
            agreement = sessions.agreements[event.agreement]
            agreement.values = {name: getattr(event, name) for name in (*FIELDS, "matters")}
        case AgreementWithdrawn():
            sessions.agreements[event.agreement].withdrawn = True
        case VoteCast():
            sessions.agreements[event.agreement].votes[fact.person] = event.choice

"""The minutes of a session: a draft by parts, proposed wordings accepted or rejected by another, closed; then only errata."""

from typing import Any

import msgspec

from service.aggregates import By, Command, Event, Fact, Note, Number, Paragraph, need
from service.aggregates.merging import merge
from service.aggregates.session import Part, Scope, Session, Sessions, Wording, quorate, the
from service.aggregates.support import OfUnit

PARTS = ("introduction", "development", "remarks")
NOT_YET = "El acta se escribe desde que la sesión se abre."
ENDED = "La sesión todavía no se levanta."


class WriteMinutes(Command, frozen=True):
    """The free parts of the acta; `seen` is what the note-taker had on screen (`merging`)."""

    session: Number
    introduction: Note = ""
    development: Note = ""
    remarks: Note = ""
    seen: dict[str, Any] | None = None


class ProposeWording(OfUnit, frozen=True, kw_only=True):
    """Other words for a part of the draft, or for the notes of an `item`, by somebody who attended."""

    session: Number
    part: Part
    text: Paragraph
    reason: Paragraph
    item: int = 0


class AcceptWording(Command, frozen=True):
    wording: Number


class RejectWording(Command, frozen=True):
    wording: Number
    reason: Paragraph


class CloseMinutes(Command, frozen=True):
    session: Number


class RecordErratum(Command, frozen=True):
    """Of a closed acta: what it says, what it should say, and why; the acta itself stays."""

    session: Number
    says: Paragraph
    should_say: Paragraph
    reason: Paragraph


class MinutesWritten(Event, frozen=True, tag="minutes-written"):
    """The parts as they stand now; `was` holds those that changed, as they stood before."""

    session: int
    was: dict[str, str]
    introduction: str
    development: str
    remarks: str


class WordingProposed(Event, frozen=True, tag="wording-proposed"):
    wording: int
    session: int
    part: Part
    item: int
    text: str
    reason: str


class WordingAccepted(Event, frozen=True, tag="wording-accepted"):
    """The proposed words stand; `was` are those they replace."""

    wording: int
    session: int
    part: Part
    item: int
    was: str
    text: str


class WordingRejected(Event, frozen=True, tag="wording-rejected"):
    wording: int
    session: int
    reason: str


class MinutesClosed(Event, frozen=True, tag="minutes-closed"):
    session: int


class ErratumRecorded(Event, frozen=True, tag="erratum-recorded"):
    session: int
    erratum: int
    says: str
    should_say: str
    reason: str


def decide(sessions: Sessions, scope: Scope, command: Command, by: By) -> list[Event]:
    """The rules of the minutes."""
    match command:
        case WriteMinutes():
            session = the(sessions, command.session, "open", "ended", otherwise=NOT_YET)
            stands = {part: session.minutes.get(part, "") for part in PARTS}
            values = merge(command.seen, stands, {part: getattr(command, part) for part in PARTS})
            was = {part: text for part, text in stands.items() if values[part] != text}
            return [MinutesWritten(session=command.session, was=was, **values)] if was else []
        case ProposeWording():
            return _propose(sessions, scope, command, by)
        case AcceptWording():
            wording = _pending(sessions, command.wording)
            need(by.person != wording.proposer, "Quien propone un cambio no lo acepta.")
            now = _standing(sessions, wording.session, wording.part, wording.item)
            need(now == wording.was, "El borrador cambió desde esa propuesta: rechácela y pida otra sobre lo que dice ahora.")
            return [
                WordingAccepted(
                    wording=command.wording,
                    session=wording.session,
                    part=wording.part,
                    item=wording.item,
                    was=now,
                    text=wording.text,
                )
            ]
        case RejectWording():
            wording = _pending(sessions, command.wording)
            return [WordingRejected(wording=command.wording, session=wording.session, reason=command.reason)]
        case CloseMinutes():
            session = the(sessions, command.session, "ended", otherwise=ENDED)
            quorate(session, "cerrar el acta")
            pending = tuple(
                f"Cambio propuesto n.º {n}"
                for n, each in sessions.wordings.items()
                if each.session == command.session and each.status == "proposed"
            )
            need(not pending, "Hay cambios propuestos por resolver:", pending)
            return [MinutesClosed(session=command.session)]
        case RecordErratum():
            return _correct(sessions, command, by)
        case _:
            msg = f"session_minutes cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _propose(sessions: Sessions, scope: Scope, command: ProposeWording, by: By) -> list[Event]:
    session = the(sessions, command.session, "ended", otherwise=f"{ENDED} Los cambios se proponen sobre el borrador completo.")
    charge = session.attendees.get(by.person, "")
    need(charge, "Solo propone cambios quien asistió a la sesión.")
    place = charge.split("/")[1] if scope.regional else scope.unit
    need(command.unit == place, "Su propuesta corresponde a la unidad en cuyo cargo asistió.")
    need((command.part == "item") == bool(command.item), "Indique una sola parte del acta.")
    taken = command.item in session.items and sessions.items[command.item].position
    need(not command.item or taken, "Ese punto no se trató en la sesión.")
    number = max(sessions.wordings, default=0) + 1
    values = {name: getattr(command, name) for name in ("session", "part", "item", "text", "reason")}
    return [WordingProposed(wording=number, **values)]


def _pending(sessions: Sessions, number: int) -> Wording:
    need(number in sessions.wordings, "Ese cambio propuesto no existe.")
    wording = sessions.wordings[number]
    the(sessions, wording.session)
    need(wording.status == "proposed", "Ese cambio propuesto ya se resolvió.")
    return wording


def _standing(sessions: Sessions, session: int, part: str, item: int) -> str:
    """The words of a part, or the notes of an item, as they stand."""
    return sessions.items[item].note if item else sessions.by_number[session].minutes.get(part, "")


def _correct(sessions: Sessions, command: RecordErratum, by: By) -> list[Event]:
    need(command.session in sessions.by_number, "Esa sesión no existe.")
    session: Session = sessions.by_number[command.session]
    need(session.status == "closed", "El acta no está cerrada: cambie el borrador.")
    need(by.person != session.closer, "Quien cerró el acta no registra su fe de erratas: pídala a otra persona.")
    need(command.says.strip() != command.should_say.strip(), "Lo que debe decir es igual a lo que dice.")
    return [ErratumRecorded(erratum=session.errata + 1, **msgspec.structs.asdict(command))]


def evolve(sessions: Sessions, fact: Fact) -> None:
    """Apply one fact to the minutes."""
    match event := fact.event:
        case MinutesWritten():
            sessions.by_number[event.session].minutes = {part: getattr(event, part) for part in PARTS}
        case WordingProposed():
            was = _standing(sessions, event.session, event.part, event.item)
            sessions.wordings[event.wording] = Wording(event.session, event.part, event.item, event.text, fact.person, was)
        case WordingAccepted():
            sessions.wordings[event.wording].status = "accepted"
            if event.item:
                sessions.items[event.item].note = event.text
            else:
                sessions.by_number[event.session].minutes[event.part] = event.text
        case WordingRejected():
            sessions.wordings[event.wording].status = "rejected"
        case MinutesClosed():
            session = sessions.by_number[event.session]
            session.status, session.closer = "closed", fact.person
        case ErratumRecorded():
            sessions.by_number[event.session].errata = event.erratum

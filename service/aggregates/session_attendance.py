"""Who is at a session: each person in one charge, held on its day."""

import msgspec

from service.aggregates import DRE, By, Command, Event, Fact, Line1, Number, need
from service.aggregates.session import Scope, Sessions, the
from service.aggregates.session_quorum import ATTENDING, holds


class MarkAttendance(Command, frozen=True):
    """Say that somebody is there, in a charge held on the day of the session, or is not."""

    session: Number
    person: Line1
    charge: Line1
    present: bool


class AttendanceMarked(Event, frozen=True, tag="session-attendance-marked"):
    session: int
    person: str
    charge: str
    present: bool


def decide(sessions: Sessions, scope: Scope, command: Command, by: By) -> list[Event]:
    """The rules of attendance."""
    assert isinstance(command, MarkAttendance)  # noqa: S101 — the only command of this room
    session = the(sessions, command.session)
    day, there = session.convened.day, session.attendees.get(command.person)
    need(day <= by.today, "La sesión todavía no se realiza: la asistencia se registra desde ese día.")
    if not command.present:
        need(there, "Esa persona no figura entre los asistentes.")
        voted = any(command.person in each.votes for each in sessions.agreements.values() if each.session == command.session)
        need(not voted, "Esa persona ya votó un acuerdo: su asistencia no se retira.")
        return [AttendanceMarked(**msgspec.structs.asdict(command) | {"charge": there})]
    role, *place = command.charge.split("/")
    need(role in ATTENDING, "Ese cargo no asiste a las sesiones: asisten los de las UGEL y los de la DRE.")
    need(place and place[0] in {*session.convened.units, DRE, scope.unit}, "Ese cargo no es de una unidad convocada.")
    need(holds(by.roll, command.person, command.charge, day), "Esa persona no tenía ese cargo el día de la sesión.")
    need(there in (None, command.charge), "Esa persona ya asiste con otro cargo: retire primero esa asistencia.")
    return [] if there else [AttendanceMarked(**msgspec.structs.asdict(command))]


def evolve(sessions: Sessions, fact: Fact) -> None:
    """Apply one fact to the attendance."""
    event = fact.event
    assert isinstance(event, AttendanceMarked)  # noqa: S101 — the only event of this room
    attendees = sessions.by_number[event.session].attendees
    if event.present:
        attendees[event.person] = event.charge
    else:
        attendees.pop(event.person, None)

"""All that concerns the sessions of a year, a unit's or the region's, put together for the stream they belong to."""

from types import ModuleType

from service.aggregates import (
    By,
    Command,
    Event,
    session,
    session_agenda,
    session_agreements,
    session_attendance,
    session_minutes,
)
from service.aggregates.classes import classes
from service.aggregates.session import ConveneSession, OpenSession, Scope, Session, SessionConvened, SessionOpened, Sessions
from service.aggregates.session_agenda import MOST

MODULES: tuple[ModuleType, ...] = (session, session_attendance, session_agenda, session_agreements, session_minutes)


def _of(base: type[Command] | type[Event]) -> dict[type, ModuleType]:
    """The commands or events of each room, by the room."""
    return {each: room for room in MODULES for each in classes(room, base)}


DECIDES, EVOLVES = _of(Command), _of(Event)
COMMANDS: frozenset[type[Command]] = frozenset(DECIDES)
EVENTS: frozenset[type[Event]] = frozenset(EVOLVES)


def decide(sessions: Sessions, scope: Scope, command: Command, by: By) -> list[Event]:
    """Decide one command in its room; a session is convened together with what its agenda begins with, opened with what came since.

    What was on the agenda and was removed, which has its reason, does not come back.
    """
    decided: list[Event] = DECIDES[type(command)].decide(sessions, scope, command, by)
    match command, decided:
        case ConveneSession(items=items), [SessionConvened() as convened]:
            decided += session_agenda.added(sessions, scope, convened.session, Session(convened), items)
        case OpenSession(session=number, items=items), [SessionOpened()]:
            known = {each.matter for each in sessions.items.values() if each.session == number}
            fresh, opened = [each for each in items if each.matter not in known], sessions.by_number[number]
            decided = session_agenda.added(sessions, scope, number, opened, fresh[: MOST - len(opened.items)]) + decided
    return decided

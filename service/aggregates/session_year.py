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
from service.aggregates.session import Scope, Sessions

MODULES: tuple[ModuleType, ...] = (session, session_attendance, session_agenda, session_agreements, session_minutes)


def _of(base: type) -> dict[type, ModuleType]:
    """The commands or events of each room, by the room."""
    found = ((each, room) for room in MODULES for each in vars(room).values() if isinstance(each, type))
    return {
        each: room
        for each, room in found
        if each.__module__ == room.__name__ and issubclass(each, base) and not each.__name__.startswith("_")
    }


DECIDES, EVOLVES = _of(Command), _of(Event)
COMMANDS: frozenset[type[Command]] = frozenset(DECIDES)
EVENTS: frozenset[type[Event]] = frozenset(EVOLVES)


def decide(sessions: Sessions, scope: Scope, command: Command, by: By) -> list[Event]:
    """Decide one command in its room."""
    decided: list[Event] = DECIDES[type(command)].decide(sessions, scope, command, by)
    return decided

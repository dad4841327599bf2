"""The region's year: what concerns several units at once, the support sessions, the regional sessions and the regional knots."""

import msgspec

from service.aggregates import DRE, By, Command, Event, Fact, knot, session, session_year, support


class RegionYear(msgspec.Struct):
    """Everything the rules of the region's year look at."""

    year: int
    supports: support.Supports = msgspec.field(default_factory=support.Supports)
    sessions: session.Sessions = msgspec.field(default_factory=session.Sessions)
    knots: knot.Knots = msgspec.field(default_factory=knot.Knots)


def decide(region: RegionYear, command: Command, by: By) -> list[Event]:
    """Decide one command on the region's year."""
    if type(command) in session_year.COMMANDS:
        return session_year.decide(region.sessions, session.Scope(DRE, region.year, regional=True), command, by)
    if type(command) in knot.COMMANDS:
        return knot.decide(region.knots, command, by)
    return support.decide(region.supports, region.year, command, by)


def evolve(region: RegionYear, fact: Fact) -> None:
    """Apply one fact to the part of the year it belongs to."""
    room = session_year.EVOLVES.get(type(fact.event))
    if room:
        room.evolve(region.sessions, fact)
    elif type(fact.event) in knot.EVENTS:
        knot.evolve(region.knots, fact)
    else:
        support.evolve(region.supports, fact)


COMMANDS = support.COMMANDS | session_year.COMMANDS | knot.COMMANDS
EVENTS = support.EVENTS | session_year.EVENTS | knot.EVENTS

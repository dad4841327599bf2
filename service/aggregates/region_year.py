"""The region's year: what concerns several units at once. Today the support sessions; what else is regional composes here."""

import msgspec

from service.aggregates import By, Command, Event, Fact, support
from service.aggregates.support import Supports


class RegionYear(msgspec.Struct):
    """Everything the rules of the region's year look at."""

    year: int
    supports: Supports = msgspec.field(default_factory=Supports)


def decide(region: RegionYear, command: Command, by: By) -> list[Event]:
    """Decide one command on the region's year."""
    return support.decide(region.supports, region.year, command, by)


def evolve(region: RegionYear, fact: Fact) -> None:
    """Apply one fact to the part of the year it belongs to."""
    support.evolve(region.supports, fact)


COMMANDS, EVENTS = support.COMMANDS, support.EVENTS

"""The kinds of streams: what each begins as and its two pure functions; nobody else needs to know how many kinds there are."""

from collections.abc import Callable
from typing import Any

import msgspec

from service.aggregates import By, Command, Event, Fact, dre, region_year, support, unit_year


class Kind(msgspec.Struct, frozen=True):
    """One kind of stream; `begin` takes what stands behind the kind in a stream's name."""

    begin: Callable[..., Any]
    decide: Callable[[Any, Command, By], list[Event]]
    evolve: Callable[[Any, Fact], None]


KINDS: dict[str, Kind] = {
    "dre": Kind(lambda _code: dre.Dre(), dre.decide, dre.evolve),
    "unit": Kind(lambda code, year: unit_year.new(code, int(year)), unit_year.decide, unit_year.evolve),
    "region": Kind(lambda _code, year: region_year.RegionYear(int(year)), region_year.decide, region_year.evolve),
}
COMMANDS = unit_year.COMMANDS | dre.COMMANDS | region_year.COMMANDS
EVENTS = unit_year.EVENTS | dre.EVENTS | region_year.EVENTS


def kind_of(stream: str) -> Kind:
    """The kind of a stream, by its name."""
    return KINDS[stream.partition("/")[0]]


def begun(stream: str) -> Any:
    """The state in which nothing has happened."""
    name, *place = stream.split("/")
    return KINDS[name].begin(*place)


def written_in(stream: str, command: Command) -> str:
    """The unit a command writes in: the stream's, or in the region's stream the one whose matter it is."""
    return command.unit if isinstance(command, support.OfUnit) else stream.split("/")[1]

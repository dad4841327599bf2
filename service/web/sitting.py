"""A session and all that belongs to it, read for its pages; and the two addresses it may have, a unit's and the region's."""

from collections.abc import Callable
from typing import Any

import msgspec
from litestar.exceptions import NotFoundException
from psycopg import Connection

from service import people
from service.aggregates import DRE, Command
from service.aggregates.session_agreements import VOTING
from service.ledger import region_of, stream_of
from service.projections import session_agenda as figures
from service.projections import session_page as read
from service.web.corner import find_place
from service.web.page import Moment, Req
from service.web.words import plural

UNIT, REGION = "/ugel/{code:str}/{year:int}/sesiones", "/sesiones/{year:int}"
ONE = "/{number:int}"


class Where(msgspec.Struct, frozen=True):
    """Whose sessions an address is about: the region's, or those of a unit."""

    code: str
    year: int
    regional: bool

    @property
    def stream(self) -> str:
        return region_of(self.year) if self.regional else stream_of(self.code, self.year)

    @property
    def href(self) -> str:
        return f"/sesiones/{self.year}" if self.regional else f"/ugel/{self.code}/{self.year}/sesiones"


def where(request: Req) -> Where:
    """What the address of a request says."""
    values = request.path_params
    regional = request.url.path.startswith("/sesiones/")
    return Where(DRE if regional else values["code"], values["year"], regional)


def both(decorate: Callable[..., Any], suffix: str, handle: Callable[..., Any], *, own: bool = False, **opt: Any) -> list[Any]:
    """One handler at the addresses of a unit and of the region; there, what is each unit's own matter ends with its code."""
    places = (f"{UNIT}{suffix}", f"{REGION}{suffix}{'/{code:str}' if own else ''}")
    return [decorate(place, sync_to_thread=True, **opt)(handle) for place in places]


class Sitting(msgspec.Struct, frozen=True):
    """A session with all that belongs to it, as it stood at a position."""

    it: read.Session
    attendees: list[read.Attendee]
    items: list[read.Item]
    agreements: list[read.Agreement]
    names: dict[str, str]

    @property
    def current(self) -> int:
        """The item that is being spoken of: the last one taken up."""
        return max(self.items, key=lambda each: each.taken_up, default=read.Item(0, 0, "", "", "", 0, 0, "", 0)).item

    @property
    def goes_on(self) -> bool:
        """Whether items may still be taken up; after that, one that was not has no figures."""
        return self.it.status in {"convened", "open"}

    def charge(self, person: str) -> str:
        """In which charge a person attends, "" for who does not."""
        return next((each.charge for each in self.attendees if each.person == person), "")

    def item(self, number: int) -> read.Item | None:
        return next((each for each in self.items if each.item == number), None)

    def tally(self, each: read.Agreement) -> str:
        """The votes of an agreement in words, with how many of those who are there with a vote did not use it."""
        voted = {vote.person for vote in each.votes}
        silent = sum(one.charge.split("/")[0] in VOTING and one.person not in voted for one in self.attendees)
        said = [f"{each.count('a favor')} a favor", f"{each.count('en contra')} en contra"]
        said += [plural(each.count("abstención"), "abstención", "abstenciones"), *([f"{silent} sin votar"] if silent else [])]
        return ", ".join(said)

    def of(self, item: int) -> list[read.Agreement]:
        """The agreements that came from an item."""
        return [each for each in self.agreements if each.item == item]


def find(connection: Connection[Any], moment: Moment, at: Where, number: int) -> Sitting:
    """Read a session.

    Raises:
        NotFoundException: it did not exist then.

    """
    if not at.regional:
        find_place(connection, moment, at.code, at.year)
    it = read.session(connection, moment.position, at.stream, number)
    if it is None:
        raise NotFoundException
    attendees = read.attendees(connection, moment.position, at.stream, number)
    agreements = read.agreements(connection, moment.position, [at.stream], number)
    persons = {each.person for each in attendees} | {vote.person for each in agreements for vote in each.votes}
    items = read.items(connection, moment.position, at.stream, number)
    return Sitting(it, attendees, items, agreements, people.names(connection, persons))


def numbers(connection: Connection[Any], moment: Moment, sitting: Sitting) -> dict[int, figures.Figures]:
    """The figures of each item that is about a unit: those it was taken up with, those of the moment while it may still be."""
    found: dict[int, figures.Figures] = {}
    groups: dict[int, list[read.Item]] = {}
    for item in sitting.items:
        if item.unit and (item.taken_up or sitting.goes_on):
            groups.setdefault(item.taken_up, []).append(item)
    for position, items in groups.items():
        streams = sorted({f"unit/{item.unit}/{sitting.it.year}" for item in items})
        known = figures.figures(connection, position or moment.position, streams, sitting.it.quarter)
        found |= {item.item: known[item.unit] for item in items}
    return found


def offered(connection: Connection[Any], moment: Moment, sitting: Sitting, unit: str = "") -> list[figures.Suggestion]:
    """What an agreement may decide on: what waits in the units, and the findings of the quarter."""
    streams = [each for each in sitting.it.streams if not unit or each.split("/")[1] == unit]
    found = figures.suggestions(connection, moment.position, streams, sitting.it.quarter, sitting.it.day)
    return found + figures.findings(connection, moment.position, streams, sitting.it.quarter)


def fixed(request: Req, kind: type[Command]) -> dict[str, Any]:
    """What of a command the address says; the unit of a matter of its own is the code."""
    named = {"code": "unit", "number": "session"}
    values = {named.get(name, name): value for name, value in request.path_params.items()}
    return {name: values[name] for name in kind.__struct_fields__ if name in values}

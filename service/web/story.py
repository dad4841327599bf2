"""Facts in words: each a line with who, in which charge, what, the change and the reason; nothing is left out.

Any page shows the history of its own subject with two lines:

    history=story.story(connection, moment.position, stream, activity=12)      # or commitment=3, quarter=2, alert=5
    {% include "_history.html" %}                                                # draws `history`
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

import msgspec
from psycopg import Connection

from service import people
from service.aggregates.dre import ChargeAssigned
from service.projections import history as read
from service.projections.board import STANDING
from service.settings import LIMA
from service.web.facts import say
from service.web.words import cargo

LONGEST_STORY = 500


class Entry(msgspec.Struct, frozen=True):
    """One fact as a line: the change and reason in words; `on` is set when it happened before the day it was recorded."""

    position: int
    version: int
    at: datetime
    who: str
    charge: str
    text: str
    changes: list[tuple[str, str, str]]
    reason: str
    on: date | None
    corrected: bool
    links: list[tuple[str, str]]
    replay: str
    raw: str

    @property
    def short(self) -> bool:
        """Whether its one change fits on the line."""
        return len(self.changes) == 1 and sum(len(text) for text in self.changes[0][1:]) < 40  # noqa: PLR2004 — half a line


class Day(msgspec.Struct, frozen=True):
    """The facts recorded on one day in Lima."""

    day: date
    entries: list[Entry]


def tell(connection: Connection[Any], deeds: Iterable[read.Deed]) -> list[Day]:
    """Facts in words, grouped by the day they were recorded, in the order given."""
    known = list(deeds)
    ids = {deed.person for deed in known} | {deed.event.holder for deed in known if isinstance(deed.event, ChargeAssigned)}
    names = people.names(connection, ids)
    entries = [entry(deed, names) for deed in known]
    return [Day(when, list(group)) for when, group in groupby(entries, key=lambda each: each.at.astimezone(LIMA).date())]


def entry(deed: read.Deed, names: Mapping[str, str]) -> Entry:
    """One fact in words."""
    words, raw = say(deed.event), f"/dre/historial/hecho/{deed.position}.json"
    given = f", a {names.get(deed.event.holder, '')}" if isinstance(deed.event, ChargeAssigned) else ""
    replay, links = "", list[tuple[str, str]]()
    if deed.stream != STANDING:
        _, code, year = deed.stream.split("/")
        replay, links = f"/reproducir/{code}/{year}?hasta={deed.position}", _links(deed.event, code, year)
        raw = f"/reproducir/{code}/{year}/hecho/{deed.position}.json"
    return Entry(
        deed.position,
        deed.version,
        deed.at,
        names.get(deed.person, ""),
        cargo(deed.charge),
        words.text + given,
        words.changes,
        words.reason,
        deed.on if deed.late else None,
        deed.corrected,
        links,
        replay,
        raw,
    )


def _links(event: Any, code: str, year: str) -> list[tuple[str, str]]:
    """The pages of what the fact is about."""
    places = {
        "activity": (f"/ugel/{code}/{year}/actividades/", "Ver actividad"),
        "quarter": (f"/ugel/{code}/{year}/t", "Ver trimestre"),
        "commitment": (f"/compromisos/{code}-{year}-", "Ver compromiso"),
    }
    found = ((name, getattr(event, name, 0)) for name in places)
    return [(f"{places[name][0]}{number}", f"{places[name][1]} {number}") for name, number in found if number]


def story(connection: Connection[Any], at: int, stream: str, **wanted: Any) -> list[Day]:
    """The history of one subject of a stream (`activity=`, `commitment=`, `quarter=`, `alert=`), the last fact first."""
    return tell(connection, read.find(connection, at, stream, read.Wanted(**wanted), LONGEST_STORY))

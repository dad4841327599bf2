"""Facts in words: each a line with who, in which charge, what, the change and the reason; nothing is left out.

Any page shows the history of its own subject with two lines:

    history=story.story(connection, moment.position, stream, activity=12)      # or commitment=3, quarter=2, alert=5
    {% include "_history.html" %}                                                # draws `history`
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.dre import ChargeAssigned
from service.projections import LATEST
from service.projections import history as read
from service.settings import LIMA
from service.web import mentions
from service.web.facts import say
from service.web.words import cargo

LONGEST_STORY = 500
_SUBJECT = re.compile(r"\b(?:tarea|actividad) \d+")


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
    names, called, units = _names(connection, known), _called(connection, known), _units(connection, known)
    entries = [_entry(deed, names, called, units) for deed in known]
    return [Day(when, list(group)) for when, group in groupby(entries, key=lambda each: each.at.astimezone(LIMA).date())]


def _names(connection: Connection[Any], deeds: list[read.Deed]) -> dict[str, str]:
    """The persons who acted, those who were given a charge, and those who were mentioned."""
    acted = [*(d.person for d in deeds), *(d.event.holder for d in deeds if isinstance(d.event, ChargeAssigned))]
    return mentions.names(connection, acted, (say(deed.event).reason for deed in deeds))


def _called(connection: Connection[Any], deeds: list[read.Deed]) -> dict[tuple[str, int], str]:
    """What each fact's task, or activity, was called then: («tarea 3», position) → name."""
    found: dict[tuple[str, int], str] = {}
    for subject, word in (("activity", "actividad"), ("task", "tarea")):
        named = [(d.stream, d.position, getattr(d.event, subject, 0)) for d in deeds if getattr(d.event, subject, 0)]
        for (_, position, number), name in read.called(connection, subject, named).items():
            found[f"{word} {number}", position] = name
    return found


def _units(connection: Connection[Any], deeds: list[read.Deed]) -> dict[str, str]:
    """The names of the units, where a fact may name one: those of a unit's own year do not."""
    return {} if all(deed.stream.startswith("unit/") for deed in deeds) else read.units(connection, LATEST)


def _entry(deed: read.Deed, names: dict[str, str], called: dict[tuple[str, int], str], units: dict[str, str]) -> Entry:
    """One fact in words."""
    words, raw = say(deed.event), f"/dre/historial/hecho/{deed.position}.json"
    text = _SUBJECT.sub(lambda found: _named(found, called.get((found[0], deed.position), ""), words.text), words.text)
    for code in {getattr(each, "unit", "") for each in (deed.event, *getattr(deed.event, "findings", ()))} & units.keys():
        text = text.replace(code, units[code])
    given = f", a {names[deed.event.holder]}" if isinstance(deed.event, ChargeAssigned) else ""
    replay, links = "", list[tuple[str, str]]()
    kind, code, *years = deed.stream.split("/")
    if kind == "unit":
        replay, links = f"/reproducir/{code}/{years[0]}?hasta={deed.position}", _links(deed.event, code, years[0])
        raw = f"/reproducir/{code}/{years[0]}/hecho/{deed.position}.json"
    elif kind == "region":
        replay, number = f"/reproducir/region/{years[0]}?hasta={deed.position}", getattr(deed.event, "support", 0)
        raw = f"/reproducir/region/{years[0]}/hecho/{deed.position}.json"
        links = [(f"/apoyo/{years[0]}/{number}", f"Ver jornada {number}")] if number else []
        held = getattr(deed.event, "session", 0)
        links += [(f"/sesiones/{years[0]}/{held}", f"Ver sesión {held}")] if held else []
        knot = getattr(deed.event, "knot", 0)
        links += [(f"/nudos/{years[0]}/{knot}", f"Ver nudo {knot}")] if knot else []
    return Entry(
        deed.position,
        deed.version,
        deed.at,
        names[deed.person],
        cargo(deed.charge),
        text + given,
        words.changes,
        mentions.plain(words.reason, names),
        deed.on if deed.late else None,
        deed.corrected,
        links,
        replay,
        raw,
    )


def _named(found: re.Match[str], name: str, text: str) -> str:
    """«tarea 3» with its name, unless the sentence says it already."""
    return f"{found[0]} «{name}»" if name and name not in text else found[0]


def _links(event: Any, code: str, year: str) -> list[tuple[str, str]]:
    """The pages of what the fact is about."""
    places = {
        "activity": (f"/ugel/{code}/{year}/actividades/", "Ver actividad"),
        "quarter": (f"/ugel/{code}/{year}/t", "Ver trimestre"),
        "commitment": (f"/compromisos/{code}-{year}-", "Ver compromiso"),
        "amendment": (f"/ugel/{code}/{year}/modificaciones/", "Ver modificación"),
        "session": (f"/ugel/{code}/{year}/sesiones/", "Ver sesión"),
    }
    found = ((name, getattr(event, name, 0)) for name in places)
    return [(f"{places[name][0]}{number}", f"{places[name][1]} {number}") for name, number in found if number]


def story(connection: Connection[Any], at: int, stream: str, **wanted: Any) -> list[Day]:
    """The history of one subject of a stream (`activity=`, `commitment=`, `quarter=`, `alert=`), the last fact first."""
    return tell(connection, read.find(connection, at, stream, read.Wanted(**wanted), LONGEST_STORY))

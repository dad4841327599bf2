"""What a session speaks of and decides on, as words and as a link to its page; the key is `120005/quarter/3`."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates import ROMAN
from service.aggregates.session import ConveneSession
from service.aggregates.session_agenda import MOST
from service.aggregates.session_matter import Matter, NewItem
from service.ledger import stream_of
from service.projections import LATEST
from service.projections.session_agenda import Suggestion, entering, suggestions
from service.projections.session_page import Session
from service.web.facts_alerts import RULES
from service.web.words import STATES, fecha

NOUNS = {
    "quarter": "Calificación del {} trimestre",
    "alert": "Alerta {}",
    "finding": "Hallazgo {}",
    "commitment": "Compromiso {}",
    "activity": "Actividad {}",
}
PLACES = {
    "quarter": "/ugel/{u}/{y}/t{n}",
    "alert": "/ugel/{u}/{y}/alertas/{n}",
    "finding": "/ugel/{u}/{y}/hallazgos/{n}",
    "commitment": "/compromisos/{u}-{y}-{n}",
    "activity": "/ugel/{u}/{y}/actividades/{n}",
}


class Link(msgspec.Struct, frozen=True):
    key: str
    href: str
    text: str


def parse(key: str) -> Matter | None:
    """The matter a key names; None for anything else."""
    unit, kind, number = [*key.split("/"), "", ""][:3]
    try:
        return msgspec.convert({"unit": unit, "kind": kind, "number": int(number)}, Matter)
    except (ValueError, msgspec.ValidationError):
        return None


def key_of(matter: Matter) -> str:
    """The key of a matter."""
    return f"{matter.unit}/{matter.kind}/{matter.number}"


def link(key: str, year: int, units: dict[str, str], at: int = 0) -> Link:
    """The page of a matter, as it stood at a position where one is given."""
    unit, kind, number = key.split("/")
    text = NOUNS[kind].format(ROMAN.get(int(number), number) if kind == "quarter" else number)
    href = PLACES[kind].format(u=unit, y=year, n=number) + (f"?hasta={at}" if at else "")
    return Link(key, href, f"{text}, {units.get(unit, unit)}")


def title(it: Suggestion, units: dict[str, str]) -> str:
    """What an item of the agenda about this is called."""
    unit, name = units.get(it.unit, it.unit), it.name[:150]
    if it.kind == "quarter":
        state = STATES["quarter"][it.detail].word.lower()
        return f"{unit}: resultado del {ROMAN[it.number]} trimestre ({state})"
    if it.kind == "alert":
        pressing = " (elevada a sesión)" if it.pressing else ""
        return f"{unit}: alerta {it.number}{pressing}, {RULES.get(it.detail, it.detail)}: {name}"
    if it.kind == "commitment" and it.detail != "flag":
        return f"{unit}: compromiso {it.number}, vence el {fecha(date.fromisoformat(it.detail))}: {name}"
    if it.kind == "finding" and it.detail != "flag":
        return f"{unit}: hallazgo {it.number} ({it.detail}), {name}"
    return f"{unit}: en seguimiento, {NOUNS[it.kind].format(it.number).lower()}{f' «{name}»' if name else ''}"


def item(it: Suggestion, units: dict[str, str]) -> NewItem:
    """The item of the agenda about this."""
    return NewItem(title=title(it, units)[:300], matter=parse(it.key))


def begins(found: Sequence[Suggestion], *, regional: bool) -> list[Suggestion]:
    """What an agenda begins with: of a unit all that waits, of the region each quarter, what was escalated, flagged or falls due.

    Where not all of it has room, what was escalated has it first.
    """
    asked = {"quarter", "commitment"}
    waiting = [each for each in found if not regional or each.pressing or each.kind in asked or each.detail == "flag"]
    first = {each.key for each in sorted(waiting, key=lambda each: not each.pressing)[:MOST]}
    return [each for each in waiting if each.key in first]


def prepared(connection: Connection[Any], stream: str, call: ConveneSession, units: dict[str, str]) -> ConveneSession:
    """The convening of a session in a stream, with what its agenda begins with."""
    kind, _, year = stream.split("/")
    regional = kind == "region"
    years = [stream_of(code, int(year)) for code in dict.fromkeys(call.units)] if regional else [stream]
    found = begins(suggestions(connection, LATEST, years, call.quarter, call.day), regional=regional)
    return msgspec.structs.replace(call, items=tuple(item(each, units) for each in found))


def coming(connection: Connection[Any], it: Session, units: dict[str, str]) -> tuple[NewItem, ...]:
    """The items with which a session opens: what was escalated to it since it was convened."""
    return tuple(item(each, units) for each in entering(connection, LATEST, it))


def chosen(keys: Iterable[str], offered: Iterable[str]) -> tuple[Matter, ...] | None:
    """The matters that were marked, each of them offered; None when one was not."""
    known, marked = set(offered), [key for key in dict.fromkeys(keys) if key]
    found = [parse(key) for key in marked if key in known]
    return tuple(each for each in found if each) if len(found) == len(marked) else None

"""The agenda of a session: items added, put in order, removed, taken up one by one with the figures of that moment, and noted."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from service.aggregates import By, Command, Event, Fact, Note, Number, Paragraph, need
from service.aggregates.merging import merge
from service.aggregates.session import Item, Scope, Session, Sessions, the
from service.aggregates.session_matter import Matter, NewItem

OVER = "La sesión ya se levantó: su agenda no cambia."
MOST = 200
UNKNOWN = {
    "quarter": "El trimestre va de 1 a 4.",
    "alert": "Esa alerta no existe.",
    "finding": "Ese hallazgo no existe.",
    "commitment": "Ese compromiso no existe.",
    "activity": "Esa actividad no está en el plan.",
}


class AddItems(Command, frozen=True):
    session: Number
    items: Annotated[tuple[NewItem, ...], Meta(min_length=1, extra={"error": "Escriba o elija al menos un punto."})]


class MoveItem(Command, frozen=True):
    """Put an item at a place of the agenda, counted from 1."""

    item: Number
    place: Number


class RemoveItem(Command, frozen=True):
    item: Number
    reason: Paragraph


class TakeUpItem(Command, frozen=True):
    """Begin to speak of an item; its figures stop at `position`, the last fact of the record at that moment."""

    item: Number
    position: Number

    def said(self) -> Command:
        """Without the position, which moves with the record."""
        return msgspec.structs.replace(self, position=1)


class NoteItem(Command, frozen=True):
    """What was said; `seen` is what the note-taker had on screen (`merging`)."""

    item: Number
    note: Note
    seen: dict[str, Any] | None = None


class AgendaItemAdded(Event, frozen=True, tag="agenda-item-added"):
    item: int
    session: int
    place: int
    title: str
    matter: Matter | None = None


class AgendaOrdered(Event, frozen=True, tag="agenda-ordered"):
    """The item that moved, and all of them in their new order."""

    item: int
    session: int
    order: tuple[int, ...]


class AgendaItemRemoved(Event, frozen=True, tag="agenda-item-removed"):
    item: int
    session: int
    order: tuple[int, ...]
    reason: str


class AgendaItemTakenUp(Event, frozen=True, tag="agenda-item-taken-up"):
    item: int
    session: int
    position: int


class AgendaItemNoted(Event, frozen=True, tag="agenda-item-noted"):
    item: int
    session: int
    was: str
    note: str


def decide(sessions: Sessions, scope: Scope, command: Command, by: By) -> list[Event]:  # noqa: ARG001 — the signature is that of every decider
    """The rules of the agenda."""
    if isinstance(command, AddItems):
        return _add(sessions, scope, command)
    assert isinstance(command, MoveItem | RemoveItem | TakeUpItem | NoteItem)  # noqa: S101 — every other command of this room
    item, session = _at(sessions, command.item)
    number = {"item": command.item, "session": item.session}
    if isinstance(command, NoteItem):
        need(item.position, "Ese punto todavía no se trata: sus notas se escriben desde entonces.")
        merged = merge(command.seen, {"note": item.note}, {"note": command.note})["note"]
        return [] if merged == item.note else [AgendaItemNoted(**number, was=item.note, note=merged)]
    need(session.status != "ended", OVER)
    need(not item.position, "Ese punto ya se trató: sus cifras quedaron fijas.")
    match command:
        case TakeUpItem():
            need(session.status == "open", "La sesión no está abierta: los puntos se tratan desde que se abre.")
            return [AgendaItemTakenUp(**number, position=command.position)]
        case MoveItem():
            order = [each for each in session.items if each != command.item]
            need(command.place <= len(order) + 1, f"El lugar va de 1 a {len(order) + 1}.")
            order.insert(command.place - 1, command.item)
            return [] if order == session.items else [AgendaOrdered(**number, order=tuple(order))]
        case RemoveItem():
            linked = any(each.item == command.item and not each.withdrawn for each in sessions.agreements.values())
            need(not linked, "Ese punto tiene acuerdos: no se retira.")
            order = [each for each in session.items if each != command.item]
            return [AgendaItemRemoved(**number, order=tuple(order), reason=command.reason)]


def _add(sessions: Sessions, scope: Scope, command: AddItems) -> list[Event]:
    session = the(sessions, command.session, "convened", "open", otherwise=OVER)
    return added(sessions, scope, command.session, session, command.items)


def added(sessions: Sessions, scope: Scope, number: int, session: Session, items: Sequence[NewItem]) -> list[Event]:
    """The items that are not yet on a session's agenda, in its last places."""
    there = {found.matter for found in map(sessions.items.__getitem__, session.items) if found.matter}
    fresh = [each for each in dict.fromkeys(items) if each.matter not in there]
    need(len(session.items) + len(fresh) <= MOST, f"La agenda admite como máximo {MOST} puntos.")
    for each in fresh:
        if each.matter:
            known(scope, session.convened.units, each.matter)
    first, place = max(sessions.items, default=0) + 1, len(session.items) + 1
    return [
        AgendaItemAdded(item=first + n, session=number, place=place + n, title=each.title, matter=each.matter)
        for n, each in enumerate(fresh)
    ]


def known(scope: Scope, units: tuple[str, ...], matter: Matter) -> None:
    """Refuse what is of a unit that was not called, or does not exist in the year; other streams are not looked into."""
    need(matter.unit in units, "Esa unidad no fue convocada a la sesión.")
    there = scope.known is None or matter.number in scope.known[matter.kind]
    need(there, UNKNOWN[matter.kind])


def _at(sessions: Sessions, number: int) -> tuple[Item, Session]:
    need(number in sessions.items, "Ese punto no está en la agenda.")
    item = sessions.items[number]
    session = the(sessions, item.session)
    need(number in session.items, "Ese punto no está en la agenda.")
    return item, session


def evolve(sessions: Sessions, fact: Fact) -> None:
    """Apply one fact to the agenda."""
    match event := fact.event:
        case AgendaItemAdded():
            sessions.items[event.item] = Item(event.session, event.title, event.matter)
            sessions.by_number[event.session].items.append(event.item)
        case AgendaOrdered() | AgendaItemRemoved():
            sessions.by_number[event.session].items = list(event.order)
        case AgendaItemTakenUp():
            sessions.items[event.item].position = event.position
        case AgendaItemNoted():
            sessions.items[event.item].note = event.note

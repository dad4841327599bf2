"""Two contents of a plan in words and side by side: each changed row with what it was, what it is, by which facts and why."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

import msgspec
from psycopg import Connection

from service import people
from service.aggregates.plan_diff import Content, Fields, Key, Order, RowChange, diff, moved
from service.projections.versions import Deed
from service.web.corner import whole
from service.web.facts import FIELDS
from service.web.words import LONG_MONTHS, NOTHING, cargo, numero, plural

YEAR, PLACE = "meta anual", "lugar"
PER_PAGE, ALL = 100, "todo"
LABELS = {
    **FIELDS,
    "kind": "tipo",
    "objectives": "objetivos",
    "foreign": "códigos de otro catálogo",
    "activity": "actividad",
    "origin": "actividad de origen",
    "item": "pendiente del balance anterior",
    "place": PLACE,
}
VERBS = {"added": "Se agrega", "removed": "Se retira", "changed": "Cambia"}
NOUNS = {"line": "la línea de acción", "activity": "la actividad", "task": "la tarea"}


class Cell(msgspec.Struct, frozen=True):
    """One datum on both sides; `number` when it is a figure."""

    label: str
    before: str
    after: str
    number: bool = False

    @property
    def moved(self) -> str:
        """A change of order in words; nothing for any other datum."""
        if self.label != PLACE:
            return ""
        if self.before == self.after:
            return f"cambió de orden y sigue en el lugar {self.after}"
        return f"pasó del lugar {self.before} al {self.after}"


class Cause(msgspec.Struct, frozen=True):
    """A fact that changed a row, with its person and charge in words."""

    deed: Deed
    who: str
    charge: str


class Item(msgspec.Struct, frozen=True):
    """A row that was added, retired or changed."""

    key: Key
    kind: str
    name: str
    cells: list[Cell]
    causes: list[Cause]

    @property
    def title(self) -> str:
        """«Cambia la tarea 12 «Visitar aulas»»."""
        return f"{VERBS[self.kind]} {NOUNS[self.key[0]]} {self.key[1]} «{self.name}»"

    @property
    def heading(self) -> str:
        """«Tarea 12 · Visitar aulas»."""
        return f"{NOUNS[self.key[0]].partition(' ')[2].capitalize()} {self.key[1]} · {self.name}"


class Group(msgspec.Struct, frozen=True):
    """What changes in an activity and its tasks; activity 0 are the lines of action."""

    activity: int
    name: str
    there: bool
    items: list[Item]


class Tally(msgspec.Struct, frozen=True):
    """A difference in numbers: activities and tasks added, changed, retired; how the sum of each unit's targets moves."""

    counts: dict[tuple[str, str], int]
    targets: list[tuple[str, Decimal, Decimal]]

    @property
    def words(self) -> str:
        """«2 actividades cambian · 1 tarea nueva», or that nothing differs."""
        return " · ".join(_counted(each, count) for each, count in self.counts.items()) or "Sin diferencias"


def _counted(each: tuple[str, str], count: int) -> str:
    one, many = {"activity": ("actividad", "actividades"), "task": ("tarea", "tareas"), "line": ("línea", "líneas")}[each[0]]
    word = {"added": ("nueva", "nuevas"), "removed": ("retirada", "retiradas"), "changed": ("con cambios", "con cambios")}[
        each[1]
    ]
    return f"{plural(count, one, many)} {word[0 if count == 1 else 1]}"


def tally(before: Content, after: Content) -> Tally:
    """Count what differs."""
    counts: dict[tuple[str, str], int] = {}
    moved: dict[str, list[Decimal]] = {}
    for change in _told(before, after)[0]:
        name = (str(change.key[0]), _kind(change))
        counts[name] = counts.get(name, 0) + 1
        for side, fields in enumerate((change.before, change.after)):
            if change.key[0] == "task" and fields:
                sums = moved.setdefault(fields["unit"], [Decimal(0), Decimal(0)])
                sums[side] += sum(fields["months"], Decimal(0))
    return Tally(counts, [(unit, first, second) for unit, (first, second) in moved.items() if first != second])


def _told(before: Content, after: Content) -> tuple[list[RowChange], dict[Key, tuple[int, int]]]:
    """The rows that differ for a reader, and the places of those somebody moved; a row moved there and back is none of them."""
    changes = diff(before, after)
    places = moved(Order(before), Order(after), changes)
    return [each for each in changes if each.changed != ["place"] or each.key in places], places


def _kind(change: RowChange) -> str:
    return "added" if change.before is None else "removed" if change.after is None else "changed"


def groups(
    connection: Connection[Any], before: Content, after: Content, touched: Mapping[Key, Sequence[Deed]] | None = None
) -> list[Group]:
    """What differs, activity by activity in the order of their numbers, each row with the facts that changed it."""
    causes = touched or {}
    changes, places = _told(before, after)
    names = people.names(connection, {deed.person for change in changes for deed in causes.get(change.key, ())})
    found: dict[int, list[Item]] = {}
    for change in changes:
        fields = change.after or change.before or {}
        number = {"line": 0, "activity": change.key[1], "task": fields.get("activity", 0)}[str(change.key[0])]
        told = [Cause(deed, names.get(deed.person, NOTHING), cargo(deed.charge)) for deed in causes.get(change.key, ())]
        found.setdefault(int(number), []).append(Item(change.key, _kind(change), fields["name"], _cells(change, places), told))
    return [_group(number, items, before, after) for number, items in sorted(found.items())]


def _group(number: int, items: list[Item], before: Content, after: Content) -> Group:
    key: Key = ("activity", number)
    name = (after.get(key) or before.get(key) or {"name": "Líneas de acción"})["name"]
    return Group(number, name, key in after, sorted(items, key=lambda item: item.key[0] == "task"))


def _cells(change: RowChange, places: Mapping[Key, tuple[int, int]]) -> list[Cell]:
    cells = list[Cell]()
    for name in change.changed:
        if name == "months":
            cells += _months(change.before, change.after)
        elif name == "place":
            was, now = places.get(change.key, (0, 0))
            cells += [Cell(PLACE, str(was), str(now), number=True)] if now else []
        else:
            before, after = (_text((fields or {}).get(name)) for fields in (change.before, change.after))
            if before != after and not (name == "activity" and change.before is None):
                cells.append(Cell(LABELS[name], before, after))
    return cells


def _months(before: Fields | None, after: Fields | None) -> list[Cell]:
    """The months that differ, and the year."""
    none = (None,) * len(LONG_MONTHS)
    old, new = (before or {}).get("months", none), (after or {}).get("months", none)
    cells = [
        Cell(label, _figure(was), _figure(now), number=True)
        for label, was, now in zip(LONG_MONTHS, old, new, strict=True)
        if (was or 0) != (now or 0)
    ]
    sums = [sum(months, Decimal(0)) if months is not none else None for months in (old, new)]
    return [*cells, Cell(YEAR, _figure(sums[0]), _figure(sums[1]), number=True)] if sums[0] != sums[1] else cells


def _figure(value: Decimal | None) -> str:
    return NOTHING if value is None else numero(value, 4)


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or NOTHING
    return str(value or "") or NOTHING


class View(msgspec.Struct, frozen=True):
    """What of a long comparison is on screen: the groups of one page, which rows of how many; page 0 is the whole."""

    groups: list[Group]
    page: int
    pages: int
    first: int
    last: int
    total: int


def view(groups: list[Group], asked: str) -> View:
    """One page of a comparison, or with `todo` all of it, to print."""
    rows = [(group, item) for group in groups for item in group.items]
    pages = max(1, -(-len(rows) // PER_PAGE))
    if pages == 1 or asked == ALL:
        return View(groups, 0, pages, 1, len(rows), len(rows))
    number = min(max(1, whole(asked)), pages)
    start = (number - 1) * PER_PAGE
    shown = rows[start : start + PER_PAGE]
    cut = [
        msgspec.structs.replace(part[0][0], items=[item for _, item in part])
        for part in (list(each) for _, each in groupby(shown, key=lambda row: row[0].activity))
    ]
    return View(cut, number, pages, start + 1, start + len(shown), len(rows))

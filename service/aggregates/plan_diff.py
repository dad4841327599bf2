"""Two contents of a plan compared row by row, and a difference applied: what versions, reviews and proposals are told by."""

from collections.abc import Iterable
from typing import Any

import msgspec

from service.aggregates.plan import Plan
from service.aggregates.plan_places import activity_place, task_place

Key = tuple[str, int | str]
Fields = dict[str, Any]
Content = dict[Key, Fields]


class RowChange(msgspec.Struct, frozen=True):
    """A row that differs: `line`, `activity` or `task` with its code or number; None where it is not in the plan."""

    key: Key
    before: Fields | None
    after: Fields | None

    @property
    def changed(self) -> list[str]:
        """The fields whose values differ, in their own order."""
        old, new = self.before or {}, self.after or {}
        return [name for name in (self.after or self.before or {}) if old.get(name) != new.get(name)]


def content(plan: Plan) -> Content:
    """All that a plan says at this moment, apart from its state: later changes of the plan do not reach it."""
    return {
        **{("line", code): {"kind": line.kind, "name": line.name} for code, line in plan.lines.items()},
        **{
            ("activity", n): {**msgspec.structs.asdict(each), "place": activity_place(plan, n)}
            for n, each in plan.activities.items()
        },
        **{("task", n): {**msgspec.structs.asdict(each), "place": task_place(plan, n)} for n, each in plan.tasks.items()},
    }


def diff(before: Content, after: Content) -> tuple[RowChange, ...]:
    """What leads from one content to the other: rows that leave or change in the order they had, then the new ones."""
    keys = dict.fromkeys((*before, *after))
    return tuple(RowChange(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key))


def apply(before: Content, changes: tuple[RowChange, ...]) -> Content:
    """The content that the changes lead to."""
    after = dict(before)
    for change in changes:
        if change.after is None:
            del after[change.key]
        else:
            after[change.key] = change.after
    return after


class Order:
    """Where each activity stands in its line and each task in its activity, from 1 on."""

    def __init__(self, of: Content) -> None:
        self.content = of
        self.rows: dict[Key, list[Key]] = {}
        for key, fields in sorted(
            ((k, f) for k, f in of.items() if k[0] != "line"), key=lambda row: (row[1]["place"], row[0][1])
        ):
            self.rows.setdefault(_parent(key, fields), []).append(key)
        self.numbers = {key: number for rows in self.rows.values() for number, key in enumerate(rows, start=1)}

    def siblings(self, key: Key) -> list[Key]:
        """The rows among which a row stands, itself included."""
        return self.rows[_parent(key, self.content[key])]


def _parent(key: Key, fields: Fields) -> Key:
    return ("line", fields["line"]) if key[0] == "activity" else ("activity", fields["activity"])


def moved(before: Order, after: Order, changes: Iterable[RowChange]) -> dict[Key, tuple[int, int]]:
    """The rows that somebody put elsewhere, with their number before and now: not those that only made room for others."""
    found: dict[Key, tuple[int, int]] = {}
    for change in changes:
        if change.before and change.after and "place" in change.changed and _elsewhere(before, after, change):
            found[change.key] = (before.numbers[change.key], after.numbers[change.key])
    return found


def _elsewhere(before: Order, after: Order, change: RowChange) -> bool:
    """Whether other rows that stayed beside this one precede it now."""
    key = change.key
    if _parent(key, change.before or {}) != _parent(key, change.after or {}):
        return True
    old, new = before.siblings(key), after.siblings(key)
    stayed = set(old) & set(new)
    return stayed.intersection(old[: old.index(key)]) != stayed.intersection(new[: new.index(key)])

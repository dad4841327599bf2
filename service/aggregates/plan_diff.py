"""Two contents of a plan compared row by row, and a difference applied: what versions, reviews and proposals are told by."""

from typing import Any

import msgspec

from service.aggregates.plan import Plan

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
        **{("activity", number): msgspec.structs.asdict(each) for number, each in plan.activities.items()},
        **{("task", number): msgspec.structs.asdict(each) for number, each in plan.tasks.items()},
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

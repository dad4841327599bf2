"""Three readings of one row, cell by cell: as it was exported, as it comes back, as it stands. Pure; nothing accepted is lost."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec


class Merged(msgspec.Struct, frozen=True):
    """The row that follows, and which of its cells the sender changed, which only others did, and which both did differently."""

    values: dict[str, Any]
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()


def merge(
    base: Mapping[str, Any] | None, mine: Mapping[str, Any], current: Mapping[str, Any], take: Collection[str] = ()
) -> Merged:
    """A cell changed on one side takes that side; changed on both to the same value, it has it already.

    A cell changed on both sides to different values is stale and stays as it stands, unless the sender takes it (`take`).
    Without a `base` nobody knows what the sender saw: then every difference is the sender's change.
    """
    values, changed, kept, stale = dict(current), list[str](), list[str](), list[str]()
    for name, value in mine.items():
        stands = current[name]
        was = stands if base is None else base[name]
        if alike(value, stands):
            continue
        if alike(value, was):
            kept.append(name)
            continue
        if not alike(was, stands):
            stale.append(name)
            if name not in take:
                continue
        changed.append(name)
        values[name] = value
    return Merged(values, tuple(changed), tuple(kept), tuple(stale))


def alike(one: Any, other: Any) -> bool:
    """Whether two cells say the same; blanks are not what a spreadsheet keeps exactly."""
    if isinstance(one, str) and isinstance(other, str):
        return one.split() == other.split()
    return bool(one == other)

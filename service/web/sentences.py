"""The sentences that tell two moments apart: a column that changed, a row that is new or gone."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from service.projections.compare import Difference
from service.web.words import NOTHING, numero

NEW, GONE = "no existía", "ya no está"


class Sentence(msgspec.Struct, frozen=True):
    """One difference: what it is of, its name, before and after."""

    subject: str
    label: str
    before: str
    after: str


class Names(msgspec.Struct, frozen=True):
    """What activities and tasks are called, now or when they were last seen."""

    activities: dict[int, str]
    tasks: dict[int, tuple[str, int]]

    def activity(self, number: int) -> str:
        return f"Actividad {number}: {self.activities.get(number, '')}".rstrip(": ")

    def task(self, number: int) -> tuple[str, str]:
        """The heading of the task's activity, and the task's name."""
        name, activity = self.tasks.get(number, (f"tarea {number}", 0))
        return self.activity(activity), f"«{name}»"


Value = Callable[[Any], str]


def text(value: Any) -> str:
    """Any value as it is read."""
    if value in (None, "", 0, []):
        return NOTHING
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return numero(value) if isinstance(value, Decimal | int) else str(value)


def columns(d: Difference, subject: str, prefix: str, named: dict[str, tuple[str, Value]]) -> Iterator[Sentence]:
    """A sentence for each named column that changed."""
    for name, (label, say) in named.items():
        if name in d.changed:
            before, after = (say((values or {}).get(name)) for values in (d.before, d.after))
            if before != after:
                yield Sentence(subject, f"{prefix} {label}".strip(), before, after)


def whole(d: Difference, subject: str, label: str, shown: str) -> Sentence:
    """A row that was added or is gone."""
    return Sentence(subject, label, NEW, shown) if d.before is None else Sentence(subject, label, shown, GONE)

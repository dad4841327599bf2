"""What the DRE's catalogue holds: its items, and one content against another.

Every item has a key that is its identity from version to version; a content is in order when it went through `ordered`.
Items are recorded as they are, so their types stay plain; `catalogue_check` says what may not enter.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

import msgspec

from service.aggregates.alert_rules import DEFAULTS, Rule
from service.aggregates.plan import Kind
from service.aggregates.score import FORMULA, WEIGHTED

Step = Literal["plan-submission", "plan-approval", "quarter-report", "quarter-validation", "quarter-closing", "balance"]
STEPS: tuple[Step, ...] = get_args(Step)
QUARTERLY: set[str] = {"quarter-report", "quarter-validation", "quarter-closing"}


class Item(msgspec.Struct, frozen=True):
    """Something the catalogue lists."""

    @property
    def key(self) -> str:
        """Its identity from version to version."""
        raise NotImplementedError

    @property
    def order(self) -> Any:
        """Where it stands among its kind."""
        return self.key


class Instrument(Item, frozen=True):
    """A planning instrument with its norm and the names of its levels, from the highest down; `place` orders them."""

    name: str
    norm: str = ""
    levels: tuple[str, ...] = ()
    place: int = 0

    @property
    def key(self) -> str:
        return self.name

    @property
    def order(self) -> Any:
        return self.place, self.name


class Objective(Item, frozen=True):
    """An objective of an instrument at one of its levels (1 is the highest), under another one where it has a parent."""

    code: str
    instrument: str
    text: str
    level: int = 1
    parent: str = ""

    @property
    def key(self) -> str:
        return self.code


class Line(Item, frozen=True):
    """A line of action."""

    code: str
    kind: Kind
    name: str

    @property
    def key(self) -> str:
        return self.code


class Area(Item, frozen=True):
    """An area of a UGEL."""

    code: str
    name: str

    @property
    def key(self) -> str:
        return self.code


class Measure(Item, frozen=True):
    """A unit of measure, and the other ways people write it."""

    name: str
    aliases: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.name


class Deadline(Item, frozen=True):
    """The last day for a step of the cycle of a year; `quarter` 0 where the step is of the whole year."""

    year: int
    step: Step
    day: date
    quarter: int = 0

    @property
    def key(self) -> str:
        return f"{self.year}/{self.step}/{self.quarter}"

    @property
    def order(self) -> Any:
        return self.year, STEPS.index(self.step), self.quarter


class Scale(msgspec.Struct, frozen=True):
    """From which percentage on a light is given."""

    fulfilled: Decimal = Decimal(90)
    in_progress: Decimal = Decimal(70)
    label: str = "escala de ejemplo, ajústela"


class Weights(msgspec.Struct, frozen=True):
    """How much an activity counts in a score, by the type of its line of action."""

    strategic: Decimal = Decimal(1)
    missional: Decimal = Decimal(1)
    support: Decimal = Decimal(1)

    def of(self, kind: str) -> Decimal:
        """The weight of an activity of a line of this type."""
        return {"estratégico": self.strategic, "misional": self.missional}.get(kind, self.support)

    def name(self, version: int) -> str:
        """The formula as a score names it: the plain mean, or the version of the weights."""
        return FORMULA if self.strategic == self.missional == self.support else f"{WEIGHTED}{version}"


class Content(msgspec.Struct, frozen=True):
    """A whole catalogue."""

    instruments: tuple[Instrument, ...] = ()
    objectives: tuple[Objective, ...] = ()
    lines: tuple[Line, ...] = ()
    areas: tuple[Area, ...] = ()
    measures: tuple[Measure, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    scale: Scale = Scale()
    weights: Weights = Weights()
    rules: tuple[Rule, ...] = DEFAULTS


KINDS: dict[str, type[Item]] = {
    "instruments": Instrument,
    "objectives": Objective,
    "lines": Line,
    "areas": Area,
    "measures": Measure,
    "deadlines": Deadline,
}
SETTINGS = ("scale", "weights", "rules")


class Retired(msgspec.Struct, frozen=True, omit_defaults=True):
    """The keys of what a version offers no more, by kind."""

    instruments: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()


class Difference(msgspec.Struct, frozen=True, omit_defaults=True):
    """What leads from one content to another: items that are new or reworded, what is retired, settings where they change."""

    instruments: tuple[Instrument, ...] = ()
    objectives: tuple[Objective, ...] = ()
    lines: tuple[Line, ...] = ()
    areas: tuple[Area, ...] = ()
    measures: tuple[Measure, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    retired: Retired = Retired()
    scale: Scale | None = None
    weights: Weights | None = None
    rules: tuple[Rule, ...] | None = None

    @property
    def put(self) -> dict[str, Any]:
        """The new and reworded items, by kind."""
        return {kind: getattr(self, kind) for kind in KINDS if getattr(self, kind)}

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings that change."""
        return tuple(name for name in SETTINGS if getattr(self, name) is not None)


def indexed(content: Content, kind: str) -> dict[str, Any]:
    """The items of a kind by their keys."""
    return {item.key: item for item in getattr(content, kind)}


def difference(before: Content, after: Content) -> Difference:
    """What changes from one content to the other."""
    found, retired = dict[str, Any](), dict[str, tuple[str, ...]]()
    for kind in KINDS:
        old, new = indexed(before, kind), indexed(after, kind)
        found[kind] = tuple(item for key, item in new.items() if old.get(key) != item)
        retired[kind] = tuple(key for key in old if key not in new)
    for name in SETTINGS:
        found[name] = None if getattr(before, name) == getattr(after, name) else getattr(after, name)
    return Difference(**found, retired=Retired(**retired))


def applied(content: Content, found: Difference) -> Content:
    """The content after a difference, in order."""
    made = {name: getattr(found, name) for name in found.settings}
    for kind in KINDS:
        items = indexed(content, kind) | {item.key: item for item in getattr(found, kind)}
        made[kind] = tuple(item for key, item in items.items() if key not in getattr(found.retired, kind))
    return ordered(msgspec.structs.replace(content, **made))


def with_item(content: Content, kind: str, item: Any, instead_of: str = "") -> Content:
    """The content with an item, new or in the place of the one with the key `instead_of`."""
    rest = tuple(each for each in getattr(content, kind) if each.key not in {item.key, instead_of})
    return ordered(msgspec.structs.replace(content, **{kind: (*rest, item)}))


def with_rule(content: Content, rule: Rule) -> Content:
    """The content with a rule of alerts as it shall be."""
    return msgspec.structs.replace(content, rules=tuple(rule if each.code == rule.code else each for each in content.rules))


def without(content: Content, kind: str, key: str) -> Content:
    """The content without an item."""
    return msgspec.structs.replace(content, **{kind: tuple(each for each in getattr(content, kind) if each.key != key)})


def ordered(content: Content) -> Content:
    """The same content, each kind in its own order."""
    return msgspec.structs.replace(
        content, **{kind: tuple(sorted(getattr(content, kind), key=lambda item: item.order)) for kind in KINDS}
    )

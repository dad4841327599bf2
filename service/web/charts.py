"""The geometry of the small charts: pure numbers, which `_graficos.html` draws as SVG; a table always says the same beside them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from service.aggregates import ROMAN
from service.projections.commitment_page import Commitment
from service.projections.scales import Scale
from service.projections.trends import Point
from service.web.commitment_filters import by_state
from service.web.words import LIGHTS, STATES, porciento

LIVING = ("proposed", "declined", "signed", "overdue", "declared", "kept", "broken")


class Frame(msgspec.Struct, frozen=True):
    """A drawing's size and the margins around its plot."""

    width: int
    height: int
    left: int = 4
    right: int = 4
    top: int = 4
    bottom: int = 4

    def x(self, index: int, many: int) -> float:
        """Where the point of this index stands among so many."""
        room = self.width - self.left - self.right
        return round(self.left + room * (index + 0.5) / many, 1)

    def y(self, percent: Decimal | float) -> float:
        """Where a percentage stands; what passes 100 stands at 100."""
        room = self.height - self.top - self.bottom
        return round(self.top + room * (1 - min(100.0, float(percent)) / 100), 1)


TREND, SPARK = Frame(360, 168, left=38, right=8, top=16, bottom=30), Frame(120, 28, top=6, bottom=6)


class Mark(msgspec.Struct, frozen=True):
    """A point as it is drawn: its shape is that of its light, hollow while it is preliminary."""

    x: float
    y: float
    light: str
    official: bool
    words: str


class Break(msgspec.Struct, frozen=True):
    """A place over which nothing compares, and why."""

    x: float
    words: str


class Drawn(msgspec.Struct, frozen=True):
    """A trend ready to be drawn: lines that stop where there is no data or nothing compares, marks, levels and labels."""

    frame: Frame
    lines: tuple[str, ...]
    marks: tuple[Mark, ...]
    breaks: tuple[Break, ...]
    levels: tuple[tuple[float, str], ...]
    quarters: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, str], ...]
    words: str


def name(point: Point) -> str:
    """«II trimestre 2026»."""
    return f"{ROMAN[point.quarter]} trimestre {point.year}"


def told(point: Point) -> str:
    """A point in words."""
    light = f", {LIGHTS[point.light].word}" if point.light else ""
    return f"{name(point)}: {porciento(point.percent)}{light}{'' if point.official else ' (preliminar)'}"


def why(point: Point) -> str:
    """Why a point does not compare with the one before; empty where it does."""
    if not point.changed:
        return ""
    parts = (
        f"{subject} («{before or 'ninguna'}» → «{after or 'ninguna'}»)" for subject, (before, after) in point.changed.items()
    )
    return "no comparable con lo anterior, cambió " + "; ".join(parts)


def trend(points: Sequence[Point], scale: Scale, frame: Frame = TREND) -> Drawn:
    """Lay a trend out; what is still being written stands apart: nobody has said yet that it is all."""
    many = max(1, len(points))
    places = [(frame.x(n, many), each) for n, each in enumerate(points)]
    runs: list[list[str]] = [[]]
    for x, each in places:
        if each.percent is None or each.changed or not each.light:
            runs.append([])
        if each.percent is not None and each.light:
            runs[-1].append(f"{x},{frame.y(each.percent)}")
    years = sorted({each.year for each in points})
    return Drawn(
        frame,
        tuple(" ".join(run) for run in runs if len(run) > 1),
        tuple(Mark(x, frame.y(p.percent), p.light, p.official, told(p)) for x, p in places if p.percent is not None),
        tuple(Break(round(x - (frame.x(1, many) - frame.x(0, many)) / 2, 1), why(p)) for x, p in places if p.changed),
        tuple(
            (frame.y(level), f"{level.normalize():f}")
            for level in sorted({Decimal(0), Decimal(100), scale.in_progress, scale.fulfilled})
        ),
        tuple((x, ROMAN[each.quarter]) for x, each in places),
        tuple((frame.x(n * 4, many), str(year)) for n, year in enumerate(years)),
        "; ".join(told(each) for each in points if each.percent is not None) or "Sin dato en ningún trimestre",
    )


class Bar(msgspec.Struct, frozen=True):
    """A bar of a chart of counts: its word, its tone, how many, and how long it is out of 100."""

    word: str
    tone: str
    count: int
    length: float


def counts(subject: str, numbers: Sequence[tuple[str, int]]) -> list[Bar]:
    """Bars of how many there are in each state of a subject (`STATES`), in the order given."""
    most = max((count for _, count in numbers), default=0) or 1
    return [
        Bar(STATES[subject][code].word, STATES[subject][code].tone, count, round(100 * count / most, 1))
        for code, count in numbers
    ]


def commitments(found: Iterable[Commitment], day: date) -> list[Bar]:
    """How many commitments are in each state on a day; those that go on in another year are counted there."""
    numbers = dict(by_state(found, day))
    return counts("commitment", [(state, numbers.get(state, 0)) for state in LIVING])

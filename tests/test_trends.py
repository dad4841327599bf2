"""The figures of trends and charts: where a definition changes nothing compares, and a drawing says what its numbers say."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.projections.scales import Scale
from service.projections.trends import Point, compared
from service.web import charts

PLAIN, WEIGHTED = {"la fórmula": "promedio-1"}, {"la fórmula": "ponderado-2"}


def point(number: int, percent: str | None, definition: dict[str, str], light: str = "in-progress") -> Point:
    """A quarter of 2025 or of the years after it."""
    value = None if percent is None else Decimal(percent)
    return Point(2025 + number // 4, number % 4 + 1, value, light, official=True, definition=definition)


def test_a_change_of_definition_breaks_the_trend_once() -> None:
    """The first quarter by another formula does not compare with the last one with data; the next one compares with it."""
    given_points = [point(0, "80", PLAIN), point(1, None, WEIGHTED), point(2, "90", WEIGHTED), point(3, "91", WEIGHTED)]
    made = compared(given_points)
    assert [dict(each.changed) for each in made] == [{}, {}, {"la fórmula": ("promedio-1", "ponderado-2")}, {}]
    assert charts.why(made[2]) == "no comparable con lo anterior, cambió la fórmula («promedio-1» → «ponderado-2»)"


def test_the_line_stops_where_nothing_compares() -> None:
    """Gaps, breaks and what is still being written cut the line; every figure has its mark, the words say each of them."""
    quarters = [("80", PLAIN), ("82", PLAIN), (None, PLAIN), ("85", PLAIN), ("70", WEIGHTED), ("71", WEIGHTED), ("3", WEIGHTED)]
    points = [point(n, *each, light="" if n == 6 else "in-progress") for n, each in enumerate(quarters)]
    drawn = charts.trend(compared(points), Scale())
    assert [line.count(",") for line in drawn.lines] == [2, 2]
    assert len(drawn.marks) == 6
    assert len(drawn.breaks) == 1
    assert drawn.words.count(";") == 5
    assert "I trimestre 2025: 80,00 %, En proceso" in drawn.words.replace("\u00a0", " ")
    assert drawn.quarters[4][1] == "I"
    assert [text for _, text in drawn.years] == ["2025", "2026"]


@given(st.lists(st.decimals(0, 140, places=2), min_size=1, max_size=12))
def test_a_mark_stands_as_high_as_its_percentage(values: list[Decimal]) -> None:
    """More is higher, to the height of 100; all of it lies within the drawing, in the order of the quarters."""
    points = [point(n, str(value), PLAIN) for n, value in enumerate(values)]
    frame, drawn = charts.TREND, charts.trend(points, Scale())
    assert all(0 <= mark.x <= frame.width and frame.top <= mark.y <= frame.height - frame.bottom for mark in drawn.marks)
    assert all(a.x < b.x for a, b in pairwise(drawn.marks))
    heights = sorted((min(Decimal(100), value), -mark.y) for value, mark in zip(values, drawn.marks, strict=True))
    assert [y for _, y in heights] == sorted(-mark.y for mark in drawn.marks)


@pytest.mark.parametrize(("numbers", "lengths"), [((0, 0), [0, 0]), ((1, 4), [25, 100])])
def test_bars_are_measured_by_the_longest(numbers: tuple[int, int], lengths: list[float]) -> None:
    """As long as the share of the largest count; none has none."""
    bars = charts.counts("commitment", list(zip(("signed", "verified"), numbers, strict=True)))
    assert [bar.length for bar in bars] == lengths
    assert [bar.word for bar in bars] == ["En ejecución", "Verificado"]

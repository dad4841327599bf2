"""Whatever is asked, deciding refuses in words or gives events, and evolving never fails."""

from collections import Counter
from datetime import date

from hypothesis import given as having
from hypothesis import settings
from hypothesis import strategies as st

from service.aggregates import Event, session_year, unit_year
from tests.chance import KINDS
from tests.lives import born, steps

CHOICES = st.lists(st.integers(0, 2**20), min_size=40, max_size=160)


def live(numbers: list[int], last: unit_year.LastYear | None = None) -> tuple[unit_year.UnitYear, list[Event], Counter[str]]:
    """A year that these choices make; what happened in it, and how each command ended."""
    year, past, ends, sentences = born(), list[Event](), Counter[str](), set[str]()
    for step in steps(year, numbers, today=date(2026, 12, 31), last_year=last):
        name = type(step.command).__name__
        past += (fact.event for fact in step.facts)
        if step.no:
            sentences.add(step.no)
            ends[f"no {name}"] += 1
        ends[name] += bool(step.facts)
    assert all(each.endswith((".", ":")) for each in sentences), "a refusal is a sentence"
    return year, past, ends


@having(CHOICES)
@settings(max_examples=60, deadline=None)
def test_deciding_only_refuses_and_evolving_never_fails(numbers: list[int]) -> None:
    """No sequence of commands, sensible or not, leads to anything but events or a sentence."""
    year, past, _ = live(numbers)
    activities = year.plan.activities
    assert all(task.activity in activities for task in year.plan.tasks.values()), "no task without its activity"
    if year.plan.status != "draft":
        assert past


def test_chance_reaches_every_corner() -> None:
    """The premise: every command has happened in one of these years; those of a session, which have years of their own, apart."""
    ends = Counter[str]()
    for seed in range(40):
        last = unit_year.LastYear(2025, ("alerta/1", "hallazgo/1"), {}) if seed % 2 else None
        ends += live([seed * 1000 + n for n in range(500)], last)[2]
    assert {kind.__name__ for kind in KINDS if kind not in session_year.COMMANDS and not ends[kind.__name__]} == set(), ends

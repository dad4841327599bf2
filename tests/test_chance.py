"""Whatever is asked, deciding refuses in words or gives events, and evolving never fails."""

from collections import Counter
from datetime import date

from hypothesis import given as having
from hypothesis import settings
from hypothesis import strategies as st

from service.aggregates import By, Event, Fact, Refused, session_year, unit_year
from tests.chance import KINDS, Chance
from tests.stories import DAY, NOON, ROLL, RULES, UNIT

CHOICES = st.lists(st.integers(0, 2**20), min_size=40, max_size=160)


def live(numbers: list[int], last: unit_year.LastYear | None = None) -> tuple[unit_year.UnitYear, list[Event], Counter[str]]:
    """A year that these choices make; what happened in it, and how each command ended."""
    year, past, ends, sentences = unit_year.new(UNIT, DAY.year), list[Event](), Counter[str](), set[str]()
    for number in numbers:
        person, command = Chance(year, number, last.open_items if last else ()).step()
        by = By(person=person.id, charge=person.charge, today=date(2026, 12, 31), rules=RULES, last_year=last, roll=ROLL)
        try:
            events = unit_year.decide(year, command, by)
        except Refused as no:
            sentences.add(no.sentence)
            ends[f"no {type(command).__name__}"] += 1
            continue
        ends[type(command).__name__] += bool(events)
        for event in events:
            fact = Fact(at=NOON, on=DAY, person=person.id, charge=person.charge, command="c", salt="", event=event)
            unit_year.evolve(year, fact)
        past += events
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

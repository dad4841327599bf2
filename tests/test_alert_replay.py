"""Alerts over random years: the stored facts give the same ones again, and it does not matter on which days somebody looked."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from hypothesis import example, settings
from hypothesis import given as having
from hypothesis import strategies as st
from msgspec.structs import replace

from service.aggregates import Event, Fact, Refused, alert, alert_cause, alert_watch, catalogue, unit_year
from service.aggregates.alert_rules import DEFAULTS, SCORED, AlertRules
from service.aggregates.classes import classes
from service.record import decode, encode
from tests.lives import Step, born, steps
from tests.stories import DAY, RULES, Story, given
from tests.test_alert_watch import CALENDAR, found

STRICT = AlertRules(7, tuple(replace(rule, limit=rule.limit / 2, closes=True) for rule in DEFAULTS))
LOOSE = AlertRules(8, tuple(replace(rule, limit=Decimal(100), days=tuple(2 * each for each in rule.days)) for rule in DEFAULTS))
FALLING = AlertRules(9, tuple(replace(rule, on=rule.code != "avance-bajo") for rule in DEFAULTS))
PUBLISHED = tuple(replace(RULES, deadlines=CALENDAR, alerts=each) for each in (AlertRules(6), STRICT, LOOSE, FALLING))
EVENTS = {*classes(alert, Event), alert_cause.AlertCauseNoted, alert_watch.ReminderGiven}
numbers = st.integers(0, 2**20)


def lived(number: int) -> tuple[unit_year.UnitYear, list[Step]]:
    """A random year in which days pass and the DRE publishes other rules; how it stands, and all that was asked in it."""
    year, told = born(), list[Step]()
    for n in range(10):
        asked = [number * 1000 + 50 * n + each for each in range(50)]
        told += steps(year, asked, today=DAY + timedelta(days=6 * n), rules=PUBLISHED[(number + n // 2) % 4])
    return year, told


def stored(told: list[Step]) -> Iterator[tuple[Step, list[Fact]]]:
    """Each step with its facts as the record gives them back."""
    return ((step, [decode(encode(fact)) for fact in step.facts]) for step in told)


def answer(year: unit_year.UnitYear, step: Step) -> str | bytes:
    """What the year says to a step: the sentence of a refusal, or the events as they are stored."""
    try:
        return encode(unit_year.decide(year, step.command, step.by))
    except Refused as no:
        return no.sentence


def test_what_is_stored_gives_the_same_alerts_again() -> None:
    """Decided anew over the facts before it, by the rules of its day, each step raises, notes and escalates what it did."""
    happened = Counter[str]()

    @example(118785)  # a fall
    @example(142542)  # a full advance without evidence
    @having(numbers)
    @settings(max_examples=4, deadline=None)
    def again(number: int) -> None:
        year, told = lived(number)
        replayed = born()
        for step, facts in stored(told):
            assert answer(replayed, step) == (step.no or encode([fact.event for fact in facts]))
            for fact in facts:
                unit_year.evolve(replayed, fact)
                happened[getattr(fact.event, "rule", type(fact.event).__name__)] += 1
        assert (replayed.alerts, replayed.watch) == (year.alerts, year.watch)

    again()
    scores = set(SCORED) - {"caida", "sin-evidencia"}  # few years have one
    wanted = scores | {kind.__name__ for kind in EVENTS if kind is not alert.AlertRaised}
    assert wanted <= set(happened), f"too little happened for this test to mean anything: {wanted - set(happened)}"


@settings(max_examples=6, deadline=None)
@having(numbers, st.lists(st.integers(60, 400), min_size=1, max_size=4), st.integers(0, 60), st.sampled_from(PUBLISHED))
def test_days_that_were_missed_change_nothing_in_a_random_year(
    number: int, runs: list[int], more: int, rules: catalogue.Rules
) -> None:
    """Once its last fact is recorded any runs up to a day find what one run on that day does, also of what a score called for."""
    facts = [fact for _, facts in stored(lived(number)[1]) for fact in facts]

    def past() -> Story:
        story = given()
        for fact in facts:
            story.evolve(story.state, fact)
        return story

    days = sorted(DAY + timedelta(days=each) for each in runs)
    last = days[-1] + timedelta(days=more)
    assert found(past, [*days, last, last], rules) == found(past, [last], rules)

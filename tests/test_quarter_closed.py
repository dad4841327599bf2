"""What closed means: whatever is asked of a year afterwards, a quarter stays as it was evaluated."""

from collections import Counter
from decimal import Decimal
from typing import Any

from hypothesis import given as having
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from service.aggregates import indicator, unit_year
from service.aggregates import quarter_reopening as r
from tests.lives import steps
from tests.stories import DAY, DIRECTOR, DRE_DIRECTOR, DRE_SPECIALIST, Story, given
from tests.test_chance import live as lived
from tests.test_indicator import KNOWN, VALUE
from tests.test_quarter import CLOSE, SCORE, SUBMIT, VALIDATE, record


def measured() -> Story:
    """The first quarter closed, with the values of its indicators."""
    story = given(*KNOWN, VALUE, replace(VALUE, indicator=2, value=Decimal(1)))
    for task, figure in enumerate(("25", "2", "100"), start=1):
        story.after(record(figure, task))
    story.after(SUBMIT, by=DIRECTOR).after(VALIDATE, by=DRE_SPECIALIST).after(SCORE, by=DRE_SPECIALIST)
    return story.after(CLOSE, by=DRE_DIRECTOR)


def test_a_closed_quarter_is_changed_by_nothing_but_its_reopening() -> None:
    """Whatever is asked, also of charges: its figures, evidence, indicators, score and programming stay as they were evaluated."""
    accepted = Counter[str]()

    @having(st.integers(0, 2**20))
    @settings(max_examples=12, deadline=None)
    def whatever_is_asked(number: int) -> None:
        year = measured().state
        before, targets = _closed(year), _targets(year)
        for step in steps(year, range(number * 1000, number * 1000 + 300)):
            command, after, aims = step.command, _closed(year), _targets(year)
            reopened = command.quarter if isinstance(command, r.ReopenQuarter) and step.facts else 0
            kept = {n: state for n, state in before.items() if n != reopened}
            assert {n: after.get(n) for n in kept} == kept, command
            dropped = {fact.event.indicator for fact in step.facts if isinstance(fact.event, indicator.IndicatorDropped)}
            stand = {(n, each): target for (n, each), target in targets.items() if n in kept and each not in dropped}
            assert {key: aims.get(key) for key in stand} == stand, command
            accepted[type(command).__name__] += bool(step.facts)
            before, targets = after, aims

    whatever_is_asked()
    wanted = {"TakeMeasure", "ProposeCommitment", "AddMeasure", "ConveneSession", "RecordMeasures", "ApproveIndicator"}
    assert wanted <= {name for name, times in accepted.items() if times}, accepted


def _closed(year: unit_year.UnitYear) -> dict[int, Any]:
    """What each closed quarter was judged by: its state, evidence, values of indicators, and what its tasks programmed."""
    return {n: _evaluated(year, n) for n, each in year.quarters.by_number.items() if each.standing(DAY) == "closed"}


def _evaluated(year: unit_year.UnitYear, number: int) -> Any:
    quarter, indicators = year.quarters.by_number[number], year.indicators
    state = (quarter.status, dict(quarter.done), quarter.score, frozenset(quarter.authors), quarter.sent)
    proofs = {n: proof for n, proof in year.quarters.proofs.items() if proof.quarter == number}
    values = {n: value for (when, n), value in indicators.values.items() if when == number}
    programmed = {n: task.programmed(number) for n, task in year.plan.tasks.items() if task.programmed(number)}
    return (*state, proofs, values, frozenset(indicators.authors.get(number, ())), programmed)


def _targets(year: unit_year.UnitYear) -> dict[tuple[int, int], Decimal | None]:
    """What each indicator that is declared should reach in each quarter."""
    declared = year.indicators.declared.items()
    return {(quarter, n): each.definition.target(quarter) for n, each in declared for quarter in (1, 2, 3, 4)}


def test_chance_closes_quarters_and_opens_them_again() -> None:
    """The premise of the property: random years get as far as a closing, a reopening, and another closing."""
    kinds = list[str]()
    for seed in range(12):
        kinds += [type(event).__name__ for event in lived([seed * 1000 + n for n in range(500)])[1]]
    assert min(kinds.count(name) for name in ("QuarterClosed", "QuarterReopened", "QuarterRowObserved")) > 0

"""The official score of a quarter, frozen with its lines in the fact that says it.

Formula `promedio-1`: a task is min(100, executed ÷ programmed × 100), without data 0; an activity is the mean of its programmed
tasks, the unit the mean of its activities; all to two decimals, half up.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from service.aggregates import Event
from service.aggregates.plan import Plan
from service.aggregates.score import Light, Scaling, percent, round2, weighted

if TYPE_CHECKING:
    from service.aggregates.quarter import Quarter


class ScoreLine(msgspec.Struct, frozen=True, gc=False):
    """One activity in a score: percentage to two decimals, its light, how many of its programmed tasks had data."""

    activity: int
    percent: Decimal
    light: Light
    tasks: int
    reported: int


class QuarterScored(Event, frozen=True, tag="quarter-scored"):
    """The official score: frozen with its lines, the formula and the version of the scale it used."""

    quarter: int
    percent: Decimal
    light: Light
    fulfilled: int
    activities: int
    formula: str
    scale: int
    lines: tuple[ScoreLine, ...]


def score(plan: Plan, quarter: "Quarter", number: int, rules: Scaling) -> QuarterScored:
    """Score one quarter from its figures with the scale and the weights in force."""
    shares: dict[int, list[Decimal | None]] = {}
    for task_number, task in plan.tasks.items():
        programmed = task.programmed(number)
        if programmed > 0:
            done = quarter.done.get(task_number)
            shares.setdefault(task.activity, []).append(percent(done.executed, programmed) if done else None)
    lines, means, weights = list[ScoreLine](), list[Decimal](), list[Decimal]()
    for activity in sorted(shares):
        reported = [share for share in shares[activity] if share is not None]
        mean = sum(reported, Decimal(0)) / len(shares[activity])
        means.append(mean)
        weights.append(rules.weight(plan.lines[plan.activities[activity].line].kind))
        light = rules.light(round2(mean)) if reported else "no-data"
        lines.append(ScoreLine(activity, round2(mean), light, len(shares[activity]), len(reported)))
    average = round2(weighted(means, weights)) if lines else Decimal("0.00")
    return QuarterScored(
        quarter=number,
        percent=average,
        light=rules.light(average) if any(line.reported for line in lines) else "no-data",
        fulfilled=sum(line.light == "fulfilled" for line in lines),
        activities=len(lines),
        formula=rules.formula_name,
        scale=rules.scale_version,
        lines=tuple(lines),
    )

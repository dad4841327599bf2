"""How far an indicator came in a quarter, by its direction. What cannot be computed says why; it is never 100 % by accident.

`share`: a rising one without baseline, value ÷ target. `way`: with a baseline, the part of the way from it to the target that was
made, the same for one that rises and one that falls: (value − baseline) ÷ (target − baseline). `band`: a neutral one, all within
its tolerance, nothing outside. `level`: what the chosen level of a rubric is worth. All from 0 to 100, to two decimals, half up.
"""

from decimal import Decimal
from typing import Literal

import msgspec

from service.aggregates import HUNDRED
from service.aggregates.indicator import Definition
from service.aggregates.score import round2

Rule = Literal["share", "way", "band", "level"]
Lack = Literal["", "no-value", "no-target", "zero-target", "no-way", "no-level"]


class Achievement(msgspec.Struct, frozen=True):
    """The rule that applies, what it was given, and what came of it; `exact` is not limited yet, `lack` says why there is nothing."""

    rule: Rule
    value: Decimal | None
    target: Decimal | None
    exact: Decimal | None = None
    lack: Lack = ""

    @property
    def percent(self) -> Decimal | None:
        """From 0 to 100, to two decimals; None where it cannot be computed."""
        return None if self.exact is None else round2(min(HUNDRED, max(Decimal(0), self.exact)))


def achieved(it: Definition, quarter: int, value: Decimal | None) -> Achievement:
    """Work out an indicator's achievement of a quarter from its value, for a rubric the number of the level."""
    rule, target = _rule(it), it.target(quarter)
    lack = _lack(it, rule, value, target)
    exact = None if lack else _exact(it, rule, value or Decimal(0), target or Decimal(0))
    return Achievement(rule, value, target, exact, lack)


def _rule(it: Definition) -> Rule:
    if it.levels:
        return "level"
    if it.direction == "neutral":
        return "band"
    return "share" if it.baseline is None else "way"


def _lack(it: Definition, rule: Rule, value: Decimal | None, target: Decimal | None) -> Lack:
    if value is None:
        return "no-value"
    if rule == "level":
        return "" if value in range(1, len(it.levels) + 1) else "no-level"
    if target is None:
        return "no-target"
    if rule == "share" and not target:
        return "zero-target"
    return "no-way" if rule == "way" and target == it.baseline else ""


def _exact(it: Definition, rule: Rule, value: Decimal, target: Decimal) -> Decimal:
    baseline, tolerance = it.baseline or Decimal(0), it.tolerance or Decimal(0)
    match rule:
        case "level":
            return it.levels[int(value) - 1].percent
        case "band":
            return HUNDRED if abs(value - target) <= tolerance else Decimal(0)
        case "way":
            return (value - baseline) / (target - baseline) * HUNDRED
        case "share":
            return value / target * HUNDRED

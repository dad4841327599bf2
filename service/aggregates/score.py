"""The arithmetic of a score: shares of a target, means, rounding, lights; the same for official and preliminary figures."""

from collections.abc import Collection, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, Protocol

from service.aggregates import HUNDRED

FORMULA, WEIGHTED = "promedio-1", "ponderado-"
CENT, NOISE = Decimal("0.01"), Decimal("1E-12")
Light = Literal["fulfilled", "in-progress", "at-risk", "no-data"]


def percent(executed: Decimal, programmed: Decimal) -> Decimal:
    """A task's share of its target, 0 to 100, not rounded."""
    return min(HUNDRED, executed / programmed * HUNDRED)


def round2(value: Decimal) -> Decimal:
    """Two decimals, half up: the way an office rounds. What a third, added up, lacks of a half is not held against it."""
    return value.quantize(NOISE, ROUND_HALF_UP).quantize(CENT, ROUND_HALF_UP)


def mean(values: Collection[Decimal]) -> Decimal | None:
    """The mean to two decimals; None of nothing."""
    return round2(sum(values, Decimal(0)) / len(values)) if values else None


def weighted(values: Sequence[Decimal], weights: Sequence[Decimal]) -> Decimal:
    """The mean of values by their weights, not rounded; a plain one where none weighs anything."""
    total = sum(weights, Decimal(0))
    if not total:
        return sum(values, Decimal(0)) / len(values)
    return sum((value * weight for value, weight in zip(values, weights, strict=True)), Decimal(0)) / total


class Scaling(Protocol):
    """What scoring needs of the DRE's rules: the scale and the weights, each with its name in the record."""

    @property
    def scale_version(self) -> int: ...

    @property
    def formula_name(self) -> str: ...

    def weight(self, kind: str) -> Decimal: ...

    def light(self, value: Decimal) -> Light: ...

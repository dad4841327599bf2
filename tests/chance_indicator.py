"""What might be asked of the indicators of a year next: random definitions, values and answers, most of them sensible."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random
from typing import Any

from service.aggregates import Command
from service.aggregates.indicator import ChangeIndicator, DeclareIndicator, Direction, DropIndicator, NewLevel
from service.aggregates.indicator_measure import Measure, ObserveMeasure, RecordMeasures
from service.aggregates.indicator_proposal import ApproveIndicator, RejectIndicator
from service.aggregates.indicator_year import COMMANDS
from service.aggregates.unit_year import UnitYear
from tests.stories import DRE_SPECIALIST, Person

__all__ = ["COMMANDS", "DEFINING", "UPON", "Maker", "sensible"]

DEFINING = (DeclareIndicator, DeclareIndicator, ChangeIndicator, DropIndicator)
ANSWERING = (ApproveIndicator, ApproveIndicator, RejectIndicator)
UPON: dict[type, tuple[Person, ...]] = dict.fromkeys((ObserveMeasure, ApproveIndicator, RejectIndicator), (DRE_SPECIALIST,))
WORDS = ("Plazas", "Días", "{x}", "Ñandú")
FIGURES = tuple(map(Decimal, ("0", "1", "2", "12.5", "30", "30.0", "1E+2", "0.0000000001", "1000000000")))
FOUR = tuple(map(Decimal, (10, 20, 30, 40)))
SOUND: tuple[dict[str, Any], ...] = (
    {"direction": "creciente", "unit": "%", "targets": FOUR},
    {"direction": "decreciente", "unit": "días", "targets": FOUR[::-1], "baseline": Decimal(50), "baseline_from": "Acta"},
    {"direction": "neutral", "unit": "%", "targets": FOUR, "tolerance": Decimal(2)},
    {"direction": "rúbrica", "levels": (NewLevel("Nada", Decimal(0)), NewLevel("Todo", Decimal(100)))},
)
WORTHS = ((0, 50, 100), (10, 90), (100, 20), (1,))


def sensible(year: UnitYear, random: Random) -> Iterator[type[Command]]:
    """One step of indicators: somebody defines, answers or measures; or objects, where a quarter is sent."""
    known = year.indicators
    steps = [DEFINING] + [ANSWERING] * bool(known.waiting) + [(RecordMeasures,)] * 2 * bool(known.declared)
    yield random.choice(random.choice(steps))
    if known.declared and any(quarter.status == "submitted" for quarter in year.quarters.by_number.values()):
        yield ObserveMeasure


class Maker:
    """Makes a command of indicators for a year, in one of its quarters."""

    def __init__(self, year: UnitYear, random: Random, number: Callable[[dict[int, Any]], int], quarter: int) -> None:
        self.year, self.random, self.number, self.quarter = year, random, number, quarter

    def make(self, kind: type[Command]) -> Command:
        """A command of this kind."""
        known = self.year.indicators
        if kind is RecordMeasures:
            return self._measures()
        made: dict[type, Callable[[], Command]] = {
            DeclareIndicator: lambda: DeclareIndicator(**self._definition()),
            ChangeIndicator: self._rewritten,
            DropIndicator: lambda: DropIndicator(indicator=self.number(known.declared), reason="Sobra"),
            ObserveMeasure: lambda: ObserveMeasure(quarter=self.quarter, indicator=self.number(known.declared), text="Falta"),
            ApproveIndicator: lambda: ApproveIndicator(proposal=self.number(known.waiting)),
            RejectIndicator: lambda: RejectIndicator(proposal=self.number(known.waiting), reason="No procede"),
        }
        return made[kind]()

    def _definition(self) -> dict[str, Any]:
        """What a new indicator is: most often something that can be measured."""
        pick, plan = self.random.choice, self.year.plan
        subject: dict[str, Any] = {"activity": self.number(plan.activities)}
        if self.random.random() < 0.3:
            subject = {"line": pick([*plan.lines, "M1"])}
        words = {name: pick(WORDS) for name in ("formula", "source", "reason")}
        measured = pick(SOUND) if self.random.random() < 0.8 else self._anything()
        return {**words, **measured, **subject, "name": f"{pick(WORDS)} {self.random.randrange(9)}"}

    def _anything(self) -> dict[str, Any]:
        pick = self.random.choice
        figures = {name: pick((None, *FIGURES)) for name in ("baseline", "tolerance")}
        levels = tuple(NewLevel(pick(WORDS), Decimal(percent)) for percent in pick(WORTHS))
        direction = pick(Direction.__args__)  # type: ignore[attr-defined]  # the words of the Literal
        targets = tuple(pick((None, *FIGURES)) for _ in range(4))
        return {**figures, "targets": targets, "direction": direction, "levels": levels, "unit": pick(("", "%"))}

    def _rewritten(self) -> ChangeIndicator:
        """An indicator with another source, or something else altogether."""
        number = self.number(self.year.indicators.declared)
        known = self.year.indicators.declared.get(number)
        if known is None or self.random.random() < 0.3:
            return ChangeIndicator(indicator=number, **self._definition())
        stands = {name: getattr(known.definition, name) for name in known.definition.__struct_fields__}
        return ChangeIndicator(indicator=number, **stands | {"source": self.random.choice(WORDS), "reason": "Cambió"})

    def _measures(self) -> RecordMeasures:
        known = self.year.indicators
        chosen = {self.number(known.declared) for _ in range(self.random.choice((1, 2)))}
        seen = {n: known.values[self.quarter, n].version for n in chosen if (self.quarter, n) in known.values}
        entries = tuple(
            Measure(
                indicator=n,
                value=self.random.choice((*FIGURES, None)),
                evidence="Acta",
                reason="Se midió",
                version=seen.get(n, 0),
            )
            for n in chosen
        )
        return RecordMeasures(quarter=self.quarter, entries=entries)

"""What an indicator was found to be in a quarter, and what the DRE objects to in that row."""

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from service.aggregates import Amount, By, Command, Event, Note, Number, Paragraph, QuarterNumber, Word, amounts, need
from service.aggregates.indicator import Declared, Definition, there
from service.aggregates.plan import Plan


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """The value of an indicator at the end of the quarter, for a rubric the number of its level, and where it is proven.

    `version` is how often it had been measured when its author saw it.
    """

    indicator: Number
    value: Amount | None = None
    evidence: Word = ""
    reason: Note = ""
    version: int = 0


class RecordMeasures(Command, frozen=True):
    quarter: QuarterNumber
    entries: Annotated[tuple[Measure, ...], Meta(min_length=1, extra={"error": "Escriba el valor de al menos un indicador."})]


class ObserveMeasure(Command, frozen=True):
    quarter: QuarterNumber
    indicator: Number
    text: Paragraph


class MeasureRecorded(Event, frozen=True, tag="measure-recorded"):
    """`late` are the days after the calendar's deadline; `proposal` what somebody else agreed to, once the quarter was validated."""

    quarter: int
    indicator: int
    value: Decimal
    was: Decimal | None = None
    evidence: str = ""
    reason: str = ""
    late: int = 0
    proposal: int = 0


class MeasureObserved(Event, frozen=True, tag="measure-observed"):
    quarter: int
    indicator: int
    text: str


class Measured(msgspec.Struct, frozen=True):
    """What stands of an indicator in a quarter; `version` counts how often it was measured."""

    value: Decimal
    evidence: str
    reason: str
    version: int


Values = dict[tuple[int, int], Measured]


def measures(declared: dict[int, Declared], values: Values, plan: Plan, command: RecordMeasures, by: By) -> list[MeasureRecorded]:
    """The values that would change, at once or when somebody else agrees."""
    found, done = list[MeasureRecorded](), set[int]()
    late = by.rules.late(plan.year, command.quarter, by.today)
    for entry in command.entries:
        it = there(declared, entry.indicator).definition
        need(entry.indicator not in done, f"«{it.name}» está repetido.")
        done.add(entry.indicator)
        before = values.get((command.quarter, entry.indicator))
        stands = (before.value, before.evidence, before.reason) if before else None
        if stands == (entry.value, entry.evidence, entry.reason):
            continue
        seen = before.version if before else 0
        need(entry.version == seen, f"Otra persona registró «{it.name}» mientras usted escribía: vea cómo quedó y repita.")
        need(entry.value is not None, f"Escriba el valor de «{it.name}».")
        fact = MeasureRecorded(
            quarter=command.quarter,
            indicator=entry.indicator,
            value=entry.value or Decimal(0),
            was=before.value if before else None,
            evidence=entry.evidence,
            reason=entry.reason,
            late=late,
        )
        fitting(it, plan, fact)
        found.append(fact)
    return found


def kept(it: Definition, plan: Plan) -> bool:
    """Whether what the indicator is of is still in the plan."""
    return it.activity in plan.activities if it.activity else it.line in plan.lines


def fitting(it: Definition, plan: Plan, fact: MeasureRecorded) -> None:
    """Refuse a value that its indicator cannot have."""
    need(kept(it, plan), f"«{it.name}» es de algo que ya no está en el plan: retírelo.")
    amounts(fact.value)
    if it.levels:
        known = fact.value in range(1, len(it.levels) + 1)
        need(known, f"Elija el nivel de «{it.name}»: del 1 al {len(it.levels)}.")
        need(fact.evidence.strip() or fact.reason.strip(), f"Escriba en qué se sustenta el nivel de «{it.name}».")

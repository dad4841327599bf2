"""Indicators of an activity or of a line of the plan: what they are, how they are read, what they should reach each quarter.

A definition changes at once while the plan is being written. Once it is approved, the same commands ask for a change that somebody
else decides (`indicator_proposal`): the plan keeps its version and its resolution, which are about targets of tasks.
"""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.aggregates import HUNDRED, Amount, Command, Event, Line1, Note, Number, Paragraph, Word, amounts, need
from service.aggregates.plan import Plan

Direction = Literal["creciente", "neutral", "decreciente", "rúbrica"]
Target = Amount | None
FEWEST, MOST = 2, 5
STALE = "Otra persona cambió este indicador mientras usted escribía: vea cómo quedó y repita."
LEVELS = f"Una rúbrica tiene de {FEWEST} a {MOST} niveles."
BETWEEN_YEARS = ("direction", "unit", "formula", "source", "levels")
"""What two years of an indicator must have in common for their values to compare: each year has its own baseline."""
MEANING = (*BETWEEN_YEARS, "baseline", "tolerance")
"""What two quarters of a year must have in common, for their achievements to compare too."""


class Level(msgspec.Struct, frozen=True):
    """A written level of a rubric and what it is worth."""

    text: str
    percent: Decimal


class NewLevel(msgspec.Struct, frozen=True):
    """The same, as it is written."""

    text: Line1
    percent: Annotated[Decimal, Meta(ge=0, le=100, extra={"error": "Escriba un porcentaje de 0 a 100."})]


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """What an indicator is; of an activity or of a line. A rubric has levels, any other a unit of measure and targets.

    `targets` are what the value should be at the end of each quarter, None for a quarter in which it is not looked at;
    `tolerance` is how far a neutral one may lie from its target.
    """

    name: str
    direction: Direction
    formula: str
    source: str
    activity: int = 0
    line: str = ""
    unit: str = ""
    baseline: Decimal | None = None
    baseline_from: str = ""
    targets: tuple[Decimal | None, ...] = (None,) * 4
    tolerance: Decimal | None = None
    levels: tuple[Level, ...] = ()

    def target(self, quarter: int) -> Decimal | None:
        """What it should reach in a quarter."""
        return self.targets[quarter - 1]

    def expected(self, quarter: int) -> bool:
        """Whether a quarter asks for its value: it has a target there, or is a rubric."""
        return bool(self.levels) or self.target(quarter) is not None


class DeclareIndicator(Command, frozen=True):
    """`reason` is that of the proposal, once the plan is approved."""

    name: Line1
    direction: Annotated[Direction, Meta(extra={"error": "Elija el sentido del indicador."})]
    formula: Paragraph
    source: Line1
    activity: int = 0
    line: Word = ""
    unit: Word = ""
    baseline: Target = None
    baseline_from: Word = ""
    targets: tuple[Target, Target, Target, Target] = (None, None, None, None)
    tolerance: Target = None
    levels: tuple[NewLevel, ...] = ()
    reason: Note = ""


class ChangeIndicator(DeclareIndicator, frozen=True, kw_only=True):
    """All of it anew; `version` is how often it had been written when its author saw it, 0 where he does not say."""

    indicator: Number
    version: int = 0


class DropIndicator(Command, frozen=True):
    indicator: Number
    reason: Paragraph


class IndicatorDeclared(Event, frozen=True, tag="indicator-declared"):
    indicator: int
    definition: Definition
    reason: str = ""
    proposal: int = 0


class IndicatorChanged(Event, frozen=True, tag="indicator-changed"):
    indicator: int
    was: Definition
    definition: Definition
    reason: str = ""
    proposal: int = 0


class IndicatorDropped(Event, frozen=True, tag="indicator-dropped"):
    indicator: int
    reason: str
    proposal: int = 0


Change = IndicatorDeclared | IndicatorChanged | IndicatorDropped


class Declared(msgspec.Struct, frozen=True):
    """An indicator as it stands; `version` counts how often it was written."""

    definition: Definition
    version: int


def changes(declared: dict[int, Declared], last: int, plan: Plan, closed: frozenset[int], command: Command) -> list[Change]:
    """What a command would change, at once or when somebody else agrees; `closed` quarters keep their targets."""
    need(plan.status != "submitted", "El plan está enviado a la DRE: espere su respuesta.")
    match command:
        case ChangeIndicator():
            now = there(declared, command.indicator)
            need(command.version in {0, now.version}, STALE)
            definition = _defined(command)
            fact = IndicatorChanged(indicator=command.indicator, was=now.definition, definition=definition, reason=command.reason)
            sound(declared, plan, closed, fact)
            return [] if definition == now.definition else [fact]
        case DeclareIndicator():
            declaration = IndicatorDeclared(indicator=last + 1, definition=_defined(command), reason=command.reason)
            sound(declared, plan, closed, declaration)
            return [declaration]
        case DropIndicator():
            there(declared, command.indicator)
            return [IndicatorDropped(indicator=command.indicator, reason=command.reason)]
        case _:
            msg = f"indicator cannot decide {type(command).__name__}"
            raise TypeError(msg)


def sound(declared: dict[int, Declared], plan: Plan, closed: frozenset[int], change: Change) -> None:
    """Refuse a change by which nothing could be measured, or a closed quarter would be measured otherwise."""
    match change:
        case IndicatorDeclared():
            _measurable(declared, plan, change.definition, change.indicator)
        case IndicatorChanged():
            need(there(declared, change.indicator).definition == change.was, STALE)
            _measurable(declared, plan, change.definition, change.indicator)
            _kept(change.was, change.definition, closed)
        case IndicatorDropped():
            there(declared, change.indicator)


def there(declared: dict[int, Declared], number: int) -> Declared:
    """An indicator by its number."""
    found = declared.get(number)
    need(found, "Ese indicador no está declarado.")
    assert found  # noqa: S101 — narrowed by the line above
    return found


def _defined(command: DeclareIndicator) -> Definition:
    """The definition a command writes, without what its direction has no use for."""
    told = {name: getattr(command, name) for name in ("name", "direction", "formula", "source", "activity", "line")}
    if command.direction == "rúbrica":
        return Definition(**told, levels=tuple(Level(each.text, each.percent) for each in command.levels))
    based = command.baseline is not None and command.direction != "neutral"
    return Definition(
        **told,
        unit=command.unit,
        baseline=command.baseline if based else None,
        baseline_from=command.baseline_from if based else "",
        targets=command.targets,
        tolerance=command.tolerance if command.direction == "neutral" else None,
    )


def _measurable(declared: dict[int, Declared], plan: Plan, it: Definition, number: int) -> None:
    """Refuse a definition by which nothing could be measured."""
    need(bool(it.activity) != bool(it.line), "Elija de qué es el indicador: de una actividad o de una línea de acción.")
    need(not it.activity or it.activity in plan.activities, "Esa actividad no está en el plan.")
    need(not it.line or it.line in plan.lines, f"La línea de acción «{it.line}» no está en el plan.")
    beside = (d.definition for n, d in declared.items() if n != number)
    same = any((b.name.casefold(), b.activity, b.line) == (it.name.casefold(), it.activity, it.line) for b in beside)
    need(not same, "Ya hay un indicador con ese nombre: cámbielo o escriba otro nombre.")
    if it.direction == "rúbrica":
        worth = [level.percent for level in it.levels]
        need(FEWEST <= len(worth) <= MOST, LEVELS)
        amounts(*worth)
        rising = all(low < high for low, high in pairwise(worth))
        need(
            rising and worth[-1] <= HUNDRED, "Escriba los niveles de menor a mayor, con porcentajes de 0 a 100 que no se repiten."
        )
        return
    aims = [target for target in it.targets if target is not None]
    need(it.unit.strip(), "Escriba la unidad de medida del indicador.")
    need(aims, "Escriba la meta de al menos un trimestre.")
    amounts(*aims, *(each for each in (it.baseline, it.tolerance) if each is not None))
    need(it.direction != "neutral" or it.tolerance is not None, "Escriba la tolerancia: cuánto puede apartarse de su meta.")
    need(it.direction != "decreciente" or it.baseline is not None, "Un indicador decreciente necesita su línea de base.")
    if it.baseline is not None:
        need(it.baseline_from.strip(), "Escriba de qué fecha o documento es la línea de base.")
        rises = it.direction == "creciente"
        fit = all(it.baseline <= aim if rises else aim <= it.baseline for aim in aims)
        need(fit, f"La meta de un indicador {it.direction} no puede ser {'menor' if rises else 'mayor'} que su línea de base.")


def _kept(before: Definition, after: Definition, closed: frozenset[int]) -> None:
    """Refuse to move the target of a quarter that is closed."""
    moved = tuple(f"Trimestre {n}" for n in sorted(closed) if before.target(n) != after.target(n))
    need(not moved, "La meta de un trimestre cerrado ya no cambia: cambie solo las siguientes.", moved)

"""Scenes of indicators: five of each plan, one of each direction and a rubric among them; their values, and two changes of them."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from service.aggregates import DRE
from service.aggregates import indicator as i
from service.aggregates import indicator_measure as m
from service.aggregates import indicator_proposal as p
from service.demo.desk import Desk
from service.demo.stage import Scene

DAY = timedelta(days=1)
LEVELS = (
    ("Los casos se registran y no tienen seguimiento.", 0),
    ("Hay seguimiento de algunos casos, sin plazo.", 40),
    ("Todos los casos tienen seguimiento y responsable.", 75),
    ("Todos tienen seguimiento, responsable y cierre dentro del plazo.", 100),
)


def _figures(*each: str) -> Any:
    return tuple(Decimal(one) for one in each)


def _known(desk: Desk) -> Iterator[tuple[str, dict[str, Any]]]:
    """What each indicator is, and the line of the activity it is of."""
    year = desk.year.year
    base = {"baseline_from": f"Balance {year - 1} (demostración)", "source": "Registro del área (demostración)"}
    yield (
        "M2",
        base
        | {
            "name": "Plazas docentes adjudicadas",
            "direction": "creciente",
            "unit": "%",
            "formula": "Plazas adjudicadas ÷ plazas vacantes publicadas × 100",
            "baseline": Decimal(90),
            "targets": _figures("95", "97", "98", "98"),
        },
    )
    yield (
        "M1",
        base
        | {
            "name": "Códigos modulares con material oportuno",
            "direction": "creciente",
            "unit": "%",
            "formula": "Códigos modulares con material completo en la fecha ÷ códigos modulares × 100",
            "baseline": Decimal(85),
            "targets": _figures("92", "95", "98", "98"),
        },
    )
    yield (
        "M5",
        base
        | {
            "name": "Días promedio para atender un expediente",
            "direction": "decreciente",
            "unit": "días",
            "formula": "Suma de los días hábiles de cada expediente atendido ÷ expedientes atendidos",
            "baseline": Decimal(14),
            "targets": _figures("12", "11", "10", "9"),
        },
    )
    yield (
        "M3",
        base
        | {
            "name": "Docentes por grupo de interaprendizaje",
            "direction": "neutral",
            "unit": "docentes",
            "formula": "Docentes que asisten ÷ grupos reunidos",
            "targets": _figures("15", "15", "15", "15"),
            "tolerance": Decimal(3),
        },
    )
    yield (
        "E2",
        base
        | {
            "name": "Seguimiento de los casos de convivencia",
            "direction": "rúbrica",
            "formula": "Se revisan los casos registrados en el trimestre y se elige el nivel que mejor los describe.",
            "levels": tuple(i.NewLevel(text, Decimal(percent)) for text, percent in LEVELS),
        },
    )


def declare(desk: Desk, day: date) -> Scene:
    """Declare the indicators while the plan is written; told apart, so that the rest of the year stays as it was."""
    if desk.unit == DRE:
        return
    chance, desk.chance = desk.chance, _chance(desk, 0)
    for line, known in _known(desk):
        activity = next((n for n, each in desk.year.plan.activities.items() if each.line == line), 0)
        if activity:
            yield from desk.act(day, desk.crew.chief.id, i.DeclareIndicator(**known, activity=activity))
    desk.chance = chance


def measure(desk: Desk, number: int, day: date, weak: int, *, whole: bool = True) -> Scene:
    """Write the values of a quarter, all of them or the first two; where much goes badly they stay behind."""
    chance, desk.chance = desk.chance, _chance(desk, number)
    declared = list(desk.year.indicators.declared.items())
    entries = tuple(
        m.Measure(
            indicator=n,
            value=_value(each.definition, number, desk.chance, behind=weak > 3),  # noqa: PLR2004 — where much goes badly
            evidence=f"Reporte de indicadores {desk.year.year}-{number} (demostración)",
        )
        for n, each in (declared if whole else declared[:2])
    )
    if entries:
        yield from desk.act(day, desk.crew.specialist.id, m.RecordMeasures(quarter=number, entries=entries))
    desk.chance = chance


def _value(it: i.Definition, number: int, chance: Random, *, behind: bool) -> Decimal:
    """A believable value: near its target, or some way behind it."""
    target = float(it.target(number) or 0)
    match it.direction:
        case "rúbrica":
            return Decimal(chance.choice((1, 2, 2, 3) if behind else (2, 3, 3, 4)))
        case "neutral":
            return Decimal(round(target) + chance.randrange(-2, 7 if behind else 4))
        case "creciente":
            return Decimal(str(round(min(100, target - chance.uniform(0.5, 5) * behind + chance.uniform(-0.6, 0.6)), 1)))
        case "decreciente":
            return Decimal(str(round(target + chance.uniform(0.5, 4) * behind + chance.uniform(-0.8, 0.4), 1)))


def redefine(desk: Desk, day: date) -> Scene:
    """Count otherwise from the middle of the year on: asked for by the unit, agreed to by the DRE, marked ever after."""
    yield from _ask(desk, day, unit="días hábiles", reason="Desde junio se descuentan los días no laborables (demostración).")
    approval = p.ApproveIndicator(proposal=desk.year.indicators.last_proposal)
    yield from desk.act(day + 3 * DAY, desk.crew.overseer.id, approval)


def request(desk: Desk, day: date) -> Scene:
    """Ask for another target of the last quarter; it waits for the DRE."""
    reason = "El nuevo trámite virtual permite una meta mayor (demostración)."
    yield from _ask(desk, day, targets=(*_figures("12", "11", "10"), Decimal(8)), reason=reason)


def _ask(desk: Desk, day: date, **changed: Any) -> Scene:
    chance, desk.chance = desk.chance, _chance(desk, 9)
    number, falling = next(
        (n, each.definition) for n, each in desk.year.indicators.declared.items() if each.definition.direction == "decreciente"
    )
    told = {name: getattr(falling, name) for name in falling.__struct_fields__} | changed
    yield from desk.act(day, desk.crew.chief.id, i.ChangeIndicator(indicator=number, **told))
    desk.chance = chance


def _chance(desk: Desk, number: int) -> Random:
    return Random(f"{desk.unit}/{desk.year.year}/indicadores/{number}")  # noqa: S311 — a demo's chance

"""Indicators in words: what each direction and rule means, the value of one, how an achievement is worked out."""

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from service.aggregates.achievement import Achievement
from service.aggregates.indicator import Definition, Direction, Level
from service.web.saying import said
from service.web.words import GAP, numero, porciento

if TYPE_CHECKING:
    from jinja2 import Environment


class Sense(NamedTuple):
    """A direction: its shape, its word and what it asks for."""

    shape: str
    word: str
    means: str


SENSES: dict[Direction, Sense] = {
    "creciente": Sense("↗", "Creciente", "Mejora cuando sube"),
    "neutral": Sense("↔", "Neutral", "Mejora cuando se queda cerca de su meta"),
    "decreciente": Sense("↘", "Decreciente", "Mejora cuando baja"),
    "rúbrica": Sense("☰", "Rúbrica", "Se elige el nivel que mejor describe lo alcanzado"),
}
RULES = {
    "share": "valor ÷ meta × 100",
    "way": "(valor − línea de base) ÷ (meta − línea de base) × 100",
    "band": "100 si el valor se aparta de la meta no más que la tolerancia; si no, 0",
    "level": "el porcentaje del nivel elegido",
}
LACKS = {
    "no-value": "todavía no hay un valor registrado",
    "no-target": "el trimestre no tiene meta",
    "zero-target": "la meta es 0 y no se puede dividir entre 0; declare una línea de base",
    "no-way": "la meta es igual a la línea de base: no hay camino que medir",
    "no-level": "el valor registrado no es un nivel de la rúbrica",
}
FIELDS = {
    "name": "nombre",
    "direction": "sentido",
    "activity": "actividad",
    "line": "línea de acción",
    "unit": "unidad de medida",
    "formula": "fórmula",
    "source": "fuente",
    "baseline": "línea de base",
    "baseline_from": "fecha o documento de la línea de base",
    "targets": "metas por trimestre",
    "tolerance": "tolerancia",
    "levels": "niveles",
}


def differences(before: Definition, after: Definition) -> list[tuple[str, str, str]]:
    """What changed of a definition: the field, before, after."""
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in FIELDS)
    return [(FIELDS[name], _said(was), _said(now)) for name, was, now in pairs if was != now]


def _said(value: object) -> str:
    if isinstance(value, tuple) and any(isinstance(each, Level) for each in value):
        return " · ".join(f"{each.text} ({numero(each.percent)} %)" for each in value)
    if isinstance(value, tuple):
        return " · ".join("—" if each is None else said(each) for each in value)
    return "ninguna" if value in (None, "", 0) and not isinstance(value, Decimal) else said(value)


def valor(value: Decimal | None, it: Definition) -> str:
    """A value as it is read: a figure with its unit, or the level of a rubric in its own words."""
    if value is None:
        return "sin dato"
    if not it.levels:
        return f"{numero(value)}{GAP}{it.unit}"
    known = value in range(1, len(it.levels) + 1)
    return f"Nivel {numero(value)}" + (f": {it.levels[int(value) - 1].text}" if known else "")


def working(found: Achievement, it: Definition) -> str:
    """The formula with its inputs and what comes out: «(20 − 12) ÷ (24 − 12) × 100 = 66,67 %»."""
    if found.exact is None:
        return f"No calculable: {LACKS[found.lack]}."
    value, target, baseline, tolerance = (
        numero(each or Decimal(0), 10) for each in (found.value, found.target, it.baseline, it.tolerance)
    )
    sums = {
        "share": f"{value} ÷ {target} × 100",
        "way": f"({value} − {baseline}) ÷ ({target} − {baseline}) × 100",
        "band": f"|{value} − {target}| {'≤' if found.exact else '>'} {tolerance}",
        "level": f"Nivel {value}",
    }
    limited = "" if 0 <= found.exact <= 100 else f" ({porciento(found.exact)} antes de limitarlo de 0 a 100)"  # noqa: PLR2004 — per cent
    return f"{sums[found.rule]} = {porciento(found.percent)}{limited}"


def teach(environment: "Environment") -> None:
    """Give a template environment the words of indicators."""
    environment.filters["valor"] = valor
    environment.globals.update(SENSES=SENSES, MEASURING=RULES, working=working)

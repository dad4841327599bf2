"""Amounts as people write them: «1.234,5», «1,234.5», «1 234,5». What can be read in two ways is never guessed."""

import datetime as dt
import math
import re
from collections.abc import Iterable
from decimal import Decimal

FORMULA_ERRORS = frozenset(
    [
        "#DIV/0!",
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#REF!",
        "#VALUE!",
        "#CALC!",
        "#SPILL!",
        "#GETTING_DATA",
        "#¡DIV/0!",
        "#N/D",
        "#¿NOMBRE?",
        "#¡NULO!",
        "#¡NUM!",
        "#¡REF!",
        "#¡VALOR!",
        "#¡CALC!",
    ]
)
NOTHING = ("-", "–", "—")
_PLACES = Decimal("0.0001")
_BLANKS = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009'’](?=\d{3}(?!\d))")
_GROUPED = {",": re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?"), ".": re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")}
_PLAIN = re.compile(r"(\d{1,15})(?:([.,])(\d{1,15}))?")
_DATE = re.compile(
    r"\d{1,4}[/-]\d{1,2}([/-]\d{1,4})?"
    r"|\d{1,2}[ /-](ene|feb|mar|abr|may|jun|jul|ago|se[pt]|oct|nov|dic)\w*\.?([ /-]\d{2,4})?",
    re.IGNORECASE,
)


def convention(texts: Iterable[str]) -> str:
    """The decimal sign that these amounts leave no doubt of; "" when none does, or both."""
    signs = set[str]()
    for text in texts:
        bare = _bare(text)
        plain = _PLAIN.fullmatch(bare)
        if plain and plain[2] and not _doubtful(plain):
            signs.add(plain[2])
        elif not plain:
            signs |= {sign for sign, grouped in _GROUPED.items() if grouped.fullmatch(bare)}
    return signs.pop() if len(signs) == 1 else ""


def amount(value: object, largest: int, decimal: str = "") -> Decimal | str | None:
    """The exact amount, None for a blank, or what is wrong with it, to be said after the column's name."""
    if isinstance(value, str):
        text = value.strip()
        if not text or text in NOTHING:
            return None
        exact = _written(text, decimal)
        if isinstance(exact, str):
            return exact
        return _within(exact, largest)
    if isinstance(value, bool) or not isinstance(value, int | float):
        kind = "una fecha o una hora" if isinstance(value, dt.date | dt.time | dt.timedelta) else "un valor lógico"
        return f"contiene {kind}. Cambie el formato de la celda a Número y escriba la meta."
    if not math.isfinite(value) or abs(value) > 2 * largest:
        return "es un número demasiado grande. Escriba la meta en la unidad de medida de la tarea."
    # Nine places take away the noise of a computed cell (0.30000000000000004) and nothing a person typed.
    return _within(Decimal(int(value)) if value == int(value) else Decimal(repr(round(value, 9))), largest)


def _within(exact: Decimal, largest: int) -> Decimal | str:
    if exact < 0:
        return "no puede ser negativo. Escriba un número mayor o igual a 0."
    if exact > largest:
        return "es un número demasiado grande. Escriba la meta en la unidad de medida de la tarea."
    return exact if exact == exact.quantize(_PLACES) else "tiene más de 4 decimales. Redondee la meta."


def _bare(text: str) -> str:
    """Without an apostrophe before it, and without blanks or apostrophes between thousands."""
    return _BLANKS.sub("", text.strip().lstrip("'"))


def _doubtful(plain: re.Match[str]) -> bool:
    """Whether 1.234 might be one thousand as well as a little more than one."""
    return len(plain[3]) == 3 and len(plain[1]) <= 3 and not plain[1].startswith("0")  # noqa: PLR2004 — a group of thousands


def _written(text: str, decimal: str) -> Decimal | str:
    if text.upper() in FORMULA_ERRORS:
        return f"tiene una fórmula que da error ({text}). Corríjala o escriba el número."
    if _DATE.fullmatch(text):
        return f"contiene una fecha escrita como texto ({text}). Escriba la meta como número."
    bare = _bare(text.replace("\u2212", "-"))
    negative = bare.startswith("-") or (bare.startswith("(") and bare.endswith(")"))
    bare = bare.strip("-() ") if negative else bare
    plain = _PLAIN.fullmatch(bare)
    if plain and plain[2] and _doubtful(plain):
        if not decimal:
            return (
                f"puede leerse de dos maneras: {plain[1]}{plain[3]} o {plain[1]},{plain[3]}. "
                "Escríbalo sin separador de miles, o elija el signo decimal en «Ajustar columnas»."
            )
        bare = f"{plain[1]}.{plain[3]}" if plain[2] == decimal else plain[1] + plain[3]
    elif plain:
        bare = bare.replace(",", ".")
    else:
        sign = next((sign for sign, grouped in _GROUPED.items() if grouped.fullmatch(bare)), "")
        if not sign:
            return "debe ser un número mayor o igual a 0. Escriba solo el número, sin texto."
        bare = bare.replace("." if sign == "," else ",", "").replace(",", ".")
    return -Decimal(bare) if negative else Decimal(bare)


def spread(quarter: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """A quarter's target over its months: equal parts with as many decimals as it has, and what is left goes to the last month."""
    exponent = quarter.normalize().as_tuple().exponent
    step = Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
    part = (quarter / 3 // step) * step
    return part, part, quarter - 2 * part


SPREAD = (
    "El archivo trae metas por trimestre: cada una se reparte en partes iguales entre sus tres meses, "
    "y lo que sobra va al último mes (10 queda como 3, 3 y 4)."
)

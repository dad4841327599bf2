"""One cell at a time: clean texts and exact amounts, or a problem that names its cell."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from service.workbook.columns import letter
from service.workbook.shapes import LARGEST, LONG, MONTHS, SHORT, Problem

MOST_LISTED = 1_000
FORMULA_ERRORS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#CALC!", "#SPILL!", "#GETTING_DATA")
)
_NUMBER = re.compile(r"[0-9]{1,12}([.,][0-9]{1,2})?")
_PLACES = Decimal("0.0001")


class Cells:
    """A cursor over rows: reads the fields of the current one and collects what is wrong."""

    def __init__(self, columns: Mapping[str, tuple[int, str]]) -> None:
        self.columns = columns
        self.row = 0
        self.values: list[Any] = []
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.error_count = 0
        self.warning_count = 0
        self._clean: dict[str, str] = {}

    def move(self, row: int, values: list[Any]) -> None:
        self.row, self.values = row, values

    def raw(self, field: str) -> Any:
        index = self.columns[field][0] if field in self.columns else len(self.values)
        return self.values[index] if index < len(self.values) else ""

    def header(self, field: str) -> str:
        return self.columns[field][1] if field in self.columns else field

    def filled(self, *fields: str) -> bool:
        return any(str(self.raw(field)).strip() for field in fields)

    def wrong(self, field: str, message: str) -> None:
        self.error_count += 1
        if len(self.errors) < MOST_LISTED:
            self.errors.append(self._problem(field, message))

    def doubtful(self, field: str, message: str) -> None:
        self.warning_count += 1
        if len(self.warnings) < MOST_LISTED:
            self.warnings.append(self._problem(field, message))

    def _problem(self, field: str, message: str) -> Problem:
        index, header = self.columns.get(field, (-1, ""))
        value = "".join(each if each.isprintable() else "�" for each in _written(self.raw(field)))
        return Problem(self.row, letter(index), header, message, value[:SHORT])

    def text(self, field: str, *, code: bool = False, long: bool = False) -> str:
        """The cell as clean text, "" when it is wrong; an apostrophe before a code is spreadsheet mess and goes."""
        value = self.raw(field)
        if value == "":
            return ""
        written = _written(value)
        if written in FORMULA_ERRORS:
            self.wrong(field, f"La fórmula de esta celda da error ({written}). Corríjala o escriba el texto.")
            return ""
        clean = self._clean.get(written)
        if clean is None:
            clean = self._clean[written] = tidy(written)
        if not clean.replace("\n", "").isprintable():
            sign = next(each for each in clean if each != "\n" and not each.isprintable())
            self.wrong(
                field,
                f"El texto tiene un carácter invisible o de control (U+{ord(sign):04X}). Escriba el texto de nuevo.",
            )
            return ""
        if not long:
            clean = " ".join(clean.split())
        if code:
            clean = clean.lstrip("'").strip()
        limit = LONG if long else SHORT
        if len(clean) > limit:
            self.doubtful(field, f"El texto tiene {len(clean)} caracteres: se importarán solo los primeros {limit}.")
            clean = clean[:limit].rstrip()
        return clean

    def amount(self, field: str) -> Decimal | None:
        """The cell as an exact amount; None when it is blank or wrong (and then `error_count` has grown)."""
        value = self.raw(field)
        if isinstance(value, str):
            value = value.strip()
            if not value:
                return None
        largest = LARGEST * len(MONTHS) if field == "total" else LARGEST
        amount = _amount(value, largest)
        if isinstance(amount, str):
            self.wrong(field, f"{self.header(field)} {amount}")
            return None
        return amount

    def months(self) -> tuple[Decimal, ...] | None:
        """The twelve targets, a blank one being 0, if all are right and TOTAL, where written, is their sum."""
        before = self.error_count
        months = tuple(self.amount(month) or Decimal(0) for month in MONTHS)
        total = self.amount("total")
        if self.error_count > before:
            return None
        summed = sum(months, Decimal(0))
        if total is not None and total != summed:
            message = f"Los meses suman {shown(summed)} y TOTAL dice {shown(total)}. Corrija el mes equivocado o el total."
            self.wrong("total", message)
            return None
        if not summed:
            self.doubtful("total", "La meta anual es 0: la tarea se importará sin programación.")
        return months


def shown(amount: Decimal) -> str:
    """1234.50 → «1 234,5» with a no-break space, as numbers are written on screen."""
    return f"{amount.normalize():,f}".replace(",", "\u00a0").replace(".", ",")


def _amount(value: object, largest: int) -> Decimal | str:
    """The exact amount, or what is wrong with it, to be said after the column's name."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return "debe ser un número mayor o igual a 0. Escriba solo el número, sin texto."
        value = float(value.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        kind = "una fecha o una hora" if isinstance(value, dt.date | dt.time | dt.timedelta) else "un valor lógico"
        return f"contiene {kind}. Cambie el formato de la celda a Número y escriba la meta."
    if value < 0:
        return "no puede ser negativo. Escriba un número mayor o igual a 0."
    if not math.isfinite(value) or value > largest:
        return "es un número demasiado grande. Escriba la meta en la unidad de medida de la tarea."
    # Nine places take away the noise of a computed cell (0.30000000000000004) and nothing a person typed.
    exact = Decimal(int(value)) if value == int(value) else Decimal(repr(round(value, 9)))
    return exact if exact == exact.quantize(_PLACES) else "tiene más de 4 decimales. Redondee la meta."


def _written(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "VERDADERO" if value else "FALSO"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def tidy(text: str) -> str:
    """NFC, and every kind of line end and of blank as one of each; what is invisible beyond that stays to be refused."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(" " if unicodedata.category(each) == "Zs" else each for each in text).strip(" \n")

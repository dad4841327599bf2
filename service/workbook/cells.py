"""One cell at a time: clean texts and exact amounts, or a problem that names its cell."""

import unicodedata
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from service.workbook import numbers
from service.workbook.columns import letter
from service.workbook.shapes import LARGEST, LONG, MONTHS, QUARTERS, SHORT, Problem

MOST_LISTED = 1_000
_SPANS = "está combinada con otras filas. Descombine las celdas y escriba la meta de cada tarea."


class Cells:
    """A cursor over rows: reads the fields of the current one and collects what is wrong."""

    def __init__(
        self, columns: Mapping[str, tuple[int, str]], decimal: str = "", shared: Collection[tuple[int, int]] = frozenset()
    ) -> None:
        self.columns = columns
        self.decimal = decimal
        self.shared = shared
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
        if written in numbers.FORMULA_ERRORS:
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
        several = field == "total" or field in QUARTERS
        amount = numbers.amount(self.raw(field), LARGEST * (len(MONTHS) if several else 1), self.decimal)
        if self.shared and (self.row, self.columns.get(field, (-1, ""))[0]) in self.shared:
            amount = _SPANS
        if isinstance(amount, str):
            self.wrong(field, f"{self.header(field)} {amount}")
            return None
        return amount

    def months(self) -> tuple[Decimal, ...] | None:
        """The twelve targets, a blank one being 0, if all are right and TOTAL, where written, is their sum."""
        before = self.error_count
        months = [self.amount(month) or Decimal(0) for month in MONTHS]
        for number, quarter in enumerate(QUARTERS):
            if quarter in self.columns:
                self._quarter(quarter, slice(3 * number, 3 * number + 3), months)
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
        return tuple(months)

    def _quarter(self, field: str, three: slice, months: list[Decimal]) -> None:
        """Spread the target of a quarter over its months, or compare it with theirs where the sheet has them."""
        target, given = self.amount(field), sum(months[three], Decimal(0))
        if target is None:
            return
        if not any(month in self.columns for month in MONTHS[three]):
            months[three] = numbers.spread(target)
        elif target != given:
            self.wrong(
                field, f"Los meses del trimestre suman {shown(given)} y {self.header(field)} dice {shown(target)}. Corrija uno."
            )


def shown(amount: Decimal) -> str:
    """1234.50 → «1 234,5» with a no-break space, as numbers are written on screen."""
    return f"{amount.normalize():,f}".replace(",", "\u00a0").replace(".", ",")


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

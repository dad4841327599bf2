"""What the rows of a sheet add up to, whatever its layout: lines, activities, tasks, and the rows left out with a reason."""

from collections import Counter
from collections.abc import Collection
from decimal import Decimal

import msgspec

from service.workbook.cells import Cells
from service.workbook.columns import Found, plain
from service.workbook.shapes import (
    MONTHS,
    QUARTERS,
    Folded,
    ImportedActivity,
    ImportedLine,
    ImportedTask,
    Kind,
    Skipped,
    Totals,
    UnitTotal,
)

KINDS: dict[str, Kind] = {"e": "estratégico", "m": "misional", "s": "soporte"}
TASK_FIELDS = ("task_code", "task", "unit", "note", *MONTHS, *QUARTERS)
_LINE_NAMES = {"e": "Línea estratégica", "m": "Línea misional", "s": "Línea de soporte"}


class Content:
    """What has been read so far; a layout's reader fills it row by row."""

    def __init__(self, found: Found, decimal: str = "", shared: Collection[tuple[int, int]] = frozenset()) -> None:
        self.cells = Cells(found.columns, decimal, shared)
        self.kind = found.kind.lower()
        self.foreign = found.layout == "otro"
        self.lines: dict[str, ImportedLine] = {}
        self.activities: dict[str, ImportedActivity] = {}
        self.tasks: list[ImportedTask] = []
        self.skipped: list[Skipped] = []
        self.folded: list[Folded] = []
        self.rows = 0

    def skip(self, reason: str) -> None:
        self.skipped.append(Skipped(self.cells.row, reason))

    def line(self, letter: str, code: str, name: str = "") -> str:
        """The code, once a line of action with it is known; without a name of its own it is called by kind and code."""
        self.lines.setdefault(code, ImportedLine(code, KINDS[letter], name or f"{_LINE_NAMES[letter]} {code}"))
        return code

    def task(self, activity_key: str, key: str = "", base: int = 0) -> None:
        """Add the row's task; a wrong cell leaves it out, so that a list of tasks never holds half-read ones."""
        cells = self.cells
        before = cells.error_count
        code = cells.text("task_code", code=True)
        name = cells.text("task")
        unit = cells.text("unit")
        months = cells.months()
        note = cells.text("note", long=True)
        marked = "task_code" if "task_code" in cells.columns else "activity_code"
        retire = (
            f"o ponga ELIMINAR en {cells.header(marked)} para retirar la fila." if marked in cells.columns else "o borre la fila."
        )
        if not cells.filled("task"):
            cells.wrong("task", f"Falta el nombre de la tarea. Escríbalo, {retire}")
        if not cells.filled("unit"):
            cells.wrong("unit", f"Falta la unidad de medida. Escríbala (por ejemplo, Informe), {retire}")
        if cells.error_count == before and months is not None:
            self.tasks.append(ImportedTask(activity_key, code, name, unit, months, note, cells.row, key, base))

    def close(self, spellings: Counter[tuple[str, str]]) -> None:
        """Fold the units of measure (`spellings` counts unit and cell text) and look at the sheet as a whole."""
        self.cells.move(0, [])
        kept = _kept(spellings)
        self.tasks = [msgspec.structs.replace(task, unit=kept[plain(task.unit)]) for task in self.tasks]
        variants: dict[str, list[str]] = {}
        counts: Counter[str] = Counter()
        for (unit, written), times in spellings.items():
            variants.setdefault(plain(unit), []).append(written)
            counts[plain(unit)] += times
        self.folded = [Folded(kept[each], tuple(found), counts[each]) for each, found in variants.items() if len(found) > 1]
        if not self.tasks and not self.cells.error_count:
            self.cells.wrong("", "No hay tareas en la hoja. Escriba al menos una, con su actividad, unidad de medida y meses.")

    def totals(self) -> Totals:
        tasks: Counter[str] = Counter()
        amounts: dict[str, Decimal] = {}
        for task in self.tasks:
            tasks[task.unit] += 1
            amounts[task.unit] = sum(task.months, amounts.get(task.unit, Decimal(0)))
        return Totals(
            rows=self.rows,
            lines=len(self.lines),
            activities=len(self.activities),
            tasks=len(self.tasks),
            skipped=len(self.skipped),
            errors=self.cells.error_count,
            warnings=self.cells.warning_count,
            units=tuple(UnitTotal(unit, count, amounts[unit]) for unit, count in tasks.most_common()),
        )


def _kept(spellings: Counter[tuple[str, str]]) -> dict[str, str]:
    """For units that differ only in case, accents or blanks, the spelling most rows use, the first one of equals."""
    used: Counter[str] = Counter()
    for (unit, _), times in spellings.items():
        used[unit] += times
    kept: dict[str, str] = {}
    for unit, _ in used.most_common():
        kept.setdefault(plain(unit), unit)
    return kept

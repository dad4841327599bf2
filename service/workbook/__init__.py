"""A plan's workbook in and out, without database or web: `check` reads a file as a dry run; the writers make files."""

import hashlib
from collections import Counter

from service.workbook import ceplan
from service.workbook.columns import Found, recognise
from service.workbook.content import Content
from service.workbook.matrix import MatrixReader
from service.workbook.opening import sheets
from service.workbook.shapes import (
    DryRun,
    Folded,
    ImportedActivity,
    ImportedLine,
    ImportedTask,
    Problem,
    Skipped,
    Totals,
    UnitTotal,
    WorkbookError,
)
from service.workbook.table import table_sheet
from service.workbook.writing import export_plan, template

__all__ = [
    "DryRun",
    "Folded",
    "ImportedActivity",
    "ImportedLine",
    "ImportedTask",
    "Problem",
    "Skipped",
    "Totals",
    "UnitTotal",
    "WorkbookError",
    "check",
    "export_plan",
    "table_sheet",
    "template",
]


def check(content: bytes, filename: str) -> DryRun:
    """Read a plan's workbook and say what importing it would do; nothing is written anywhere.

    Raises:
        WorkbookError: the file as a whole cannot be used; what is wrong in single cells is in `errors` instead.

    """
    found = recognise(sheets(content))
    read = _read(found)
    return DryRun(
        filename=filename,
        digest=hashlib.sha256(content).hexdigest(),
        layout=found.layout,
        sheet=found.sheet.name,
        lines=tuple(read.lines.values()),
        activities=tuple(read.activities.values()),
        tasks=tuple(read.tasks),
        skipped=tuple(read.skipped),
        errors=tuple(read.cells.errors),
        warnings=tuple(read.cells.warnings),
        folded=tuple(read.folded),
        totals=read.totals(),
    )


def _read(found: Found) -> Content:
    """Every row below the header, by the rules of its layout; rows that hold nothing are passed over."""
    content = Content(found)
    cells = content.cells
    for index, header in found.repeated:
        cells.doubtful("", f"La columna «{header}» está repetida: se lee la primera y no la de la posición {index + 1}.")
    rows = found.sheet.rows[found.header + 1 :]
    fields = tuple(field for field in found.columns if field != "total")
    given = set()
    if "activity_key" in found.columns:
        for number, values in rows:
            cells.move(number, values)
            given.add(str(cells.raw("activity_key")).strip())
    matrix = MatrixReader(content, given)
    spellings: Counter[tuple[str, str]] = Counter()
    for number, values in rows:
        cells.move(number, values)
        if not cells.filled(*fields):
            continue
        content.rows += 1
        tasks = len(content.tasks)
        if found.layout == "ceplan":
            ceplan.read_row(content)
        else:
            matrix.read_row()
        if len(content.tasks) > tasks:
            spellings[content.tasks[-1].unit, str(cells.raw("unit"))] += 1
    content.close(spellings)
    return content

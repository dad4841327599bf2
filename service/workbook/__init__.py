"""A plan's workbook in and out, without database or web: `check` and `read` look at a file as a dry run; the writers make files."""

from service.workbook.locating import FIELDS
from service.workbook.reading import check, read
from service.workbook.shapes import (
    DryRun,
    Folded,
    ImportedActivity,
    ImportedLine,
    ImportedTask,
    Mapping,
    Original,
    Problem,
    Reading,
    Skipped,
    Totals,
    UnitTotal,
    View,
    WorkbookError,
)
from service.workbook.table import table_sheet
from service.workbook.writing import export_plan, template

__all__ = [
    "FIELDS",
    "DryRun",
    "Folded",
    "ImportedActivity",
    "ImportedLine",
    "ImportedTask",
    "Mapping",
    "Original",
    "Problem",
    "Reading",
    "Skipped",
    "Totals",
    "UnitTotal",
    "View",
    "WorkbookError",
    "check",
    "export_plan",
    "read",
    "table_sheet",
    "template",
]

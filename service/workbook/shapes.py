"""What a plan's workbook says once read: immutable, before anything is written; and the error of a file that cannot be read."""

from decimal import Decimal
from typing import Literal

import msgspec

Kind = Literal["estratégico", "misional", "soporte"]
Layout = Literal["ceplan", "quipu"]
Months = tuple[Decimal, ...]

MONTHS = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SET", "OCT", "NOV", "DIC")
SHORT = 300
LONG = 4000
LARGEST = 1_000_000_000


class WorkbookError(Exception):
    """The file as a whole cannot be used; `message` is a Spanish sentence that says what to do."""

    def __init__(self, message: str, *, kind: Literal["too-large", "unreadable", "unrecognised"]) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


class ImportedLine(msgspec.Struct, frozen=True):
    code: str
    kind: Kind
    name: str


class ImportedActivity(msgspec.Struct, frozen=True):
    """An activity; `key` joins it to its tasks and comes back unchanged from an exported file. Codes identify nothing."""

    key: str
    line: str
    code: str
    name: str
    area: str = ""
    foreign_objectives: tuple[str, ...] = ()
    indicator: str = ""
    verification: str = ""
    row: int = 0


class ImportedTask(msgspec.Struct, frozen=True):
    """A task with its twelve monthly targets in its unit of measure; `key` is the row id of an exported file, or empty."""

    activity_key: str
    code: str
    name: str
    unit: str
    months: Months
    note: str = ""
    row: int = 0
    key: str = ""


class Skipped(msgspec.Struct, frozen=True):
    """A row of the sheet that is not imported, and why."""

    row: int
    reason: str


class Problem(msgspec.Struct, frozen=True):
    """What is wrong in a cell; without `column` it concerns the row, without `row` (0) the sheet."""

    row: int
    column: str
    header: str
    message: str
    value: str = ""

    @property
    def cell(self) -> str:
        return f"{self.column}{self.row}" if self.row else ""


class Folded(msgspec.Struct, frozen=True):
    """Spellings of one unit of measure, as found in the file, that are now written as `kept`; `count` tasks use them."""

    kept: str
    variants: tuple[str, ...]
    count: int


class UnitTotal(msgspec.Struct, frozen=True):
    unit: str
    tasks: int
    amount: Decimal


class Totals(msgspec.Struct, frozen=True):
    """The figures of a dry run; `errors` and `warnings` count all, also those beyond the listed ones."""

    rows: int
    lines: int
    activities: int
    tasks: int
    skipped: int
    errors: int
    warnings: int
    units: tuple[UnitTotal, ...] = ()


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """What an import of this file would do; `digest` is the SHA-256 of its bytes."""

    filename: str
    digest: str
    layout: Layout
    sheet: str
    lines: tuple[ImportedLine, ...]
    activities: tuple[ImportedActivity, ...]
    tasks: tuple[ImportedTask, ...]
    skipped: tuple[Skipped, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    folded: tuple[Folded, ...]
    totals: Totals

    @property
    def importable(self) -> bool:
        return not self.errors

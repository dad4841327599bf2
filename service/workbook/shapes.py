"""What a plan's workbook says once read: immutable, before anything is written; and the error of a file that cannot be read."""

from decimal import Decimal
from typing import Literal

import msgspec

Kind = Literal["estratégico", "misional", "soporte"]
Layout = Literal["ceplan", "quipu", "otro"]
Months = tuple[Decimal, ...]

MONTHS = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SET", "OCT", "NOV", "DIC")
QUARTERS = ("T1", "T2", "T3", "T4")
SHORT = 300
LONG = 4000
LARGEST = 1_000_000_000
SAVE_AS = "Ábralo en su programa de hojas de cálculo, guárdelo como «Libro de Excel (.xlsx)» y vuelva a subirlo."
Merged = tuple[tuple[int, int], tuple[int, int]]


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
    """An activity; `key` joins it to its tasks and comes back unchanged from an exported file. Codes identify nothing.

    `base` is the position of the record at which an exported row was written, 0 for any other.
    """

    key: str
    line: str
    code: str
    name: str
    area: str = ""
    foreign_objectives: tuple[str, ...] = ()
    indicator: str = ""
    verification: str = ""
    row: int = 0
    base: int = 0


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
    base: int = 0


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


class Original(msgspec.Struct, frozen=True):
    """The targets a task was approved with first; `current` is the year's sum now, None where it was retired; `why` says who and why."""

    key: str
    task: str
    unit: str
    months: tuple[Decimal, ...]
    current: Decimal | None
    why: str


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
    notes: tuple[str, ...] = ()

    @property
    def importable(self) -> bool:
        return not self.errors


class Mapping(msgspec.Struct, frozen=True):
    """Which column of which sheet says what: `header` is the row of its last header, `rows` how many it has, columns count from 0.

    `decimal` is the sign of decimals, `kind` that of lines whose kind the sheet does not say; both "" where nobody chose.
    """

    layout: Layout
    sheet: str
    header: int
    columns: dict[str, int]
    rows: int = 1
    decimal: Literal["", ",", "."] = ""
    kind: Literal["", "E", "M", "S"] = ""


class View(msgspec.Struct, frozen=True):
    """The first rows of a sheet as texts, by the numbers they have there: what columns are chosen by."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


class Reading(msgspec.Struct, frozen=True):
    """A file that could be opened: how its columns are read and why so, or what is `missing`; `dry` only when nothing is.

    `fingerprint` stands for the texts of the header, by which a mapping is remembered.
    """

    views: tuple[View, ...]
    mapping: Mapping
    how: Literal["exact", "remembered", "proposed", "chosen"]
    fingerprint: str = ""
    missing: tuple[str, ...] = ()
    dry: DryRun | None = None

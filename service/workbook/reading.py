"""A file as a dry run: opened, its columns located, its rows read, and what is wrong in them listed."""

import hashlib
from collections import Counter
from collections.abc import Mapping as Table
from typing import Any

import msgspec

from service.workbook import ceplan, foreign, numbers
from service.workbook.columns import Found, plain
from service.workbook.content import Content
from service.workbook.locating import Located, locate
from service.workbook.matrix import MatrixReader
from service.workbook.opening import opened
from service.workbook.shapes import MONTHS, QUARTERS, DryRun, Mapping, Reading, WorkbookError

_AMOUNTS = (*MONTHS, *QUARTERS, "total")
_ONE = "La hoja no tiene columna de tareas: cada fila se lee como una actividad con una sola tarea del mismo nombre."
_SIGNS = {",": "coma decimal (1.234,5)", ".": "punto decimal (1,234.5)"}


def check(content: bytes, filename: str, chosen: Mapping | None = None) -> DryRun:
    """Read a plan's workbook and say what importing it would do; nothing is written anywhere.

    Raises:
        WorkbookError: the file as a whole cannot be used; what is wrong in single cells is in `errors` instead.

    """
    reading, sentence = _read_all(content, filename, chosen, None)
    if reading.dry is None:
        raise WorkbookError(sentence, kind="unrecognised")
    return reading.dry


def read(content: bytes, filename: str, chosen: Mapping | None = None, remembered: Table[str, Mapping] | None = None) -> Reading:
    """The same, for who may still choose the columns: without a dry run while some are missing.

    Raises:
        WorkbookError: the file cannot be opened, or holds nothing that looks like a table.

    """
    return _read_all(content, filename, chosen, remembered)[0]


def _read_all(
    content: bytes, filename: str, chosen: Mapping | None, remembered: Table[str, Mapping] | None
) -> tuple[Reading, str]:
    file = opened(content)
    located = locate(file.sheets, chosen, remembered)
    if located.found is None:
        return located.reading, located.sentence
    dry = _dry(located, located.found, file.notes, content, filename)
    return msgspec.structs.replace(located.reading, dry=dry), ""


def _dry(located: Located, found: Found, notes: tuple[str, ...], content: bytes, filename: str) -> DryRun:
    rows = found.sheet.rows[found.header + 1 :]
    decimal = found.decimal or numbers.convention(_texts(found, rows))
    done = _rows(found, rows, decimal)
    mapping = located.reading.mapping
    if any(
        quarter in found.columns and not set(MONTHS[3 * n : 3 * n + 3]) & set(found.columns) for n, quarter in enumerate(QUARTERS)
    ):
        notes += (numbers.SPREAD,)
    if decimal:
        notes += (f"Los números escritos como texto se leen con {_SIGNS[decimal]}.",)
    if mapping.columns.get("task", -1) == mapping.columns.get("activity"):
        notes += (_ONE,)
    return DryRun(
        filename=filename,
        digest=hashlib.sha256(content).hexdigest(),
        layout=found.layout,
        sheet=found.sheet.name,
        lines=tuple(done.lines.values()),
        activities=tuple(done.activities.values()),
        tasks=tuple(done.tasks),
        skipped=tuple(done.skipped),
        errors=tuple(done.cells.errors),
        warnings=tuple(done.cells.warnings),
        folded=tuple(done.folded),
        totals=done.totals(),
        notes=notes,
    )


def _texts(found: Found, rows: list[tuple[int, list[Any]]]) -> list[str]:
    """Amounts that are kept as texts."""
    columns = [found.columns[field][0] for field in _AMOUNTS if field in found.columns]
    return [row[c] for _, row in rows for c in columns if c < len(row) and isinstance(row[c], str) and row[c]]


def _rows(found: Found, rows: list[tuple[int, list[Any]]], decimal: str) -> Content:
    """Every row below the header, by the rules of its layout; rows that hold nothing are passed over."""
    amounts = {found.columns[field][0] for field in _AMOUNTS if field in found.columns}
    shared = _unmerge(found, dict(rows), amounts)
    content = Content(found, decimal, shared)
    cells = content.cells
    for index, header in found.repeated:
        cells.doubtful("", f"La columna «{header}» está repetida: se lee la primera y no la de la posición {index + 1}.")
    fields = tuple(field for field in found.columns if field != "total")
    given = set()
    if "activity_key" in found.columns:
        for number, values in rows:
            cells.move(number, values)
            given.add(str(cells.raw("activity_key")).strip())
    passed = dict.fromkeys(foreign.title(found.sheet), "Es un título dentro de la tabla.")
    matrix = MatrixReader(content, given)
    spellings: Counter[tuple[str, str]] = Counter()
    for number, values in rows:
        cells.move(number, values)
        if not cells.filled(*fields):
            continue
        content.rows += 1
        reason = passed.get(number) or (_passed(found, content) if found.layout == "otro" else "")
        if reason:
            content.skip(reason)
            continue
        tasks = len(content.tasks)
        if found.layout == "ceplan":
            ceplan.read_row(content)
        else:
            matrix.read_row()
        if len(content.tasks) > tasks:
            spellings[content.tasks[-1].unit, str(cells.raw("unit"))] += 1
    content.close(spellings)
    return content


def _unmerge(found: Found, rows: dict[int, list[Any]], amounts: set[int]) -> set[tuple[int, int]]:
    """Say in each row what cells merged over several rows say; those that hold amounts are named instead, nobody knows whose it is."""
    shared = set[tuple[int, int]]()
    for (top, left), (bottom, _) in found.sheet.merged:
        if bottom == top or top + 1 not in rows:
            continue
        first = rows[top + 1]
        text = first[left] if left < len(first) else ""
        for number in range(top + 1, min(bottom, top + 1 + len(rows)) + 2):
            if left in amounts:
                shared |= {(number, left)} if text != "" else set()
            elif number in rows and text != "":
                rows[number].extend([""] * (left + 1 - len(rows[number])))
                rows[number][left] = text
    return shared


def _passed(found: Found, content: Content) -> str:
    """Why a row of somebody else's sheet is no task, or "": its totals, or its header once more on the next page."""
    cells = content.cells
    said = [plain(cells.raw(field)) for field in ("activity", "task", "line", "line_name", "area", "activity_code", "task_code")]
    if not cells.filled("unit") and any(text in {"total", "totales", "sub total", "subtotal", "total general"} for text in said):
        return "Es una fila de totales."
    names = [(plain(cells.raw(field)), plain(header)) for field, (_, header) in found.columns.items() if header]
    alike = sum(bool(value) and header.endswith(value) for value, header in names)
    return "Repite los encabezados." if alike > 2 and alike * 2 > len(names) else ""  # noqa: PLR2004 — more than chance

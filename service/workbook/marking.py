"""The same workbook with its wrong cells marked: their colour changed, and what is wrong in a comment beside each."""

import io
import warnings
from collections.abc import Iterable
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from service.workbook.opening import opened
from service.workbook.shapes import DryRun, Problem

REVIEW = "Revisión"
_WRONG, _DOUBTFUL = PatternFill("solid", fgColor="FFF8C9CC"), PatternFill("solid", fgColor="FFFDE9A9")
_HEADS = ("Celda", "Columna", "Clase", "Qué está mal y qué hacer", "Valor")
_WIDTHS = (10, 28, 13, 90, 40)


def mark(content: bytes, dry: DryRun) -> bytes:
    """The sender's own .xlsx, or a new one with the cells of a file of another kind, marked; a last sheet lists all of it.

    Raises:
        WorkbookError: the file cannot be opened.

    """
    book = _own(content) or _fresh(content)
    sheet = book[dry.sheet]
    said: dict[str, list[str]] = {}
    for problems, fill in ((dry.warnings, _DOUBTFUL), (dry.errors, _WRONG)):
        for problem in problems:
            if problem.row and problem.column:
                cell = _origin(sheet, problem.cell)
                cell.fill = fill
                said.setdefault(cell.coordinate, []).append(problem.message)
    for place, messages in said.items():
        comment = Comment(_clean("\n".join(dict.fromkeys(messages))), "Quipu", height=110, width=320)
        sheet[place].comment = comment
    _review(book, [("Error", dry.errors), ("Advertencia", dry.warnings)])
    book.active = book.index(sheet)
    done = io.BytesIO()
    book.save(done)
    return done.getvalue()


def _own(content: bytes) -> openpyxl.Workbook | None:
    """The sender's own workbook as it was, macros left out; None for other kinds of file."""
    opened(content)  # measured before anybody else sees it
    if not content.startswith(b"PK") or b"xl/workbook.xml" not in content:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it cannot keep is no cell
        return openpyxl.load_workbook(io.BytesIO(content))


def _fresh(content: bytes) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in opened(content).sheets:
        page = book.create_sheet(_clean(sheet.name))
        page.title = sheet.name
        for number, cells in sheet.rows:
            for column, value in enumerate(cells, start=1):
                if value != "":
                    _write(page, number, column, value)
    return book


def _origin(sheet: Worksheet, place: str) -> Any:
    """The cell, or the first of those it is merged with: only that one shows."""
    cell: Any = sheet[place]
    if isinstance(cell, MergedCell):
        merged = next(each for each in sheet.merged_cells.ranges if place in each)
        return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _write(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    """Write a value as what it is; a text that looks like a formula stays a text."""
    text = isinstance(value, str)
    cell: Any = sheet.cell(row, column, _clean(value) if text else value)
    if text:
        cell.data_type = "s"


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("�", text)


def _review(book: openpyxl.Workbook, kinds: Iterable[tuple[str, tuple[Problem, ...]]]) -> None:
    sheet = book.create_sheet(REVIEW)
    rows = [(p.cell or "hoja", p.header, kind, p.message, p.value) for kind, problems in kinds for p in problems]
    for number, cells in enumerate([_HEADS, *rows], start=1):
        for column, text in enumerate(cells, start=1):
            _write(sheet, number, column, text)
    for column, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDE"[column]].width = width
    sheet.freeze_panes = "A2"

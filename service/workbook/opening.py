"""Bytes of a stranger's file → rows of cells, whatever its kind, within limits of size. Formulas are never computed, macros never run."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from service.letters import piled
from service.workbook import archive, legacy, separated
from service.workbook.shapes import SAVE_AS, Merged, WorkbookError

MEGABYTE = 1_000_000
LARGEST_FILE = 10 * MEGABYTE
MOST_FILLED = 20_000
LONGEST_TEXT = 32_767

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_MACROS = "El archivo trae macros: no se ejecutan ni se guardan, solo se leen los valores de las celdas."


class Sheet(msgspec.Struct, frozen=True):
    """A sheet's rows that hold anything: (row number as it is seen, cells from column A on), and its merged cells (from 0)."""

    name: str
    rows: list[tuple[int, list[Any]]]
    merged: tuple[Merged, ...] = ()


class Opened(NamedTuple):
    """A file being read: its sheets in the workbook's order, each read when asked for, and what is to be said of the file."""

    sheets: Iterator[Sheet]
    notes: tuple[str, ...] = ()


def opened(content: bytes) -> Opened:
    """The worksheets of an .xlsx, .xlsm, .xls, .ods or text file with separators.

    Raises:
        WorkbookError: too large, not a workbook, damaged or protected; also while the sheets are read.

    """
    if not content:
        message = "El archivo está vacío. Elija el que tiene los datos."
        raise WorkbookError(message, kind="unreadable")
    if len(content) > LARGEST_FILE:
        size = f"{len(content) / MEGABYTE:.1f}".replace(".", ",")
        message = f"El archivo pesa {size} MB y el máximo es 10 MB. Deje solo las hojas que hacen falta y vuelva a subirlo."
        raise WorkbookError(message, kind="too-large")
    with _damaged():
        if content.startswith(_ZIP):
            packed = archive.repack(content)
            return Opened(_sheets(packed.content, packed.merged, packed.errors), (_MACROS,) if packed.macros else ())
        if content.startswith(_OLE):
            return Opened(_sheets(content, {}, legacy.failed(content)))
        return Opened(iter([Sheet(separated.NAME, list(_filled(separated.NAME, separated.rows(content))))]))


class _damaged:  # noqa: N801 — reads as a word of the sentence
    """What the libraries say of a broken file, as our sentence."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PasswordError):
            raise WorkbookError(archive.PROTECTED, kind="unreadable") from error
        broken = (
            CalamineError,
            zipfile.BadZipFile,
            zlib.error,
            struct.error,
            EOFError,
            RuntimeError,
            ValueError,
            LookupError,
            OSError,
        )
        if isinstance(error, broken):
            message = f"El archivo está dañado o no es un libro de Excel. {SAVE_AS}"
            raise WorkbookError(message, kind="unreadable") from error


def _sheets(
    content: bytes, merged: Mapping[str, tuple[Merged, ...]], errors: Mapping[str, Mapping[tuple[int, int], str]]
) -> Iterator[Sheet]:
    """The worksheets that can be seen, then the hidden ones."""
    with _damaged():
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        listed = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet and not piled(each.name)]
        for found in sorted(listed, key=lambda each: each.visible != SheetVisibleEnum.Visible):
            sheet = workbook.get_sheet_by_name(found.name)
            rows = _spoilt(sheet, errors.get(found.name, {}))
            spans = merged.get(found.name, tuple(sheet.merged_cell_ranges or ()))
            yield Sheet(found.name, list(_filled(found.name, rows)), spans)


def _spoilt(sheet: CalamineSheet, errors: Mapping[tuple[int, int], str]) -> Iterator[list[Any]]:
    """The rows from column A on, with the names of failed formulas where the parser leaves a blank."""
    before = [""] * sheet.start[1] if sheet.start else []
    places: dict[int, list[tuple[int, str]]] = {}
    for (number, column), name in errors.items():
        places.setdefault(number, []).append((column, name))
    for index, cells in enumerate(sheet.iter_rows()):
        row: list[Any] = [*before, *cells]
        for column, name in places.get(index, ()):
            row += [""] * (column + 1 - len(row))
            row[column] = name
        yield row


def _filled(name: str, rows: Iterable[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
    filled = 0
    for number, cells in enumerate(rows, start=1):
        if any(not isinstance(cell, str) or cell.strip() for cell in cells):
            filled += 1
            if filled > MOST_FILLED:
                message = f"La hoja «{name}» tiene más de 20\u00a0000 filas con datos. Deje solo las que hacen falta y vuelva a subirlo."
                raise WorkbookError(message, kind="too-large")
            if any(isinstance(cell, str) and (len(cell) > LONGEST_TEXT or piled(cell)) for cell in cells):
                message = f"La fila {number} de la hoja «{name}» tiene un texto que Excel no guardaría. {SAVE_AS}"
                raise WorkbookError(message, kind="unreadable")
            yield number, cells

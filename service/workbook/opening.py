"""Bytes of a stranger's file → rows of cells, within limits of size. Formulas are never computed, macros never read.

The archive is measured and packed again before the parser sees it, so both look at the same bytes: the parser lays a sheet
out as a full rectangle, and one cell in the last corner of an otherwise empty sheet would ask for hundreds of gigabytes.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from service.letters import piled
from service.workbook.shapes import WorkbookError

MEGABYTE = 1_000_000
LARGEST_FILE = 10 * MEGABYTE
LARGEST_CONTENT = 100 * MEGABYTE
MOST_PARTS = 1_000
MOST_ROWS = 150_000
MOST_FILLED = 20_000
MOST_CELLS = 6_000_000
LONGEST_TEXT = 32_767

_READ = re.compile(r"(\[Content_Types\]\.xml|_rels/.*\.rels|xl/.+\.(xml|rels))", re.IGNORECASE)
_EMPTY_ROW = re.compile(rb"<row\b[^<>]*/>|<row\b[^<>]*></row>")
_REFERENCE = re.compile(rb"[\s\"']r\s*=\s*[\"']\s*([A-Za-z]*)(\d+)")
_FORMULA_ERROR = re.compile(rb"(<c\b[^<>]*\s)t=\"e\"")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "Ábralo en su programa de hojas de cálculo, guárdelo como «Libro de Excel (.xlsx)» y vuelva a subirlo."


class Sheet(msgspec.Struct, frozen=True):
    """A sheet's rows that hold anything: (row number as Excel counts, cells from column A on)."""

    name: str
    rows: list[tuple[int, list[Any]]]


def sheets(content: bytes) -> Iterator[Sheet]:
    """The worksheets in the workbook's order, each read when asked for.

    Raises:
        WorkbookError: too large, not a workbook, damaged or protected.

    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_repack(content)))
        for found in workbook.sheets_metadata:
            if found.typ == SheetTypeEnum.WorkSheet and not piled(found.name):
                sheet = workbook.get_sheet_by_name(found.name)
                yield Sheet(found.name, list(_rows(sheet)))
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        RuntimeError,
        ValueError,
    ) as error:
        message = f"El archivo está dañado o no es un libro de Excel. {_SAVE_AS}"
        raise WorkbookError(message, kind="unreadable") from error


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    before = [""] * sheet.start[1] if sheet.start else []
    filled = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if any(not isinstance(cell, str) or cell.strip() for cell in cells):
            filled += 1
            if filled > MOST_FILLED:
                message = (
                    f"La hoja «{sheet.name}» tiene más de 20\u00a0000 filas con datos. Deje solo las del plan y vuelva a subirlo."
                )
                raise WorkbookError(message, kind="too-large")
            if any(isinstance(cell, str) and (len(cell) > LONGEST_TEXT or piled(cell)) for cell in cells):
                message = f"La fila {number} de la hoja «{sheet.name}» tiene un texto que Excel no guardaría. {_SAVE_AS}"
                raise WorkbookError(message, kind="unreadable")
            yield number, before + cells


def _repack(content: bytes) -> bytes:
    """The parts that hold cells, measured, in an archive that says the truth about itself."""
    _refuse_other_kinds(content)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as copy:
        parts = archive.infolist()
        names = {part.filename.casefold() for part in parts}
        if len(names) < len(parts) or "xl/workbook.xml" not in names or len(parts) > MOST_PARTS:
            message = f"El archivo no es un libro de Excel. {_SAVE_AS}"
            raise WorkbookError(message, kind="unreadable")
        if sum(part.file_size for part in parts) > LARGEST_CONTENT:
            message = "El contenido del archivo ocupa más de 100 MB al abrirse. Deje solo la hoja del plan y vuelva a subirlo."
            raise WorkbookError(message, kind="too-large")
        for part in parts:
            if _READ.fullmatch(part.filename):
                # Reading to the end checks size and checksum: a part that hides its size stops here.
                copy.writestr(part.filename, _measured(archive.read(part)))
    return packed.getvalue()


def _refuse_other_kinds(content: bytes) -> None:
    if not content:
        message = "El archivo está vacío. Elija el libro de Excel (.xlsx) que contiene el plan."
        raise WorkbookError(message, kind="unreadable")
    if len(content) > LARGEST_FILE:
        size = f"{len(content) / MEGABYTE:.1f}".replace(".", ",")
        message = f"El archivo pesa {size} MB y el máximo es 10 MB. Deje solo la hoja del plan y vuelva a subirlo."
        raise WorkbookError(message, kind="too-large")
    if content.startswith(_OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in content
        what = "está protegido con contraseña. Quítesela" if protected else "es de una versión antigua de Excel (.xls)"
        message = f"El archivo {what}. {_SAVE_AS}"
        raise WorkbookError(message, kind="unreadable")
    if not content.startswith(b"PK\x03\x04"):
        message = f"El archivo no es un libro de Excel (.xlsx). {_SAVE_AS}"
        raise WorkbookError(message, kind="unreadable")


def _measured(part: bytes) -> bytes:
    """The part, if no sheet in it spans too much; formula errors become their text, which the parser would leave blank."""
    if b"\0" in part[:100]:
        message = f"El archivo usa una codificación que no se puede leer. {_SAVE_AS}"
        raise WorkbookError(message, kind="unreadable")
    if b"sheetData" not in part:
        return part
    columns, rows = {b""}, {b"0"}
    for reference in _REFERENCE.finditer(_EMPTY_ROW.sub(b"", part)):
        columns.add(reference[1])
        rows.add(reference[2])
    # Ten digits are beyond any sheet, and int() of thousands of them is refused.
    last_row = max(int(digits.lstrip(b"0")[:10] or 0) for digits in rows)
    last_column = max(_column(letters) for letters in columns)
    if last_row > MOST_ROWS or last_row * last_column > MOST_CELLS:
        message = (
            f"Una hoja del libro llega hasta la fila {last_row} y la columna {last_column}: es demasiado. "
            "Borre las filas y columnas vacías que sobran después del plan, guarde y vuelva a subirlo."
        )
        raise WorkbookError(message, kind="too-large")
    return _FORMULA_ERROR.sub(rb'\1t="str"', part) if b't="e"' in part else part


def _column(letters: bytes) -> int:
    """A → 1, AU → 47; names longer than Excel's own count as beyond every limit."""
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + letter - 64
    return number

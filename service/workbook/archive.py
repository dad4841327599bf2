"""The zipped kinds, .xlsx and .ods: measured and packed again before the parser sees them, so that both look at the same bytes.

The parser lays a sheet out as a full rectangle, and one cell in the last corner of an otherwise empty sheet would ask for
hundreds of gigabytes.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import NamedTuple

from service.workbook import opendocument
from service.workbook.shapes import SAVE_AS, Merged, WorkbookError

LARGEST_CONTENT = 100_000_000
MOST_PARTS = 1_000
MOST_ROWS = 150_000
MOST_CELLS = 6_000_000
PROTECTED = f"El archivo está protegido con contraseña. Quítesela. {SAVE_AS}"

_READ = re.compile(r"(\[Content_Types\]\.xml|_rels/.*\.rels|xl/.+\.(xml|rels))", re.IGNORECASE)
_EMPTY_ROW = re.compile(rb"<row\b[^<>]*/>|<row\b[^<>]*></row>")
_REFERENCE = re.compile(rb"[\s\"']r\s*=\s*[\"']\s*([A-Za-z]*)(\d+)")
_FORMULA_ERROR = re.compile(rb"(<c\b[^<>]*\s)t=\"e\"")
_ODS = {"mimetype", "content.xml", "META-INF/manifest.xml", "styles.xml", "settings.xml"}


class Packed(NamedTuple):
    """An archive that says the truth about itself, and what its parser would not tell."""

    content: bytes
    macros: bool = False
    merged: Mapping[str, tuple[Merged, ...]] = {}
    errors: Mapping[str, Mapping[tuple[int, int], str]] = {}


def repack(content: bytes) -> Packed:
    """The parts that hold cells, measured.

    Raises:
        WorkbookError: too large or no workbook.

    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = {part.filename.casefold() for part in parts}
        if "xl/workbook.bin" in names:
            raise WorkbookError(f"El archivo es un libro binario de Excel (.xlsb). {SAVE_AS}", kind="unreadable")
        known = "xl/workbook.xml" in names or {"mimetype", "content.xml"} <= names
        if len(names) < len(parts) or not known or len(parts) > MOST_PARTS:
            raise WorkbookError(f"El archivo no es un libro de Excel. {SAVE_AS}", kind="unreadable")
        if sum(part.file_size for part in parts) > LARGEST_CONTENT:
            message = (
                "El contenido del archivo ocupa más de 100 MB al abrirse. Deje solo las hojas que hacen falta y vuelva a subirlo."
            )
            raise WorkbookError(message, kind="too-large")
        return _office(archive, parts) if "xl/workbook.xml" in names else _open_document(archive, parts)


def _office(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Packed:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as copy:
        for part in parts:
            if _READ.fullmatch(part.filename):
                # Reading to the end checks size and checksum: a part that hides its size stops here.
                copy.writestr(part.filename, _measured(archive.read(part)))
    return Packed(packed.getvalue(), any(part.filename.casefold() == "xl/vbaproject.bin" for part in parts))


def _open_document(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Packed:
    packed = io.BytesIO()
    macros = any(part.filename.startswith(("Basic/", "Scripts/")) for part in parts)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as copy:
        for part in parts:
            if part.filename in _ODS:
                body = archive.read(part)
                if part.filename == "META-INF/manifest.xml" and b"encryption-data" in body:
                    raise WorkbookError(PROTECTED, kind="unreadable")
                copy.writestr(part.filename, body)
    tables = opendocument.survey(archive.read("content.xml"))
    for table in tables:
        within(table.rows, table.columns)
    merged = {table.name: tuple(table.merged) for table in tables}
    return Packed(packed.getvalue(), macros, merged, {table.name: table.errors for table in tables})


def within(last_row: int, last_column: int) -> None:
    """Refuse a sheet that would not fit as a rectangle."""
    if last_row > MOST_ROWS or last_row * last_column > MOST_CELLS:
        message = (
            f"Una hoja del libro llega hasta la fila {last_row} y la columna {last_column}: es demasiado. "
            "Borre las filas y columnas vacías que sobran después de los datos, guarde y vuelva a subirlo."
        )
        raise WorkbookError(message, kind="too-large")


def _measured(part: bytes) -> bytes:
    """The part, if no sheet in it spans too much; formula errors become their text, which the parser would leave blank."""
    if b"\0" in part[:100]:
        message = f"El archivo usa una codificación que no se puede leer. {SAVE_AS}"
        raise WorkbookError(message, kind="unreadable")
    if b"sheetData" not in part:
        return part
    columns, rows = {b""}, {b"0"}
    for reference in _REFERENCE.finditer(_EMPTY_ROW.sub(b"", part)):
        columns.add(reference[1])
        rows.add(reference[2])
    # Ten digits are beyond any sheet, and int() of thousands of them is refused.
    within(max(int(digits.lstrip(b"0")[:10] or 0) for digits in rows), max(_column(letters) for letters in columns))
    return _FORMULA_ERROR.sub(rb'\1t="str"', part) if b't="e"' in part else part


def _column(letters: bytes) -> int:
    """A → 1, AU → 47; names longer than Excel's own count as beyond every limit."""
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + letter - 64
    return number

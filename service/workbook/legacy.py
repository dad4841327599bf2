"""What the parser does not say of an old .xls: cells far away that would fill the memory, failed formulas, a password."""

import io
import struct
from collections.abc import Iterator

import olefile

from service.workbook import archive
from service.workbook.shapes import SAVE_AS, WorkbookError

_BOUNDSHEET, _BOF, _FORMULA, _BOOLERR, _FILEPASS, _EOF = 0x85, 0x809, 0x06, 0x205, 0x2F, 0x0A
# Cells: blank, labels, numbers, several in a row (whose first four bytes say the same), formulas.
_CELLS = {0x201, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xBE, 0xD6, 0xFD, 0x06}
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_NO_NUMBER, _IS_ERROR = 0xFFFF, 2


def failed(content: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """The names of the errors in each sheet, by row and column from 0.

    Raises:
        WorkbookError: protected, too large, or no spreadsheet.
        OSError: it is no such file.

    """
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise WorkbookError(archive.PROTECTED, kind="unreadable")
    with olefile.OleFileIO(io.BytesIO(content)) as file:
        stream = next((name for name in ("Workbook", "Book") if file.exists(name)), None)
        if stream is None:
            raise WorkbookError(f"El archivo no es un libro de Excel. {SAVE_AS}", kind="unreadable")
        body: bytes = file.openstream(stream).read()
    sheets = dict[int, str]()
    found = dict[str, dict[tuple[int, int], str]]()
    current: dict[tuple[int, int], str] = {}
    last_row = last_column = 0
    for position, kind, data in _records(body):
        if kind == _FILEPASS:
            raise WorkbookError(archive.PROTECTED, kind="unreadable")
        if kind == _BOUNDSHEET:
            sheets[struct.unpack_from("<I", data)[0]] = _name(data)
        elif kind == _BOF:
            current = found.setdefault(sheets.get(position, ""), {})
            last_row = last_column = 0
        elif kind in _CELLS and len(data) >= 4:  # noqa: PLR2004 — row and column
            row, column = struct.unpack_from("<HH", data)
            last_row, last_column = max(last_row, row + 1), max(last_column, column + 1)
            error = _error(kind, data)
            if error:
                current[row, column] = error
        elif kind == _EOF:
            archive.within(last_row, last_column)
    return found


def _records(body: bytes) -> Iterator[tuple[int, int, bytes]]:
    position = 0
    while position + 4 <= len(body):
        kind, length = struct.unpack_from("<HH", body, position)
        yield position, kind, body[position + 4 : position + 4 + length]
        position += 4 + length


def _name(data: bytes) -> str:
    """A sheet's name: its length, whether its letters take two bytes, its letters."""
    length, wide = data[6], data[7] & 1
    return data[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", errors="replace")


def _error(kind: int, data: bytes) -> str:
    if kind == _FORMULA and len(data) >= 14 and data[6] == _IS_ERROR and struct.unpack_from("<H", data, 12)[0] == _NO_NUMBER:  # noqa: PLR2004 — the whole result
        return _ERRORS.get(data[8], "#VALUE!")
    if kind == _BOOLERR and len(data) >= 8 and data[7]:  # noqa: PLR2004 — the whole cell
        return _ERRORS.get(data[6], "#VALUE!")
    return ""

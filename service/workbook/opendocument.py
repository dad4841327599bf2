"""What the parser does not say of an .ods: how far its tables reach once repetitions are laid out, merged cells, failed formulas."""

from typing import Any
from xml.parsers import expat

import msgspec

from service.workbook.shapes import Merged

_CELLS = {"table:table-cell", "table:covered-table-cell"}


class Spread(msgspec.Struct):
    """A table: its last row and column that hold anything, its merged cells, and the errors of its formulas."""

    name: str
    rows: int = 0
    columns: int = 0
    merged: list[Merged] = []
    errors: dict[tuple[int, int], str] = {}


class _Survey:
    def __init__(self) -> None:
        self.tables: list[Spread] = []
        self.depth = 0
        self.row = self.column = self.repeated = self.wide = 0
        self.filled = self.failed = False
        self.text = ""

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "table:table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(Spread(given.get("table:name", "")))
                self.row = 0
        elif self.depth != 1:
            return
        elif name == "table:table-row":
            self.column, self.repeated = 0, _times(given, "table:number-rows-repeated")
        elif name in _CELLS:
            self.wide = _times(given, "table:number-columns-repeated")
            self.filled = "office:value-type" in given
            self.failed = given.get("calcext:value-type") == "error"
            self.text = ""
            down, right = _times(given, "table:number-rows-spanned"), _times(given, "table:number-columns-spanned")
            if down > 1 or right > 1:
                last = (self.row + down - 1, self.column + right - 1)
                self.tables[-1].merged.append(((self.row, self.column), last))
        elif name == "text:p":
            self.filled = True

    def say(self, text: str) -> None:
        if self.failed:
            self.text += text

    def end(self, name: str) -> None:
        if name == "table:table":
            self.depth -= 1
        elif self.depth != 1:
            return
        elif name in _CELLS:
            table = self.tables[-1]
            if self.failed:
                table.errors[self.row, self.column] = self.text.strip() or "#VALUE!"
            self.column += self.wide
            if self.filled:
                table.rows, table.columns = max(table.rows, self.row + self.repeated), max(table.columns, self.column)
        elif name == "table:table-row":
            self.row += self.repeated


def _times(given: dict[str, str], name: str) -> int:
    text = given.get(name, "1")
    return int(text[:10]) if text.isascii() and text.isdecimal() else 1


def survey(content: bytes) -> list[Spread]:
    """How far each table of a document's content reaches.

    Raises:
        ValueError: it is no XML, or declares entities.

    """
    found = _Survey()
    parser: Any = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = found.start, found.end, found.say
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003 — the last piece
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return found.tables


def _refuse(*_: object) -> None:
    message = "a document type is none of a spreadsheet's business"
    raise ValueError(message)

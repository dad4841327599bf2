"""Any table as a workbook that opens right in Spanish Excel: texts as texts, numbers as numbers, dates as dates."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from service.settings import LIMA
from service.workbook.book import GREY, INK, PALE, Book

Cell = str | int | float | Decimal | bool | date | datetime | None
_NARROW, _WIDE = 9, 60
_ROUNDED_FROM = 10**15
_NO_DATES_BEFORE = 1900
_LONGEST = 32_767


class Table(msgspec.Struct, frozen=True):
    """A table and what stands above it: its title and notes (cut-off, filter…)."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


def table_sheet(title: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]], notes: Sequence[str] = ()) -> bytes:
    """An XLSX with the title, the notes (cut-off, filter…) below it, and the table, its header frozen and filterable."""
    return table_book(title, [Table(title, headers, rows, notes)])


def table_book(title: str, tables: Sequence[Table]) -> bytes:
    """An XLSX with a sheet for each table."""
    book = Book(title)
    for table in tables:
        _sheet(book, table)
    return book.close()


def _sheet(book: Book, table: Table) -> None:
    top = len(table.notes) + 2
    sheet = book.sheet(table.title, top)
    sheet.write_string(0, 0, table.title, book.look(bold=True, font_size=14, font_color=INK))
    for index, note in enumerate(table.notes, start=1):
        sheet.write_string(index, 0, note, book.look(italic=True, font_color=GREY))
    widths = [len(header) + 3 for header in table.headers]
    for column, header in enumerate(table.headers):
        sheet.write_string(top, column, header, book.header())
    for index, row in enumerate(table.rows):
        band = {"bg_color": PALE} if index % 2 else {}
        for column, value in enumerate(row):
            shown = _write(book, sheet, (top + 1 + index, column), value, band)
            widths[column] = max(widths[column], shown + 2)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width, _NARROW), _WIDE))
    sheet.freeze_panes(top + 1, 0)
    if table.headers:
        sheet.autofilter(top, 0, top + len(table.rows), len(table.headers) - 1)


def _write(book: Book, sheet: Any, at: tuple[int, int], value: Cell, band: dict[str, str]) -> int:
    """Write one cell by its type; returns how many characters it shows."""
    match value:
        case None | "":
            sheet.write_blank(*at, None, book.look(**band))
            return 0
        case bool():
            value = "Sí" if value else "No"
        case datetime() if value.year > _NO_DATES_BEFORE:
            local = value.astimezone(LIMA).replace(tzinfo=None) if value.tzinfo else value
            sheet.write_datetime(*at, local, book.look(num_format="dd/mm/yyyy hh:mm", align="left", **band))
            return 16
        case date() if value.year > _NO_DATES_BEFORE:
            sheet.write_datetime(*at, value, book.look(num_format="dd/mm/yyyy", align="left", **band))
            return 10
        case int() | float() | Decimal() if _exact(value):
            places = "#,##0" if value == int(value) else "#,##0.00"
            sheet.write_number(*at, value, book.look(num_format=places, **band))
            return len(f"{value:,.2f}")
    text = str(value)[:_LONGEST]
    sheet.write_string(*at, text, book.look(text_wrap=True, **band))
    return max(len(line) for line in text.split("\n"))


def _exact(number: float | Decimal) -> bool:
    """Whether a spreadsheet keeps the number as it is: beyond 15 digits it rounds, and such a number goes as text."""
    return math.isfinite(number) and -_ROUNDED_FROM < number < _ROUNDED_FROM

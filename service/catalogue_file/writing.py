"""The catalogue written: as a workbook, or one kind of item as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from service.aggregates import catalogue_content as cc
from service.catalogue_file import rules
from service.catalogue_file.layout import KINDS, SETTINGS, SHEETS, STEPS
from service.workbook.table import Cell, Table, table_book


def workbook(content: cc.Content, notes: Sequence[str] = ()) -> bytes:
    """The catalogue as an XLSX, a sheet for each kind."""
    return table_book("Catálogo", [_table(content, kind, notes) for kind in SHEETS])


def separated(content: cc.Content, kind: str) -> bytes:
    """One kind as CSV for a spreadsheet: everything quoted, nothing that it would take for a formula."""
    table, text = _table(content, kind), io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(table.headers)
    writer.writerows([_safe(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _safe(cell: Cell) -> str:
    text = f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell if cell is not None else "")
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "'"} else text


def _table(content: cc.Content, kind: str, notes: Sequence[str] = ()) -> Table:
    title, columns = SHEETS[kind]
    headers = [header for _, header in columns]
    if kind == "settings":
        return Table(title, headers, [(name, _setting(content, *where)) for name, where in SETTINGS.items()], notes)
    if kind == "rules":
        return Table(title, headers, [[rules.cell(rule, field) for field, _ in columns] for rule in content.rules], notes)
    rows = [[_cell(item, field) for field, _ in columns] for item in getattr(content, kind)]
    return Table(title, headers, rows, notes)


def _setting(content: cc.Content, part: str, field: str) -> str:
    return str(getattr(getattr(content, part), field))


def _cell(item: Any, field: str) -> Cell:
    if field == "state":
        return "Vigente"
    value = getattr(item, field)
    if field in {"levels", "aliases"}:
        return "; ".join(value)
    if field == "quarter":
        return value or None
    words: dict[str, Mapping[Any, str]] = {"step": STEPS, "kind": KINDS}
    return words[field][value] if field in words else value

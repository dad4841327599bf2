"""The sheet of an exported plan that says which targets are no longer those of version 1, and why."""

from collections.abc import Sequence
from decimal import Decimal

from service.workbook.book import Book
from service.workbook.shapes import MONTHS, Original

ORIGINAL = "Meta original del año"


def write_originals(book: Book, originals: Sequence[Original]) -> None:
    """The targets that amendments moved: month by month as approved first, the year's sum then and now, and why."""
    sheet = book.sheet("Metas originales", 0)
    heads = (
        "Id. tarea",
        "Tarea",
        "Unidad de medida",
        *(f"{month} original" for month in MONTHS),
        ORIGINAL,
        "Meta vigente",
        "Por qué",
    )
    for column, head in enumerate(heads):
        sheet.set_column(column, column, {1: 44, 2: 16, len(heads) - 1: 80}.get(column, 11))
        sheet.write_string(0, column, head, book.header())
    wrapped, number = book.look(text_wrap=True), book.look()
    for row, each in enumerate(originals, start=1):
        for column, text in enumerate((each.key, each.task, each.unit)):
            sheet.write_string(row, column, text, wrapped)
        for column, amount in enumerate((*each.months, sum(each.months, Decimal(0))), start=3):
            sheet.write_number(row, column, amount, number)
        if each.current is None:
            sheet.write_string(row, len(heads) - 2, "retirada", wrapped)
        else:
            sheet.write_number(row, len(heads) - 2, each.current, number)
        sheet.write_string(row, len(heads) - 1, each.why, wrapped)

"""A workbook being written: the same looks, paper and properties in every file, and the same bytes for the same content."""

import io
from datetime import UTC, datetime
from typing import Any

INK = "#1f3a5f"
PALE = "#e9eef5"
GREY = "#6c757d"
_A4 = 9
# The file's own date would make every export differ; what it shows is dated in its notes.
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_BASE = {"font_name": "Calibri", "font_size": 11, "valign": "top"}


class Book:
    """A workbook in memory with its cell formats by name; `close` gives the bytes."""

    def __init__(self, title: str) -> None:
        import xlsxwriter  # noqa: PLC0415 — as long to load as a workbook to read, and only needed where one is written

        self._bytes = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(self._bytes, {"in_memory": True})
        self.workbook.set_properties({"title": title, "author": "Quipu", "created": _MADE})
        self._formats: dict[str, Any] = {}

    def look(self, **properties: object) -> Any:
        """The format with these properties, made once."""
        name = repr(sorted(properties.items()))
        if name not in self._formats:
            self._formats[name] = self.workbook.add_format({**_BASE, **properties})
        return self._formats[name]

    def header(self) -> Any:
        return self.look(
            bold=True, font_color="white", bg_color=INK, text_wrap=True, valign="vcenter", border=1, border_color=INK
        )

    def sheet(self, name: str, header_row: int) -> Any:
        """A sheet for A4 landscape, one page wide, with everything down to the header row frozen and repeated on paper."""
        sheet = self.workbook.add_worksheet(_sheet_name(name))
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&A&RPágina &P de &N")
        sheet.repeat_rows(header_row)
        sheet.hide_gridlines(2)
        return sheet

    def close(self) -> bytes:
        self.workbook.close()
        return self._bytes.getvalue()


def _sheet_name(title: str) -> str:
    """Excel takes 31 characters and not all signs."""
    allowed = "".join(" " if each in "[]:*?/\\" else each for each in title)
    return " ".join(allowed.split())[:31].strip(" '") or "Hoja1"

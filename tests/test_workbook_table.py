"""Any table as a workbook: texts, numbers and dates arrive as what they are."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

from python_calamine import CalamineWorkbook

from service import workbook

HEADERS = ("UGEL", "Avance %", "Vence", "Registrado", "Cumplido", "Nota")
ROWS = (
    ("Río Ene - Mantaro", Decimal("1234.5"), date(2026, 9, 30), datetime(2026, 11, 23, 15, 42, tzinfo=UTC), True, None),
    ("Ñahuimpuquio", 7, None, None, False, '=HYPERLINK("x")'),
)


def sheet(content: bytes) -> list[list[object]]:
    """The cells of the only sheet."""
    return [list(row) for row in CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).iter_rows()]


def test_cells_keep_their_kind() -> None:
    """Accents, decimals, dates and Lima's clock are right, a formula-like text stays text, and blanks are blank."""
    cells = sheet(workbook.table_sheet("Balance 2026", HEADERS, ROWS, ("Corte: hecho n.º 214",)))
    assert cells[0][0] == "Balance 2026"
    assert cells[1][0] == "Corte: hecho n.º 214"
    assert cells[3] == list(HEADERS)
    assert cells[4] == ["Río Ene - Mantaro", 1234.5, date(2026, 9, 30), datetime(2026, 11, 23, 10, 42), "Sí", ""]  # noqa: DTZ001 — a cell's time has no zone
    assert cells[5] == ["Ñahuimpuquio", 7, "", "", "No", '=HYPERLINK("x")']


def test_the_same_table_is_the_same_file() -> None:
    """Same inputs give the same bytes, so that a hash can stand for the file."""
    assert workbook.table_sheet("T", HEADERS, ROWS) == workbook.table_sheet("T", HEADERS, ROWS)


def test_any_title_names_a_sheet() -> None:
    """Signs that Excel refuses and long titles do not break the file."""
    content = workbook.table_sheet("[Balance] 2026: metas/avance * región " * 3, ("A",), ())
    name = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names[0]
    assert name == "Balance 2026 metas avance regió"


def test_a_number_beyond_fifteen_digits_is_not_rounded() -> None:
    """A spreadsheet would change it, so it goes as text; so does what is no number."""
    long = 12345678901234567890
    assert sheet(workbook.table_sheet("T", ("A",), ((long,), (Decimal("NaN"),))))[3:] == [[str(long)], ["NaN"]]


def test_the_table_prints_on_paper() -> None:
    """A4 landscape, one page wide, its header on every page and frozen on screen."""
    with zipfile.ZipFile(io.BytesIO(workbook.table_sheet("T", ("A",), (("x",),)))) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'paperSize="9"' in xml
    assert 'orientation="landscape"' in xml
    assert 'state="frozen"' in xml

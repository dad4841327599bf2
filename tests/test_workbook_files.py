"""Files that are no plan's workbook, or want to do harm: one sentence that says what to do, within small time and memory."""

import io
import struct
import time
import zipfile
from collections.abc import Iterator
from functools import partial

import pytest
import xlsxwriter

from service import workbook
from tests import workbooks

SHEET = "xl/worksheets/sheet1.xml"


def refused(content: bytes) -> workbook.WorkbookError:
    """The error with which the file is refused."""
    with pytest.raises(workbook.WorkbookError) as caught:
        workbook.check(content, "archivo.xlsx")
    assert caught.value.message.endswith(".")
    return caught.value


def archive(parts: dict[str, bytes]) -> bytes:
    """A zip with these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in parts.items():
            target.writestr(name, body)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "está vacío"),
        (b"%PDF-1.7 ...", "no es un libro de Excel"),
        (b"PK\x03\x04 broken", "dañado"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "dañado"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protegido con contraseña"),
        (archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "no es un libro de Excel"),
        (archive({"xl/workbook.xml": b"<workbook"}), "dañado"),
    ],
    ids=["empty", "pdf", "broken", "xls", "password", "ods", "no-sheets"],
)
def test_what_is_not_a_workbook_is_unreadable(content: bytes, said: str) -> None:
    """The message names the kind of file where it can, and always what to do."""
    error = refused(content)
    assert error.kind == "unreadable"
    assert said in error.message


def test_a_truncated_workbook_is_unreadable() -> None:
    """An upload cut in half is refused, wherever it was cut."""
    whole = workbooks.ceplan(5)
    for cut in range(10, len(whole), len(whole) // 20):
        assert refused(whole[:cut]).kind == "unreadable"


def spoil(at: int, body: bytes) -> bytes:
    """The part with two bytes at `at` that no XML holds."""
    return body[:at] + b"\xff<" + body[at + 2 :]


def test_a_damaged_workbook_never_breaks_the_reader() -> None:
    """Whatever single byte of a sheet is damaged, the answer is a dry run or a sentence."""
    whole = workbooks.ceplan(2)
    with zipfile.ZipFile(io.BytesIO(whole)) as source:
        size = len(source.read(SHEET))
    answers: list[str] = []
    for at in range(0, size, max(1, size // 150)):
        spoilt = workbooks.patched(whole, SHEET, partial(spoil, at))
        try:
            answers.append(workbook.check(spoilt, "x.xlsx").layout)
        except workbook.WorkbookError as error:
            answers.append(error.kind)
    assert set(answers) <= {"ceplan", "unreadable", "unrecognised", "too-large"}


def test_a_file_above_ten_megabytes_is_too_large() -> None:
    """Its size is said, and nothing of it is opened."""
    error = refused(b"PK\x03\x04" + b"x" * 12_300_000)
    assert error.kind == "too-large"
    assert "12,3 MB" in error.message


def test_an_archive_that_swells_is_too_large() -> None:
    """A small file that would fill 300 MB is refused before it is unpacked."""
    bomb = workbooks.bomb()
    assert len(bomb) < 1_000_000
    start = time.monotonic()
    assert refused(bomb).kind == "too-large"
    assert time.monotonic() - start < 1


def test_an_archive_that_lies_about_its_size_is_unreadable() -> None:
    """A part that declares 1 kB and holds 30 MB stops at what it declared."""
    bomb = bytearray(archive({"xl/workbook.xml": b" " * 30_000_000}))
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = struct.pack("<I", 1_000)
    bomb[22:26] = struct.pack("<I", 1_000)
    assert refused(bytes(bomb)).kind == "unreadable"


def test_one_cell_in_the_far_corner_is_too_large() -> None:
    """A sheet that reaches the last row and column would fill the memory as a rectangle; it is refused while still text."""
    for reference in (b"XFD1048576", b"XFD0000000000001048576", b"A99999999999", b"ZZZZZZZZ9"):
        far = b'<c r="%s"><v>1</v></c></row></sheetData>' % reference
        content = workbooks.replaced(workbooks.ceplan(2), SHEET, b"</row></sheetData>", far)
        error = refused(content)
        assert error.kind == "too-large"
        assert "Borre las filas y columnas vacías" in error.message


def test_an_empty_last_row_is_harmless() -> None:
    """Some spreadsheet programs write the last possible row without cells."""
    last = b'<row r="1048576" hidden="false"></row></sheetData>'
    content = workbooks.replaced(workbooks.ceplan(3), SHEET, b"</sheetData>", last)
    assert len(workbook.check(content, "x.xlsx").tasks) == 3


def test_a_hundred_thousand_blank_rows_are_passed_over() -> None:
    """Rows with nothing but format are no tasks, and cost no more than a moment."""
    blank = b"".join(
        b'<row r="%d"><c r="A%d" s="1"/><c r="AD%d" t="str"><v> </v></c></row>' % (n, n, n) for n in range(5, 100_005)
    )
    content = workbooks.replaced(workbooks.ceplan(3), SHEET, b"</sheetData>", blank + b"</sheetData>")
    start = time.process_time()
    dry = workbook.check(content, "x.xlsx")
    assert (dry.totals.rows, len(dry.tasks), dry.errors) == (3, 3, ())
    assert time.process_time() - start < 3


def test_more_rows_than_any_plan_are_too_large() -> None:
    """Twenty thousand rows with data are no plan of a year; the reader stops there."""
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(5, 20_010))
    error = refused(workbooks.replaced(workbooks.ceplan(3), SHEET, b"</sheetData>", rows + b"</sheetData>"))
    assert error.kind == "too-large"
    assert "filas con datos" in error.message


def test_a_workbook_without_plan_is_unrecognised() -> None:
    """A book with other columns is sent to the template."""
    error = refused(workbooks.matrix([{"Nombre": "Rosa"}], ("Nombre", "DNI")))
    assert error.kind == "unrecognised"
    assert "plantilla" in error.message


def test_an_empty_workbook_is_unrecognised() -> None:
    """A new, blank book says so."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    book.add_worksheet()
    book.close()
    assert "no tiene datos" in refused(content.getvalue()).message


def test_missing_columns_are_listed() -> None:
    """A plan that lacks columns hears which ones."""
    error = refused(workbooks.ceplan(2, without=("UM_TAREA", "OEI")))
    assert error.kind == "unrecognised"
    assert error.message == "A la hoja «Hoja1» le faltan estas columnas: «OEI», «UM_TAREA». Agréguelas y vuelva a subirlo."


def test_a_header_without_rows_says_there_are_no_tasks() -> None:
    """A recognised sheet with nothing in it is one clear error."""
    dry = workbook.check(workbooks.ceplan(0), "x.xlsx")
    assert [each.message.split(".")[0] for each in dry.errors] == ["No hay tareas en la hoja"]


def test_the_sheet_and_the_header_are_found_wherever_they_are() -> None:
    """A cover sheet and a title above the header do no harm; rows keep the numbers they have in the sheet."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    book.add_worksheet("Carátula").write_string(0, 0, "POI 2026")
    page = book.add_worksheet("Matriz")
    page.write_string(0, 3, "PLAN OPERATIVO INSTITUCIONAL")
    for column, header in enumerate(workbooks.HEADERS, start=2):
        page.write_string(4, column, header.upper().replace("Ó", "O"))
        page.write(5, column, workbooks.row(1)[header])
    book.close()
    dry = workbook.check(content.getvalue(), "x.xlsx")
    assert (dry.sheet, [task.row for task in dry.tasks]) == ("Matriz", [6])


def test_a_repeated_column_is_pointed_out() -> None:
    """Of two columns with one name the first is read, and a warning says so."""
    rows: Iterator[dict[str, object]] = (workbooks.row(index) for index in range(1, 3))
    dry = workbook.check(workbooks.matrix(list(rows), (*workbooks.HEADERS, "ENE ")), "x.xlsx")
    assert any("«ENE» está repetida" in each.message for each in dry.warnings)


def test_nothing_in_a_file_is_evaluated() -> None:
    """A formula counts by the value it was saved with, and text that looks like one stays text."""
    dry = workbook.check(workbooks.ceplan(2, {(3, "TAREAS_V2"): "=1+1"}), "x.xlsx")
    again = workbook.check(workbook.export_plan(dry.lines, dry.activities, dry.tasks), "x.xlsx")
    assert dry.tasks[1].name == again.tasks[1].name == "=1+1"

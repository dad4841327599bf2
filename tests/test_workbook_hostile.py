"""Workbooks that were made by mistake or with a purpose: each gets its sentence, within small time and memory."""

import io
import sys
import time
import zipfile
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.table import TableCell, TableRow
from odf.text import P

from service import workbook
from service.workbook import apart, bounded, legacy, marking
from tests import workbooks
from tests.test_workbook_foreign import QUARTERLY, ods, quarterly, text, xls, xlsx

SHEET = "xl/worksheets/sheet1.xml"


def refused(content: bytes, name: str = "plan.xlsx") -> workbook.WorkbookError:
    """The error with which the file is refused, in little time."""
    begin = time.process_time()
    with pytest.raises(workbook.WorkbookError) as caught:
        workbook.check(content, name)
    assert time.process_time() - begin < 3
    assert caught.value.message.endswith(".")
    return caught.value


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    """The same archive with more parts."""
    done = io.BytesIO(content)
    with zipfile.ZipFile(done, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return done.getvalue()


def encrypted() -> bytes:
    """An .xls whose first records say that the rest needs a password."""
    whole = xls(QUARTERLY)
    start = whole.index(b"\x09\x08\x10\x00\x00\x06")
    length = 4 + int.from_bytes(whole[start + 2 : start + 4], "little")
    filepass = b"\x2f\x00\x06\x00\x00\x00\x00\x00\x00\x00"
    return whole[: start + length] + filepass + whole[start + length + len(filepass) :]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><table><tr><td>Actividad</td></tr></table></html>", "es una página web"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><body>", "es una página web"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "es una página web"),
        (b"%PDF-1.7\n\x00\x00", "ni un texto CSV"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "ni un texto CSV"),
        (b"Actividad;Tarea;UM;T1\n" + b'"' + b"x" * 40_000, "una comilla sin cerrar"),
        (b",".join([b"x"] * 5_000), "5000 columnas"),
        (encrypted(), "protegido con contraseña"),
        (xls(QUARTERLY)[:3_000], "dañado"),
        (with_parts(b"", {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a"}), "dañado"),
        (
            with_parts(
                b"",
                {
                    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                    "content.xml": b"<a/>",
                    "META-INF/manifest.xml": b"<manifest:encryption-data/>",
                },
            ),
            "protegido con contraseña",
        ),
        (with_parts(b"", {"xl/workbook.bin": b"\0"}), "libro binario de Excel (.xlsb)"),
    ],
    ids=[
        *("html", "html-bom", "xml-2003", "pdf", "png", "open-quote", "wide", "xls-password", "xls-cut", "ods-broken"),
        *("ods-password", "xlsb"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    """The kind of file is named where it shows, and always what to do."""
    assert said in refused(content, "plan.xls").message


def test_a_billion_laughs_are_not_heard() -> None:
    """A document that declares entities is refused before any is expanded."""
    laugh = b'<!DOCTYPE a [<!ENTITY a "ja"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
    parts = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": laugh}
    assert "dañado" in refused(with_parts(b"", parts)).message


@pytest.mark.parametrize("filled", [True, False])
def test_rows_that_an_open_document_repeats(filled: bool) -> None:  # noqa: FBT001 — a case
    """A million blank rows at the end are nothing; a million filled ones, or one cell after them, are too much."""
    row = TableRow(numberrowsrepeated=1_000_000)
    cell = TableCell(numbercolumnsrepeated=16_000, **({"valuetype": "string"} if filled else {}))
    if filled:
        cell.addElement(P(text="x"))
    row.addElement(cell)
    content = ods(QUARTERLY, row)
    if filled:
        assert refused(content).kind == "too-large"
    else:
        quarterly(workbook.check(content, "x.ods"))
        last = TableRow()
        last.addElement(TableCell(valuetype="float", value="1"))
        assert refused(ods(QUARTERLY, row, last)).kind == "too-large"


def test_one_far_cell_of_an_old_workbook() -> None:
    """An .xls that reaches its last row and column is refused by its records, before it is laid out."""
    book, content = xlwt.Workbook(), io.BytesIO()
    page = book.add_sheet("Cuadro")
    page.write(0, 0, "x")
    page.write(65_535, 255, 1)
    book.save(content)
    assert refused(content.getvalue()).kind == "too-large"


def failed_xls() -> bytes:
    """An .xls with a failed formula in a month, as its records keep it."""
    book, content = xlwt.Workbook(), io.BytesIO()
    page = book.add_sheet("Cuadro")
    for number, cells in enumerate(QUARTERLY):
        for column, value in enumerate(cells):
            if (number, column) != (1, 3):
                page.write(number, column, value)
    page.row(1).set_cell_error(3, "#REF!")
    book.save(content)
    return content.getvalue()


def failed_ods() -> bytes:
    """An .ods with a failed formula, as LibreOffice keeps it."""
    whole = ods([*QUARTERLY, ("B", "Tres", "Acta", "MARCA", 1, 1, 1)])

    def change(body: bytes) -> bytes:
        start = body.rindex(b"<table:table-cell", 0, body.index(b"MARCA"))
        cell = (
            b'<table:table-cell table:formula="of:=[.#REF!]" office:value-type="string" calcext:value-type="error"><text:p>#REF!'
        )
        return body[:start] + cell + body[body.index(b"MARCA") + 5 :]

    return workbooks.patched(whole, "content.xml", change)


@pytest.mark.parametrize(("content", "cell"), [(failed_xls(), "D2"), (failed_ods(), "D4")], ids=["xls", "ods"])
def test_a_failed_formula_is_never_a_blank(content: bytes, cell: str) -> None:
    """The parser leaves such a cell blank, which would count as 0: it is an error at its cell."""
    dry = workbook.check(content, "x")
    assert [(each.cell, "fórmula que da error (#REF!)" in each.message) for each in dry.errors] == [(cell, True)]


def test_the_names_of_errors_in_spanish() -> None:
    """A text from a Spanish spreadsheet says #¡REF! or #N/D."""
    rows = [*QUARTERLY, ("B", "Tres", "Acta", "#¡REF!", "#N/D", "", "")]
    dry = workbook.check(text(rows).encode(), "x.csv")
    assert [each.cell for each in dry.errors] == ["D4", "E4"]


def test_macros_are_left_alone_and_said_so() -> None:
    """The values of an .xlsm are read; what it would run is neither run nor kept."""
    content = with_parts(workbooks.ceplan(3), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    dry = workbook.check(content, "plan.xlsm")
    assert len(dry.tasks) == 3
    assert any("macros" in note for note in dry.notes)


def test_the_wrong_sheet_does_not_hide_the_right_one() -> None:
    """A hidden sheet comes last, a cover is passed over; without any plan the sentence sends to the template."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    old, cover, page = (book.add_worksheet(name) for name in ("Viejo", "Carátula", "Plan"))
    old.hide()
    page.activate()
    page.set_first_sheet()
    cover.write(0, 0, "PLAN 2027")
    for sheet, name in ((old, "Vieja"), (page, "Nueva")):
        for number, cells in enumerate([*QUARTERLY, ("B", name, "Acta", 1, 1, 1, 1)]):
            sheet.write_row(number, 0, cells)
    book.close()
    dry = workbook.check(content.getvalue(), "x.xlsx")
    assert (dry.sheet, dry.tasks[-1].name) == ("Plan", "Nueva")
    wrong = xlsx([("DNI", "Nombre", "Cargo", "Sueldo"), ("1", "Rosa", "Jefe", 1)])
    assert "Ninguna hoja tiene las columnas de un plan" in refused(wrong).message


def test_duplicate_codes_are_no_identity() -> None:
    """Two tasks with one code are two tasks."""
    rows = [("Actividad", "Código de tarea", "Tarea", "UM", "T1"), ("A", "T.1", "Uno", "Acta", 1), ("A", "T.1", "Dos", "Acta", 2)]
    assert [each.name for each in workbook.check(xlsx(rows), "x.xlsx").tasks] == ["Uno", "Dos"]


def test_emoji_are_letters_and_controls_are_not() -> None:
    """A name may smile; NUL, a bell and a mark that turns the writing round are errors at their cells, shown harmlessly."""
    rows = [*QUARTERLY, ("B", "Visitar 🏫", "Acta", 1, 1, 1, 1)]
    assert workbook.check(xlsx(rows), "x.xlsx").tasks[-1].name == "Visitar 🏫"
    for sign in ("\0", "\x07", "\u202e"):
        spoilt = text([*QUARTERLY, ("B", f"Vi{sign}sitar", "Acta", 1, 1, 1, 1)]).encode()
        (error,) = workbook.check(spoilt, "x.csv").errors
        assert (error.cell, error.value) == ("B4", "Vi�sitar")


def test_negative_and_fractional_targets() -> None:
    """Less than nothing is an error, also in brackets; a fraction has four decimals at most."""
    rows = [*QUARTERLY, ("B", "Tres", "Acta", -1, "(2)", 0.33333, 0.5)]
    dry = workbook.check(xlsx(rows), "x.xlsx")
    assert [each.cell for each in dry.errors] == ["D4", "E4", "F4"]


def test_a_file_is_read_by_another_process() -> None:
    """The answer is the same as in this one, and so is the sentence of a refusal."""
    content = xlsx(QUARTERLY)
    assert apart.read(content, "x.xlsx") == workbook.read(content, "x.xlsx")
    with pytest.raises(workbook.WorkbookError, match="está vacío"):
        apart.read(b"", "x.xlsx")


def test_who_asks_for_more_than_any_plan_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that takes too long, or dies, is a sentence for its sender and nothing to anybody else."""
    monkeypatch.setattr(bounded, "PATIENCE", 0.01)
    with pytest.raises(workbook.WorkbookError, match="demasiado grande o complejo"):
        apart.read(xlsx(QUARTERLY), "x.xlsx")
    monkeypatch.setattr(bounded, "PATIENCE", 20)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(workbook.WorkbookError, match="demasiado grande o complejo"):
        apart.read(xlsx(QUARTERLY), "x.xlsx")


def test_the_names_of_sheets_in_an_old_workbook() -> None:
    """Errors are found in the sheet they stand in."""
    assert legacy.failed(failed_xls()) == {"": {}, "Cuadro": {(1, 3): "#REF!"}}


def marked(content: bytes, name: str = "x.xlsx") -> openpyxl.Workbook:
    """The workbook with its wrong cells marked."""
    return openpyxl.load_workbook(io.BytesIO(marking.mark(content, workbook.check(content, name))))


def test_the_senders_own_workbook_comes_back_marked() -> None:
    """Its sheets, formulas and widths are as they were; the wrong cell has another colour and the sentence beside it."""
    content = workbooks.ceplan(3, {(3, "ENE "): "doce"})
    book = marked(content)
    assert book.sheetnames == ["Hoja1", "Revisión"]
    sheet = book["Hoja1"]
    assert sheet["AI3"].fill.fgColor.rgb == "FFF8C9CC"
    comment = sheet["AI3"].comment
    assert comment
    assert "debe ser un número" in comment.text
    assert sheet["AI4"].fill.fill_type is None
    assert str(sheet["AU4"].value).startswith("=SUM(")
    assert [cell.value for cell in book["Revisión"][2]][:3] == ["AI3", "ENE", "Error"]


@pytest.mark.parametrize("make", [xls, ods, lambda rows: text(rows).encode()], ids=["xls", "ods", "csv"])
def test_another_kind_of_file_comes_back_as_a_marked_xlsx(make: Any) -> None:
    """The cells are where they were; a text that looks like a formula is still a text."""
    book = marked(make([*QUARTERLY, ("=1+1", "Tres", "", 1, 1, 1, 1)]))
    sheet = book.worksheets[0]
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("=1+1", "s")
    comment = sheet["C4"].comment
    assert comment
    assert "Falta la unidad de medida" in comment.text


def test_a_wrong_merged_cell_is_marked_where_it_shows() -> None:
    """Of merged cells only the first one shows: it gets the colour and the sentence once."""
    rows = [QUARTERLY[0], ("A", "Uno", "Acta", 5, 0, 0, 0), ("A", "Dos", "Acta", "", 1, 0, 0)]
    sheet = marked(xlsx(rows, [(1, 3, 2, 3)])).worksheets[0]
    comment = sheet["D2"].comment
    assert comment
    assert comment.text.count("combinada") == 1

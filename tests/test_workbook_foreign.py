"""Workbooks that somebody else designed: other words, two header rows, merged cells, quarters, other kinds of file."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from service import workbook
from service.workbook import numbers
from service.workbook.shapes import MONTHS

Rows = Sequence[Sequence[Any]]
QUARTERLY = (
    ("Actividad", "Tarea", "U.M.", "I Trimestre", "II TRIM.", "3er trimestre", "T4"),
    ("Monitorear", "Visitar", "Visita", 10, 0, 1.5, 3),
    ("", "Informar", "Informe", "", 2, "", ""),
)
MONTHLY = (
    ("Línea de acción", "Actividades", "Tareas", "Unidad de medida", *(month.title() for month in MONTHS), "Meta anual"),
    ("M1 Monitoreo", "Monitorear", "Visitar", "Visita", *range(12), 66),
)


def xlsx(rows: Rows, merges: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """The rows in a new .xlsx; merged cells are (first row, first column, last row, last column) from 0."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "mmm-yy"})
    page = book.add_worksheet("Cuadro")
    for number, cells in enumerate(rows):
        for column, value in enumerate(cells):
            page.write(number, column, value)
    for first, left, last, right in merges:
        page.merge_range(first, left, last, right, rows[first][left])
    book.close()
    return content.getvalue()


def xls(rows: Rows) -> bytes:
    """The rows in an .xls as of 1997."""
    book, content = xlwt.Workbook(), io.BytesIO()
    page = book.add_sheet("Cuadro")
    for number, cells in enumerate(rows):
        for column, value in enumerate(cells):
            page.write(number, column, value)
    book.save(content)
    return content.getvalue()


def ods(rows: Rows, *more: Any) -> bytes:
    """The rows in an .ods, and what else is put below them."""
    document, content = OpenDocumentSpreadsheet(), io.BytesIO()
    table = Table(name="Cuadro")
    for cells in rows:
        row = TableRow()
        for value in cells:
            number = isinstance(value, int | float)
            cell = TableCell(valuetype="float", value=str(value)) if number else TableCell(valuetype="string")
            cell.addElement(P(text=str(value)))
            row.addElement(cell if value != "" else TableCell())
        table.addElement(row)
    for each in more:
        table.addElement(each)
    document.spreadsheet.addElement(table)
    document.save(content)
    return content.getvalue()


def text(rows: Rows, separator: str = ";", decimal: str = ",") -> str:
    """The rows as a text with separators."""

    def shown(value: Any) -> str:
        return str(value).replace(".", decimal) if isinstance(value, float) else str(value)

    return "\r\n".join(separator.join(map(shown, cells)) for cells in rows)


def check(content: bytes, chosen: workbook.Mapping | None = None) -> workbook.DryRun:
    """A dry run without errors."""
    dry = workbook.check(content, "cuadro", chosen)
    assert dry.errors == ()
    return dry


def quarterly(dry: workbook.DryRun) -> None:
    """What `QUARTERLY` says, whatever the kind of file."""
    assert [(each.name, each.unit) for each in dry.tasks] == [("Visitar", "Visita"), ("Informar", "Informe")]
    assert [str(month) for month in dry.tasks[0].months] == ["3", "3", "4", "0", "0", "0", "0.5", "0.5", "0.5", "1", "1", "1"]
    assert [int(month) for month in dry.tasks[1].months] == [0] * 5 + [2] + [0] * 6
    assert len(dry.activities) == 1


@pytest.mark.parametrize("make", [xlsx, xls, ods])
def test_kinds_of_workbook(make: Callable[[Rows], bytes]) -> None:
    """An .xlsx, an .xls and an .ods with the same rows say the same."""
    quarterly(check(make(QUARTERLY)))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_texts_with_separators(separator: str, encoding: str) -> None:
    """A text in any of the encodings and separators of spreadsheets says the same."""
    rows = [
        *QUARTERLY,
        ("Capacitar a directores", "Reunión; taller, «ñandú»"[: 7 if separator != "\t" else None], "Acta", 1, 1, 1, 1),
    ]
    dry = check(text(rows, separator, "." if separator == "," else ",").encode(encoding))
    quarterly(
        workbook.DryRun(
            **{f: getattr(dry, f) for f in dry.__struct_fields__} | {"tasks": dry.tasks[:2], "activities": dry.activities[:1]}
        )
    )
    assert dry.tasks[2].name.startswith("Reunión")


def test_a_text_that_names_its_separator() -> None:
    """The first line that Excel writes for itself is no row of the plan, and still counts as one."""
    dry = check(("sep=|\r\n" + text(QUARTERLY, "|")).encode())
    assert [each.row for each in dry.tasks] == [3, 4]


def test_quarters_are_spread_by_a_rule_that_is_told() -> None:
    """Equal parts in the decimals of the target, what is left in the last month; the rule stands among the notes."""
    dry = check(xlsx(QUARTERLY))
    assert any("se reparte en partes iguales" in note for note in dry.notes)
    assert list(map(int, dry.tasks[0].months[:3])) == [3, 3, 4]


@given(st.integers(0, 10**9).map(Decimal) | st.decimals(0, 10**6, places=4).map(lambda each: each + 0))
def test_a_quarter_spread_is_still_the_quarter(target: Decimal) -> None:
    """Nothing is lost or invented: three months that add up, none negative, none with more decimals than the target."""
    months = numbers.spread(target)
    assert sum(months) == target
    assert months[0] == months[1] <= months[2]
    assert all(month == month.quantize(Decimal("0.0001")) for month in months)


def test_quarters_beside_their_months_are_compared() -> None:
    """Where a sheet has both, the quarter is the sum of its months or an error at its cell."""
    headers = ("Actividad", "Tarea", "Unidad", "Ene", "Feb", "Mar", "I Trim")
    rows = [
        ("Actividad", "Tarea", "Unidad de medida", *headers[3:]),
        ("A", "B", "Acta", 1, 2, 3, 6),
        ("A", "C", "Acta", 1, 2, 3, 7),
    ]
    dry = workbook.check(xlsx(rows), "x.xlsx")
    assert [(each.cell, "suman 6" in each.message) for each in dry.errors] == [("G3", True)]


def test_two_header_rows_with_merged_cells() -> None:
    """Quarters over months with their subtotals; texts merged over both rows; executed figures beside are not taken."""
    top = ["Actividad", "Tarea", "Unidad de medida", "I TRIMESTRE", "", "", "", "EJECUCIÓN", "", "OBS"]
    low = ["", "", "", "ENE", "FEB", "MAR", "Sub total", "ENE", "FEB", ""]
    rows = [("PLAN 2027",), top, low, ("A", "B", "Acta", 1, 2, 3, 6, 9, 9, "")]
    merges = [(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 6), (1, 7, 1, 8), (1, 9, 2, 9)]
    dry = check(xlsx(rows, merges))
    assert [int(month) for month in dry.tasks[0].months[:4]] == [1, 2, 3, 0]
    assert workbook.read(xlsx(rows, merges), "x").mapping.rows == 2


def test_two_header_rows_in_a_text() -> None:
    """A text has no merged cells: a heading counts for the blank ones on its right."""
    rows = [
        ("Actividad", "Tarea", "UM", "ENE", "", "FEB", ""),
        ("", "", "", "Prog", "Ejec", "Prog", "Ejec"),
        ("A", "B", "Acta", 4, 9, 5, 9),
    ]
    assert [int(month) for month in check(text(rows).encode()).tasks[0].months[:3]] == [4, 5, 0]


def test_months_as_dates() -> None:
    """Headers that a spreadsheet keeps as dates are months."""
    rows = [("Actividad", "Tarea", "Unidad de medida", date(2027, 1, 1), date(2027, 2, 1)), ("A", "B", "Acta", 4, 5)]
    assert [int(month) for month in check(xlsx(rows)).tasks[0].months[:3]] == [4, 5, 0]


def test_texts_merged_over_rows_count_for_each_of_them() -> None:
    """An activity merged over its tasks is the activity of all of them; an amount merged over them is nobody's."""
    rows = [
        (*QUARTERLY[0],),
        ("A", "Uno", "Acta", 1, 0, 0, 0),
        ("", "Dos", "", 2, "", "", ""),
        ("B", "Tres", "Acta", 5, 0, 0, 0),
        ("", "Cuatro", "Acta", "", 1, 0, 0),
    ]
    dry = check(xlsx(rows[:3], [(1, 0, 2, 0), (1, 2, 2, 2)]))
    assert [(each.name, each.unit) for each in dry.tasks] == [("Uno", "Acta"), ("Dos", "Acta")]
    spoilt = workbook.check(xlsx(rows, [(1, 2, 2, 2), (3, 3, 4, 3)]), "x.xlsx")
    assert [each.cell for each in spoilt.errors] == ["D4", "D5"]
    assert "está combinada con otras filas" in spoilt.errors[0].message


def test_merged_cells_of_an_open_document() -> None:
    """The parser says nothing of them; they count all the same."""
    first, second = TableRow(), TableRow()
    merged = TableCell(valuetype="string", numberrowsspanned="2")
    merged.addElement(P(text="Acta"))
    for row, cells in ((first, ("B", "Tres", merged, 1.0)), (second, ("B", "Cuatro", CoveredTableCell(), 2.0))):
        for value in cells:
            cell = value
            if isinstance(value, str):
                cell = TableCell(valuetype="string")
                cell.addElement(P(text=value))
            elif isinstance(value, float):
                cell = TableCell(valuetype="float", value=str(value))
            row.addElement(cell)
    dry = check(ods(QUARTERLY, first, second))
    assert [each.unit for each in dry.tasks] == ["Visita", "Informe", "Acta", "Acta"]


def test_titles_totals_and_repeated_headers_are_passed_over() -> None:
    """Rows that are no task are left out with their reason, not half read."""
    rows = [*QUARTERLY, ("ÁREA DE GESTIÓN PEDAGÓGICA", "", "", "", "", "", ""), QUARTERLY[0], ("", "TOTAL", "", 10, 2, 1.5, 3)]
    dry = check(xlsx(rows, [(3, 0, 3, 6)]))
    assert [(each.row, each.reason) for each in dry.skipped] == [
        (4, "Es un título dentro de la tabla."),
        (5, "Repite los encabezados."),
        (6, "Es una fila de totales."),
    ]


def test_a_line_without_its_kind() -> None:
    """A line's code may stand before its name; a kind that nothing tells is asked for, once chosen it holds for the sheet."""
    dry = check(xlsx(MONTHLY))
    assert dry.lines == (workbook.ImportedLine("M1", "misional", "Monitoreo"),)
    rows = (MONTHLY[0], ("Monitoreo", *MONTHLY[1][1:]))
    assert "Ajustar columnas" in workbook.check(xlsx(rows), "x.xlsx").errors[0].message
    mapping = workbook.read(xlsx(rows), "x.xlsx").mapping
    chosen = workbook.Mapping(**{f: getattr(mapping, f) for f in mapping.__struct_fields__} | {"kind": "S"})
    assert check(xlsx(rows), chosen).lines == (workbook.ImportedLine("Monitoreo", "soporte", "Monitoreo"),)


def test_without_tasks_each_activity_is_its_own() -> None:
    """A sheet of activities alone is read as activities with one task each, and says so."""
    rows = [("Actividad", "Unidad de medida", "T1", "T2"), ("A", "Acta", 1, 2), ("B", "Acta", 3, 4)]
    dry = check(xlsx(rows))
    assert [(each.activity_key, each.name) for each in dry.tasks] == [("#2", "A"), ("#3", "B")]
    assert any("una sola tarea" in note for note in dry.notes)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234.5", "1234.5"),
        ("1'234.50", "1234.50"),
        ("12.345.678", "12345678"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("'12", "12"),
        ("-", None),
        ("  ", None),
    ],
)
def test_amounts_as_people_write_them(written: str, amount: str | None) -> None:
    """Thousands and decimals in any of the usual ways, a dash for nothing."""
    assert numbers.amount(written, 10**9) == (None if amount is None else Decimal(amount))


def test_what_can_be_read_in_two_ways_is_decided_by_the_rest_of_the_file_or_by_a_person() -> None:
    """«1.234» is an error until another cell, or somebody, says what the dot means."""
    rows = [("Actividad", "Tarea", "Unidad de medida", "T1", "T2"), ("A", "B", "Acta", "1.234", "2")]
    assert [each.cell for each in workbook.check(xlsx(rows), "x.xlsx").errors] == ["D2"]
    dry = check(xlsx([*rows, ("A", "C", "Acta", "0,5", "")]))
    assert sum(dry.tasks[0].months) == 1236
    assert any("coma decimal" in note for note in dry.notes)
    mapping = workbook.read(xlsx(rows), "x.xlsx").mapping
    dot = workbook.Mapping(**{f: getattr(mapping, f) for f in mapping.__struct_fields__} | {"decimal": "."})
    assert sum(check(xlsx(rows), dot).tasks[0].months) == Decimal("3.234")


@settings(max_examples=200)
@given(
    st.decimals(0, 10**9, places=2),
    st.sampled_from([(".", ","), (",", "."), (" ", ","), (" ", "."), ("\u00a0", ","), ("'", ".")]),
)
def test_a_number_with_two_decimals_is_never_misread(value: Decimal, signs: tuple[str, str]) -> None:
    """Whatever the signs of thousands and decimals, the amount is the one that was written."""
    thousands, decimal = signs
    written = f"{value:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
    assert numbers.amount(written, 10**9) == value


def test_columns_are_chosen_by_hand() -> None:
    """A sheet whose words say nothing to us is read by the columns somebody chose, and recognised again by its header."""
    rows = [("Qué haremos", "Cómo", "Medida en", "Enero a marzo", "Resto"), ("A", "B", "Acta", 3, 1)]
    reading = workbook.read(xlsx(rows), "x.xlsx")
    assert (reading.dry, reading.missing) == (None, ("activity", "unit", "months"))
    assert reading.views[0].rows[0][1][:2] == ("Qué haremos", "Cómo")
    chosen = workbook.Mapping("otro", "Cuadro", 1, {"activity": 0, "task": 1, "unit": 2, "T1": 3, "T4": 4})
    again = workbook.read(xlsx(rows), "x.xlsx", chosen)
    assert again.dry
    assert again.how == "chosen"
    assert [int(month) for month in again.dry.tasks[0].months] == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    moved = xlsx([("Título",), (), *rows])
    known = workbook.read(moved, "x.xlsx", None, {again.fingerprint: chosen})
    assert (known.how, known.mapping.header, known.fingerprint) == ("remembered", 3, again.fingerprint)
    assert known.dry
    assert len(known.dry.tasks) == 1


def test_two_rows_of_one_exported_id_are_an_error() -> None:
    """A row copied with its id would change the same task twice: it is named, with what to do."""
    columns = ("Actividad", "Tarea", "Unidad de medida", "Ene", "Id. actividad", "Id. tarea")
    rows = [
        columns,
        ("A", "B", "Acta", 1, "120005-2027-1@9", "120005-2027-1@9"),
        ("A", "C", "Acta", 1, "120005-2027-1@9", "120005-2027-1@9"),
    ]
    dry = workbook.check(xlsx(rows), "x.xlsx")
    assert [(each.cell, "deje vacío su Id." in each.message) for each in dry.errors] == [("F3", True)]
    assert (dry.tasks[0].key, dry.tasks[0].base, dry.activities[0].base) == ("120005-2027-1", 9, 9)

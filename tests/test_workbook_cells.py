"""Wrong cells of a plan's workbook: each is named, with what is wrong and what to do, and nothing half-read passes."""

from datetime import datetime
from typing import Any

import pytest

from service import workbook
from tests import workbooks

GOOD = 3
ROW = 3


def only_error(changes: dict[tuple[int, str], Any]) -> workbook.Problem:
    """The one error of a small workbook with these changes."""
    dry = workbook.check(workbooks.ceplan(GOOD, changes), "poi.xlsx")
    assert len(dry.errors) == dry.totals.errors == 1
    assert not dry.importable
    assert ROW not in [task.row for task in dry.tasks]
    return dry.errors[0]


def test_the_workbook_without_changes_is_right() -> None:
    """What the other tests spoil is right before."""
    dry = workbook.check(workbooks.ceplan(GOOD), "poi.xlsx")
    assert dry.importable
    assert len(dry.tasks) == GOOD


def test_months_that_do_not_add_up_are_an_error_at_the_total() -> None:
    """The sum and the total are both said, at the cell of the total."""
    error = only_error({(ROW, "TOTAL "): 1019.5})
    assert error.cell == "AU3"
    assert error.message == "Los meses suman 18 y TOTAL dice 1\u00a0019,5. Corrija el mes equivocado o el total."


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("tres", "debe ser un número"),
        ("1,234", "puede leerse de dos maneras: 1234 o 1,234"),
        ("-2", "no puede ser negativo"),
        ("15/03/2026", "contiene una fecha escrita como texto"),
        ("3-mar", "contiene una fecha escrita como texto"),
        (-1, "no puede ser negativo"),
        (0.123456, "más de 4 decimales"),
        (5e12, "demasiado grande"),
        (True, "contiene un valor lógico"),
        ("#REF!", "tiene una fórmula que da error (#REF!)"),
    ],
)
def test_a_month_must_be_an_amount(value: object, said: str) -> None:
    """Text, a negative, too many decimals, a logical value or a failed formula is an error at its month."""
    error = only_error({(ROW, "MAR "): value})
    assert (error.cell, error.header) == ("AK3", "MAR")
    assert error.message.startswith("MAR ")
    assert said in error.message


def test_a_date_in_a_month_is_an_error() -> None:
    """A cell that a spreadsheet turned into a date holds no amount."""
    rows = [workbooks.row(1) | {"MAR ": datetime(2026, 3, 1)}]  # noqa: DTZ001 — a cell's date has no zone
    dry = workbook.check(workbooks.matrix(rows, workbooks.HEADERS), "poi.xlsx")
    assert [("contiene una fecha" in each.message, each.header) for each in dry.errors] == [(True, "MAR")]


@pytest.mark.parametrize("value", ["3", " 3 ", "3,0", "3.00", "'3"])
def test_a_number_kept_as_text_is_read(value: str) -> None:
    """A cell formatted as text that holds a plain number means that number."""
    dry = workbook.check(workbooks.ceplan(GOOD, {(ROW, "MAR "): value}), "poi.xlsx")
    assert dry.importable
    assert dry.tasks[1].months[2] == 3


def test_the_noise_of_computed_cells_is_not_an_error() -> None:
    """0.1 + 0.2 gives 0.30000000000000004 in a spreadsheet: the amount is 0.3 and the sum is exact."""
    row = dict.fromkeys(((ROW, month) for month in workbooks.MONTHS), 0) | {
        (ROW, "ENE "): 0.1 + 0.2,
        (ROW, "TOTAL "): 0.3,
    }
    dry = workbook.check(workbooks.ceplan(GOOD, row), "poi.xlsx")
    assert dry.importable
    assert str(dry.tasks[1].months[0]) == "0.3"


def test_blank_months_are_zero_and_a_blank_total_is_not_compared() -> None:
    """What is not written is not programmed; a total that is not written contradicts nothing."""
    row = dict.fromkeys(((ROW, month) for month in workbooks.MONTHS), "") | {(ROW, "DIC "): 4, (ROW, "TOTAL "): ""}
    dry = workbook.check(workbooks.ceplan(GOOD, row), "poi.xlsx")
    assert [int(month) for month in dry.tasks[1].months] == [0] * 11 + [4]


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0"])
def test_a_task_without_unit_is_an_error(blank: str) -> None:
    """A row that is not retired needs its unit of measure."""
    error = only_error({(ROW, "UM_TAREA"): blank})
    assert error.cell == "AE3"
    assert error.message.startswith("Falta la unidad de medida. Escríbala")


def test_a_task_without_activity_is_an_error() -> None:
    """A task belongs to an activity that has a name."""
    changes = dict.fromkeys(((row, "ACTIVIDAD OPERATIVA") for row in (2, 3, 4)), "")
    dry = workbook.check(workbooks.ceplan(GOOD, changes), "poi.xlsx")
    assert [each.cell for each in dry.errors] == ["U2", "U3", "U4"]
    assert dry.activities == ()


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\u202e", "\u200b", "\u2066", "\ufeff", "\u00ad", "\ue000"])
@pytest.mark.parametrize("header", ["TAREAS_V2", "UM_TAREA", "OBSERVACIÓN", "Centro de Costo", "COD_TAREA_V2"])
def test_invisible_and_control_characters_are_errors(sign: str, header: str) -> None:
    """NUL, controls, direction marks and zero-width signs are refused in their cell, and shown harmlessly."""
    changes = {(2, header): f"Ac{sign}ta"} if header == "Centro de Costo" else {(ROW, header): f"Ac{sign}ta"}
    dry = workbook.check(workbooks.ceplan(GOOD, changes), "poi.xlsx")
    assert [each.header for each in dry.errors] == [header]
    assert f"(U+{ord(sign):04X})" in dry.errors[0].message
    assert dry.errors[0].value == "Ac�ta"


def test_a_failed_formula_in_a_text_is_an_error() -> None:
    """The name of a task is never «#REF!»."""
    assert "da error (#REF!)" in only_error({(ROW, "TAREAS_V2"): "#REF!"}).message


def test_letters_of_all_our_languages_pass() -> None:
    """Quechua and Asháninka words, composed or not, are kept in composed form."""
    dry = workbook.check(workbooks.ceplan(1, {(2, "TAREAS_V2"): "Yachay wasi n\u0303awpaq, Asha\u0301ninka"}), "poi.xlsx")
    assert dry.tasks[0].name == "Yachay wasi ñawpaq, Asháninka"


def test_a_long_name_is_cut_with_a_warning() -> None:
    """What does not fit is said, not lost in silence."""
    dry = workbook.check(workbooks.ceplan(1, {(2, "TAREAS_V2"): "palabra " * 50}), "poi.xlsx")
    assert len(dry.tasks[0].name) <= 300
    assert [each.cell for each in dry.warnings if each.header == "TAREAS_V2"] == ["AD2"]


def test_a_task_without_programming_is_a_warning() -> None:
    """An annual total of 0 is imported and pointed out at its total."""
    dry = workbook.check(workbooks.ceplan(1), "poi.xlsx")
    assert [(each.cell, each.value) for each in dry.warnings] == [("AU2", "0")]


def test_all_errors_of_a_row_are_told_at_once() -> None:
    """A person corrects the row once, not error by error."""
    dry = workbook.check(workbooks.ceplan(GOOD, {(ROW, "ENE "): "x", (ROW, "UM_TAREA"): "", (4, "FEB "): -1}), "poi.xlsx")
    assert [each.cell for each in dry.errors] == ["AI3", "AE3", "AJ4"]


def test_a_file_full_of_errors_lists_some_and_counts_all() -> None:
    """The list stays readable, the count is true."""
    dry = workbook.check(workbooks.ceplan(1701, {(row, "ENE "): "x" for row in range(2, 1703)}), "poi.xlsx")
    assert len(dry.errors) == 1000
    assert dry.totals.errors == 1701 - dry.totals.skipped

"""A real plan's workbook becomes lines, activities and tasks, and every row is accounted for."""

import os
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from service import workbook
from tests import workbooks

REAL = Path(__file__).parents[2] / "shared" / "data" / "poi-2026-real.xlsx"


@pytest.fixture(scope="module")
def real() -> bytes:
    """The real plan, which lies beside the repository; where CI=true it must be there."""
    if REAL.exists():
        return REAL.read_bytes()
    if os.environ.get("CI") == "true":
        pytest.fail(f"Falta {REAL}: con CI=true el libro real debe estar.")
    pytest.skip("El libro real no está junto al repositorio.")


def test_the_real_plan_is_read_without_errors(real: bytes) -> None:
    """1,701 rows are 1,545 tasks and 156 retired rows; nothing is lost and nothing is wrong."""
    dry = workbook.check(real, "poi-2026-real.xlsx")
    assert (dry.layout, dry.sheet, dry.errors) == ("ceplan", "Hoja1", ())
    assert (dry.totals.rows, dry.totals.tasks, dry.totals.skipped) == (1701, 1545, 156)
    assert (dry.totals.lines, dry.totals.activities) == (10, 318)
    assert sum(each.reason.startswith("Retirada: dice ELIMINAR en COD_TAREA_V2") for each in dry.skipped) == 40
    assert {each.message for each in dry.warnings} == {"La meta anual es 0: la tarea se importará sin programación."}
    assert dry.folded == (workbook.Folded("Informe", ("Informe ", "Informe"), 1334),)


def test_the_real_plan_survives_export(real: bytes) -> None:
    """The real plan written in our template and read again is the same plan."""
    first = workbook.check(real, "real.xlsx")
    again = workbook.check(workbook.export_plan(first.lines, first.activities, first.tasks), "propio.xlsx")
    assert again.errors == ()
    assert without_rows(again) == without_rows(first)


def test_a_workbook_of_the_same_shape_is_read() -> None:
    """Of 1,701 rows one in eleven is retired; the others are tasks, five to an activity, each in its own cost centre."""
    dry = workbook.check(workbooks.whole(), "poi.xlsx")
    retired = [index + 2 for index in range(1701) if workbooks.retired(index)]
    assert [each.row for each in dry.skipped] == retired
    assert dry.totals.tasks == 1701 - len(retired)
    assert dry.totals.activities == 341
    assert dry.errors == ()


def test_what_a_row_says_reaches_its_task_and_activity() -> None:
    """Apostrophes go, blanks are folded, objectives stay as written, months are exact numbers."""
    dry = workbook.check(workbooks.ceplan(), "poi.xlsx")
    activity, task = dry.activities[0], dry.tasks[1]
    assert activity == workbook.ImportedActivity(
        key="AOI00109100000 00.01",
        line="E1",
        code="AOI00109100000",
        name="CONDUCCIÓN DEL PROCESO E1.01.01",
        area="ÓRGANO DESCONCENTRADO N.º 0",
        foreign_objectives=("OEI.01", "AEI.01.01"),
        row=2,
    )
    assert (task.activity_key, task.code, task.unit, task.row) == (activity.key, "E1.01.01.02", "Informe", 3)
    assert task.months == tuple(Decimal(each) for each in (1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0))
    assert dry.tasks[3].note == "NUEVA TAREA / CAMBIAR\nDENOMINACIÓN"


def test_lines_of_action_come_from_the_activity_code() -> None:
    """The letter and first number say kind and line; no name is invented."""
    dry = workbook.check(workbooks.ceplan(), "poi.xlsx")
    assert dry.lines == (
        workbook.ImportedLine("E1", "estratégico", "Línea estratégica E1"),
        workbook.ImportedLine("M1", "misional", "Línea misional M1"),
        workbook.ImportedLine("S1", "soporte", "Línea de soporte S1"),
    )


def test_a_code_without_line_is_said_and_not_guessed() -> None:
    """An activity whose code has another grammar goes to «Sin línea de acción», with a warning at its cell."""
    column = "Actividad Operativa ID_SIGESP"
    dry = workbook.check(workbooks.ceplan(1, {(2, column): "REGIÓN 7"}), "poi.xlsx")
    assert dry.lines == (workbook.ImportedLine("—", "soporte", "Sin línea de acción"),)
    assert [(each.cell, each.value) for each in dry.warnings if each.header == column] == [("T2", "REGIÓN 7")]


def test_repeated_codes_are_different_tasks() -> None:
    """A code is never an identity: the same code and name in two activities are two tasks."""
    dry = workbook.check(workbooks.whole(), "poi.xlsx")
    codes = [task.code for task in dry.tasks]
    assert len(set(codes)) < len(codes), "the workbook must repeat codes for this test to mean anything"
    assert len({(task.activity_key, task.row) for task in dry.tasks}) == len(codes)


def test_one_activity_id_in_two_cost_centres_is_two_activities() -> None:
    """The cost centre is part of what an activity is."""
    dry = workbook.check(workbooks.ceplan(2, {(3, "Centro Costo ID"): "'09.09"}), "poi.xlsx")
    assert [each.key for each in dry.activities] == ["AOI00109100000 00.01", "AOI00109100000 09.09"]


def test_an_activity_with_two_names_keeps_the_first_and_says_so() -> None:
    """A differing name is not merged in silence."""
    dry = workbook.check(workbooks.ceplan(2, {(3, "ACTIVIDAD OPERATIVA"): "OTRA"}), "poi.xlsx")
    assert len(dry.activities) == 1
    assert [(each.cell, each.value) for each in dry.warnings if each.header == "ACTIVIDAD OPERATIVA"] == [("U3", "OTRA")]


def test_units_of_measure_are_folded() -> None:
    """Spellings that differ in case, accents or blanks become the one most used, and the list of them is shown."""
    dry = workbook.check(workbooks.whole(), "poi.xlsx")
    assert {each.kept: set(each.variants) for each in dry.folded} == {
        "Informe": {"Informe ", "Informe", "informe"},
        "Persona capacitada": {"Persona capacitada", "Persona Capacitada "},
    }
    assert {task.unit for task in dry.tasks} == {"Informe", "Acción", "Reporte", "Persona capacitada"}
    assert sum(each.tasks for each in dry.totals.units) == dry.totals.tasks


def test_units_that_only_look_alike_stay_apart() -> None:
    """What brackets say and the letter ñ make a difference."""
    units = ("Persona (mujer)", "Persona (varón)", "Ano", "Año")
    dry = workbook.check(workbooks.ceplan(4, {(row, "UM_TAREA"): unit for row, unit in enumerate(units, 2)}), "poi.xlsx")
    assert [task.unit for task in dry.tasks] == list(units)
    assert dry.folded == ()


def test_the_newest_version_of_the_tasks_counts() -> None:
    """Where the file has TAREAS_V2 and TAREAS_V3, the third is read, whatever the order."""
    content = workbooks.replaced(workbooks.ceplan(3), "xl/sharedStrings.xml", b"TAREAS_V1", b"TAREAS_V3")
    dry = workbook.check(content, "poi.xlsx")
    assert [task.name for task in dry.tasks] == ["Tarea anterior 0", "Tarea anterior 1", "Tarea anterior 2"]


def without_rows(dry: workbook.DryRun) -> tuple[object, ...]:
    """The plan without where in the sheet it stood."""
    strip = msgspec.structs.replace
    return dry.lines, [strip(each, row=0) for each in dry.activities], [strip(each, row=0) for each in dry.tasks]

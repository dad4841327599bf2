"""Our own template: what it offers a person, how forgivingly it is read, and that what is exported comes back the same."""

import io
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from service import exchange, workbook
from service.aggregates.plan import ImportPlan
from service.workbook.cells import tidy
from service.workbook.columns import HEADERS
from service.workbook.shapes import Kind
from tests import workbooks
from tests.stories import UNIT, YEAR
from tests.stories import given as story_of
from tests.test_workbook_import import without_rows

COLUMNS = tuple(HEADERS.values())
SOMETHING = {
    "Tipo de línea (E/M/S)": "M",
    "Código de línea": "M1",
    "Línea de acción": "Materiales",
    "Código de actividad": "A1",
    "Actividad": "Distribuir",
    "Área responsable": "AGP",
    "Objetivos (códigos separados por ;)": "OEI.01; AEI.01.01;OEI.01",
    "Código de tarea": "A1.1",
    "Tarea": "Entregar",
    "Unidad de medida": "Acta",
    "ENE": 2,
    "DIC": 1.5,
}
TASK_ONLY = {"Tarea": "Recoger", "Unidad de medida": "Acta", "FEB": 1}


def check(*rows: dict[str, Any]) -> workbook.DryRun:
    """A dry run of a template with these rows."""
    return workbook.check(workbooks.matrix(list(rows), COLUMNS), "pat.xlsx")


def test_the_empty_template_says_only_that_there_are_no_tasks() -> None:
    """The example row is passed over with its reason, and one clear message remains."""
    dry = workbook.check(workbook.template(), "plantilla.xlsx")
    assert (dry.layout, dry.sheet) == ("quipu", "PAT")
    assert [each.reason for each in dry.skipped] == ["Es el ejemplo de la plantilla."]
    assert [each.message.split(".")[0] for each in dry.errors] == ["No hay tareas en la hoja"]
    assert dry.activities == ()


def test_the_template_explains_itself() -> None:
    """A second sheet says in words what goes into the columns."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook.template()))
    assert book.sheet_names == ["PAT", "Instrucciones"]
    assert book.get_sheet_by_name("PAT").to_python()[0] == list(COLUMNS)
    assert "ELIMINAR" in str(book.get_sheet_by_name("Instrucciones").to_python())


def test_the_template_is_always_the_same_file() -> None:
    """Made twice, it has the same bytes."""
    assert workbook.template() == workbook.template()


def test_a_filled_row_is_read() -> None:
    """Line, activity, objectives without repetition, and the task's months."""
    dry = check(SOMETHING)
    assert dry.errors == ()
    assert dry.lines == (workbook.ImportedLine("M1", "misional", "Materiales"),)
    assert dry.activities[0].foreign_objectives == ("OEI.01", "AEI.01.01")
    assert dry.tasks[0].months == (Decimal(2), *[Decimal(0)] * 10, Decimal("1.5"))


def test_an_activity_may_be_written_once() -> None:
    """Rows with blank line and activity go on with the activity above."""
    dry = check(SOMETHING, TASK_ONLY, TASK_ONLY)
    assert [task.activity_key for task in dry.tasks] == ["#2", "#2", "#2"]
    assert dry.errors == ()


def test_an_activity_may_be_repeated_elsewhere() -> None:
    """The same line, code, name and area mean the same activity, also with others between."""
    other = SOMETHING | {"Actividad": "Otra"}
    dry = check(SOMETHING, other, SOMETHING, SOMETHING | {"Área responsable": "AGA"})
    assert [task.activity_key for task in dry.tasks] == ["#2", "#3", "#2", "#5"]


def test_rows_of_one_activity_may_not_contradict_each_other() -> None:
    """Nothing is merged in silence: the differing cell is named."""
    dry = check(SOMETHING | {"Indicador": "Uno"}, SOMETHING | {"Indicador": "Dos"})
    assert [(each.cell, each.value) for each in dry.errors] == [("H3", "Dos")]


def test_the_id_of_an_activity_holds_it_together() -> None:
    """With the id of an exported file, a name changed in one row of two is an error and not a second activity."""
    dry = check(SOMETHING | {"Id. actividad": "12"}, SOMETHING | {"Id. actividad": "12", "Actividad": "Repartir"})
    assert [(each.header, each.value) for each in dry.errors] == [("Actividad", "Repartir")]
    assert [each.key for each in dry.activities] == ["12"]


def test_new_rows_never_take_an_id_of_the_file() -> None:
    """A row without id gets a key that no other row has."""
    dry = check(SOMETHING, SOMETHING | {"Id. actividad": "#2", "Actividad": "Otra"})
    assert len({each.key for each in dry.activities}) == 2


@pytest.mark.parametrize(
    ("change", "header", "said"),
    [
        ({"Tipo de línea (E/M/S)": "X"}, "Tipo de línea (E/M/S)", "Escriba E (estratégico)"),
        ({"Tipo de línea (E/M/S)": "", "Código de línea": "7"}, "Tipo de línea (E/M/S)", "Falta el tipo de línea"),
        ({"Código de línea": ""}, "Código de línea", "Falta el código de la línea"),
        ({"Actividad": ""}, "Actividad", "Falta la actividad"),
        ({"Tarea": ""}, "Tarea", "Falta el nombre de la tarea"),
        ({"Unidad de medida": ""}, "Unidad de medida", "Falta la unidad de medida"),
        ({"TOTAL": 9}, "TOTAL", "Los meses suman 3,5 y TOTAL dice 9"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_cell(change: dict[str, Any], header: str, said: str) -> None:
    """One error, in its column, with what to write."""
    dry = check(SOMETHING | change)
    assert [each.header for each in dry.errors] == [header]
    assert said in dry.errors[0].message


def test_a_task_before_any_activity_is_an_error() -> None:
    """There is no row above to go on with."""
    assert [each.header for each in check(TASK_ONLY).errors] == ["Actividad"]


def test_one_line_has_one_kind_and_one_name() -> None:
    """A second kind or name for a known line is an error at its cell."""
    kind = SOMETHING | {"Tipo de línea (E/M/S)": "Soporte"}
    name = SOMETHING | {"Línea de acción": "Otra"}
    assert [each.cell for each in check(SOMETHING, kind, name).errors] == ["A3", "C4"]


def test_the_kind_may_be_read_from_the_line_code() -> None:
    """E1, M1, S1 say their kind; words do as well as letters."""
    blank = SOMETHING | {"Tipo de línea (E/M/S)": "", "Código de línea": "S2"}
    word = SOMETHING | {"Tipo de línea (E/M/S)": "Estratégica", "Código de línea": "L9"}
    assert [each.kind for each in check(blank, word).lines] == ["soporte", "estratégico"]


def test_a_row_marked_eliminar_is_retired() -> None:
    """The row is left out and its reason kept."""
    dry = check(SOMETHING, SOMETHING | {"Código de tarea": "Eliminar"})
    assert [(each.row, each.reason) for each in dry.skipped] == [(3, "Retirada: dice ELIMINAR en Código de tarea.")]
    assert len(dry.tasks) == 1


def test_words_of_several_offices_name_the_same_months() -> None:
    """SEP, SETIEMBRE or Enero are months too, with or without accents and case."""
    headers = tuple({"SET": "Setiembre", "ENE": " enero", "TOTAL": "Total"}.get(each, each) for each in COLUMNS)
    rows = [{{"ENE": " enero"}.get(key, key): value for key, value in SOMETHING.items()} | {"Setiembre": 4}]
    dry = workbook.check(workbooks.matrix(rows, headers), "pat.xlsx")
    assert [int(month) for month in dry.tasks[0].months[:9]] == [2, 0, 0, 0, 0, 0, 0, 0, 4]


KINDS: st.SearchStrategy[Kind] = st.sampled_from(get_args(Kind))
LETTERS = st.characters(categories=("Lu", "Ll", "Nd", "Po", "So", "Sm"), exclude_characters=";'")
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=5)


def clean(words: list[str]) -> str:
    """A text as `check` would keep it, and that marks no row."""
    text = tidy(" ".join(words))
    return "x" if text.casefold() in ("ejemplo", "eliminar") or text.startswith("#") else text


TEXT = WORDS.map(clean)
MAYBE = st.just("") | TEXT
AMOUNT = st.integers(0, 1_000_000_000).map(Decimal) | st.decimals(0, 99_999, places=4).map(lambda each: each + 0)


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Any], list[Any], list[Any]]:
    """A plan whose lines, activities and tasks are linked; codes and names may repeat."""
    codes = draw(st.lists(TEXT, min_size=1, max_size=3, unique=True))
    lines = [workbook.ImportedLine(code, draw(KINDS), draw(TEXT)) for code in codes]
    activities, tasks = [], []
    for key in draw(st.lists(TEXT, min_size=1, max_size=4, unique=True)):
        objectives = tuple(draw(st.lists(TEXT, max_size=2, unique=True)))
        code, area, indicator, verification = (draw(MAYBE) for _ in range(4))
        activities.append(
            workbook.ImportedActivity(
                key, draw(st.sampled_from(codes)), code, draw(TEXT), area, objectives, indicator, verification
            )
        )
        for _ in range(draw(st.integers(0, 3))):
            months = tuple(draw(AMOUNT) for _ in range(12))
            unit = draw(st.sampled_from(("Acta", "Informe", "Persona (mujer)", "Año")))
            tasks.append(workbook.ImportedTask(key, draw(MAYBE), draw(TEXT), unit, months, draw(MAYBE), key=draw(MAYBE)))
    return lines, activities, tasks


@settings(max_examples=60, deadline=None)
@given(plans())
def test_an_exported_plan_is_read_as_itself(plan: tuple[list[Any], list[Any], list[Any]]) -> None:
    """Import after export is the identity: same lines, activities, tasks, ids and exact months."""
    lines, activities, tasks = plan
    dry = workbook.check(workbook.export_plan(lines, activities, tasks), "pat.xlsx")
    assert dry.skipped == ()
    assert [each for each in dry.errors if tasks] == []
    found = without_rows(dry)
    assert sorted(found[0], key=str) == sorted(lines, key=str)  # type: ignore[call-overload]
    assert found[1:] == (activities, tasks)


def imported(dry: workbook.DryRun) -> ImportPlan:
    """The command of a workbook."""
    return exchange.import_command(dry, UNIT, YEAR, ())


@settings(max_examples=25, deadline=None)
@given(plans())
def test_an_export_that_comes_back_is_no_change(plan: tuple[list[Any], list[Any], list[Any]]) -> None:
    """Whatever plan was imported, what is exported of it with its numbers is «0 cambios» when it is read again."""
    dry = workbook.check(workbook.export_plan(*plan), "pat.xlsx")
    assume(dry.tasks)
    story = story_of().after(imported(dry))
    state = story.state.plan
    place = f"{UNIT}-{YEAR}"
    lines = [workbook.ImportedLine(each.code, each.kind, each.name) for each in state.lines.values()]
    activities = [
        workbook.ImportedActivity(f"{place}-{n}", a.line, a.code, a.name, a.area, a.foreign, a.indicator, a.verification, base=9)
        for n, a in state.activities.items()
    ]
    tasks = [
        workbook.ImportedTask(f"{place}-{t.activity}", t.code, t.name, t.unit, t.months, t.note, key=f"{place}-{n}", base=9)
        for n, t in state.tasks.items()
    ]
    again = workbook.check(workbook.export_plan(lines, activities, tasks), "pat.xlsx")
    assert {each.base for each in again.tasks} == {9}
    story.when(imported(again)).then()

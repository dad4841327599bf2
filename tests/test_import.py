"""The import's story: a workbook as one command; what is new, what changed, and «0 cambios» when it is read again."""

from datetime import date

import msgspec

from service.aggregates import plan as p
from service.aggregates import plan_versions as v
from tests.stories import APPROVED, DRE_DIRECTOR, OPENED, SUBMITTED, YEAR, given, months, refused

DRE_DAY = date(2026, 5, 2)
M1 = p.AddLine(code="M1", kind="misional", name="Monitoreo")


def task(name: str, *each: int, unit: str = "Visita") -> p.NewTask:
    """A row of the workbook."""
    return p.NewTask(name=name, unit=unit, months=months(*each))


def workbook(*tasks: p.NewTask, name: str = "Acompañar", lines: tuple[p.AddLine, ...] = (M1,), year: int = YEAR) -> p.ImportPlan:
    """One activity with these tasks."""
    activity = p.AddActivity(line="M1", name=name, foreign=("OEI.01-450",), tasks=tasks)
    return p.ImportPlan(year=year, file="pat.xlsx", digest="abc", lines=lines, activities=(activity,), skipped=((7, "ELIMINAR"),))


def test_an_import_opens_the_year_and_records_one_fact_per_row() -> None:
    """Year, import, line, activity and task follow in this order, all of one command."""
    given().when(workbook(task("Visitar", 1, 2))).then(
        OPENED,
        p.PlanImported(file="pat.xlsx", digest="abc", rows=1, skipped=((7, "ELIMINAR"),)),
        p.LineAdded(code="M1", kind="misional", name="Monitoreo"),
        p.ActivityAdded(activity=1, line="M1", name="Acompañar", foreign=("OEI.01-450",)),
        p.TaskAdded(task=1, activity=1, name="Visitar", unit="Visita", months=months(1, 2)),
    )


def test_the_same_workbook_again_is_no_change() -> None:
    """Reading a file twice writes nothing the second time: «0 cambios»."""
    book = workbook(task("Visitar", 1), task("Capacitar", 0, 3))
    given().after(book).when(book).then()


def test_rows_with_the_same_words_are_not_doubled() -> None:
    """Real files repeat code and name in several rows: read again they are the same rows, not new ones."""
    book = workbook(task("Visitar", 1), task("Visitar", 2), task("Visitar", 2), task("Visitar", 1, unit="Informe"))
    given().after(book).when(book).then()


def test_activities_with_the_same_words_are_not_doubled() -> None:
    """The same holds for activities whose line, code and name repeat."""
    one, two = workbook(task("Visitar", 1)), workbook(task("Capacitar", 2))
    book = p.ImportPlan(year=YEAR, file="pat.xlsx", digest="abc", lines=(M1,), activities=one.activities + two.activities)
    given().after(book).when(book).then()


def test_a_changed_target_is_a_change_of_that_task() -> None:
    """One cell changed in the file is one fact, with the months it replaces."""
    story = given().after(workbook(task("Visitar", 1), task("Capacitar", 0, 3)))
    story.when(workbook(task("Visitar", 5), task("Capacitar", 0, 3)))
    _, changed = story.last
    assert isinstance(changed, p.TaskChanged)
    assert (changed.task, changed.months, changed.was) == (1, months(5), {"months": months(1)})


def test_one_row_in_the_plan_and_two_in_the_file() -> None:
    """The row that fits exactly stays; the other is new; no task of the plan is changed by two rows."""
    story = given().after(workbook(task("Visitar", 1)))
    story.when(workbook(task("Visitar", 9), task("Visitar", 1)))
    _, added = story.last
    assert isinstance(added, p.TaskAdded)
    assert (added.task, added.months) == (2, months(9))


def test_a_line_named_twice_is_added_once() -> None:
    """A workbook may repeat its lines of action."""
    story = given().after(workbook(task("Visitar", 1), lines=(M1, M1)))
    assert [type(event) for event in story.last].count(p.LineAdded) == 1


def test_an_empty_workbook_is_refused() -> None:
    """A file without activities is not a plan."""
    empty = p.ImportPlan(year=YEAR, file="pat.xlsx", digest="abc", lines=(M1,), activities=())
    given().when(empty).then(refused("no trae ninguna actividad"))


def test_a_workbook_of_another_year_is_refused() -> None:
    """A file for 2027 is not imported into 2026, open or not."""
    given().when(workbook(task("Visitar", 1), year=2027)).then(refused("año"))
    given(OPENED).when(workbook(task("Visitar", 1), year=2027)).then(refused("año"))


def test_a_submitted_plan_is_not_imported_into() -> None:
    """The DRE is looking at it."""
    given(*SUBMITTED).when(workbook(task("Visitar", 1))).then(refused("espere su respuesta"))


def test_an_import_into_an_approved_plan_is_a_proposal() -> None:
    """The differences become an amendment that takes effect only when approved."""
    story = given(*APPROVED).when(workbook(task("Visitar", 1)))
    imported, proposed = story.last
    assert isinstance(imported, p.PlanImported)
    assert isinstance(proposed, v.AmendmentProposed)
    assert [type(change) for change in proposed.changes] == [p.ActivityAdded, p.TaskAdded]
    assert all(change.amendment == 1 for change in proposed.changes)
    story.then(imported, proposed).when(workbook(task("Visitar", 1)))
    approve = v.ApproveAmendment(amendment=1, resolution="RD 2", resolution_date=DRE_DAY)
    story.after(approve, by=DRE_DIRECTOR).when(workbook(task("Visitar", 1))).then()


def test_a_new_activity_that_says_no_objective_is_not_imported_into_an_approved_plan() -> None:
    """A code of another catalogue waits to be mapped; without any code nobody could say what the activity serves."""
    bare = msgspec.structs.replace(workbook(task("Visitar", 1)).activities[0], foreign=())
    book = msgspec.structs.replace(workbook(), activities=(bare,))
    given(*APPROVED).when(book).then(refused("no puede quedar sin objetivo", ("Actividad nueva: Acompañar",)))


def test_only_new_lines_are_no_proposal() -> None:
    """A file that brings just a new line of action to an approved plan proposes no empty amendment."""
    book = workbook(task("Visitar", 1))
    approve = v.ApproveAmendment(amendment=1, resolution="RD 2", resolution_date=DRE_DAY)
    story = given(*APPROVED).after(book).after(approve, by=DRE_DIRECTOR)
    more = p.AddLine(code="S1", kind="soporte", name="Soporte")
    story.when(workbook(task("Visitar", 1), lines=(M1, more)))
    assert [type(event) for event in story.last] == [p.PlanImported, p.LineAdded]

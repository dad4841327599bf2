"""The plan edited like a spreadsheet: order, blocks, selections, copies, and what may be taken back."""

from datetime import date
from decimal import Decimal
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given as having
from hypothesis import settings
from hypothesis import strategies as st

from service.aggregates import Command, Event, Refused
from service.aggregates import plan as p
from service.aggregates import plan_copies as c
from service.aggregates import plan_editing as e
from service.aggregates import plan_places as places
from service.aggregates import plan_steps as steps
from service.aggregates import plan_undo as u
from service.aggregates import plan_versions as v
from service.aggregates.plan_alignment import AlignActivity, MapObjective
from tests.chance import Chance
from tests.stories import (
    APPROVED,
    BOOKS,
    CLASSROOMS,
    DIRECTOR,
    DRAFT,
    DRE_DIRECTOR,
    FEEDBACK,
    HEAD,
    LINE,
    OPENED,
    SPECIALIST,
    SUBMITTED,
    VISITS,
    WORKSHOPS,
    YEAR,
    Story,
    given,
    months,
    refused,
)

UNDO, REDO = u.UndoChange(), u.RedoChange()
SUPPORT = p.LineAdded(code="S1", kind="soporte", name="Soporte")
MORE = p.ChangeTask(task=1, name="Visitar aulas", unit="Visita", months=months(*[12] * 12))
NAMED = p.ChangeTask(task=1, name="Visitar todas las aulas", unit="Visita", months=CLASSROOMS.months)  # type: ignore[arg-type]


def order(story: Story) -> dict[str, list[list[int]]]:
    """The activities of each line with their tasks, in the plan's order."""
    plan: p.Plan = story.state.plan
    return {code: [[n, *places.tasks_of(plan, n)] for n in places.activities_of(plan, code)] for code in plan.lines}


def content(story: Story) -> Any:
    """All that the plan says, without who may undo what."""
    plan: p.Plan = story.state.plan
    lines = {code: msgspec.to_builtins(line) for code, line in plan.lines.items()}
    known = {n: msgspec.to_builtins(each) for items in (plan.activities, plan.tasks) for n, each in items.items()}
    return lines, known, order(story)


def test_a_task_moves_within_its_activity() -> None:
    """Its place is between its new neighbours, and the fact says where it was; the same move again changes nothing."""
    story = given(*DRAFT).when(places.MoveTask(task=2, activity=1, after=0, reason="Va primero"))
    moved = places.TaskMoved(task=2, activity=1, place=Decimal("0.5"), was_activity=1, was_place=Decimal(2), reason="Va primero")
    story.then(moved).when(places.MoveTask(task=2, activity=1, after=0)).then()
    assert order(story)["M1"] == [[1, 2, 1], [2, 3]]


def test_a_task_moves_to_another_activity_and_a_new_one_goes_last() -> None:
    """What is added later stands after what was moved to the end."""
    story = given(*DRAFT).after(places.MoveTask(task=1, activity=2, after=3))
    story.after(p.AddTask(activity=2, name="Otra", unit="Acción", months=months(1)))
    assert order(story)["M1"] == [[1, 2], [2, 3, 1, 4]]


def test_an_activity_moves_to_another_line() -> None:
    """It takes its tasks along; an unknown line or neighbour is refused."""
    story = given(*DRAFT, SUPPORT).after(places.MoveActivity(activity=1, line="S1"))
    assert order(story) == {"M1": [[2, 3]], "S1": [[1, 1, 2]]}
    story.after(places.MoveActivity(activity=2, line="S1", after=0))
    assert order(story) == {"M1": [], "S1": [[2, 3], [1, 1, 2]]}
    story.when(places.MoveActivity(activity=1, line="X9")).then(refused("«X9» no está en el plan"))
    story.when(places.MoveActivity(activity=1, line="M1", after=2)).then(refused("no está en esa línea"))
    story.when(places.MoveTask(task=1, activity=1, after=3)).then(refused("no está en esa actividad"))


@having(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3)), max_size=60))
@settings(max_examples=40, deadline=None, database=None)
def test_any_moves_leave_what_was_asked_for(moves: list[tuple[int, int]]) -> None:
    """After each move the task stands right after its neighbour, and no two places are the same."""
    story = given(OPENED, LINE, VISITS, CLASSROOMS, WORKSHOPS, msgspec.structs.replace(BOOKS, activity=1))
    for task, after in moves:
        if task != after:
            story.after(places.MoveTask(task=task, activity=1, after=after))
            now = order(story)["M1"][0][1:]
            assert now.index(task) == (now.index(after) + 1 if after else 0)
            assert len({places.task_place(story.state.plan, n) for n in now}) == 3


def test_between_two_rows_there_is_room_for_long_and_then_a_sentence() -> None:
    """Eighteen decimals are enough for fifty moves into the same gap; then somebody is told what to do."""
    low, high = Decimal(1), Decimal(2)
    for _ in range(50):
        high = places.between(low, high, ())
        assert low < high
    with pytest.raises(Refused, match="Ya no hay lugar"):
        places.between(low, low, ())


def test_a_pasted_block_is_one_command_with_a_fact_per_row() -> None:
    """All rows change or none: one that is not in the plan refuses the whole block."""
    block = e.ChangeMany(changes=(MORE, p.AddTask(activity=2, name="Pegada", unit="Acción", months=months(3))))
    story = given(*DRAFT).after(block)
    assert [type(event).__name__ for event in story.last] == ["TaskChanged", "TaskAdded"]
    wrong = e.ChangeMany(changes=(MORE, p.RemoveTask(task=99, reason="-")))
    given(*DRAFT).when(wrong).then(refused("Esa tarea no está en el plan"))
    given(*SUBMITTED).when(block).then(refused("enviado a la DRE"))
    given(*DRAFT).when(e.ChangeMany(changes=())).then(refused("No hay nada que cambiar"))


def test_changes_of_an_approved_plan_are_proposed_together() -> None:
    """The basket of a grid becomes one amendment with one reason; without a reason it is refused."""
    given(*APPROVED).when(e.ChangeMany(changes=(MORE,))).then(refused("Escriba el motivo"))
    story = given(*APPROVED).after(e.ChangeMany(changes=(MORE, NAMED), reason="Más docentes"))
    (proposed,) = story.last
    assert isinstance(proposed, v.AmendmentProposed)
    assert (proposed.reason, len(proposed.changes)) == ("Más docentes", 2)
    assert {cast("Any", change).reason for change in proposed.changes} == {"Más docentes"}


def selected(operation: e.Operation, **values: Any) -> e.ChangeSelected:
    """A change of the chosen rows."""
    return e.ChangeSelected(operation=operation, reason="Acuerdo de la jornada", **values)


def test_a_selection_changes_with_one_reason_and_a_fact_per_item() -> None:
    """An activity stands for its tasks where tasks change, a task for its activity where activities change."""
    story = given(*DRAFT, SUPPORT).after(selected("unit", activities=(1,), tasks=(3,), unit="Acción"))
    assert [(cast("p.TaskChanged", x).task, cast("p.TaskChanged", x).reason) for x in story.last] == [
        (n, "Acuerdo de la jornada") for n in (1, 2, 3)
    ]
    story.after(selected("line", tasks=(1, 2), line="S1")).after(selected("area", activities=(1, 2), area="AGP"))
    assert order(story) == {"M1": [[2, 3]], "S1": [[1, 1, 2]]}
    assert {each.area for each in story.state.plan.activities.values()} == {"AGP"}
    story.when(selected("line", tasks=(1,))).then(refused("Elija la línea de acción"))


def test_targets_are_multiplied_to_two_decimals_and_shifted_within_the_year() -> None:
    """Nothing is lost: a target that would leave the year refuses the whole."""
    story = given(*DRAFT).after(selected("multiply", tasks=(2,), factor=Decimal("1.333")))
    assert story.state.plan.tasks[2].months == months(0, 0, "2.67", 0, 0, "2.67", 0, 0, "2.67")
    story.after(selected("shift", tasks=(3,), shift=-2)).after(selected("shift", tasks=(3,), shift=11))
    assert story.state.plan.tasks[3].months == months(*[0] * 11, 100)
    story.when(selected("shift", tasks=(3,), shift=1)).then(refused("La tarea 3 tiene metas que saldrían del año"))
    story.when(selected("shift", activities=(1,), shift=-1)).then(refused("La tarea 1 tiene metas"))


def test_a_selection_is_removed_each_item_once() -> None:
    """A task whose activity leaves too is not removed twice; what is gone already is refused in words."""
    story = given(*DRAFT).after(selected("remove", activities=(1,), tasks=(1, 3)))
    assert order(story) == {"M1": [[2]]}
    assert {cast("p.TaskRemoved", event).reason for event in story.last} == {"Acuerdo de la jornada"}
    story.when(selected("remove", tasks=(1,))).then(refused("ya no está en el plan"))
    story.when(selected("remove")).then(refused("al menos una fila"))


def test_an_activity_is_copied_right_below_itself() -> None:
    """The copy has new numbers, the same words and targets, and stands after its source."""
    story = given(*DRAFT).after(c.CopyActivity(activity=1))
    assert order(story) == {"M1": [[1, 1, 2], [3, 4, 5], [2, 3]]}
    copied = story.state.plan.activities[3]
    assert (copied.name, copied.objectives) == ("Acompañar a docentes de primaria (copia)", ("OEI.01",))
    assert story.state.plan.tasks[4].months == CLASSROOMS.months
    given(*APPROVED).when(c.CopyActivity(activity=1)).then(refused("ya no está en borrador"))


def test_activities_of_last_year_come_with_their_origin() -> None:
    """The line they need comes along; the fact names the activity and the open item it answers; twice is refused."""
    task = p.NewTask(name="Visitar aulas", unit="Visita", months=months(5))
    activity = p.AddActivity(line="S1", name="Acompañar", objectives=("OEI.01",), tasks=(task,))
    wanted = c.Bring(origin=3, item="compromiso/7/2025", activity=activity)
    line = p.AddLine(code="S1", kind="soporte", name="Soporte")
    bring = c.BringActivities(origin_year=YEAR - 1, lines=(line,), activities=(wanted,))
    story = given(*DRAFT).after(bring)
    assert story.last[-1] == c.ActivityBrought(activity=3, origin="actividad/3/2025", item="compromiso/7/2025")
    assert order(story)["S1"] == [[3, 4]]
    assert story.state.plan.activities[3].item == "compromiso/7/2025"
    story.when(bring).then(refused("Ya están en este plan", ("Actividad 3 de 2025",)))
    given(*DRAFT).when(msgspec.structs.replace(bring, origin_year=YEAR)).then(refused("plan anterior"))
    given(*APPROVED).when(bring).then(refused("ya no está en borrador"))


def test_the_last_change_is_taken_back_and_made_again() -> None:
    """«Deshecho» is a fact, followed by the one that restores what was; redo the same way; then there is nothing more."""
    story = given(*DRAFT).after(MORE)
    back = p.TaskChanged(
        task=1,
        activity=1,
        was={"months": MORE.months},
        name="Visitar aulas",
        unit="Visita",
        months=CLASSROOMS.months,
        reason="Deshecho",
    )
    story.when(UNDO).then(u.ChangeUndone(of="c8"), back)
    again = msgspec.structs.replace(back, was={"months": CLASSROOMS.months}, months=MORE.months, reason="Rehecho")
    story.when(REDO).then(u.ChangeRedone(of="c9"), again).when(REDO).then(refused("No hay cambios suyos por rehacer"))
    given(OPENED).when(UNDO).then(refused("No hay cambios suyos por deshacer"))


def test_a_removed_activity_returns_whole() -> None:
    """With its tasks, its objectives, its place and its number."""
    story = given(*DRAFT).after(places.MoveTask(task=2, activity=1)).after(places.MoveActivity(activity=2, line="M1"))
    before = content(story)
    story.after(p.RemoveActivity(activity=1, reason="Se fusiona")).after(UNDO)
    assert content(story) == before
    assert [type(event).__name__ for event in story.last] == ["ChangeUndone", "ActivityRestored", "TaskRestored", "TaskRestored"]


def test_a_new_change_forgets_what_could_be_redone() -> None:
    """As in any spreadsheet."""
    story = given(*DRAFT).after(MORE).after(UNDO).after(NAMED)
    story.when(REDO).then(refused("No hay cambios suyos por rehacer"))


def test_one_takes_back_only_ones_own_and_never_over_somebody_else() -> None:
    """What another person changed meanwhile stays; a change of another item is no obstacle."""
    story = given(*DRAFT).after(MORE).after(p.RemoveTask(task=3, reason="Sobra"), by=HEAD)
    story.after(UNDO)
    assert 3 not in story.state.plan.tasks
    story = given(*DRAFT).after(MORE).after(NAMED, by=HEAD)
    story.when(UNDO).then(refused("otra persona cambió después la tarea 1"))
    story.when(UNDO, by=DIRECTOR).then(refused("No hay cambios suyos por deshacer"))


def test_what_an_import_aligned_and_noted_is_taken_back() -> None:
    """Objectives, foreign codes and a note return to what they were, and come again."""
    line = p.AddLine(code="M1", kind="misional", name="-")
    rows = (p.NewTask(name="Visitar aulas", unit="Visita", months=CLASSROOMS.months, note="Ojo", known=1),)  # type: ignore[arg-type]
    row = p.AddActivity(line="M1", name=VISITS.name, objectives=("OEI.02",), foreign=("X-9",), tasks=rows, known=1)
    story = given(*DRAFT)
    before = content(story)
    story.after(p.ImportPlan(year=YEAR, file="f", digest="d", lines=(line,), activities=(row,)))
    after = content(story)
    activity, task = story.state.plan.activities[1], story.state.plan.tasks[1]
    assert (activity.objectives, activity.foreign, task.note) == (("OEI.02",), ("X-9",), "Ojo")
    story.after(UNDO)
    assert content(story) == before
    story.after(REDO)
    assert content(story) == after
    bare = msgspec.structs.replace(row, objectives=(), foreign=())
    approved = given(*APPROVED).when(p.ImportPlan(year=YEAR, file="f", digest="d", lines=(line,), activities=(bare,)))
    approved.then(refused("no puede quedar sin objetivo", ("Actividad 1",)))


def test_what_somebody_else_changed_and_took_back_is_no_obstacle() -> None:
    """The row stands exactly as one's own change left it, so that change may be taken back, and made again."""
    story = given(*DRAFT)
    before = content(story)
    story.after(MORE).after(NAMED, by=HEAD).after(UNDO, by=HEAD).after(UNDO)
    assert content(story) == before
    story.after(p.RemoveTask(task=1, reason="-"), by=HEAD).after(UNDO, by=HEAD).after(REDO)
    assert story.state.plan.tasks[1].months == MORE.months


def test_a_row_put_elsewhere_by_somebody_else_stays_an_obstacle() -> None:
    """Its place belongs to how it was left; taken back half is not taken back."""
    story = given(*DRAFT).after(MORE).after(NAMED, by=HEAD).after(places.MoveTask(task=1, activity=2), by=HEAD)
    story.after(UNDO, by=HEAD).when(UNDO).then(refused("otra persona cambió después la tarea 1"))
    story.after(UNDO, by=HEAD).after(UNDO)
    moved = given(*DRAFT).after(MORE).after(places.MoveTask(task=1, activity=1, after=2), by=HEAD)
    moved.when(UNDO).then(refused("otra persona cambió después la tarea 1"))


def test_a_new_task_takes_its_place_at_once() -> None:
    """One command puts it between its siblings, so one undo takes it away; without a place it goes last."""
    new = p.AddTask(activity=1, name="Preparar", unit="Acción", months=months(1), after=1)
    story = given(*DRAFT).after(new)
    assert order(story)["M1"] == [[1, 1, 4, 2], [2, 3]]
    assert [type(event).__name__ for event in story.last] == ["TaskAdded", "TaskMoved"]
    story.after(UNDO)
    assert order(story)["M1"] == [[1, 1, 2], [2, 3]]
    story.after(msgspec.structs.replace(new, after=2))
    assert [type(event).__name__ for event in story.last] == ["TaskAdded"]
    given(*DRAFT).when(msgspec.structs.replace(new, after=3)).then(refused("Esa tarea no está en esa actividad"))


def test_an_amendment_moves_adds_and_removes_with_one_reason() -> None:
    """In an approved plan one proposal holds cells, new rows, places and removals; all of them wait, and then hold together."""
    wanted = (
        MORE,
        places.MoveTask(task=2, activity=1, after=0),
        places.MoveActivity(activity=2, line="M1", after=0),
        p.AddTask(activity=1, name="Preparar", unit="Acción", months=months(1), after=2),
        p.RemoveTask(task=3, reason=""),
    )
    story = given(*APPROVED).after(e.ChangeMany(changes=wanted, reason="Menos movilidad"), by=HEAD)
    (proposed,) = story.last
    assert isinstance(proposed, v.AmendmentProposed)
    assert {getattr(each, "reason", "Menos movilidad") for each in proposed.changes} == {"Menos movilidad", ""}
    assert {each.amendment for each in proposed.changes} == {1}
    assert order(story)["M1"] == [[1, 1, 2], [2, 3]]
    story.after(v.ApproveAmendment(amendment=1, resolution="RD 2", resolution_date=date(2026, 2, 2)), by=DRE_DIRECTOR)
    assert order(story)["M1"] == [[2], [1, 2, 4, 1]]


def test_an_approved_plan_moves_only_by_amendment_and_no_task_to_another_activity() -> None:
    """Its order is proposed with a reason; what a closed quarter counted for an activity stays with it."""
    story = given(*APPROVED).when(places.MoveTask(task=2, activity=1)).then(refused("proponga el nuevo lugar"))
    given(*SUBMITTED).when(places.MoveTask(task=2, activity=1)).then(refused("enviado a la DRE"))
    across = e.ChangeMany(changes=(places.MoveTask(task=2, activity=2),), reason="-")
    story.when(across).then(refused("no pasa a otra actividad"))


def test_what_others_built_on_it_is_not_pulled_away() -> None:
    """An activity in which somebody added a task, or a line somebody filled, is not undone; nor comes a task back to nothing."""
    new = p.AddActivity(line="M1", name="Nueva")
    task = p.AddTask(activity=3, name="De Luis", unit="Acción", months=months(1))
    given(*DRAFT).after(new).after(task, by=HEAD).when(UNDO).then(refused("otra persona agregó tareas a la actividad 3"))
    line = p.AddLine(code="S1", kind="soporte", name="Soporte")
    other = p.AddActivity(line="S1", name="De Luis")
    given(*DRAFT).after(line).after(other, by=HEAD).when(UNDO).then(refused("otra persona agregó actividades a la línea «S1»"))
    story = given(*DRAFT).after(p.RemoveTask(task=3, reason="-")).after(p.RemoveActivity(activity=2, reason="-"), by=HEAD)
    story.when(UNDO).then(refused("la actividad 2 ya no está en el plan"))


def test_what_was_sent_is_no_longer_undone() -> None:
    """After the plan is submitted, observed and given back, only what was changed since then may be taken back."""
    observed = (*SUBMITTED, v.PlanObserved(text="Revise"))
    given(*SUBMITTED).when(UNDO).then(refused("en borrador u observado"))
    story = given(*observed).when(UNDO).then(refused("No hay cambios suyos por deshacer"))
    story.after(MORE).after(UNDO)
    given(*APPROVED).when(UNDO).then(refused("en borrador u observado"))


def test_a_place_taken_meanwhile_gives_the_next_free_one() -> None:
    """A task that returns where another one now stands takes the next place."""
    story = given(OPENED, LINE, VISITS, CLASSROOMS, WORKSHOPS, msgspec.structs.replace(BOOKS, activity=1))
    story.after(places.MoveTask(task=3, activity=1, after=1)).after(p.RemoveTask(task=3, reason="-"))
    story.after(places.MoveTask(task=2, activity=1), by=HEAD).after(places.MoveTask(task=1, activity=1), by=HEAD)
    story.after(UNDO)
    now = [places.task_place(story.state.plan, n) for n in (1, 2, 3)]
    assert len(set(now)) == 3


SOLO: tuple[type[Command], ...] = (
    *(p.AddLine, p.AddActivity, p.AddTask, p.ChangeTask, p.ChangeActivity, p.RemoveTask, p.RemoveActivity, AlignActivity),
    *(MapObjective, p.ImportPlan, places.MoveTask, places.MoveActivity, c.CopyActivity, c.BringActivities),
    *(e.ChangeMany, e.ChangeSelected),
)


@having(st.lists(st.integers(0, 2**20), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None, database=None)
def test_undoing_everything_returns_to_the_start_and_redoing_returns(numbers: list[int]) -> None:
    """Whatever one does to a draft, step by step back to where it was, and step by step again."""
    story = given(*(DIRECTOR.did(event) for event in DRAFT))
    seen = [content(story)]
    for number in numbers:
        chance = Chance(story.state, number)
        story.when(chance.make(SOLO[number % len(SOLO)]), by=SPECIALIST)
        if story.no is None and any(not isinstance(event, p.PlanImported) for event in story.last):
            story._happen()
            seen.append(content(story))
    for before in seen[-2::-1]:
        story.after(UNDO)
        assert content(story) == before
    story.when(UNDO).then(refused("No hay cambios suyos"))
    for after in seen[1:]:
        story.after(REDO)
        assert content(story) == after


@having(st.lists(st.tuples(st.booleans(), st.integers(0, 2**20)), max_size=60))
@settings(max_examples=60, deadline=None, database=None)
def test_two_people_undoing_never_break_the_plan(steps: list[tuple[bool, int]]) -> None:
    """In any mixture of changes, undo and redo by two people every task has its activity and every activity its line."""
    story = given(*DRAFT)
    for mine, number in steps:
        kind = (UNDO, REDO)[number % 2] if number % 3 == 0 else Chance(story.state, number).make(SOLO[number % len(SOLO)])
        story.when(kind, by=SPECIALIST if mine else HEAD)
        if story.no is None:
            story._happen()
        plan = story.state.plan
        assert {task.activity for task in plan.tasks.values()} <= set(plan.activities)
        assert {activity.line for activity in plan.activities.values()} <= set(plan.lines)


def test_facts_that_are_not_about_content_are_not_taken_back() -> None:
    """Opening the year has nothing to give back."""
    assert u.inverse(OPENED, None, "Deshecho") is None
    assert steps.subject(cast("Event", OPENED)) == ""
    assert steps.subject(FEEDBACK) == "la actividad 2"

"""Undo and redo while the plan is a draft: one's own last change is answered by the facts that take it back.

Nothing is erased: «deshecho» is a fact, followed by the compensating ones. What was sent to the DRE is no longer undone.
"""

from decimal import Decimal
from typing import Literal

import msgspec

from service.aggregates import By, Command, Event, Fact, need
from service.aggregates.plan import (
    NOT_OPEN,
    TASK_FIELDS,
    Activity,
    ActivityAdded,
    ActivityAligned,
    ActivityChanged,
    ActivityRemoved,
    LineAdded,
    Plan,
    Step,
    Taken,
    Task,
    TaskAdded,
    TaskChanged,
    TaskRemoved,
)
from service.aggregates.plan_places import DRAFTING, ActivityMoved, TaskMoved, activity_place, between, task_place
from service.aggregates.plan_steps import stacks, standing, subject

UNDONE, REDONE = "Deshecho", "Rehecho"


class UndoChange(Command, frozen=True):
    """Take one's own last change of the plan back."""


class RedoChange(Command, frozen=True):
    """Make again what one took back last."""


class ChangeUndone(Event, frozen=True, tag="change-undone"):
    """The facts that follow take back those of the command named here."""

    of: str


class ChangeRedone(Event, frozen=True, tag="change-redone"):
    of: str


class ActivityRestored(Event, frozen=True, tag="activity-restored"):
    activity: int
    line: str
    name: str
    code: str
    area: str
    indicator: str
    verification: str
    objectives: tuple[str, ...]
    foreign: tuple[str, ...]
    place: Decimal
    origin: str = ""
    item: str = ""


class TaskRestored(Event, frozen=True, tag="task-restored"):
    task: int
    activity: int
    name: str
    unit: str
    months: tuple[Decimal, ...]
    code: str
    note: str
    place: Decimal


class LineRemoved(Event, frozen=True, tag="line-removed"):
    code: str
    reason: str


def decide(plan: Plan, command: UndoChange | RedoChange, by: By) -> list[Event]:
    """The rules of taking back."""
    need(plan.open, NOT_OPEN)
    need(plan.status in DRAFTING, "Solo se deshace y se rehace mientras el plan está en borrador u observado.")
    undo, redo = stacks(plan.steps, by.person)
    if isinstance(command, UndoChange):
        need(undo, "No hay cambios suyos por deshacer.")
        return [ChangeUndone(of=undo[-1].command), *_back(plan, undo[-1], UNDONE)]
    need(redo, "No hay cambios suyos por rehacer.")
    return [ChangeRedone(of=redo[-1].command), *_back(plan, redo[-1], REDONE)]


def _back(plan: Plan, step: Step, reason: str) -> list[Event]:
    """The facts that take a step back, in the reverse order; refused where somebody else left a row otherwise than the step did."""
    mine = {subject(event): event for event, _ in step.changes}
    later = plan.steps[next(n for n, each in enumerate(plan.steps) if each is step) + 1 :]
    theirs = [subject(event) for each in later if each.person != step.person for event, _ in each.changes]
    clash = next((each for each in theirs if each in mine and standing(plan, mine[each]) != step.left[each]), None)
    need(clash is None, f"No se puede: otra persona cambió después {clash}.")
    found = [inverse(event, taken, reason) for event, taken in reversed(step.changes)]
    return _fitting(plan, [event for event in found if event is not None])


def inverse(event: Event, taken: Taken, reason: str) -> Event | None:
    """The fact that takes another one back, given what that one took away; None where nothing needs to be taken back."""
    match event, taken:
        case (TaskChanged(), _):
            values = {name: getattr(event, name) for name in TASK_FIELDS}
            was = {name: getattr(event, name) for name in event.was}
            return TaskChanged(task=event.task, activity=event.activity, was=was, **{**values, **event.was}, reason=reason)
        case (ActivityChanged(), _):
            return ActivityChanged(activity=event.activity, was=event.now, now=event.was, reason=reason)
        case (ActivityAligned(), _):
            foreign = None if event.foreign is None else event.was_foreign
            return ActivityAligned(
                activity=event.activity,
                was=event.objectives,
                objectives=event.was,
                was_foreign=event.foreign or (),
                foreign=foreign,
            )
        case (TaskAdded() | TaskRestored(), _):
            return TaskRemoved(task=event.task, activity=event.activity, reason=reason)
        case (ActivityAdded() | ActivityRestored(), _):
            return ActivityRemoved(activity=event.activity, reason=reason)
        case (LineAdded(), _):
            return LineRemoved(code=event.code, reason=reason)
        case (LineRemoved(), LineAdded()):
            return taken
        case (TaskRemoved(), Task()):
            return TaskRestored(task=event.task, place=Decimal(event.task), **msgspec.structs.asdict(taken))
        case (ActivityRemoved(), Activity()):
            return ActivityRestored(activity=event.activity, place=Decimal(event.activity), **msgspec.structs.asdict(taken))
        case (TaskMoved(), _):
            return TaskMoved(
                task=event.task,
                activity=event.was_activity,
                place=event.was_place,
                was_activity=event.activity,
                was_place=event.place,
                reason=reason,
            )
        case (ActivityMoved(), _):
            return ActivityMoved(
                activity=event.activity,
                line=event.was_line,
                place=event.was_place,
                was_line=event.line,
                was_place=event.place,
                reason=reason,
            )
        case _:
            return None


def _fitting(plan: Plan, events: list[Event]) -> list[Event]:
    """The same facts with their places in the plan as it stands; refused where what they need is there no more."""
    tasks, activities = {n: task.activity for n, task in plan.tasks.items()}, {n: a.line for n, a in plan.activities.items()}
    lines, found = set(plan.lines), list[Event]()
    gone = "No se puede: la actividad {} ya no está en el plan."
    for event in events:
        match event:
            case TaskRestored() | TaskMoved():
                need(event.activity in activities, gone.format(event.activity))
                tasks[event.task] = event.activity
            case ActivityRestored() | ActivityMoved():
                need(event.line in lines, f"No se puede: la línea de acción «{event.line}» ya no está en el plan.")
                activities[event.activity] = event.line
            case TaskRemoved():
                del tasks[event.task]
            case ActivityRemoved():
                mine = event.activity in tasks.values()
                need(not mine, f"No se puede: otra persona agregó tareas a la actividad {event.activity}.")
                del activities[event.activity]
            case LineRemoved():
                used = event.code in activities.values()
                need(not used, f"No se puede: otra persona agregó actividades a la línea «{event.code}».")
                lines.remove(event.code)
            case LineAdded():
                lines.add(event.code)
        found.append(_placed(plan, event))
    return found


def _placed(plan: Plan, event: Event) -> Event:
    """What returns takes its old place, or the next free one."""
    match event:
        case TaskRestored() | TaskMoved():
            place = task_place(plan, event.task) if isinstance(event, TaskRestored) else event.place
            taken, end = {task_place(plan, n) for n in plan.tasks if n != event.task}, Decimal(plan.last_task + 1)
        case ActivityRestored() | ActivityMoved():
            place = activity_place(plan, event.activity) if isinstance(event, ActivityRestored) else event.place
            taken, end = (
                {activity_place(plan, n) for n in plan.activities if n != event.activity},
                Decimal(plan.last_activity + 1),
            )
        case _:
            return event
    if place in taken:
        place = between(place, min((each for each in taken if each > place), default=end), taken)
    return msgspec.structs.replace(event, place=place)


def evolve(plan: Plan, fact: Fact) -> None:
    """Apply one fact of taking back; what it changes is kept as any other change (`keep`)."""
    match event := fact.event:
        case ChangeUndone() | ChangeRedone():
            kind: Literal["undo", "redo"] = "undo" if isinstance(event, ChangeUndone) else "redo"
            plan.steps.append(Step(fact.person, fact.command, kind))
        case TaskRestored():
            plan.tasks[event.task] = Task(event.activity, event.name, event.unit, event.months, event.code, event.note)
            plan.task_places[event.task] = event.place
        case ActivityRestored():
            values = {name: getattr(event, name) for name in Activity.__struct_fields__}
            plan.activities[event.activity] = Activity(**values)
            plan.activity_places[event.activity] = event.place
        case LineRemoved():
            del plan.lines[event.code]

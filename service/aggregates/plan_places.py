"""The order of a plan: activities within their line, tasks within their activity; moving one is a fact of its own.

An item's place is its number until it is moved; then it is a figure strictly between those of its new neighbours.
"""

from collections.abc import Collection
from decimal import ROUND_FLOOR, Decimal

from service.aggregates import By, Command, Event, Line1, Note, Number, need
from service.aggregates.plan import NOT_OPEN, Plan

DEEPEST = 18
DRAFTING = {"draft", "observed"}
ONLY_DRAFT = "El plan está aprobado: proponga el nuevo lugar con su motivo."
STAYS = "En un plan aprobado una tarea no pasa a otra actividad: retírela de una y agréguela en la otra."


class MoveActivity(Command, frozen=True, tag="move-activity", tag_field="change"):
    """Put an activity under a line, `after` another one of that line; 0 puts it first."""

    activity: Number
    line: Line1
    after: int = 0
    reason: Note = ""


class MoveTask(Command, frozen=True, tag="move-task", tag_field="change"):
    """Put a task under an activity, `after` another one of its tasks; 0 puts it first."""

    task: Number
    activity: Number
    after: int = 0
    reason: Note = ""


class ActivityMoved(Event, frozen=True, tag="activity-moved"):
    activity: int
    line: str
    place: Decimal
    was_line: str
    was_place: Decimal
    reason: str = ""
    amendment: int = 0


class TaskMoved(Event, frozen=True, tag="task-moved"):
    task: int
    activity: int
    place: Decimal
    was_activity: int
    was_place: Decimal
    reason: str = ""
    amendment: int = 0


def task_place(plan: Plan, task: int) -> Decimal:
    """Where a task stands among those of its activity."""
    return plan.task_places.get(task) or Decimal(task)


def activity_place(plan: Plan, activity: int) -> Decimal:
    """Where an activity stands among those of its line."""
    return plan.activity_places.get(activity) or Decimal(activity)


def tasks_of(plan: Plan, activity: int) -> list[int]:
    """The tasks of an activity in their order."""
    return sorted((n for n, task in plan.tasks.items() if task.activity == activity), key=lambda n: (task_place(plan, n), n))


def activities_of(plan: Plan, line: str) -> list[int]:
    """The activities of a line in their order."""
    mine = (n for n, each in plan.activities.items() if each.line == line)
    return sorted(mine, key=lambda n: (activity_place(plan, n), n))


def between(low: Decimal, high: Decimal, taken: Collection[Decimal]) -> Decimal:
    """The shortest figure strictly between two places that nobody has, as near the middle as there is."""
    for digits in range(DEEPEST):
        first = int(low.scaleb(digits).to_integral_value(ROUND_FLOOR)) + 1
        found = [each for each in (Decimal(n).scaleb(-digits) for n in range(first, int(high.scaleb(digits)) + 1)) if each < high]
        free = [each for each in found if each not in taken]
        if free:
            return min(free, key=lambda each: abs(each + each - low - high))
    need(False, "Ya no hay lugar entre esas dos filas: mueva antes una de ellas al final.")  # noqa: FBT003 — always refuses
    raise AssertionError


def decide(plan: Plan, command: MoveActivity | MoveTask, by: By) -> list[Event]:  # noqa: ARG001 — every part decides alike
    """The rules of the order."""
    need(plan.open, NOT_OPEN)
    need(plan.status != "submitted", "El plan está enviado a la DRE: espere su respuesta.")
    need(plan.status in DRAFTING, ONLY_DRAFT)
    if isinstance(command, MoveTask):
        return list[Event](move_task(plan, command))
    return list[Event](move_activity(plan, command))


def move_task(plan: Plan, command: MoveTask, amendment: int = 0) -> list[TaskMoved]:
    """A task moved, or nothing where it stands there already; what was approved counts where it was approved."""
    need(command.task in plan.tasks, "Esa tarea no está en el plan.")
    need(command.activity in plan.activities, "Esa actividad no está en el plan.")
    before, siblings = plan.tasks[command.task].activity, tasks_of(plan, command.activity)
    need(not amendment or before == command.activity, STAYS)
    if before == command.activity and _follows(siblings, command.task, command.after):
        return []
    places = {n: task_place(plan, n) for n in siblings if n != command.task}
    taken = {task_place(plan, n) for n in plan.tasks}
    place = _place(places, command.after, Decimal(plan.last_task + 1), taken, "Esa tarea no está en esa actividad.")
    was = task_place(plan, command.task)
    return [
        TaskMoved(
            task=command.task,
            activity=command.activity,
            place=place,
            was_activity=before,
            was_place=was,
            reason=command.reason,
            amendment=amendment,
        )
    ]


def move_activity(plan: Plan, command: MoveActivity, amendment: int = 0) -> list[ActivityMoved]:
    """An activity moved, or nothing where it stands there already."""
    need(command.activity in plan.activities, "Esa actividad no está en el plan.")
    need(command.line in plan.lines, f"La línea de acción «{command.line}» no está en el plan: agréguela primero.")
    before, siblings = plan.activities[command.activity].line, activities_of(plan, command.line)
    if before == command.line and _follows(siblings, command.activity, command.after):
        return []
    places = {n: activity_place(plan, n) for n in siblings if n != command.activity}
    taken = {activity_place(plan, n) for n in plan.activities}
    place = _place(places, command.after, Decimal(plan.last_activity + 1), taken, "Esa actividad no está en esa línea.")
    was = activity_place(plan, command.activity)
    return [
        ActivityMoved(
            activity=command.activity,
            line=command.line,
            place=place,
            was_line=before,
            was_place=was,
            reason=command.reason,
            amendment=amendment,
        )
    ]


def _follows(siblings: list[int], item: int, after: int) -> bool:
    """Whether it stands right after that one already, or first for 0."""
    where = siblings.index(item) if item in siblings else -1
    return where >= 0 and (siblings[where - 1] if where else 0) == after


def _place(places: dict[int, Decimal], after: int, end: Decimal, taken: Collection[Decimal], sentence: str) -> Decimal:
    """The place right after that sibling."""
    need(after == 0 or after in places, sentence)
    low = places[after] if after else Decimal(0)
    return between(low, min((place for place in places.values() if place > low), default=end), taken)


def apply(plan: Plan, event: Event) -> None:
    """Apply one move."""
    match event:
        case TaskMoved():
            plan.tasks[event.task].activity = event.activity
            plan.task_places[event.task] = event.place
        case ActivityMoved():
            plan.activities[event.activity].line = event.line
            plan.activity_places[event.activity] = event.place

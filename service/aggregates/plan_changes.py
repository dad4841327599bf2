"""One change of a plan, or several together, as the facts of content and order that follow; they are tried on a copy.

Before approval the facts happen at once; once approved they wait in an amendment (`plan_versions`).
"""

from collections.abc import Collection, Iterable
from copy import copy
from typing import Any, TypeVar

import msgspec

from service.aggregates import By, Command, Event, amounts, need
from service.aggregates.merging import merge
from service.aggregates.plan import (
    ACTIVITY_FIELDS,
    NOT_OPEN,
    TASK_FIELDS,
    Activity,
    ActivityAdded,
    ActivityChanged,
    ActivityRemoved,
    AddActivity,
    AddLine,
    AddTask,
    ChangeActivity,
    ChangeTask,
    LineAdded,
    NewTask,
    Plan,
    RemoveActivity,
    RemoveTask,
    Task,
    TaskAdded,
    TaskChanged,
    TaskRemoved,
)
from service.aggregates.plan import apply as apply_content
from service.aggregates.plan_places import ActivityMoved, MoveActivity, MoveTask, TaskMoved, move_activity, move_task
from service.aggregates.plan_places import apply as apply_place

Change = AddActivity | ChangeActivity | RemoveActivity | AddTask | ChangeTask | RemoveTask | MoveActivity | MoveTask
PlanChange = ActivityAdded | ActivityChanged | ActivityRemoved | TaskAdded | TaskChanged | TaskRemoved | ActivityMoved | TaskMoved
Item = TypeVar("Item", Activity, Task)


def apply(plan: Plan, event: Event) -> None:
    """Apply one change of content or order, whether it happened or is only proposed."""
    apply_content(plan, event)
    apply_place(plan, event)


def copied(plan: Plan) -> Plan:
    """The plan with rows of its own, to try changes on."""
    return msgspec.structs.replace(
        plan,
        activities=_copies(plan.activities),
        tasks=_copies(plan.tasks),
        activity_places=dict(plan.activity_places),
        task_places=dict(plan.task_places),
    )


def _copies(items: dict[int, Item]) -> dict[int, Item]:
    return {number: copy(item) for number, item in items.items()}


def together(plan: Plan, wanted: Iterable[Change], by: By, amendment: int = 0) -> list[PlanChange]:
    """The facts of several changes, each decided on what the ones before it leave."""
    draft, numbers, found = copied(plan), Numbers(plan), list[PlanChange]()
    for change in wanted:
        if isinstance(change, AddActivity):
            catalogued(by, change.objectives)
        for event in changes(draft, change, numbers, amendment):
            apply(draft, event)
            found.append(event)
    return found


class Numbers:
    """Gives out the next ordinals without touching the plan: a proposal may add several items at once."""

    def __init__(self, plan: Plan) -> None:
        self.activity = plan.last_activity
        self.task = plan.last_task

    def next_activity(self) -> int:
        self.activity += 1
        return self.activity

    def next_task(self) -> int:
        self.task += 1
        return self.task


def values_of(it: Activity | Task | ChangeActivity | ChangeTask, fields: tuple[str, ...]) -> dict[str, Any]:
    """The values that a change of an item replaces."""
    return {field: getattr(it, field) for field in fields}


def changes(plan: Plan, command: Change, numbers: Numbers, amendment: int = 0) -> list[PlanChange]:
    """The events of one change of content, whether applied at once or proposed."""
    match command:
        case AddActivity():
            need(command.line in plan.lines, f"La línea de acción «{command.line}» no está en el plan: agréguela primero.")
            number = numbers.next_activity()
            fields = {name: getattr(command, name) for name in ACTIVITY_FIELDS}
            added: list[PlanChange] = [
                ActivityAdded(
                    activity=number, **fields, objectives=command.objectives, foreign=command.foreign, amendment=amendment
                )
            ]
            return added + [new_task(number, task, numbers, amendment) for task in command.tasks]
        case AddTask():
            need(command.activity in plan.activities, "Esa actividad no está en el plan.")
            new = new_task(command.activity, command, numbers, amendment)
            return [new] if command.after is None else [new, *_after(plan, new, command.after, amendment)]
        case ChangeActivity():
            need(command.activity in plan.activities, "Esa actividad no está en el plan.")
            before = values_of(plan.activities[command.activity], ACTIVITY_FIELDS)
            after = merge(command.seen, before, values_of(command, ACTIVITY_FIELDS))
            need(after["line"] in plan.lines, f"La línea de acción «{after['line']}» no está en el plan: agréguela primero.")
            now = {field: value for field, value in after.items() if value != before[field]}
            if not now:
                return []
            was = {field: before[field] for field in now}
            return [ActivityChanged(activity=command.activity, was=was, now=now, reason=command.reason, amendment=amendment)]
        case ChangeTask():
            need(command.task in plan.tasks, "Esa tarea no está en el plan.")
            amounts(*command.months)
            task = plan.tasks[command.task]
            before = values_of(task, TASK_FIELDS)
            values = merge(command.seen, before, values_of(command, TASK_FIELDS))
            changed = {field: was for field, was in before.items() if was != values[field]}
            note = None if command.note in (None, task.note) else command.note
            changed |= {} if note is None else {"note": task.note}
            if not changed:
                return []
            return [
                TaskChanged(
                    task=command.task,
                    activity=task.activity,
                    was=changed,
                    **values,
                    reason=command.reason,
                    amendment=amendment,
                    note=note,
                )
            ]
        case RemoveTask():
            need(command.task in plan.tasks, "Esa tarea no está en el plan.")
            activity = plan.tasks[command.task].activity
            return [TaskRemoved(task=command.task, activity=activity, reason=command.reason, amendment=amendment)]
        case RemoveActivity():
            need(command.activity in plan.activities, "Esa actividad no está en el plan.")
            tasks: list[PlanChange] = [
                TaskRemoved(task=n, activity=command.activity, reason=command.reason, amendment=amendment)
                for n, task in plan.tasks.items()
                if task.activity == command.activity
            ]
            return [*tasks, ActivityRemoved(activity=command.activity, reason=command.reason, amendment=amendment)]
        case MoveTask():
            return list[PlanChange](move_task(plan, command, amendment))
        case MoveActivity():
            return list[PlanChange](move_activity(plan, command, amendment))


def _after(plan: Plan, task: TaskAdded, sibling: int, amendment: int) -> list[TaskMoved]:
    """The fact that puts a new task right after a sibling, nothing where it stands there already."""
    there = msgspec.structs.replace(plan, tasks=dict(plan.tasks))
    apply_content(there, task)
    return move_task(there, MoveTask(task=task.task, activity=task.activity, after=sibling), amendment)


def new_task(activity: int, new: NewTask | AddTask, numbers: Numbers, amendment: int) -> TaskAdded:
    """The event of a task to add, with its number."""
    amounts(*new.months)
    return TaskAdded(
        task=numbers.next_task(),
        activity=activity,
        name=new.name,
        unit=new.unit,
        months=new.months,
        code=new.code,
        note=new.note,
        amendment=amendment,
    )


def decide(plan: Plan, command: Command, by: By) -> list[Event]:
    """The rules of the content."""
    need(plan.open, NOT_OPEN)
    need(plan.status != "submitted", "El plan está enviado a la DRE: espere su respuesta.")
    match command:
        case AddLine():
            need(command.code not in plan.lines, f"La línea «{command.code}» ya está en el plan.")
            return [LineAdded(code=command.code, kind=command.kind, name=command.name)]
        case AddActivity() | AddTask() | ChangeActivity() | ChangeTask() | RemoveActivity() | RemoveTask():
            need(plan.status != "approved", "El plan está aprobado: proponga la modificación con su motivo.")
            if isinstance(command, AddActivity):
                catalogued(by, command.objectives)
            return list[Event](changes(plan, command, Numbers(plan)))
        case _:
            msg = f"plan cannot decide {type(command).__name__}"
            raise TypeError(msg)


def catalogued(by: By, objectives: tuple[str, ...], kept: Collection[str] = ()) -> None:
    """Refuse objectives that the catalogue does not hold; those the plan has already may stay when they are retired."""
    unknown = tuple(code for code in objectives if code not in by.rules.objectives and code not in kept)
    need(not unknown, "Estos objetivos no están en el catálogo:", unknown)

"""The steps of a draft that may still be taken back: what each command changed, what that took away, how it left each row."""

from copy import copy
from typing import Any

from service.aggregates import Event, Fact
from service.aggregates.plan import Plan, Step, Taken
from service.aggregates.plan_places import activity_place, task_place

KEPT = 100


def stacks(steps: list[Step], person: str) -> tuple[list[Step], list[Step]]:
    """What this person may undo and redo, the last one last."""
    undo, redo = list[Step](), list[Step]()
    for step in steps:
        if step.person != person:
            continue
        if step.kind == "change":
            redo.clear()
        elif step.kind == "undo" and undo:
            undo.pop()
        elif step.kind == "redo" and redo:
            redo.pop()
        (redo if step.kind == "undo" else undo).append(step)
    return undo, redo


def subject(event: Event) -> str:
    """What a fact of the content is about, in words that may be shown; nothing where it is about no row."""
    if task := getattr(event, "task", 0):
        return f"la tarea {task}"
    if activity := getattr(event, "activity", 0):
        return f"la actividad {activity}"
    line = getattr(event, "code", "")
    return f"la línea de acción «{line}»" if line else ""


def standing(plan: Plan, event: Event) -> Any:
    """The row that a fact is about, with its place, as it stands now; nothing where it is not in the plan."""
    if task := getattr(event, "task", 0):
        return (copy(plan.tasks[task]), task_place(plan, task)) if task in plan.tasks else None
    if activity := getattr(event, "activity", 0):
        return (copy(plan.activities[activity]), activity_place(plan, activity)) if activity in plan.activities else None
    return plan.lines.get(getattr(event, "code", ""))


def keep(plan: Plan, fact: Fact, taken: Taken) -> None:
    """Remember a change of a draft that just happened, with what it took away, beside those of the same command."""
    if not plan.steps or plan.steps[-1].command != fact.command:
        plan.steps.append(Step(fact.person, fact.command, "change", []))
        del plan.steps[:-KEPT]
    step = plan.steps[-1]
    step.changes.append((fact.event, taken))
    if about := subject(fact.event):
        step.left[about] = standing(plan, fact.event)

"""Editing many things at once: a pasted block, a selection of rows. One command, one fact per item, one shared reason.

In an approved plan the same commands propose a modification. `evolve` is that of the whole content: it also keeps what
may still be undone.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal, cast

import msgspec
from msgspec import Meta

from service.aggregates import By, Command, Event, Fact, Note, Number, Paragraph, Word, need, plan_copies, plan_steps, plan_undo
from service.aggregates.plan import (
    ACTIVITY_FIELDS,
    NOT_OPEN,
    ActivityRemoved,
    AddActivity,
    ChangeActivity,
    ChangeTask,
    Months,
    Plan,
    PlanImported,
    RemoveActivity,
    RemoveTask,
    Taken,
    TaskRemoved,
)
from service.aggregates.plan_changes import Change, apply, together
from service.aggregates.plan_places import DRAFTING, tasks_of
from service.aggregates.plan_undo import LineRemoved
from service.aggregates.plan_versions import ProposeAmendment
from service.aggregates.plan_versions import decide as decide_version

Operation = Literal["line", "area", "unit", "multiply", "shift", "remove"]
Factor = Annotated[Decimal, Meta(ge=0, le=1000, extra={"error": "Escriba un número de 0 a 1000."})]
Shift = Annotated[int, Meta(ge=-11, le=11, extra={"error": "Escriba de −11 a 11 meses."})]
CENT = Decimal("0.01")


class ChangeMany(Command, frozen=True):
    """Several changes made together: all of them or none; `reason` is shared by those that have none of their own."""

    changes: tuple[Change, ...]
    reason: Note = ""


class ChangeSelected(Command, frozen=True):
    """The same change of every chosen row: an activity stands for its tasks, a task for its activity, as the change asks."""

    operation: Operation
    reason: Paragraph
    activities: tuple[Number, ...] = ()
    tasks: tuple[Number, ...] = ()
    line: Word = ""
    area: Word = ""
    unit: Word = ""
    factor: Factor = Decimal(1)
    shift: Shift = 0


def decide(plan: Plan, command: Command, by: By) -> list[Event]:
    """The rules of editing many things at once."""
    need(plan.open, NOT_OPEN)
    need(plan.status != "submitted", "El plan está enviado a la DRE: espere su respuesta.")
    match command:
        case ChangeMany():
            return _together(plan, command.changes, command.reason, by)
        case ChangeSelected():
            return _together(plan, _selected(plan, command), command.reason, by)
        case _:
            msg = f"plan_editing cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _together(plan: Plan, wanted: tuple[Change, ...], reason: str, by: By) -> list[Event]:
    """The facts of several changes, each decided on what the ones before it leave."""
    need(wanted, "No hay nada que cambiar.")
    reasoned = tuple(_reasoned(each, reason) for each in wanted)
    if plan.status == "approved":
        need(reason.strip(), "Escriba el motivo de la modificación.")
        return decide_version(plan, ProposeAmendment(changes=reasoned, reason=reason), by)
    return list[Event](together(plan, reasoned, by))


def _reasoned(change: Change, reason: str) -> Change:
    if isinstance(change, AddActivity) or change.reason or not reason:
        return change
    return msgspec.structs.replace(change, reason=reason)


def _selected(plan: Plan, command: ChangeSelected) -> tuple[Change, ...]:
    """What a change of the chosen rows means for each of them."""
    missing = [n for n in command.activities if n not in plan.activities] + [n for n in command.tasks if n not in plan.tasks]
    need(not missing, "Alguna de las filas elegidas ya no está en el plan: vuelva a elegirlas.")
    need(command.activities or command.tasks, "Elija al menos una fila.")
    of_activities = [n for each in dict.fromkeys(command.activities) for n in tasks_of(plan, each)]
    tasks = list(dict.fromkeys([*of_activities, *command.tasks]))
    activities = list(dict.fromkeys([*command.activities, *(plan.tasks[n].activity for n in command.tasks)]))
    match command.operation:
        case "line":
            need(command.line, "Elija la línea de acción.")
            return tuple(_activity(plan, n, line=command.line) for n in activities)
        case "area":
            return tuple(_activity(plan, n, area=command.area) for n in activities)
        case "unit":
            need(command.unit.strip(), "Escriba la unidad de medida.")
            return tuple(_task(plan, n, unit=command.unit) for n in tasks)
        case "multiply":
            scaled = {
                n: tuple((m * command.factor).quantize(CENT, ROUND_HALF_UP).normalize() for m in plan.tasks[n].months)
                for n in tasks
            }
            return tuple(_task(plan, n, months=months) for n, months in scaled.items())
        case "shift":
            return tuple(_task(plan, n, months=_shifted(plan, n, command.shift)) for n in tasks)
        case "remove":
            whole = set(command.activities)
            alone = [n for n in dict.fromkeys(command.tasks) if plan.tasks[n].activity not in whole]
            leaving = tuple(RemoveActivity(activity=n, reason=command.reason) for n in dict.fromkeys(command.activities))
            return (*(RemoveTask(task=n, reason=command.reason) for n in alone), *leaving)


def _shifted(plan: Plan, task: int, by: int) -> tuple[Decimal, ...]:
    """The months of a task some months later, or earlier; no target leaves the year."""
    months, none = plan.tasks[task].months, (Decimal(0),) * abs(by)
    lost = months[12 - by :] if by > 0 else months[:-by]
    need(not any(lost), f"La tarea {task} tiene metas que saldrían del año: muévala menos meses.")
    return (*none, *months[: 12 - by]) if by > 0 else (*months[-by:], *none)


def _activity(plan: Plan, number: int, **values: str) -> ChangeActivity:
    current = {name: getattr(plan.activities[number], name) for name in ACTIVITY_FIELDS}
    return ChangeActivity(activity=number, **{**current, **values})


def _task(plan: Plan, number: int, unit: str = "", months: tuple[Decimal, ...] = ()) -> ChangeTask:
    task = plan.tasks[number]
    targets = cast("Months", months or task.months)
    return ChangeTask(task=number, name=task.name, code=task.code, unit=unit or task.unit, months=targets)


def _taken(plan: Plan, event: Event) -> Taken:
    """What a fact is about to take away."""
    match event:
        case TaskRemoved():
            return plan.tasks[event.task]
        case ActivityRemoved():
            return plan.activities[event.activity]
        case LineRemoved():
            return plan.lines[event.code]
        case _:
            return None


def evolve(plan: Plan, fact: Fact) -> None:
    """Apply one fact of the content, and remember how to take it back while the plan is a draft."""
    event = fact.event
    taken = _taken(plan, event) if plan.status in DRAFTING else None
    apply(plan, event)
    match event:
        case plan_undo.ChangeUndone() | plan_undo.ChangeRedone():
            plan_undo.evolve(plan, fact)
            return
        case plan_copies.ActivityBrought():
            plan_copies.apply(plan, event)
        case _:
            plan_undo.evolve(plan, fact)
    if plan.status in DRAFTING and not isinstance(event, PlanImported):
        plan_steps.keep(plan, fact, taken)

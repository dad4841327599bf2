"""Copies: an activity once more in the same plan, or brought from last year's with the open item it answers."""

from copy import copy
from typing import cast

import msgspec

from service.aggregates import By, Command, Event, Number, Word, Year, need
from service.aggregates.plan import ACTIVITY_FIELDS, NOT_OPEN, AddActivity, AddLine, LineAdded, Months, NewTask, Plan
from service.aggregates.plan_changes import Numbers, catalogued, changes
from service.aggregates.plan_places import DRAFTING, MoveActivity, move_activity, tasks_of

ONLY_DRAFT = "El plan ya no está en borrador: proponga la actividad nueva como modificación."


class CopyActivity(Command, frozen=True):
    """An activity once more, with its tasks, right below itself."""

    activity: Number


class Bring(msgspec.Struct, frozen=True, kw_only=True):
    """An activity of last year's plan to bring: its number there, the open item it answers, and what it says."""

    origin: Number
    activity: AddActivity
    item: Word = ""


class BringActivities(Command, frozen=True):
    """Activities of an earlier plan, as its read tables had them, with the lines they need."""

    origin_year: Year
    lines: tuple[AddLine, ...]
    activities: tuple[Bring, ...]


class ActivityBrought(Event, frozen=True, tag="activity-brought"):
    """Where an activity comes from: `actividad/3/2025`, and the item of that balance it answers, `compromiso/7/2025`."""

    activity: int
    origin: str
    item: str = ""


def decide(plan: Plan, command: CopyActivity | BringActivities, by: By) -> list[Event]:
    """The rules of copying."""
    need(plan.open, NOT_OPEN)
    need(plan.status in DRAFTING, ONLY_DRAFT)
    return _copied(plan, command) if isinstance(command, CopyActivity) else _brought(plan, command, by)


def _copied(plan: Plan, command: CopyActivity) -> list[Event]:
    need(command.activity in plan.activities, "Esa actividad no está en el plan.")
    source = plan.activities[command.activity]
    fields = {name: getattr(source, name) for name in ACTIVITY_FIELDS if name != "name"}
    tasks = [plan.tasks[n] for n in tasks_of(plan, command.activity)]
    new = AddActivity(
        **fields,
        name=f"{source.name[:290]} (copia)",
        objectives=source.objectives,
        foreign=source.foreign,
        tasks=tuple(NewTask(name=t.name, unit=t.unit, months=cast("Months", t.months), code=t.code, note=t.note) for t in tasks),
    )
    added = changes(plan, new, Numbers(plan))
    number = plan.last_activity + 1
    there = msgspec.structs.replace(plan, activities={**plan.activities, number: copy(source)}, last_activity=number)
    return [*added, *move_activity(there, MoveActivity(activity=number, line=source.line, after=command.activity))]


def _brought(plan: Plan, command: BringActivities, by: By) -> list[Event]:
    need(command.activities, "Elija al menos una actividad.")
    need(command.origin_year < plan.year, "Solo se trae de un plan anterior.")
    origins = {n: f"actividad/{n}/{command.origin_year}" for n in (each.origin for each in command.activities)}
    here = {each.origin for each in plan.activities.values()}
    again = tuple(f"Actividad {n} de {command.origin_year}" for n, origin in origins.items() if origin in here)
    need(not again, "Ya están en este plan:", again)
    new = [line for line in {line.code: line for line in command.lines}.values() if line.code not in plan.lines]
    lines = [LineAdded(code=line.code, kind=line.kind, name=line.name) for line in new]
    known = msgspec.structs.replace(plan, lines=plan.lines | {line.code: line for line in lines})
    numbers, found = Numbers(plan), list[Event](lines)
    for each in command.activities:
        catalogued(by, each.activity.objectives)
        found += changes(known, each.activity, numbers)
        found.append(ActivityBrought(activity=numbers.activity, origin=origins[each.origin], item=each.item))
    return found


def apply(plan: Plan, event: ActivityBrought) -> None:
    """Note where an activity comes from."""
    activity = plan.activities[event.activity]
    activity.origin, activity.item = event.origin, event.item

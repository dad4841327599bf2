"""Alignment of one activity or of many at once, and what a plan lacks before it can be sent, line by line with its subject."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from msgspec import Meta

from service.aggregates import By, Command, Event, Line1, Missing, Number, Word, need
from service.aggregates.merging import united
from service.aggregates.plan import NOT_OPEN, ActivityAdded, ActivityAligned, Plan
from service.aggregates.plan_changes import catalogued

BARE = "Una actividad de un plan aprobado no puede quedar sin objetivo."


class AlignActivity(Command, frozen=True):
    """`seen` are the objectives its author had on screen (`merging.united`): only those he added or took away change."""

    activity: Number
    objectives: tuple[Word, ...]
    seen: tuple[str, ...] | None = None


class MapObjective(Command, frozen=True):
    """Align every activity that carries a foreign code with one objective of the catalogue."""

    foreign: Line1
    objective: Line1


class AlignActivities(Command, frozen=True):
    """Add objectives to each of these activities; what they are aligned to already stays."""

    activities: Annotated[tuple[Number, ...], Meta(min_length=1, extra={"error": "Marque al menos una actividad."})]
    objectives: Annotated[tuple[Word, ...], Meta(min_length=1, extra={"error": "Elija al menos un objetivo."})]


def decide(plan: Plan, command: Command, by: By) -> list[Event]:
    """The rules of aligning."""
    need(plan.open, NOT_OPEN)
    need(plan.status != "submitted", "El plan está enviado a la DRE: espere su respuesta.")
    match command:
        case AlignActivity():
            return _one(plan, command, by)
        case AlignActivities():
            return _many(plan, command, by)
        case MapObjective():
            need(command.objective in by.rules.objectives, f"«{command.objective}» no está en el catálogo de objetivos.")
            return [
                ActivityAligned(activity=number, was=a.objectives, objectives=(*a.objectives, command.objective))
                for number, a in plan.activities.items()
                if command.foreign in a.foreign and command.objective not in a.objectives
            ]
        case _:
            msg = f"plan_alignment cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _one(plan: Plan, command: AlignActivity, by: By) -> list[Event]:
    need(command.activity in plan.activities, "Esa actividad no está en el plan.")
    before = plan.activities[command.activity].objectives
    objectives = united(command.seen, before, command.objectives)
    need(objectives or plan.status != "approved", BARE)
    catalogued(by, objectives, before)
    return [] if objectives == before else [ActivityAligned(activity=command.activity, was=before, objectives=objectives)]


def _many(plan: Plan, command: AlignActivities, by: By) -> list[Event]:
    unknown = tuple(f"Actividad {number}" for number in command.activities if number not in plan.activities)
    need(not unknown, "Estas actividades no están en el plan:", unknown)
    catalogued(by, command.objectives)
    events = list[Event]()
    for number in dict.fromkeys(command.activities):
        was = plan.activities[number].objectives
        objectives = tuple(dict.fromkeys((*was, *command.objectives)))
        if objectives != was:
            events.append(ActivityAligned(activity=number, was=was, objectives=objectives))
    return events


def served(changes: Iterable[Event], *, mapped_later: bool = False) -> None:
    """Refuse new activities of an approved plan without an objective; an import may bring codes that are `mapped_later`."""
    new = [each for each in changes if isinstance(each, ActivityAdded)]
    bare = tuple(f"Actividad nueva: {each.name}" for each in new if not each.objectives and not (mapped_later and each.foreign))
    need(not bare, BARE, bare)


def lacking(plan: Plan) -> Iterator[Missing]:
    """What each activity lacks before the plan can be sent: an objective, tasks, targets."""
    targets = dict[int, bool]()
    for task in plan.tasks.values():
        targets[task.activity] = targets.get(task.activity, False) or any(task.months)
    for number, activity in plan.activities.items():
        name = f"Actividad {number}: {activity.name}"
        if not activity.objectives:
            yield Missing(f"{name}. No está alineada a ningún objetivo.", "alignment", number)
        if number not in targets:
            yield Missing(f"{name}. No tiene tareas.", "activity", number)
        elif not targets[number]:
            yield Missing(f"{name}. Sus tareas no tienen metas.", "activity", number)

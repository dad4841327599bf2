"""Alignment of many activities at once, and what a plan lacks before it can be sent, line by line with its subject."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from service.aggregates import By, Command, Event, Missing, Number, Word, need
from service.aggregates.plan import NOT_OPEN, ActivityAligned, Plan
from service.aggregates.plan_changes import catalogued


class AlignActivities(Command, frozen=True):
    """Add objectives to each of these activities; what they are aligned to already stays."""

    activities: Annotated[tuple[Number, ...], Meta(min_length=1, extra={"error": "Marque al menos una actividad."})]
    objectives: Annotated[tuple[Word, ...], Meta(min_length=1, extra={"error": "Elija al menos un objetivo."})]


def decide(plan: Plan, command: Command, by: By) -> list[Event]:
    """The rules of aligning many."""
    assert isinstance(command, AlignActivities)  # noqa: S101 — the only command of this file
    need(plan.open, NOT_OPEN)
    need(plan.status != "submitted", "El plan está enviado a la DRE: espere su respuesta.")
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

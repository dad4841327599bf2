"""Scenes of the plan's editor: last year's activities brought with what they answer, a move, a change taken back, a bulk change."""

from datetime import date
from typing import cast

from service.aggregates import Command, unit_year
from service.aggregates import plan as p
from service.aggregates.plan_copies import Bring, BringActivities
from service.aggregates.plan_editing import ChangeSelected
from service.aggregates.plan_places import MoveTask
from service.aggregates.plan_undo import UndoChange
from service.demo.desk import Desk
from service.demo.stage import Scene

BRINGING = {"120005", "120007"}


def written(desk: Desk, added: p.AddActivity, open_items: tuple[str, ...]) -> Command:
    """The command that writes an activity: brought from last year's plan, at the desks that work so, where it was there."""
    last = desk.before.plan
    number = next((n for n, each in last.activities.items() if each.name == added.name), 0)
    if desk.unit not in BRINGING or not number:
        return added
    about = {activity: f"{item}/{desk.before.year}" for item, activity in _about(desk.before, open_items).items()}
    brought = Bring(origin=number, activity=added, item=about.get(number, ""))
    return BringActivities(origin_year=desk.before.year, lines=(), activities=(brought,))


def _about(year: unit_year.UnitYear, open_items: tuple[str, ...]) -> dict[str, int]:
    """The activity that each open alert or finding of a year is about."""
    found: dict[str, int] = {}
    for item in open_items:
        kind, number, *older = item.split("/")
        if kind == "hallazgo" and not older:
            found[item] = year.findings.by_number[int(number)].activity
        elif kind == "alerta" and not older:
            found[item] = year.alerts.by_number[int(number)].raised.activity
    return found


def polish(desk: Desk, day: date) -> Scene:
    """Put a task first, take a hasty change back, and give the activities of a line to another area with one reason."""
    plan, specialist = desk.year.plan, desk.crew.specialist.id
    activity, (first, second, *_) = next(
        (n, mine) for n in plan.activities if len(mine := [t for t, each in plan.tasks.items() if each.activity == n]) > 1
    )
    reason = "Primero se prepara y después se difunde."
    yield from desk.act(day, specialist, MoveTask(task=second, activity=activity, reason=reason))
    task = plan.tasks[first]
    hasty = p.ChangeTask(task=first, name=f"{task.name} (por revisar)", unit=task.unit, months=cast("p.Months", task.months))
    yield from desk.act(day, specialist, hasty)
    yield from desk.act(day, specialist, UndoChange())
    together = tuple(n for n, each in plan.activities.items() if each.line == plan.activities[activity].line)
    shared = "La dirección conduce el planeamiento y la evaluación del año."
    yield from desk.act(day, specialist, ChangeSelected(operation="area", activities=together, area="DIR", reason=shared))

"""What the plan's editor records in words: order, copies, what was taken back. `facts` says the rest."""

from collections.abc import Callable
from typing import Any

from service.aggregates import Event, plan_copies, plan_places, plan_undo

PLACES = {"activity": "actividad", "place": "lugar en la actividad"}
Said = tuple[str, list[tuple[str, str, str]], str]


def origin(item: str) -> str:
    """Where something comes from in words: `hallazgo/3/2025` is «hallazgo n.º 3 de 2025»."""
    kind, number, year = item.split("/")
    return f"{kind} n.º {number} de {year}"


def _activity_moved(e: plan_places.ActivityMoved) -> Said:
    if e.line == e.was_line:
        return f"cambió de lugar la actividad {e.activity} en su línea de acción", [], e.reason
    return f"pasó la actividad {e.activity} a otra línea de acción", [("línea de acción", e.was_line, e.line)], e.reason


def _task_moved(e: plan_places.TaskMoved) -> Said:
    if e.activity == e.was_activity:
        return f"cambió de lugar la tarea {e.task} en la actividad {e.activity}", [], e.reason
    change = ("actividad", str(e.was_activity), str(e.activity))
    return f"pasó la tarea {e.task} a la actividad {e.activity}", [change], e.reason


def _brought(e: plan_copies.ActivityBrought) -> Said:
    answers = f", por {origin(e.item)}" if e.item else ""
    return f"trajo la actividad {e.activity} del plan anterior ({origin(e.origin)}){answers}", [], ""


SAYINGS: dict[type[Event], Callable[[Any], Said]] = {
    plan_places.ActivityMoved: _activity_moved,
    plan_places.TaskMoved: _task_moved,
    plan_copies.ActivityBrought: _brought,
    plan_undo.ChangeUndone: lambda _: ("deshizo su último cambio del plan", [], ""),
    plan_undo.ChangeRedone: lambda _: ("rehízo el cambio que había deshecho", [], ""),
    plan_undo.ActivityRestored: lambda e: (f"repuso la actividad {e.activity}: {e.name}", [], ""),
    plan_undo.TaskRestored: lambda e: (f"repuso la tarea {e.task} en la actividad {e.activity}: {e.name}", [], ""),
    plan_undo.LineRemoved: lambda e: (f"retiró la línea de acción {e.code}", [], e.reason),
}

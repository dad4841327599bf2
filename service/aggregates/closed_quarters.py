"""What a closed quarter programmed stays as it was evaluated: an amendment changes only the quarters to come."""

from collections.abc import Sequence
from decimal import Decimal

from service.aggregates import Event, need, plan
from service.aggregates.plan_versions import AmendmentProposed
from service.aggregates.quarter import Quarters


def untouched(plan_now: plan.Plan, quarters: Quarters, events: Sequence[Event]) -> None:
    """Refuse events of a plan that would change a target of a closed quarter."""
    closed = [n for n, each in quarters.by_number.items() if each.status == "closed" or each.reopened]
    proposed = [change for event in events if isinstance(event, AmendmentProposed) for change in event.changes]
    none, touched = (Decimal(0),) * 12, list[str]()
    for event in (*events, *proposed):
        if not isinstance(event, plan.TaskAdded | plan.TaskChanged | plan.TaskRemoved):
            continue
        task = plan_now.tasks.get(event.task)
        before, after = task.months if task else none, none if isinstance(event, plan.TaskRemoved) else event.months
        name = event.name if not isinstance(event, plan.TaskRemoved) else task.name if task else ""
        moved = [n for n in closed if sum(before[3 * n - 3 : 3 * n]) != sum(after[3 * n - 3 : 3 * n])]
        touched += [f"Tarea {event.task}: {name}, trimestre {n}" for n in moved]
    sentence = "La programación de un trimestre cerrado ya no cambia: modifique solo los meses siguientes."
    need(not touched, sentence, tuple(touched))

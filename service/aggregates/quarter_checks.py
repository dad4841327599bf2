"""What a reported quarter makes one wonder about: nothing here is wrong, but each needs a word before the quarter is sent."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from service.aggregates import HUNDRED, Missing
from service.aggregates.plan import Plan
from service.aggregates.score import percent

if TYPE_CHECKING:
    from service.aggregates.quarter import Quarter

OVER = Decimal("1.2")
"""Beyond how many times its target a figure is one to explain."""
DROP = Decimal(30)
"""From how many points less than in the quarter before a fall is one to explain."""


def doubts(plan: Plan, quarter: "Quarter", last: "Quarter | None", number: int, proven: set[int]) -> Iterator[Missing]:
    """Each doubt about a figure that nobody has explained yet; `last` is the quarter before, `proven` have a file."""
    for task_number, done in quarter.done.items():
        task = plan.tasks.get(task_number)
        if task is None or done.reason.strip():
            continue
        before = last.done.get(task_number) if last else None
        target, past = task.programmed(number), task.programmed(number - 1) if before else Decimal(0)
        reached = percent(before.executed, past) if before and past else None
        for words in said(done.executed, target, reached, proven=bool(done.evidence) or task_number in proven):
            yield Missing(f"Tarea {task_number}: {task.name}: {words}", "progress", task_number)


def said(executed: Decimal, target: Decimal, before: Decimal | None, *, proven: bool) -> Iterator[str]:
    """The doubts about one figure; `before` is the share of its target that the task reached in the quarter before."""
    if not target:
        if executed:
            yield "se ejecutó sin programación"
        return
    if executed > target * OVER:
        yield "supera el 120 % de su meta"
    share = percent(executed, target)
    if share >= HUNDRED and not proven:
        yield "llega al 100 % sin evidencia"
    if before is not None and before - share >= DROP:
        yield "cae 30 puntos o más frente al trimestre anterior"

"""What the demo's plans hold (`matrix.toml`): lines of action, activities, tasks and their monthly targets."""

from decimal import Decimal
from importlib.resources import files
from random import Random
from typing import cast

import msgspec

from service.aggregates.plan import AddActivity, AddLine, Kind, Months, NewTask


class Line(msgspec.Struct, frozen=True):
    """A line of action of the DRE's catalogue."""

    code: str
    kind: Kind
    name: str


class Task(msgspec.Struct, frozen=True):
    """A task; `size` multiplies its months, and grows with the UGEL unless it is 1."""

    name: str
    unit: str
    months: tuple[int, ...]
    size: int = 1


class Activity(msgspec.Struct, frozen=True):
    """An activity with its tasks; the ones that are not `core` are missing in some UGEL."""

    line: str
    name: str
    area: str
    indicator: str
    verification: str
    objectives: tuple[str, ...]
    tasks: tuple[Task, ...]
    core: bool = True


class Matrix(msgspec.Struct, frozen=True):
    """The lines, what a UGEL plans under them, and what the DRE plans for itself."""

    lines: tuple[Line, ...]
    ugel: tuple[Activity, ...]
    dre: tuple[Activity, ...]


MATRIX = msgspec.toml.decode(files("service").joinpath("demo", "matrix.toml").read_bytes(), type=Matrix)


def lines(kept: tuple[Activity, ...]) -> list[AddLine]:
    """The commands that write the lines these activities need."""
    used = {activity.line for activity in kept}
    return [AddLine(code=line.code, kind=line.kind, name=line.name) for line in MATRIX.lines if line.code in used]


def activities(kept: tuple[Activity, ...], scale: float, chance: Random) -> list[AddActivity]:
    """The commands that write the activities of one plan, coded by line and order."""
    count: dict[str, int] = {}
    found = list[AddActivity]()
    for each in kept:
        count[each.line] = count.get(each.line, 0) + 1
        tasks = tuple(NewTask(name=task.name, unit=task.unit, months=_months(task, scale, chance)) for task in each.tasks)
        found.append(
            AddActivity(
                line=each.line,
                code=f"{each.line}.{count[each.line]:02}",
                name=each.name,
                area=each.area,
                indicator=each.indicator,
                verification=each.verification,
                objectives=each.objectives,
                tasks=tasks,
            )
        )
    return found


def _months(task: Task, scale: float, chance: Random) -> Months:
    """The twelve targets of a task; large ones vary with the size of the UGEL, each year a little."""
    factor = 1.0 if task.size == 1 else task.size * scale * chance.uniform(0.92, 1.08)
    return cast("Months", tuple(Decimal(round(month * factor)) for month in task.months))

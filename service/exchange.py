"""Between spreadsheets and commands: a checked workbook as the command that imports it, and a plan as a workbook."""

from collections.abc import Collection
from typing import Any, cast

from psycopg import Connection

from service import workbook
from service.aggregates.plan import AddActivity, AddLine, ImportPlan, Months, NewTask
from service.ledger import stream_of
from service.projections import unit
from service.workbook import DryRun, ImportedActivity, ImportedLine, ImportedTask


def _known(key: str, place: str) -> int:
    """The number a row of our own export already has in this same plan; 0 for any other row."""
    plan, _, number = key.rpartition("-")
    return int(number) if plan == place and number.isdecimal() and len(number) < 10 else 0  # noqa: PLR2004 — fits an int


def import_command(dry: DryRun, code: str, year: int, objectives: Collection[str]) -> ImportPlan:
    """The command that makes the plan say what the workbook says; codes outside the catalogue stay unaligned."""
    place, tasks = f"{code}-{year}", dict[str, list[NewTask]]()
    for t in dry.tasks:
        task = NewTask(
            name=t.name, unit=t.unit, months=cast("Months", t.months), code=t.code, note=t.note, known=_known(t.key, place)
        )
        tasks.setdefault(t.activity_key, []).append(task)
    activities = tuple(
        AddActivity(
            line=a.line,
            name=a.name,
            code=a.code,
            area=a.area,
            indicator=a.indicator,
            verification=a.verification,
            objectives=tuple(o for o in a.foreign_objectives if o in objectives),
            foreign=tuple(o for o in a.foreign_objectives if o not in objectives),
            tasks=tuple(tasks.get(a.key, ())),
            known=_known(a.key, place),
        )
        for a in dry.activities
    )
    return ImportPlan(
        year=year,
        file=dry.filename[:300],
        digest=dry.digest,
        lines=tuple(AddLine(code=line.code, kind=line.kind, name=line.name) for line in dry.lines),
        activities=activities,
        skipped=tuple((each.row, each.reason) for each in dry.skipped),
    )


def plan_workbook(connection: Connection[Any], code: str, year: int, at: int) -> bytes:
    """A plan at a position as our own template, such that importing it again changes nothing."""
    stream, place = stream_of(code, year), f"{code}-{year}"
    lines = [ImportedLine(each.code, each.kind, each.name) for each in unit.lines(connection, at, stream)]
    activities = [
        ImportedActivity(
            f"{place}-{a.activity}",
            a.line,
            a.code,
            a.name,
            a.area,
            (*a.objectives, *a.foreign_codes),
            a.indicator,
            a.verification,
        )
        for a in unit.activities(connection, at, stream)
    ]
    tasks = [
        ImportedTask(f"{place}-{t.activity}", t.code, t.name, t.unit, tuple(t.months), t.note, key=f"{place}-{t.task}")
        for t in unit.tasks(connection, at, stream)
    ]
    return workbook.export_plan(lines, activities, tasks)

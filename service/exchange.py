"""Between spreadsheets and commands: a checked workbook as the command that imports it, and a plan as a workbook."""

from collections import Counter
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any, cast

import msgspec
from psycopg import Connection

from service import targets, workbook
from service.aggregates import By, Event, unit_year
from service.aggregates.catalogue_content import Measure
from service.aggregates.plan import AddActivity, AddLine, ImportPlan, Months, NewTask
from service.ledger import Ledger, stream_of
from service.projections import plan_rows, unit
from service.settings import LIMA
from service.stale import known
from service.workbook import DryRun, Folded, ImportedActivity, ImportedLine, ImportedTask
from service.workbook.columns import plain


def fold(dry: DryRun, measures: Iterable[Measure]) -> DryRun:
    """The dry run with the catalogue's own words for units of measure that it knows by another spelling.

    A row of our own export keeps what it says: importing it again changes nothing.
    """
    names = {plain(spelling): each.name for each in measures for spelling in (each.name, *each.aliases)}
    tasks, changed = list[ImportedTask](), dict[str, Counter[str]]()
    for task in dry.tasks:
        name = names.get(plain(task.unit), task.unit)
        if task.key or name == task.unit:
            tasks.append(task)
            continue
        tasks.append(msgspec.structs.replace(task, unit=name))
        changed.setdefault(name, Counter())[task.unit] += 1
    known = {each.kept: each for each in dry.folded}
    for name, spellings in changed.items():
        before = [known.pop(spelling) for spelling in spellings if spelling in known]
        variants = tuple(dict.fromkeys((*(v for each in before for v in each.variants), *spellings)))
        known[name] = Folded(name, variants, spellings.total())
    return msgspec.structs.replace(dry, tasks=tuple(tasks), folded=tuple(known.values()))


def import_command(dry: DryRun, code: str, year: int, objectives: Collection[str], seen: int = 0) -> ImportPlan:
    """The command that makes the plan say what the workbook says; codes outside the catalogue stay unaligned.

    `seen` is the last fact of the plan that the workbook was compared with.
    """
    tasks = dict[str, list[NewTask]]()
    for t in dry.tasks:
        task = NewTask(
            name=t.name, unit=t.unit, months=cast("Months", t.months), code=t.code, note=t.note, known=known(t.key, code, year)
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
            known=known(a.key, code, year),
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
        seen=seen,
    )


def outcome(ledger: Ledger, person: str, stream: str, command: ImportPlan) -> list[Event]:
    """What the command would record now; nothing is written.

    Raises:
        Refused: a rule says no.

    """
    _, code, year = stream.split("/")
    state = unit_year.new(code, int(year))
    for recorded in ledger.facts(stream):
        unit_year.evolve(state, recorded.fact)
    by = By(person=person, charge="", today=ledger.clock().astimezone(LIMA).date(), rules=ledger.standing().rules)
    return unit_year.decide(state, command, by)


def plan_workbook(connection: Connection[Any], code: str, year: int, at: int) -> bytes:
    """A plan at a position as our own template, such that importing it again changes nothing."""
    stream, place = stream_of(code, year), f"{code}-{year}"
    head, base = unit.head(connection, at, stream), plan_rows.position(connection, at, stream)
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
            base=base,
        )
        for a in unit.activities(connection, at, stream)
    ]
    tasks = [
        ImportedTask(f"{place}-{t.activity}", t.code, t.name, t.unit, tuple(t.months), t.note, key=f"{place}-{t.task}", base=base)
        for t in unit.tasks(connection, at, stream)
    ]
    version = f"Versión {head.plan_version}" if head and head.plan_version else "Sin aprobar todavía"
    told = [("Unidad", code), ("Año", str(year)), ("Versión del plan", version), ("Hasta el hecho n.º", str(base))]
    originals = _originals(connection, at, stream, place) if head and head.plan_version else None
    return workbook.export_plan(lines, activities, tasks, told, originals)


def _originals(connection: Connection[Any], at: int, stream: str, place: str) -> list[workbook.Original]:
    """The targets that amendments moved since the first version, each with what moved it, by whom and why."""
    found = targets.amended(connection, at, stream)
    gone = {each.task for each in found if each.after is None}
    why: dict[int, list[str]] = {}
    for each in reversed(found):
        it = each.amendment
        said = f"Modificación {it.amendment}, {it.resolution}. Propuso {each.proposer}, aprobó {each.approver}. {it.reason}"
        why.setdefault(each.task, []).append(said)
    return [
        workbook.Original(
            key=f"{place}-{each.task}",
            task=each.name,
            unit=each.unit,
            months=tuple(each.original),
            current=sum(each.months, Decimal(0)) if each.there else None,
            why="\n".join(why.get(each.task, ())),
        )
        for each in plan_rows.originals(connection, at, stream, gone)
    ]

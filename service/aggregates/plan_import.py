"""An import into the plan: what a checked workbook adds or changes, row by row; a repeated import is no change."""

import msgspec

from service.aggregates import By, Event, need, plan_alignment
from service.aggregates.plan import (
    ACTIVITY_FIELDS,
    ActivityAligned,
    ChangeActivity,
    ChangeTask,
    ImportPlan,
    LineAdded,
    NewTask,
    Plan,
    PlanImported,
)
from service.aggregates.plan_changes import Numbers, PlanChange, catalogued, changes, new_task
from service.aggregates.plan_versions import AmendmentProposed, YearOpened

MOVED = "El plan cambió mientras usted revisaba el archivo: compare de nuevo y confirme."


def decide(plan: Plan, command: ImportPlan, by: By) -> list[Event]:
    """The rules of an import: the events that make a draft equal to the workbook, or the amendment that would."""
    need(not command.seen or by.position <= command.seen, MOVED)
    need(command.activities, "El archivo no trae ninguna actividad con tareas.")
    need(plan.status != "submitted", "El plan está enviado a la DRE: espere su respuesta antes de importar.")
    for activity in command.activities:
        catalogued(by, activity.objectives)
    opened: list[Event] = [] if plan.open else [YearOpened(unit=plan.unit, year=command.year)]
    new = {line.code: line for line in command.lines if line.code not in plan.lines}
    lines = [LineAdded(code=line.code, kind=line.kind, name=line.name) for line in new.values()]
    known = msgspec.structs.replace(plan, lines=plan.lines | {line.code: line for line in lines})
    approved = plan.status == "approved"
    number = plan.last_amendment + 1 if approved else 0
    found, aligned = _differences(known, command, number), _alignments(known, command)
    if not found and not aligned and not lines:
        return []
    bare = tuple(f"Actividad {each.activity}: {plan.activities[each.activity].name}" for each in aligned if not each.objectives)
    need(not approved or not bare, plan_alignment.BARE, bare)
    rows = sum(len(activity.tasks) for activity in command.activities)
    events: list[Event] = [
        *opened,
        PlanImported(file=command.file, digest=command.digest, rows=rows, skipped=command.skipped),
        *lines,
        *aligned,
    ]
    if approved and found:
        plan_alignment.served(found, mapped_later=True)
        reason = command.reason or f"Importación del archivo {command.file}"
        return [*events, AmendmentProposed(amendment=number, reason=reason, changes=tuple(found))]
    return events + list[Event](found)


def _differences(plan: Plan, command: ImportPlan, amendment: int) -> list[PlanChange]:
    """What the workbook adds or changes; a row without its number here is matched by its words, in order."""
    activities: dict[tuple[str, str, str], list[int]] = {}
    named = {row.known for row in command.activities}
    for number, activity in plan.activities.items():
        if number not in named:
            activities.setdefault((activity.line, activity.code, activity.name), []).append(number)
    numbers, found = Numbers(plan), list[PlanChange]()
    for row in command.activities:
        same = [row.known] if row.known in plan.activities else activities.get((row.line, row.code, row.name))
        if not same:
            found += changes(plan, row, numbers, amendment)
            continue
        number = same.pop(0)
        if number == row.known:
            fields = {field: getattr(row, field) for field in ACTIVITY_FIELDS}
            found += changes(plan, ChangeActivity(activity=number, **fields), numbers, amendment)
        found += _task_differences(plan, number, row.tasks, numbers, amendment)
    return found


def _alignments(plan: Plan, command: ImportPlan) -> list[ActivityAligned]:
    """Which activities that are here already the workbook aligns otherwise; a code is foreign while nobody knows it."""
    found = list[ActivityAligned]()
    for row in command.activities:
        stands = plan.activities.get(row.known)
        if stands is None or {*row.objectives, *row.foreign} == {*stands.objectives, *stands.foreign}:
            continue
        said = dict.fromkeys((*row.objectives, *row.foreign))
        kept = [code for code in stands.objectives if code in said]
        objectives = tuple(dict.fromkeys((*kept, *row.objectives)))
        foreign = tuple(code for code in said if code not in objectives)
        found.append(
            ActivityAligned(
                activity=row.known, was=stands.objectives, objectives=objectives, was_foreign=stands.foreign, foreign=foreign
            )
        )
    return found


def _task_differences(plan: Plan, activity: int, rows: tuple[NewTask, ...], numbers: Numbers, amendment: int) -> list[PlanChange]:
    """What the rows of one activity change: by their number, then the equal ones, the rest by their words in order."""
    named, tasks = {row.known for row in rows}, dict[tuple[str, str], list[int]]()
    mine = {number: task for number, task in plan.tasks.items() if task.activity == activity}
    for number, task in mine.items():
        if number not in named:
            tasks.setdefault((task.code, task.name), []).append(number)
    found = list[PlanChange]()
    rest = [row for row in rows if row.known in mine or not _equal(plan, tasks.get((row.code, row.name), []), row)]
    for row in rest:
        same = [row.known] if row.known in mine else tasks.get((row.code, row.name))
        if same:
            note = row.note if row.known in mine else None
            change = ChangeTask(task=same.pop(0), name=row.name, unit=row.unit, months=row.months, code=row.code, note=note)
            found += changes(plan, change, numbers, amendment)
        else:
            found.append(new_task(activity, row, numbers, amendment))
    return found


def _equal(plan: Plan, same: list[int], new: NewTask) -> bool:
    """Whether one of these tasks already says what the row says; that one is then taken."""
    for number in same:
        task = plan.tasks[number]
        if (task.unit, task.months) == (new.unit, new.months):
            same.remove(number)
            return True
    return False

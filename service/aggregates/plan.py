"""The content of a plan (PAT): lines of action > activities > tasks with monthly targets; alignment to objectives.

Before approval each change is an event at once; once approved, changes are proposed (`plan_versions`) and take effect,
one event each, when the DRE approves them.
"""

from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from service.aggregates import Amount, By, Command, Event, Fact, Line1, Note, Number, Paragraph, Word, Year, amounts, need
from service.aggregates.merging import merge

Kind = Literal["estratégico", "misional", "soporte"]
Months = Annotated[
    tuple[Amount, Amount, Amount, Amount, Amount, Amount, Amount, Amount, Amount, Amount, Amount, Amount],
    Meta(extra={"error": "Escriba las doce metas mensuales."}),
]
ACTIVITY_FIELDS = ("line", "code", "name", "area", "indicator", "verification")
TASK_FIELDS = ("code", "name", "unit", "months")
NOT_OPEN = "El año no está abierto todavía: ábralo o importe un plan."


class NewTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task to add: its unit of measure and its twelve monthly targets in that unit.

    In an import `known` is the number the task already has here, as an exported file tells it; 0 for a new one.
    """

    name: Line1
    unit: Line1
    months: Months
    code: Word = ""
    note: Note = ""
    known: int = 0


class AddLine(Command, frozen=True):
    code: Line1
    kind: Kind
    name: Line1


class AddActivity(Command, frozen=True, tag="add-activity", tag_field="change"):
    """An activity to add with its tasks; `known` as in `NewTask`."""

    line: Line1
    name: Line1
    code: Word = ""
    area: Word = ""
    indicator: Word = ""
    verification: Word = ""
    objectives: tuple[Word, ...] = ()
    foreign: tuple[Word, ...] = ()
    tasks: tuple[NewTask, ...] = ()
    known: int = 0


class ChangeActivity(Command, frozen=True, tag="change-activity", tag_field="change"):
    """`seen` are the values its author had on screen (`merging`): only what he touched changes."""

    activity: Number
    line: Line1
    name: Line1
    code: Word = ""
    area: Word = ""
    indicator: Word = ""
    verification: Word = ""
    reason: Note = ""
    seen: dict[str, Any] | None = None


class RemoveActivity(Command, frozen=True, tag="remove-activity", tag_field="change"):
    activity: Number
    reason: Paragraph


class AddTask(Command, frozen=True, tag="add-task", tag_field="change"):
    """A task to add; `reason` is that of the proposal, once the plan is approved."""

    activity: Number
    name: Line1
    unit: Line1
    months: Months
    code: Word = ""
    note: Note = ""
    reason: Note = ""


class ChangeTask(Command, frozen=True, tag="change-task", tag_field="change"):
    """`seen` as in `ChangeActivity`, each month a field of its own."""

    task: Number
    name: Line1
    unit: Line1
    months: Months
    code: Word = ""
    reason: Note = ""
    seen: dict[str, Any] | None = None


class RemoveTask(Command, frozen=True, tag="remove-task", tag_field="change"):
    task: Number
    reason: Paragraph


Change = AddActivity | ChangeActivity | RemoveActivity | AddTask | ChangeTask | RemoveTask


class ImportPlan(Command, frozen=True):
    """A checked workbook, as the changes that make the plan equal to it; `skipped` are (row, reason).

    `seen` is the last fact of this year that the workbook was compared with, 0 when it was compared with nothing.
    """

    year: Year
    file: Line1
    digest: Line1
    lines: tuple[AddLine, ...]
    activities: tuple[AddActivity, ...]
    skipped: tuple[tuple[int, str], ...] = ()
    reason: Note = ""
    seen: int = 0


class AlignActivity(Command, frozen=True):
    activity: Number
    objectives: tuple[Word, ...]


class MapObjective(Command, frozen=True):
    """Align every activity that carries a foreign code with one objective of the catalogue."""

    foreign: Line1
    objective: Line1


class PlanImported(Event, frozen=True, tag="plan-imported"):
    file: str
    digest: str
    rows: int
    skipped: tuple[tuple[int, str], ...]


class LineAdded(Event, frozen=True, tag="line-added"):
    code: str
    kind: Kind
    name: str


class ActivityAdded(Event, frozen=True, tag="activity-added"):
    activity: int
    line: str
    name: str
    code: str = ""
    area: str = ""
    indicator: str = ""
    verification: str = ""
    objectives: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    amendment: int = 0


class ActivityChanged(Event, frozen=True, tag="activity-changed"):
    activity: int
    was: dict[str, str]
    now: dict[str, str]
    reason: str = ""
    amendment: int = 0


class ActivityRemoved(Event, frozen=True, tag="activity-removed"):
    activity: int
    reason: str
    amendment: int = 0


class ActivityAligned(Event, frozen=True, tag="activity-aligned"):
    activity: int
    was: tuple[str, ...]
    objectives: tuple[str, ...]


class TaskAdded(Event, frozen=True, tag="task-added"):
    task: int
    activity: int
    name: str
    unit: str
    months: tuple[Decimal, ...]
    code: str = ""
    note: str = ""
    amendment: int = 0


class TaskChanged(Event, frozen=True, tag="task-changed"):
    task: int
    activity: int
    was: dict[str, str | tuple[Decimal, ...]]
    name: str
    unit: str
    months: tuple[Decimal, ...]
    code: str = ""
    reason: str = ""
    amendment: int = 0


class TaskRemoved(Event, frozen=True, tag="task-removed"):
    task: int
    activity: int
    reason: str
    amendment: int = 0


PlanChange = ActivityAdded | ActivityChanged | ActivityRemoved | TaskAdded | TaskChanged | TaskRemoved


class Activity(msgspec.Struct):
    """An activity as it stands; `foreign` codes are kept as written until someone maps them."""

    line: str
    name: str
    code: str
    area: str
    indicator: str
    verification: str
    objectives: tuple[str, ...]
    foreign: tuple[str, ...]
    origin: str = ""
    item: str = ""


class Task(msgspec.Struct):
    """A task as it stands, with its monthly targets."""

    activity: int
    name: str
    unit: str
    months: tuple[Decimal, ...]
    code: str
    note: str = ""

    def programmed(self, quarter: int) -> Decimal:
        """What the quarter asks for: the sum of its three months."""
        return sum(self.months[3 * quarter - 3 : 3 * quarter], Decimal(0))


class Amendment(msgspec.Struct, frozen=True):
    """A proposal that waits for the DRE; `version` is the plan's version it was made on."""

    proposer: str
    changes: tuple[PlanChange, ...]
    version: int


class Observation(msgspec.Struct):
    """An observation of the last review and the unit's answer, empty until it is attended; `activity` 0 is the whole plan."""

    activity: int
    task: int
    text: str
    answer: str = ""


Taken = Task | Activity | LineAdded | None


class Step(msgspec.Struct):
    """What one command changed in a draft: its facts, each with what it took away; `kind` says whether it took back."""

    person: str
    command: str
    kind: Literal["change", "undo", "redo"]
    changes: list[tuple[Event, Taken]] = []


class Plan(msgspec.Struct):
    """The plan of one unit and year; an item that was moved has a place, any other stands where its number says."""

    unit: str = ""
    year: int = 0
    status: Literal["draft", "submitted", "observed", "approved"] = "draft"
    version: int = 0
    submitter: str = ""
    lines: dict[str, LineAdded] = {}
    activities: dict[int, Activity] = {}
    tasks: dict[int, Task] = {}
    amendments: dict[int, Amendment] = {}
    observations: dict[int, Observation] = {}
    last_activity: int = 0
    last_task: int = 0
    last_amendment: int = 0
    last_observation: int = 0
    activity_places: dict[int, Decimal] = {}
    task_places: dict[int, Decimal] = {}
    steps: list[Step] = []

    @property
    def open(self) -> bool:
        """Whether the year has been opened."""
        return self.year > 0


class Numbers:
    """Gives out the next ordinals without touching the plan: a proposal may add several items at once."""

    def __init__(self, plan: Plan) -> None:
        self.activity = plan.last_activity
        self.task = plan.last_task

    def next_activity(self) -> int:
        self.activity += 1
        return self.activity

    def next_task(self) -> int:
        self.task += 1
        return self.task


def values_of(it: Activity | Task | ChangeActivity | ChangeTask, fields: tuple[str, ...]) -> dict[str, Any]:
    """The values that a change of an item replaces."""
    return {field: getattr(it, field) for field in fields}


def changes(plan: Plan, command: Change, numbers: Numbers, amendment: int = 0) -> list[PlanChange]:
    """The events of one change of content, whether applied at once or proposed."""
    match command:
        case AddActivity():
            need(command.line in plan.lines, f"La línea de acción «{command.line}» no está en el plan: agréguela primero.")
            number = numbers.next_activity()
            fields = {name: getattr(command, name) for name in ACTIVITY_FIELDS}
            added: list[PlanChange] = [
                ActivityAdded(
                    activity=number, **fields, objectives=command.objectives, foreign=command.foreign, amendment=amendment
                )
            ]
            return added + [new_task(number, task, numbers, amendment) for task in command.tasks]
        case AddTask():
            need(command.activity in plan.activities, "Esa actividad no está en el plan.")
            return [new_task(command.activity, command, numbers, amendment)]
        case ChangeActivity():
            need(command.activity in plan.activities, "Esa actividad no está en el plan.")
            before = values_of(plan.activities[command.activity], ACTIVITY_FIELDS)
            after = merge(command.seen, before, values_of(command, ACTIVITY_FIELDS))
            need(after["line"] in plan.lines, f"La línea de acción «{after['line']}» no está en el plan: agréguela primero.")
            now = {field: value for field, value in after.items() if value != before[field]}
            if not now:
                return []
            was = {field: before[field] for field in now}
            return [ActivityChanged(activity=command.activity, was=was, now=now, reason=command.reason, amendment=amendment)]
        case ChangeTask():
            need(command.task in plan.tasks, "Esa tarea no está en el plan.")
            amounts(*command.months)
            task = plan.tasks[command.task]
            before = values_of(task, TASK_FIELDS)
            values = merge(command.seen, before, values_of(command, TASK_FIELDS))
            changed = {field: was for field, was in before.items() if was != values[field]}
            if not changed:
                return []
            return [
                TaskChanged(
                    task=command.task, activity=task.activity, was=changed, **values, reason=command.reason, amendment=amendment
                )
            ]
        case RemoveTask():
            need(command.task in plan.tasks, "Esa tarea no está en el plan.")
            activity = plan.tasks[command.task].activity
            return [TaskRemoved(task=command.task, activity=activity, reason=command.reason, amendment=amendment)]
        case RemoveActivity():
            need(command.activity in plan.activities, "Esa actividad no está en el plan.")
            tasks: list[PlanChange] = [
                TaskRemoved(task=n, activity=command.activity, reason=command.reason, amendment=amendment)
                for n, task in plan.tasks.items()
                if task.activity == command.activity
            ]
            return [*tasks, ActivityRemoved(activity=command.activity, reason=command.reason, amendment=amendment)]


def new_task(activity: int, new: NewTask | AddTask, numbers: Numbers, amendment: int) -> TaskAdded:
    """The event of a task to add, with its number."""
    amounts(*new.months)
    return TaskAdded(
        task=numbers.next_task(),
        activity=activity,
        name=new.name,
        unit=new.unit,
        months=new.months,
        code=new.code,
        note=new.note,
        amendment=amendment,
    )


def decide(plan: Plan, command: Command, by: By) -> list[Event]:
    """The rules of the content."""
    need(plan.open, NOT_OPEN)
    need(plan.status != "submitted", "El plan está enviado a la DRE: espere su respuesta.")
    match command:
        case AddLine():
            need(command.code not in plan.lines, f"La línea «{command.code}» ya está en el plan.")
            return [LineAdded(code=command.code, kind=command.kind, name=command.name)]
        case AddActivity() | AddTask() | ChangeActivity() | ChangeTask() | RemoveActivity() | RemoveTask():
            need(plan.status != "approved", "El plan está aprobado: proponga la modificación con su motivo.")
            if isinstance(command, AddActivity):
                catalogued(by, command.objectives)
            return list[Event](changes(plan, command, Numbers(plan)))
        case AlignActivity():
            return _align(plan, by, command)
        case MapObjective():
            need(command.objective in by.rules.objectives, f"«{command.objective}» no está en el catálogo de objetivos.")
            return [
                ActivityAligned(activity=number, was=a.objectives, objectives=(*a.objectives, command.objective))
                for number, a in plan.activities.items()
                if command.foreign in a.foreign and command.objective not in a.objectives
            ]
        case _:
            msg = f"plan cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _align(plan: Plan, by: By, command: AlignActivity) -> list[Event]:
    need(command.activity in plan.activities, "Esa actividad no está en el plan.")
    need(command.objectives or plan.status != "approved", "Una actividad de un plan aprobado no puede quedar sin objetivo.")
    before = plan.activities[command.activity].objectives
    catalogued(by, command.objectives, before)
    objectives = tuple(dict.fromkeys(command.objectives))
    return [] if objectives == before else [ActivityAligned(activity=command.activity, was=before, objectives=objectives)]


def catalogued(by: By, objectives: tuple[str, ...], kept: Collection[str] = ()) -> None:
    """Refuse objectives that the catalogue does not hold; those the plan has already may stay when they are retired."""
    unknown = tuple(code for code in objectives if code not in by.rules.objectives and code not in kept)
    need(not unknown, "Estos objetivos no están en el catálogo:", unknown)


def evolve(plan: Plan, fact: Fact) -> None:
    """Apply one fact to the content."""
    apply(plan, fact.event)


def apply(plan: Plan, event: Event) -> None:
    """Apply one change of content, whether it happened or is only proposed."""
    match event:
        case TaskAdded():
            plan.tasks[event.task] = Task(event.activity, event.name, event.unit, event.months, event.code, event.note)
            plan.last_task = max(plan.last_task, event.task)
        case ActivityAdded():
            plan.activities[event.activity] = Activity(
                event.line,
                event.name,
                event.code,
                event.area,
                event.indicator,
                event.verification,
                event.objectives,
                event.foreign,
            )
            plan.last_activity = max(plan.last_activity, event.activity)
        case ActivityAligned():
            plan.activities[event.activity].objectives = event.objectives
        case TaskChanged():
            task = plan.tasks[event.task]
            task.name, task.unit, task.months, task.code = event.name, event.unit, event.months, event.code
        case ActivityChanged():
            for field, value in event.now.items():
                setattr(plan.activities[event.activity], field, value)
        case TaskRemoved():
            del plan.tasks[event.task]
        case ActivityRemoved():
            del plan.activities[event.activity]
        case LineAdded():
            plan.lines[event.code] = event

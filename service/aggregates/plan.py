"""The content of a plan (PAT): lines of action > activities > tasks with monthly targets; alignment to objectives.

Before approval each change is an event at once (`plan_changes` decides it); once approved, changes are proposed
(`plan_versions`) and take effect, one event each, when the DRE approves them.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from service.aggregates import Amount, Command, Event, Fact, Line1, Note, Number, Paragraph, Word, Year

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
    """A task to add, right after one of its siblings (0: as the first one); `reason` is that of the proposal, once approved."""

    activity: Number
    name: Line1
    unit: Line1
    months: Months
    code: Word = ""
    note: Note = ""
    reason: Note = ""
    after: int | None = None


class ChangeTask(Command, frozen=True, tag="change-task", tag_field="change"):
    """`seen` as in `ChangeActivity`, each month a field of its own; a `note` of None stays what it is."""

    task: Number
    name: Line1
    unit: Line1
    months: Months
    code: Word = ""
    reason: Note = ""
    seen: dict[str, Any] | None = None
    note: Note | None = None


class RemoveTask(Command, frozen=True, tag="remove-task", tag_field="change"):
    task: Number
    reason: Paragraph


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
    """What an activity is aligned to; an import may also say which foreign codes it carries now (None: those it had)."""

    activity: int
    was: tuple[str, ...]
    objectives: tuple[str, ...]
    was_foreign: tuple[str, ...] = ()
    foreign: tuple[str, ...] | None = None


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
    note: str | None = None


class TaskRemoved(Event, frozen=True, tag="task-removed"):
    task: int
    activity: int
    reason: str
    amendment: int = 0


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
    changes: tuple[Event, ...]
    version: int


class Observation(msgspec.Struct):
    """An observation of the last review and the unit's answer, empty until it is attended; `activity` 0 is the whole plan."""

    activity: int
    task: int
    text: str
    answer: str = ""


Taken = Task | Activity | LineAdded | None


class Step(msgspec.Struct):
    """What one command changed in a draft: its facts, each with what it took away, and how it left each row.

    `kind` says whether it took back.
    """

    person: str
    command: str
    kind: Literal["change", "undo", "redo"]
    changes: list[tuple[Event, Taken]] = []
    left: dict[str, Any] = {}


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
            aligned = plan.activities[event.activity]
            aligned.objectives = event.objectives
            aligned.foreign = aligned.foreign if event.foreign is None else event.foreign
        case TaskChanged():
            task = plan.tasks[event.task]
            task.name, task.unit, task.months, task.code = event.name, event.unit, event.months, event.code
            task.note = task.note if event.note is None else event.note
        case ActivityChanged():
            for field, value in event.now.items():
                setattr(plan.activities[event.activity], field, value)
        case TaskRemoved():
            del plan.tasks[event.task]
        case ActivityRemoved():
            del plan.activities[event.activity]
        case LineAdded():
            plan.lines[event.code] = event

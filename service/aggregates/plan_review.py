"""The review of a submitted plan: what the DRE observes row by row, and how the unit attends each observation.

Number 0 is what was observed of the plan as a whole (`plan-observed`); the rows follow, never numbered twice in a year.
"""

import msgspec

from service.aggregates import Command, Event, Fact, Paragraph, need
from service.aggregates.plan import Observation, Plan


class ObservedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What must be corrected of one row: a task by its number, or an activity."""

    text: Paragraph
    activity: int = 0
    task: int = 0


class AttendObservation(Command, frozen=True):
    """Say in a word what was done about an observation; the last word counts."""

    observation: int
    text: Paragraph


class PlanRowObserved(Event, frozen=True, tag="plan-row-observed"):
    observation: int
    text: str
    activity: int
    task: int = 0


class ObservationAttended(Event, frozen=True, tag="observation-attended"):
    observation: int
    text: str
    activity: int = 0
    task: int = 0


def observed(plan: Plan, rows: tuple[ObservedRow, ...]) -> list[Event]:
    """One event for each observed row, in the order written."""
    found = list[Event]()
    for number, row in enumerate(rows, start=plan.last_observation + 1):
        need(not row.task or row.task in plan.tasks, "Esa tarea no está en el plan.")
        activity = plan.tasks[row.task].activity if row.task else row.activity
        need(activity in plan.activities, "Esa actividad no está en el plan.")
        found.append(PlanRowObserved(observation=number, text=row.text, activity=activity, task=row.task))
    return found


def unattended(plan: Plan) -> tuple[str, ...]:
    """The observations that nobody answered, one line each."""
    open_ones = ((number, each) for number, each in plan.observations.items() if not each.answer)
    return tuple(f"Observación {number}{_row(each)}: {each.text}" for number, each in open_ones)


def _row(observation: Observation) -> str:
    if observation.task:
        return f", tarea {observation.task}"
    return f", actividad {observation.activity}" if observation.activity else ""


def decide(plan: Plan, command: Command, by: object) -> list[Event]:  # noqa: ARG001 — the signature is that of every decider
    """The rules of attending an observation."""
    if not isinstance(command, AttendObservation):
        msg = f"plan_review cannot decide {type(command).__name__}"
        raise TypeError(msg)
    need(command.observation in plan.observations, "Esa observación no está en la última revisión del plan.")
    need(plan.status == "observed", "Las observaciones se atienden mientras el plan está observado.")
    found = plan.observations[command.observation]
    if command.text == found.answer:
        return []
    answered = {"activity": found.activity, "task": found.task}
    return [ObservationAttended(observation=command.observation, text=command.text, **answered)]


def evolve(plan: Plan, fact: Fact) -> None:
    """Apply one fact of the review."""
    match fact.event:
        case PlanRowObserved() as e:
            plan.observations[e.observation] = Observation(e.activity, e.task, e.text)
            plan.last_observation = e.observation
        case ObservationAttended() as e:
            plan.observations[e.observation].answer = e.text

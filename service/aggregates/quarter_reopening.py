"""A closed quarter is opened again for some of its rows, with a reason, until a day; after that day it is closed by itself.

Nothing is stored when the day passes: every command looks at its own clock. While it is open, a figure of these rows, or the value
of these indicators, changes as a validated one does, when a second person agrees; then it is scored and closed again.
"""

from datetime import date

from service.aggregates import By, Command, Event, Fact, Number, Paragraph, QuarterNumber, need
from service.aggregates.plan import Plan
from service.aggregates.quarter import ORDINAL, Quarters, Reopening, outsider


class ReopenQuarter(Command, frozen=True):
    """`tasks` and `indicators` are the rows that may change until the end of the day `until`."""

    quarter: QuarterNumber
    until: date
    reason: Paragraph
    tasks: tuple[Number, ...] = ()
    indicators: tuple[Number, ...] = ()


class QuarterReopened(Event, frozen=True, tag="quarter-reopened"):
    quarter: int
    tasks: tuple[int, ...]
    until: date
    reason: str
    indicators: tuple[int, ...] = ()


def decide(quarters: Quarters, plan: Plan, command: Command, by: By) -> list[Event]:
    """The rules of opening again what was closed."""
    assert isinstance(command, ReopenQuarter)  # noqa: S101 — the only command of this aggregate
    the, quarter = f"El {ORDINAL[command.quarter]} trimestre", quarters.by_number.get(command.quarter)
    need(quarter and quarter.standing(by.today) == "closed", f"{the} no está cerrado.")
    assert quarter  # noqa: S101 — narrowed by the line above
    outsider(quarter, by, "reabrirlo")
    need(command.tasks or command.indicators, "Elija al menos una tarea o un indicador.")
    need(all(task in plan.tasks for task in command.tasks), "Esa tarea no está en el plan.")
    need(command.until >= by.today, "La reapertura debe terminar hoy o después.")
    tasks, indicators = (tuple(sorted(set(each))) for each in (command.tasks, command.indicators))
    return [
        QuarterReopened(quarter=command.quarter, tasks=tasks, until=command.until, reason=command.reason, indicators=indicators)
    ]


def evolve(quarters: Quarters, fact: Fact) -> None:
    """Apply one fact to the quarters."""
    event = fact.event
    assert isinstance(event, QuarterReopened)  # noqa: S101 — the only event of this aggregate
    quarters.at(event.quarter).reopened = Reopening(event.tasks, event.until, event.indicators)

"""Progress of a quarter: what was executed of each task, with its evidence, until the quarter is sent; whoever records it is its author."""

from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from service.aggregates import Amount, By, Command, Event, Fact, Note, Number, QuarterNumber, Word, amounts, need
from service.aggregates.merging import Clash, merge
from service.aggregates.plan import Plan
from service.aggregates.quarter import Done, Quarters, living
from service.aggregates.quarter_checks import OVER

MONTHS = 3


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What was executed of one task in the quarter, in the task's unit, and where the evidence is.

    `months` are what the figure is the sum of, nothing where it was entered as a whole; `reason` is of this row alone.
    `seen` is what the person had on screen (`merging`), a figure of None for none.
    """

    task: Number
    executed: Amount
    evidence: Word = ""
    months: tuple[Amount, ...] = ()
    reason: Note = ""
    seen: dict[str, Any] | None = None


class RecordProgress(Command, frozen=True):
    """`reason` is needed when a figure exceeds 120 % of the target or has no programming; `activity` 0 stands for any."""

    quarter: QuarterNumber
    entries: Annotated[tuple[Entry, ...], Meta(min_length=1, extra={"error": "Escriba al menos un avance."})]
    activity: int = 0
    reason: Note = ""


class ProgressRecorded(Event, frozen=True, tag="progress-recorded"):
    quarter: int
    activity: int
    task: int
    executed: Decimal
    evidence: str = ""
    reason: str = ""
    was: Decimal | None = None
    months: tuple[Decimal, ...] = ()
    late: int = 0


def decide(quarters: Quarters, plan: Plan, command: Command, by: By) -> list[Event]:
    """The rules of a figure."""
    assert isinstance(command, RecordProgress)  # noqa: S101 — the only command of this file
    quarter, the = living(quarters, plan, command.quarter, by)
    need(quarter.status in {"draft", "observed"}, f"{the} ya fue enviado: pida una rectificación si hay un error.")
    events, done, clashing = list[Event](), set[int](), list[str]()
    amounts(*(amount for entry in command.entries for amount in (entry.executed, *entry.months)))
    late = by.rules.late(plan.year, command.quarter, by.today)
    for place, entry in enumerate(command.entries):
        need(entry.task not in done, f"La tarea {entry.task} está repetida.")
        done.add(entry.task)
        task = plan.tasks.get(entry.task)
        need(task and command.activity in {0, task.activity}, f"La tarea {entry.task} no es de esta actividad.")
        assert task  # noqa: S101 — narrowed by the line above
        whole = not entry.months or (len(entry.months) == MONTHS and sum(entry.months) == entry.executed)
        need(whole, f"«{task.name}»: lo ejecutado no es la suma de sus meses.")
        before = quarter.done.get(entry.task)
        try:
            after = _merged(entry, before, command.reason)
        except Clash as clash:
            clashing += [f"entries-{place}-{field}" for field in clash.fields]
            continue
        programmed = task.programmed(command.quarter)
        name = f"«{task.name}»: se ejecutó {after.executed} y lo programado era {programmed}"
        need(after.executed <= programmed * OVER or after.reason.strip(), f"{name}. Explique el motivo.")
        if before == after:
            continue
        events.append(
            ProgressRecorded(
                quarter=command.quarter,
                activity=task.activity,
                task=entry.task,
                executed=after.executed,
                evidence=after.evidence,
                reason=after.reason,
                was=before.executed if before else None,
                months=after.months,
                late=late,
            )
        )
    if clashing:
        raise Clash(tuple(clashing))
    return events


def _merged(entry: Entry, before: Done | None, general: str) -> Done:
    """What holds after an entry, on what others reported meanwhile; an unchanged figure keeps the reason it had."""
    stands = {"executed": before.executed if before else None, "evidence": before.evidence if before else ""}
    merged = merge(entry.seen, stands, {"executed": entry.executed, "evidence": entry.evidence})
    same = before is not None and merged["executed"] == before.executed
    months = entry.months or (before.months if before and same else ())
    if sum(months) != merged["executed"]:
        months = ()
    unchanged = before is not None and (merged["evidence"], months, same) == (before.evidence, before.months, True)
    reason = entry.reason or ("" if unchanged else general) or (before.reason if before and same else "")
    return Done(**merged, months=months, reason=reason)


def evolve(quarters: Quarters, fact: Fact) -> None:
    """Apply one figure to its quarter."""
    event: ProgressRecorded = fact.event
    quarter = quarters.at(event.quarter)
    quarter.done[event.task] = Done(event.executed, event.evidence, event.months, event.reason)
    quarter.authors.add(fact.person)

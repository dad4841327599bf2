"""Scenes of the plan: the year is opened, last year's items are decided, the plan is written, observed, approved, amended."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import cast

import msgspec

from service.aggregates import DRE
from service.aggregates import balance as b
from service.aggregates import plan as p
from service.aggregates import plan_review as w
from service.aggregates import plan_versions as v
from service.aggregates.plan_alignment import AlignActivity
from service.demo import diagnosing, editing, matrix, measuring, words
from service.demo.desk import Desk, Outline
from service.demo.stage import Scene

DAY = timedelta(days=1)


def draft(desk: Desk, outline: Outline, year: int, begin: date, open_items: tuple[str, ...]) -> Scene:
    """From nothing to an approved plan, in about four weeks."""
    yield from write(desk, outline, year, begin, open_items)
    if outline.plan_observed == year:
        yield from _observed(desk, begin + 13 * DAY)
    approval = begin + (18 + desk.chance.randrange(6)) * DAY
    resolution = v.ApprovePlan(resolution=_resolution(desk), resolution_date=approval)
    yield from desk.act(approval + DAY, desk.crew.authority.id, resolution, on=approval)


def write(desk: Desk, outline: Outline, year: int, begin: date, open_items: tuple[str, ...]) -> Scene:
    """Open the year, decide what the last one left, write the plan and send it."""
    crew = desk.crew
    desk.open(year)
    yield from desk.act(begin, crew.chief.id, v.OpenYear(year=year))
    for item in open_items:
        choices = words.DISPOSED[:1] if item.startswith("compromiso") else words.DISPOSED
        decision, reason = desk.chance.choice(choices)
        yield from desk.act(begin + DAY, crew.director.id, b.DisposeItem(item=item, decision=decision, reason=reason))
    if desk.unit != DRE:
        yield from diagnosing.diagnose(desk, begin + DAY)
    kept = _kept(desk)
    for line in matrix.lines(kept):
        yield from desk.act(begin + 2 * DAY, crew.specialist.id, line)
    for place, added in enumerate(matrix.activities(kept, outline.scale, desk.chance)):
        later = desk.chance.random() < 0.1  # noqa: PLR2004 — some are aligned only when the head reviews them
        bare = msgspec.structs.replace(added, objectives=()) if later else added
        yield from desk.act(begin + (2 + place // 4) * DAY, crew.specialist.id, editing.written(desk, bare, open_items))
        if later:
            aligned = AlignActivity(activity=desk.year.plan.last_activity, objectives=added.objectives)
            yield from desk.act(begin + (2 + place // 4) * DAY, crew.chief.id, aligned)
    if desk.unit in editing.BRINGING and desk.before.plan.open:
        yield from editing.polish(desk, begin + 7 * DAY)
    yield from diagnosing.answer(desk, begin + 8 * DAY)
    yield from measuring.declare(desk, begin + 8 * DAY)
    yield from desk.act(begin + 9 * DAY, crew.director.id, v.SubmitPlan())


def _kept(desk: Desk) -> tuple[matrix.Activity, ...]:
    """The activities of this unit: the same every year, with some of the optional ones."""
    if desk.unit == DRE:
        return matrix.MATRIX.dre
    optional = Random(desk.unit)  # noqa: S311 — a choice of the demo, not a secret
    return tuple(activity for activity in matrix.MATRIX.ugel if activity.core or optional.random() < 0.6)  # noqa: PLR2004 — a bit more than half


def _resolution(desk: Desk) -> str:
    return f"R.D. de demostración N.º {desk.chance.randrange(300, 900):04}-{desk.year.year}"


def _observed(desk: Desk, day: date) -> Scene:
    yield from observe(desk, day)
    yield from _correct(desk, day + 2 * DAY, *desk.year.plan.observations)
    yield from desk.act(day + 3 * DAY, desk.crew.director.id, v.SubmitPlan())


def observe(desk: Desk, day: date) -> Scene:
    """The reviewer writes beside an activity and beside the first task of another one."""
    number = desk.chance.choice(sorted(desk.year.plan.activities))
    task = next(n for n, each in desk.year.plan.tasks.items() if each.activity != number and each.months[11])
    rows = (w.ObservedRow(activity=number, text=words.PLAN_OBSERVED), w.ObservedRow(task=task, text=words.TASK_OBSERVED))
    yield from desk.act(day, desk.crew.overseer.id, v.ObservePlan(rows=rows))


def _correct(desk: Desk, day: date, *observations: int) -> Scene:
    """Do what was observed, and say so in a word."""
    for number in observations:
        found = desk.year.plan.observations[number]
        change = _moved_up(desk, found.task) if found.task else _clearer(desk, found.activity)
        answer = words.TASK_ATTENDED if found.task else words.PLAN_ATTENDED
        yield from desk.act(day, desk.crew.specialist.id, change)
        yield from desk.act(day, desk.crew.specialist.id, w.AttendObservation(observation=number, text=answer))


def _clearer(desk: Desk, number: int) -> p.ChangeActivity:
    activity = desk.year.plan.activities[number]
    values = {name: getattr(activity, name) for name in p.ACTIVITY_FIELDS}
    values["indicator"] = f"{activity.indicator}, según el registro mensual del área"
    return p.ChangeActivity(activity=number, **values, reason="Se precisa el indicador, como pidió la DRE.")


def _moved_up(desk: Desk, number: int) -> p.ChangeTask:
    """December's target is brought forward to November."""
    task = desk.year.plan.tasks[number]
    months = _months([*task.months[:10], task.months[10] + task.months[11], 0])
    reason = "Se adelanta lo de diciembre, como pidió la DRE."
    return p.ChangeTask(task=number, name=task.name, unit=task.unit, months=months, code=task.code, reason=reason)


def ahead(desk: Desk, outline: Outline, year: int, begin: date) -> Scene:
    """Next year's plan, sent early: the DRE observed two rows, and the unit has attended the first of them."""
    yield from write(desk, outline, year, begin, ())
    yield from observe(desk, begin + 11 * DAY)
    yield from _correct(desk, begin + 12 * DAY, min(desk.year.plan.observations))


def amend(desk: Desk, day: date, first_month: int, reason: str, *, virtual: bool = True) -> Scene:
    """Propose to lower a task's targets from `first_month` on, and `virtual` visits instead; it waits for the DRE."""
    number, task = next((n, t) for n, t in desk.year.plan.tasks.items() if t.unit == "Acción")
    moved = [round(float(month) * 0.8) if place >= first_month else month for place, month in enumerate(task.months, start=1)]
    change = p.ChangeTask(task=number, name=task.name, unit=task.unit, months=_months(moved), code=task.code, reason=reason)
    added = p.AddTask(
        activity=task.activity,
        name="Acompañar por medios virtuales a las instituciones más alejadas",
        unit="Acción",
        months=_months([6 if month >= first_month else 0 for month in range(1, 13)]),
    )
    changes = (change, added) if virtual else (change,)
    yield from desk.act(day, desk.crew.chief.id, v.ProposeAmendment(changes=changes, reason=reason))


def _months(values: Sequence[float | Decimal]) -> p.Months:
    return cast("p.Months", tuple(Decimal(value) for value in values))


def approve_amendment(desk: Desk, day: date) -> Scene:
    """Approve the proposal that waits, as the next version."""
    approval = v.ApproveAmendment(
        amendment=desk.year.plan.last_amendment, resolution=_resolution(desk), resolution_date=day - DAY
    )
    yield from desk.act(day, desk.crew.authority.id, approval, on=day - DAY)


def reject_amendment(desk: Desk, day: date) -> Scene:
    """Refuse the proposal that waits, with the reason."""
    reason = "La propuesta reduce las metas sin sustento del área: presente el informe técnico y vuelva a proponer."
    refusal = v.RejectAmendment(amendment=desk.year.plan.last_amendment, reason=reason)
    yield from desk.act(day, desk.crew.authority.id, refusal)

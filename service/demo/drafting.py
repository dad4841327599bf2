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
from service.demo import diagnosing, matrix, words
from service.demo.desk import Desk, Outline
from service.demo.stage import Scene

DAY = timedelta(days=1)


def draft(desk: Desk, outline: Outline, year: int, begin: date, open_items: tuple[str, ...]) -> Scene:
    """From nothing to an approved plan, in about four weeks."""
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
        yield from desk.act(begin + (2 + place // 4) * DAY, crew.specialist.id, bare)
        if later:
            aligned = p.AlignActivity(activity=desk.year.plan.last_activity, objectives=added.objectives)
            yield from desk.act(begin + (2 + place // 4) * DAY, crew.chief.id, aligned)
    yield from diagnosing.answer(desk, begin + 8 * DAY)
    yield from desk.act(begin + 9 * DAY, crew.director.id, v.SubmitPlan())
    if outline.plan_observed == year:
        yield from _observed(desk, begin + 13 * DAY)
    approval = begin + (18 + desk.chance.randrange(6)) * DAY
    resolution = v.ApprovePlan(resolution=_resolution(desk), resolution_date=approval)
    yield from desk.act(approval + DAY, crew.authority.id, resolution, on=approval)


def _kept(desk: Desk) -> tuple[matrix.Activity, ...]:
    """The activities of this unit: the same every year, with some of the optional ones."""
    if desk.unit == DRE:
        return matrix.MATRIX.dre
    optional = Random(desk.unit)  # noqa: S311 — a choice of the demo, not a secret
    return tuple(activity for activity in matrix.MATRIX.ugel if activity.core or optional.random() < 0.6)  # noqa: PLR2004 — a bit more than half


def _resolution(desk: Desk) -> str:
    return f"R.D. de demostración N.º {desk.chance.randrange(300, 900):04}-{desk.year.year}"


def _observed(desk: Desk, day: date) -> Scene:
    number, activity = desk.chance.choice(sorted(desk.year.plan.activities.items()))
    yield from desk.act(
        day, desk.crew.overseer.id, v.ObservePlan(rows=(w.ObservedRow(activity=number, text=words.PLAN_OBSERVED),))
    )
    clearer = p.ChangeActivity(
        activity=number,
        line=activity.line,
        name=activity.name,
        code=activity.code,
        area=activity.area,
        indicator=f"{activity.indicator}, según el registro mensual del área",
        verification=activity.verification,
        reason="Se precisa el indicador, como pidió la DRE.",
    )
    yield from desk.act(day + 2 * DAY, desk.crew.specialist.id, clearer)
    yield from attend(desk, day + 2 * DAY, "Se precisó el indicador con su fuente.")
    yield from desk.act(day + 3 * DAY, desk.crew.director.id, v.SubmitPlan())


def attend(desk: Desk, day: date, text: str) -> Scene:
    """Say in a word what was done about each observation that still waits."""
    for number in [n for n, each in desk.year.plan.observations.items() if not each.answer]:
        yield from desk.act(day, desk.crew.specialist.id, w.AttendObservation(observation=number, text=text))


def amend(desk: Desk, day: date, first_month: int, reason: str) -> Scene:
    """Propose to move a task's targets from `first_month` on; nothing changes until the DRE approves it."""
    number, task = next((n, t) for n, t in desk.year.plan.tasks.items() if t.unit == "Acción")
    moved = [round(float(month) * 0.8) if place >= first_month else month for place, month in enumerate(task.months, start=1)]
    change = p.ChangeTask(task=number, name=task.name, unit=task.unit, months=_months(moved), code=task.code, reason=reason)
    added = p.AddTask(
        activity=task.activity,
        name="Acompañar por medios virtuales a las instituciones más alejadas",
        unit="Acción",
        months=_months([6 if month >= first_month else 0 for month in range(1, 13)]),
    )
    yield from desk.act(day, desk.crew.chief.id, v.ProposeAmendment(changes=(change, added), reason=reason))


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

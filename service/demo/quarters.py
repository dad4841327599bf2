"""Scenes of a quarter: progress, submission, observation, validation, correction, score, closing."""

from collections.abc import Generator
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from random import Random

from service.aggregates import quarter as q
from service.aggregates import quarter_corrections as corrections
from service.aggregates.quarter_checks import OVER, doubts
from service.aggregates.quarter_progress import Entry, RecordProgress
from service.demo import measuring, proofs, words
from service.demo.desk import Desk, Outline, last_day
from service.demo.stage import Facts, Scene, Step

DAY = timedelta(days=1)
SLOW, SHOWN = 5, 2026
UNPROVEN = {("120009", 2025, 3), ("120003", 2026, 2)}
STAGES = ("none", "draft", "submitted", "observed", "validated", "scored", "closed")


def quarter(desk: Desk, outline: Outline, number: int, weak: int, upto: str = "closed") -> Scene:
    """One quarter of one unit, up to a stage; `weak` activities stay far below their targets."""
    year, stage, crew = desk.year.year, STAGES.index(upto), desk.crew
    if stage == 0:
        return
    complete = yield from _progress(desk, outline, number, weak, whole=stage > 1)
    yield from _unproven(desk, number, last_day(year, number) + (8 + outline.late) * DAY)
    yield from measuring.measure(desk, number, last_day(year, number) + (8 + outline.late) * DAY, weak, whole=stage > 1)
    if year == SHOWN:
        yield from proofs.attach(desk, number, last_day(year, number) + (8 + outline.late) * DAY)
    if stage == 1:
        return
    day = last_day(year, number) + (9 + outline.late) * DAY
    reason = _excuse(desk, number, complete=complete)
    yield from desk.act(day, crew.director.id, q.SubmitQuarter(quarter=number, reason=reason))
    if upto == "observed" or (year, number) in outline.observed:
        yield from _observe(desk, number, day + 3 * DAY, complete=None if upto == "observed" else complete)
    if stage <= STAGES.index("observed"):
        return
    if year == SHOWN:
        yield from proofs.review(desk, number, day + 6 * DAY)
    yield from desk.act(day + 8 * DAY, crew.overseer.id, q.ValidateQuarter(quarter=number))
    if (year, number) in outline.corrected:
        yield from correct(desk, number, day + 9 * DAY, approved=True)
    if stage >= STAGES.index("scored"):
        yield from desk.act(day + 11 * DAY, crew.overseer.id, q.ScoreQuarter(quarter=number))
    if upto == "closed":
        yield from desk.act(day + 15 * DAY, crew.authority.id, q.CloseQuarter(quarter=number))


def _excuse(desk: Desk, number: int, *, complete: bool) -> str:
    """What the director writes when something is missing, or makes one wonder."""
    quarters = desk.year.quarters
    wondering = any(
        doubts(desk.year.plan, quarters.at(number), quarters.by_number.get(number - 1), number, quarters.proven(number))
    )
    return words.SILENT if not complete else words.EXPLAINED if wondering else ""


def _progress(desk: Desk, outline: Outline, number: int, weak: int, *, whole: bool) -> Generator[Step, Facts, bool]:
    """Progress during the quarter and after its end, half of it unless `whole`; returns whether every activity reported."""
    end, everything = last_day(desk.year.year, number), list(_programmed(desk, number))
    troubled = _troubled(desk, number)
    poor, silent = set(troubled[:weak]), set(troubled[weak : weak + outline.silent])
    early = desk.chance.sample([activity for activity in everything if activity not in poor | silent], len(everything) // 4)
    for ago, activity in zip(range(20, 0, -2), early, strict=False):
        yield from _report(desk, number, activity, end - ago * DAY, share=0.6)
    reporting = [activity for activity in everything if activity not in silent]
    for place, activity in enumerate(reporting if whole else reporting[::2]):
        day = end + (2 + place // 3 + outline.late) * DAY
        yield from _report(desk, number, activity, day, poor=activity in poor, late=outline.late > SLOW)
    return not silent


def _unproven(desk: Desk, number: int, day: date) -> Scene:
    """An activity is said to be done in full, and nothing proves it. Told apart, so that the rest stays as it was."""
    if (desk.unit, desk.year.year, number) not in UNPROVEN:
        return
    chance, desk.chance = desk.chance, Random(desk.unit)  # noqa: S311 — a demo's chance
    activity, tasks = _troubled(desk, number)[-1], desk.year.plan.tasks
    entries = [Entry(task=n, executed=tasks[n].programmed(number)) for n in _programmed(desk, number)[activity]]
    command = RecordProgress(quarter=number, activity=activity, entries=tuple(entries))
    yield from desk.act(day, desk.crew.specialist.id, command)
    desk.chance = chance


def _programmed(desk: Desk, number: int) -> dict[int, list[int]]:
    """The activities with something to do in the quarter, and their tasks that have."""
    found: dict[int, list[int]] = {}
    for task_number, task in desk.year.plan.tasks.items():
        if task.programmed(number) > 0:
            found.setdefault(task.activity, []).append(task_number)
    return found


def _troubled(desk: Desk, number: int) -> list[int]:
    """The activities from the most to the least difficult: nearly the same order all year."""
    order = sorted(_programmed(desk, number), key=lambda activity: (activity * 7 + int(desk.unit) * 5) % 17)
    swap = desk.chance.randrange(max(1, len(order) - 1))
    order[swap : swap + 2] = reversed(order[swap : swap + 2])
    return order


def _report(
    desk: Desk, number: int, activity: int, day: date, *, poor: bool = False, share: float = 1, late: bool = False
) -> Generator[Step, Facts, None]:
    tasks = desk.year.plan.tasks
    area = desk.year.plan.activities[activity].area
    evidence = "" if share < 1 or (poor and desk.chance.random() < 0.3) else desk.paper(area)  # noqa: PLR2004 — some prove nothing
    reason, entries = words.SLOW_LINE if late else "", list[Entry]()
    for task in _programmed(desk, number)[activity]:
        target = tasks[task].programmed(number)
        executed = _executed(desk, target, poor=poor, share=share)
        if executed > target * OVER:
            reason = words.OVER
        entries.append(Entry(task=task, executed=executed, evidence=evidence))
    slow = late or desk.chance.random() < 0.15  # noqa: PLR2004 — elsewhere only some are entered days later
    happened = min(day - DAY, last_day(desk.year.year, number)) - desk.chance.randrange(6) * DAY if slow else None
    command = RecordProgress(quarter=number, activity=activity, entries=tuple(entries), reason=reason)
    yield from desk.act(day, desk.crew.specialist.id, command, on=happened)


def _executed(desk: Desk, target: Decimal, *, poor: bool, share: float) -> Decimal:
    """A whole number of units: what a good, a bad or an unfinished quarter looks like."""
    if share < 1:
        return Decimal(int(float(target) * share))
    if poor:
        return Decimal(int(float(target) * desk.chance.uniform(0.35, 0.65)))
    if target < 10:  # noqa: PLR2004 — small targets are met or missed by one
        return target - (desk.chance.random() < 0.06)  # noqa: PLR2004
    if desk.chance.random() < 0.01:  # noqa: PLR2004 — seldom, and with its reason
        return (target * Decimal("1.3")).to_integral_value(ROUND_CEILING)
    return Decimal(round(float(target) * desk.chance.uniform(0.94, 1.06)))


def _observe(desk: Desk, number: int, day: date, *, complete: bool | None) -> Scene:
    """Return the quarter with a written reason on a task; it comes back, or waits when `complete` says nothing."""
    done = desk.year.quarters.at(number).done
    task = desk.chance.choice(sorted(n for n, figure in done.items() if figure.executed > 1))
    text = desk.chance.choice(words.OBSERVED)
    yield from desk.act(day, desk.crew.overseer.id, q.ObserveQuarter(quarter=number, text=text, task=task))
    if complete is None:
        return
    activity = desk.year.plan.tasks[task].activity
    entry = Entry(task=task, executed=done[task].executed - 1, evidence=desk.paper())
    again = RecordProgress(
        quarter=number, activity=activity, entries=(entry,), reason="Se corrige según lo observado por la DRE."
    )
    yield from desk.act(day + 2 * DAY, desk.crew.specialist.id, again)
    yield from desk.act(
        day + 3 * DAY, desk.crew.director.id, q.SubmitQuarter(quarter=number, reason=_excuse(desk, number, complete=complete))
    )


def correct(desk: Desk, number: int, day: date, *, approved: bool) -> Scene:
    """Ask for the correction of a validated figure; the DRE approves it the next day, or it waits."""
    done = desk.year.quarters.at(number).done
    task = max(done, key=lambda n: (done[n].executed, n))
    request = corrections.RequestCorrection(
        quarter=number,
        task=task,
        executed=done[task].executed - desk.chance.randrange(1, 4),
        reason=words.CORRECTION,
        evidence=desk.paper(),
    )
    yield from desk.act(day, desk.crew.specialist.id, request)
    if approved:
        number_of = desk.year.quarters.last_correction
        yield from desk.act(day + DAY, desk.crew.overseer.id, corrections.ApproveCorrection(correction=number_of))


def begin_fourth(desk: Desk, day: date, count: int) -> Scene:
    """A little progress of the fourth quarter."""
    for activity in sorted(_programmed(desk, 4))[:count]:
        yield from _report(desk, 4, activity, day, share=0.4)

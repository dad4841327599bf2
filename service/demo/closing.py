"""Scenes of the annual balance: submitted by the head, approved by the director, closed by the DRE."""

from collections.abc import Generator
from datetime import date, timedelta
from decimal import Decimal

from service.aggregates import DRE
from service.aggregates import balance as b
from service.aggregates.score import round2
from service.demo import words
from service.demo.desk import Desk
from service.demo.stage import Facts, Step

DAY = timedelta(days=1)


def balance(desk: Desk, day: date) -> Generator[Step, Facts, tuple[str, ...]]:
    """Close the year; returns the items it leaves open."""
    crew = desk.crew
    submitter = crew.specialist if desk.unit == DRE else crew.chief
    approver = crew.authority if desk.unit == DRE else crew.director
    yield from desk.act(day, submitter.id, _words(desk))
    yield from desk.act(day + 2 * DAY, approver.id, b.ApproveBalance())
    yield from desk.act(day + 5 * DAY, crew.authority.id, b.CloseBalance(cutoff=desk.position))
    return desk.year.balance.open_items


def _words(desk: Desk) -> b.SubmitBalance:
    scores = [each.score for _, each in sorted(desk.year.quarters.by_number.items()) if each.score]
    last = scores[-1]
    mean = round2(sum((score.percent for score in scores), Decimal(0)) / len(scores))
    best = max(last.lines, key=lambda line: (line.percent, -line.activity)).activity
    worst = min(last.lines, key=lambda line: (line.percent, line.activity))
    activities = desk.year.plan.activities
    trouble = words.TROUBLES[activities[worst.activity].line]
    difficulties = words.DIFFICULTIES.format(worst=activities[worst.activity].name, cause=trouble.cause)
    return b.SubmitBalance(
        achievements=words.ACHIEVEMENTS.format(
            fulfilled=last.fulfilled, activities=last.activities, mean=str(mean).replace(".", ","), best=activities[best].name
        ),
        difficulties=difficulties if worst.light == "at-risk" else words.NO_DIFFICULTIES,
        recommendations=words.RECOMMENDATIONS,
    )

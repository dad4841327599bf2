"""Scenes of quarters that are opened again: one that was corrected and closed once more, one that is open now."""

from datetime import date, timedelta
from random import Random

from service.aggregates.quarter import CloseQuarter
from service.aggregates.quarter_reopening import ReopenQuarter
from service.demo import quarters, words
from service.demo.desk import Desk
from service.demo.stage import Scene

DAY = timedelta(days=1)


def corrected(desk: Desk, number: int, day: date) -> Scene:
    """Opened for one row, which is corrected, approved and thereby scored; then closed. Told apart, so that the rest stays."""
    chance, desk.chance = desk.chance, Random(f"{desk.unit}/{number}")  # noqa: S311 — a demo's chance
    yield from _reopen(desk, number, day, day + 14 * DAY)
    yield from quarters.correct(desk, number, day + DAY, approved=True)
    yield from desk.act(day + 5 * DAY, desk.crew.authority.id, CloseQuarter(quarter=number))
    desk.chance = chance


def waiting(desk: Desk, number: int, day: date, until: date) -> Scene:
    """Opened for one row until a day, and nobody has written yet."""
    chance, desk.chance = desk.chance, Random(f"{desk.unit}/{number}")  # noqa: S311 — a demo's chance
    yield from _reopen(desk, number, day, until)
    desk.chance = chance


def _reopen(desk: Desk, number: int, day: date, until: date) -> Scene:
    done = desk.year.quarters.at(number).done
    task = max(done, key=lambda n: (done[n].executed, n))
    indicators = tuple(sorted(desk.year.indicators.declared)[:1])
    command = ReopenQuarter(quarter=number, tasks=(task,), indicators=indicators, until=until, reason=words.REOPENING)
    yield from desk.act(day, desk.crew.authority.id, command)

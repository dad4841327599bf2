"""A desk: where one unit's work is done, with its diary, its people and the year as its own facts made it."""

from collections.abc import Callable, Generator
from datetime import date, datetime, time, timedelta
from random import Random

import msgspec

from service.aggregates import Command, unit_year
from service.demo.cast import Crew
from service.demo.stage import Asked, Facts, Step
from service.settings import LIMA

OPENS, CLOSES = time(8, 5), time(18, 30)
SATURDAY = 5
HOLIDAYS = frozenset(["01-01", "05-01", "06-29", "07-23", "07-28", "07-29", "08-06", "10-08", "12-08", "12-09", "12-25"])


class Desk:
    """One unit's desk. Every scene is played on it with `act`, which moves its clock forward; files are put away with `keep`."""

    def __init__(self, unit: str, crew: Crew, chance: Random, keep: Callable[[bytes], str]) -> None:
        self.unit, self.crew, self.chance, self.keep = unit, crew, chance, keep
        self.year = self.before = unit_year.new(unit, 0)
        self.position = 0
        self.papers = chance.randrange(20, 60)
        self._clock = datetime.min.replace(tzinfo=LIMA)

    def open(self, year: int) -> None:
        """Clear the desk for another year; the one before stays at hand."""
        self.before = self.year
        self.year = unit_year.new(self.unit, year)

    def act(self, day: date, person: str, command: Command | Asked, *, on: date | None = None) -> Generator[Step, Facts, Facts]:
        """Have a person give a command on that day, or as soon after as the desk gets to it."""
        self._clock = self._moment(day)
        earlier = on if on and on < self._clock.date() else None
        facts = yield Step(self._clock, person, self.year.stream, command, earlier)
        for recorded in facts:
            unit_year.evolve(self.year, recorded.fact)
            self.position = recorded.position
        return facts

    def paper(self, area: str = "AGP") -> str:
        """The number of the next paper of the office: an evidence to name."""
        self.papers += self.chance.randrange(1, 4)
        return f"Informe N.º {self.papers:04}-{self.year.year}/{area} (demostración)"

    def _moment(self, day: date) -> datetime:
        moment = datetime.combine(working(day), OPENS, LIMA) + timedelta(seconds=self.chance.randrange(7 * 3600))
        if moment > self._clock:
            return moment
        moment = self._clock + timedelta(seconds=self.chance.randrange(45, 600))
        if moment.time() < CLOSES:
            return moment
        following = working(moment.date() + timedelta(days=1))
        return datetime.combine(following, OPENS, LIMA) + timedelta(seconds=self.chance.randrange(1800))


def working(day: date) -> date:
    """The day itself, or the next on which the office is open."""
    while day.weekday() >= SATURDAY or f"{day:%m-%d}" in HOLIDAYS:
        day += timedelta(days=1)
    return day


def last_day(year: int, quarter: int) -> date:
    """The last day of a quarter."""
    return date(year + quarter // 4, quarter * 3 % 12 + 1, 1) - timedelta(days=1)


class Outline(msgspec.Struct, frozen=True):
    """What is particular to a unit: size, how many activities go badly each quarter, days of delay, and how far it got."""

    scale: float
    weak: tuple[int, ...]
    late: int = 0
    third: str = "closed"
    silent: int = 0
    observed: tuple[tuple[int, int], ...] = ()
    corrected: tuple[tuple[int, int], ...] = ()
    plan_observed: int = 0

"""Random years that were lived: what was asked, by whom, and what followed, decided without a database."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from service.aggregates import By, Command, Fact, Refused, unit_year
from tests.chance import Chance
from tests.stories import DAY, NOON, ROLL, RULES, UNIT


class Step(msgspec.Struct, frozen=True):
    """A command, the circumstances in which it was decided, and what followed: facts, or the sentence that refused it."""

    by: By
    command: Command
    facts: tuple[Fact, ...] = ()
    no: str = ""


def born() -> unit_year.UnitYear:
    """A year in which nothing has happened."""
    return unit_year.new(UNIT, DAY.year)


def steps(year: unit_year.UnitYear, numbers: Sequence[int], **circumstances: Any) -> Iterator[Step]:
    """What these numbers ask next of a year; each step has happened when it is told. `circumstances` are those of `By`."""
    known: dict[str, Any] = {"today": DAY, "rules": RULES, "roll": ROLL, "last_year": None} | circumstances
    last = known["last_year"]
    for number in numbers:
        person, command = Chance(year, number, last.open_items if last else ()).step()
        by = By(person=person.id, charge=person.charge, **known)
        try:
            events = unit_year.decide(year, command, by)
        except Refused as no:
            yield Step(by, command, no=no.sentence)
            continue
        it: dict[str, Any] = {"at": NOON, "on": by.today, "person": by.person, "charge": by.charge, "command": "c", "salt": ""}
        facts = tuple(Fact(**it, event=event) for event in events)
        for fact in facts:
            unit_year.evolve(year, fact)
        yield Step(by, command, facts)

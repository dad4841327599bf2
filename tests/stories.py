"""Given what happened, when somebody wants something, then these events follow, or a refusal: stories of the pure deciders."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from service.aggregates import DRE, By, Command, Event, Fact, Refused, catalogue, dre, unit_year
from service.aggregates import plan as p
from service.aggregates import plan_versions as v

UNIT, YEAR = "120005", 2026
DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)


class Past(msgspec.Struct, frozen=True):
    """An event and who it is owed to."""

    person: str
    charge: str
    event: Event


class Person(msgspec.Struct, frozen=True):
    """Somebody acting in a charge."""

    id: str
    charge: str

    def did(self, event: Event) -> Past:
        return Past(self.id, self.charge, event)


SPECIALIST = Person("rosa", f"especialista-ugel/{UNIT}")
HEAD = Person("luis", f"jefe-area/{UNIT}/AGP")
DIRECTOR = Person("ana", f"director-ugel/{UNIT}")
DRE_SPECIALIST = Person("hugo", f"especialista-dre/{DRE}")
DRE_OTHER = Person("ines", f"especialista-dre/{DRE}")
DRE_DIRECTOR = Person("marta", f"director-dre/{DRE}")

PEOPLE = (SPECIALIST, HEAD, DIRECTOR, DRE_SPECIALIST, DRE_OTHER, DRE_DIRECTOR)


def rolled(*people: Person) -> dict[int, dre.ChargeAssigned]:
    """The roll of charges as `By` carries it: each person in the charge it acts in, since 2020."""
    parts = [(person.id, *person.charge.split("/"), "") for person in people]
    since = date(2020, 1, 1)
    assigned: list[dict[str, Any]] = [{"holder": h, "role": r, "unit": u, "area": a[0]} for h, r, u, *a in parts]
    return {n: dre.ChargeAssigned(assignment=n, since=since, **each) for n, each in enumerate(assigned, start=1)}


RULES = catalogue.Rules(objectives=frozenset({"OEI.01", "AEI.01.01", "OEI.02"}))


class refused(msgspec.Struct, frozen=True):  # noqa: N801 — reads as a word of the story
    """The expected refusal: words of its sentence, and of its lines."""

    words: str
    items: tuple[str, ...] = ()


class Story:
    """A state, what may be asked of it, and what came of the last question."""

    def __init__(self, state: Any, decide: Callable[..., list[Event]], evolve: Callable[..., None]) -> None:
        self.state, self.decide, self.evolve = state, decide, evolve
        self.last: list[Event] = []
        self.commands = 0
        self.no: Refused | None = None
        self.by = SPECIALIST

    def given(self, *past: Event | Past) -> "Story":
        for each in past:
            self.commands += 1
            self._apply(each if isinstance(each, Past) else SPECIALIST.did(each))
        return self

    def when(self, command: Command, by: Person = SPECIALIST, **circumstances: Any) -> "Story":
        """Ask; `circumstances` are those of `By`: today, rules, position, last_year."""
        self.by, self.last, self.no = by, [], None
        before = msgspec.json.encode(_plain(self.state))
        known: dict[str, Any] = {"today": DAY, "rules": RULES, "roll": ROLL} | circumstances
        try:
            self.last = self.decide(self.state, command, By(person=by.id, charge=by.charge, **known))
        except Refused as no:
            self.no = no
        assert msgspec.json.encode(_plain(self.state)) == before, "deciding changed the state"
        return self

    def then(self, *expected: Event | refused) -> "Story":
        """Exactly these events follow (none: nothing changes), and they become part of the past."""
        match expected:
            case [refused() as no]:
                assert self.no, f"not refused: {self.last}"
                assert no.words in self.no.sentence
                assert all(any(item in line for line in self.no.items) for item in no.items), self.no.items
            case _:
                assert self.no is None, self.no
                assert self.last == list(expected)
                self._happen()
        return self

    def after(self, command: Command, by: Person = SPECIALIST, **circumstances: Any) -> "Story":
        """The command is carried out, whatever follows; only a refusal would spoil the story."""
        self.when(command, by, **circumstances)
        if self.no:
            pytest.fail(f"{type(command).__name__}: {self.no.sentence} {self.no.items}")
        self._happen()
        return self

    def _happen(self) -> None:
        self.commands += 1
        for event in self.last:
            self._apply(self.by.did(event))

    def _apply(self, past: Past) -> None:
        fact = Fact(
            at=NOON, on=DAY, person=past.person, charge=past.charge, command=f"c{self.commands}", salt="", event=past.event
        )
        self.evolve(self.state, fact)


def _plain(value: Any) -> Any:
    """The state as JSON can say it: keys of any kind become text."""
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return [[str(key), _plain(each)] for key, each in value.items()]
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def given(*past: Event | Past, unit: str = UNIT, year: int = YEAR) -> Story:
    """A unit's year in which this happened."""
    return Story(unit_year.new(unit, year), unit_year.decide, unit_year.evolve).given(*past)


def given_standing(*past: Event | Past) -> Story:
    """The DRE's standing stream in which this happened."""
    return Story(dre.Dre(), dre.decide, dre.evolve).given(*past)


def months(*each: int | str) -> Any:
    """Twelve monthly targets: the given ones, and zeros until December."""
    return tuple(Decimal(value) for value in each) + (Decimal(0),) * (12 - len(each))


ROLL = rolled(*PEOPLE)
OPENED = v.YearOpened(unit=UNIT, year=YEAR)
LINE = p.LineAdded(code="M1", kind="misional", name="Monitoreo y acompañamiento pedagógico")
VISITS = p.ActivityAdded(activity=1, line="M1", name="Acompañar a docentes de primaria", objectives=("OEI.01",))
FEEDBACK = p.ActivityAdded(activity=2, line="M1", name="Distribuir material educativo", objectives=("OEI.02",))
CLASSROOMS = p.TaskAdded(task=1, activity=1, name="Visitar aulas", unit="Visita", months=months(*[10] * 12))
WORKSHOPS = p.TaskAdded(task=2, activity=1, name="Realizar talleres", unit="Taller", months=months(0, 0, 2, 0, 0, 2, 0, 0, 2))
BOOKS = p.TaskAdded(task=3, activity=2, name="Entregar cuadernos", unit="Local escolar", months=months(0, 0, 100))

DRAFT = (OPENED, LINE, VISITS, FEEDBACK, CLASSROOMS, WORKSHOPS, BOOKS)
SUBMITTED = (*DRAFT, DIRECTOR.did(v.PlanSubmitted(activities=2)))
RESOLUTION: dict[str, Any] = {"resolution": "RD 001-2026-UGEL-J", "resolution_date": date(2026, 1, 15)}
APPROVED = (*SUBMITTED, DRE_DIRECTOR.did(v.PlanApproved(version=1, **RESOLUTION)))

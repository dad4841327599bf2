"""The clock through the door: once however often, one process at a time, whole commands whatever ends it."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from service import serving, tick
from service.aggregates import catalogue as c
from service.aggregates import plan_versions as v
from service.aggregates.alert_watch import RunRule
from service.aggregates.catalogue_content import Deadline
from service.cli import clock, run_command
from service.ledger import STANDING, Done, Forbidden
from service.record import tag
from service.settings import Settings
from tests.conftest import TestDatabase
from tests.door import OTHER_STREAM, STREAM, Door, door
from tests.stories import DIRECTOR, DRE_DIRECTOR, DRE_SPECIALIST

MARCH = datetime(2026, 3, 1, 15, tzinfo=UTC)
SENT = Deadline(year=2026, step="plan-approval", day=date(2026, 1, 31))


class Time:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def furnished(make_database: Callable[[str], TestDatabase], _staffed: str) -> Callable[[], tuple[TestDatabase, Time]]:
    """Makes a database marked as demo, in which the plan of UGEL Jauja was observed and a calendar says until when."""

    def make() -> tuple[TestDatabase, Time]:
        made, time = make_database(_staffed), Time(MARCH - timedelta(days=40))
        with psycopg.connect(made.owner_url) as connection:
            connection.execute("insert into ledger.demo values ('reloj')")
        with door(made.service_url, clock=time) as ledger:
            content = msgspec.structs.replace(ledger.standing().catalogue.content, deadlines=(SENT,))
            calendar = c.PublishCatalogue(base=0, reason="Calendario", content=content)
            ledger.ask(DRE_DIRECTOR, calendar, STANDING)
            ledger.draft().ask(DIRECTOR, v.SubmitPlan())
            ledger.ask(DRE_SPECIALIST, v.ObservePlan(text="Precise la meta."))
        time.now = MARCH
        return made, time

    return make


@pytest.fixture
def clocked(furnished: Callable[[], tuple[TestDatabase, Time]]) -> Iterator[tuple[Door, Time, TestDatabase]]:
    """The door of such a database."""
    made, time = furnished()
    with door(made.service_url, clock=time) as ledger:
        yield ledger, time, made


def told(ledger: Door) -> list[tuple[str, str, str, Any]]:
    """What the clock recorded in 2026: stream, kind and rule; by whom."""
    return sorted(
        (recorded.stream, tag(recorded.fact.event), getattr(recorded.fact.event, "rule", ""), recorded.fact.person)
        for stream in (STREAM, OTHER_STREAM, "unit/120000/2026")
        for recorded in ledger.facts(stream)
        if recorded.fact.command.startswith("tick:")
    )


def test_a_run_records_what_the_day_finds_and_a_second_one_nothing(clocked: tuple[Door, Time, TestDatabase]) -> None:
    """As `sistema`; read tables follow, and the next day brings nothing new where nothing new came to pass."""
    ledger, time, _ = clocked
    first = tick.run(ledger)
    assert first
    assert (first.years, first.alerts, first.reminders) == (9, 4, 0)
    assert first.escalated == 4, "their days were over before anybody looked"
    raised = [each for each in told(ledger) if each[1] == "alert-raised.2"]
    assert [(stream, rule) for stream, _, rule, _ in raised] == [
        ("unit/120000/2026", "plan-sin-aprobar"),
        (STREAM, "observacion-sin-responder"),
        (STREAM, "plan-sin-aprobar"),
        (OTHER_STREAM, "plan-sin-aprobar"),
    ]
    assert {each[3] for each in told(ledger)} == {"sistema"}
    before, second = ledger.positions(), tick.run(ledger)
    assert second == tick.Ticked(years=9)
    time.now += timedelta(days=1)
    assert tick.run(ledger) == tick.Ticked(years=9)
    assert ledger.positions() == before
    assert ledger.differences() == []


def test_a_run_cut_short_is_finished_by_the_next(furnished: Callable[[], tuple[TestDatabase, Time]]) -> None:
    """Wherever it ends: what stands is whole, and in the end the record says what an undisturbed run says."""
    made, time = furnished()
    with door(made.service_url, clock=time) as ledger:
        tick.run(ledger)
        whole = told(ledger)
    made, time = furnished()
    for stop in (1, 20, 27):
        with door(made.service_url, clock=time) as ledger:
            cut = Mortal(ledger.database, clock=time)
            cut.left = stop
            with pytest.raises(KeyboardInterrupt):
                tick.run(cut)
            assert set(told(ledger)) <= set(whole)
            assert ledger.differences() == []
    with door(made.service_url, clock=time) as ledger:
        assert told(ledger) != whole, "the premise: something was still missing"
        tick.run(ledger)
        assert told(ledger) == whole


class Mortal(Door):
    """A ledger whose process ends after so many commands."""

    left = 0

    def carry_out(self, *given: Any, **circumstances: Any) -> Done:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        return super().carry_out(*given, **circumstances)


def test_one_process_at_a_time(clocked: tuple[Door, Time, TestDatabase]) -> None:
    """While another one holds the lock nothing is done, and afterwards it is."""
    ledger, _, made = clocked
    with psycopg.connect(made.service_url, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", [tick.LOCK])
        assert tick.run(ledger) is None
        assert told(ledger) == []
        other.execute("select pg_advisory_unlock(%s)", [tick.LOCK])
        assert tick.run(ledger)


def test_only_the_clock_runs_the_rules(clocked: tuple[Door, Time, TestDatabase]) -> None:
    """Nobody else, whatever the charge."""
    ledger = clocked[0]
    for person in (DRE_DIRECTOR, DIRECTOR):
        with pytest.raises(Forbidden):
            ledger.ask(person, RunRule(rule="plan-sin-aprobar"))


def test_the_command_line_says_what_it_found(
    clocked: tuple[Door, Time, TestDatabase], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a sentence, without naming a person; while another process is at it, that."""
    _, _, made = clocked
    monkeypatch.setenv("QUIPU_DATABASE_URL", made.service_url)
    with psycopg.connect(made.service_url, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", [tick.LOCK])
        assert run_command(["tick"]) == 0
        assert "Otro proceso está revisando" in capsys.readouterr().out
        other.execute("select pg_advisory_unlock(%s)", [tick.LOCK])
    assert run_command(["tick"]) == 0
    assert "Reglas revisadas en 9 planes de unidades: " in capsys.readouterr().out


def test_the_service_keeps_time_and_tries_again(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A beat that fails is said and tried again; it ends with the service."""
    monkeypatch.setattr(serving, "EVERY", 0.01)
    ended, beats = threading.Event(), list[Settings]()

    def beat(settings: Settings, _: Callable[[], bool]) -> None:
        beats.append(settings)
        if len(beats) == 1:
            raise OSError
        ended.set()

    serving._keep_time(Settings(data=Path("/nonexistent")), beat, ended, first=0)
    assert len(beats) == 2
    assert "se intentará de nuevo (OSError)" in capsys.readouterr().err


def test_the_service_runs_the_rules_of_the_day_once(clocked: tuple[Door, Time, TestDatabase], tmp_path: Path) -> None:
    """What `quipu serve` beats with looks at every unit's year on a connection of its own; beating again adds nothing."""
    ledger, _, made = clocked
    last = datetime.now(UTC).year - 1  # a plan that nobody opened, whatever day it is
    content = ledger.standing().catalogue.content
    due = msgspec.structs.replace(content, deadlines=(Deadline(year=last, step="plan-approval", day=date(last, 1, 31)),))
    ledger.ask(DRE_DIRECTOR, c.PublishCatalogue(base=1, reason="Calendario", content=due), STANDING)
    settings, ended = Settings(data=tmp_path, database_url=made.service_url), threading.Event()

    def beat(settings: Settings, over: Callable[[], bool]) -> None:
        clock.beat(settings, over)
        ended.set()

    def ticked() -> int:
        with ledger.database.connection() as connection:
            return len(connection.execute("select from ledger.command where id like 'tick:%'").fetchall())

    assert ticked() == 0
    serving._keep_time(settings, beat, ended, first=0)
    first = ticked()
    assert first >= len(ledger.standing().units)
    clock.beat(settings, lambda: False)
    assert ticked() == first


def test_a_service_that_ends_leaves_the_rest_to_the_next(clocked: tuple[Door, Time, TestDatabase]) -> None:
    """The clock stops between two rules, says what it found so far and lets go of its lock; the next run does the rest."""
    ledger, *_ = clocked
    asked = iter([False, False, True])
    told = tick.run(ledger, lambda: next(asked))
    assert told is not None
    assert told.years == 1
    whole = tick.run(ledger)
    assert whole is not None
    assert whole.years > told.years

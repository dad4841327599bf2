"""The door: once per command, one after the other, on what stands; each story on a real PostgreSQL."""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from service.aggregates import DRE
from service.aggregates import plan_versions as v
from service.aggregates.alert_rules import DEFAULTS, with_low
from service.aggregates.catalogue import PublishAlertRules, PublishObjective
from service.aggregates.dre import AssignCharge, EndCharge
from service.aggregates.plan_alignment import AlignActivity
from service.aggregates.plan_review import AttendObservation
from service.ledger import STANDING, Forbidden, Refused
from service.projections import Row
from service.projections.commitment import SIGNATURE
from service.projections.writing import write
from service.record import Recorded, encode
from service.settings import LIMA
from tests.conftest import TestDatabase
from tests.door import ADMIN, OTHER_STREAM, SATIPO_SPECIALIST, STREAM, Door, contiguous, door, visits
from tests.stories import DIRECTOR, DRE_DIRECTOR, SPECIALIST

NOW = datetime(2025, 3, 10, 15, tzinfo=UTC)


@pytest.fixture
def ledger(staffed_database: TestDatabase) -> Iterator[Door]:
    """A ledger with units and staff."""
    with door(staffed_database.service_url) as opened:
        yield opened


@pytest.fixture
def other(staffed_database: TestDatabase, ledger: Door) -> Iterator[Door]:
    """The same record, seen by another process with a memory of its own."""
    assert ledger.positions()
    with door(staffed_database.service_url) as opened:
        yield opened


def told(facts: Iterable[Recorded]) -> list[tuple[int, str, int, bytes]]:
    """Facts in their places, with their bytes."""
    return [(each.position, each.stream, each.version, encode(each.fact)) for each in facts]


def test_a_command_becomes_facts_rows_and_positions(ledger: Door) -> None:
    """Whoever asked sees the facts in their places at once, and the rows say the same."""
    ledger.draft()
    done = ledger.ask(SPECIALIST, visits(12, "Más docentes"), on=date(2026, 2, 1))
    (recorded,) = done.facts
    assert (done.first, done.last, recorded.position, recorded.version, recorded.stream) == (*[done.first] * 3, 5, STREAM)
    fact = recorded.fact
    assert (fact.person, fact.charge, fact.on) == (SPECIALIST.id, SPECIALIST.charge, date(2026, 2, 1))
    assert told(list(ledger.facts(STREAM))[-1:]) == told(done.facts)
    assert ledger.differences() == []


def test_the_same_command_twice_gives_the_first_result(ledger: Door, other: Door) -> None:
    """A double click, also one that reaches another process, writes once."""
    ledger.draft()
    first = ledger.ask(SPECIALIST, visits(12), command_id="doble")
    for again in (ledger, other):
        second = again.ask(SPECIALIST, visits(12), command_id="doble")
        assert (second.first, second.last, second.repeated) == (first.first, first.last, True)
        assert told(second.facts) == told(first.facts)
    assert len(ledger.positions()) == first.last


def test_the_same_command_id_with_other_content_is_refused(ledger: Door, other: Door) -> None:
    """Nothing is written, and the sentence says to open the page again."""
    ledger.draft().ask(SPECIALIST, visits(12), command_id="doble")
    before = ledger.positions()
    for again in (ledger, other):
        for by, command in ((SPECIALIST, visits(13)), (DIRECTOR, visits(12)), (SPECIALIST, v.OpenYear(year=2026))):
            with pytest.raises(Refused, match="ya se envió con otros datos"):
                again.ask(by, command, command_id="doble")
    assert ledger.positions() == before


def test_a_repeated_command_that_would_now_be_refused_gives_its_result(ledger: Door, other: Door) -> None:
    """Sent twice, the second submission of a plan is not told that it is already sent."""
    ledger.draft()
    first = ledger.ask(DIRECTOR, v.SubmitPlan(), command_id="envio")
    for again in (ledger, other):
        assert told(again.ask(DIRECTOR, v.SubmitPlan(), command_id="envio").facts) == told(first.facts)


def test_a_command_that_changes_nothing_writes_nothing(ledger: Door) -> None:
    """No fact, no position; the result stands where the stream stands."""
    ledger.draft()
    before = ledger.positions()
    done = ledger.ask(SPECIALIST, v.OpenYear(year=2026))
    assert (done.facts, done.last) == ((), before[-1])
    assert ledger.positions() == before


def test_a_refusal_writes_nothing(ledger: Door) -> None:
    """The rule's sentence comes back and the record is as it was."""
    before = ledger.draft().positions()
    with pytest.raises(Refused, match="Solo se aprueba un plan enviado"):
        ledger.ask(DRE_DIRECTOR, v.ApprovePlan(resolution="RD 1", resolution_date=date(2026, 1, 1)))
    assert ledger.positions() == before


def test_another_unit_is_forbidden_and_an_unknown_one_refused(ledger: Door) -> None:
    """Who belongs to Satipo writes nothing in Jauja; who has no charge writes nowhere."""
    with pytest.raises(Forbidden, match="propia unidad"):
        ledger.ask(SATIPO_SPECIALIST, v.OpenYear(year=2026))
    with pytest.raises(Forbidden, match="no tiene un cargo vigente"):
        ledger.carry_out("nadie", STREAM, v.OpenYear(year=2026), command_id="x")
    with pytest.raises(Refused, match="Esa unidad no existe"):
        ledger.ask(SPECIALIST, v.OpenYear(year=2026), "unit/120013/2026")


def test_a_stale_memory_decides_again(ledger: Door, other: Door) -> None:
    """Another process moved the stream: the second decision stands on what the record says."""
    other.draft()
    other.ask(SPECIALIST, visits(11))
    ledger.ask(SPECIALIST, visits(12))
    (recorded,) = other.ask(SPECIALIST, visits(13)).facts
    assert str(recorded.fact.event.was["months"][0]) == "12"
    assert ledger.differences() == []


def test_a_stale_memory_does_not_refuse_wrongly(ledger: Door, other: Door) -> None:
    """What this process does not know yet is read before it says no."""
    ledger.draft()
    other.ask(DIRECTOR, v.SubmitPlan())
    ledger.ask(DRE_DIRECTOR, v.ObservePlan(text="Falta"))
    other.ask(SPECIALIST, visits(12))
    other.ask(SPECIALIST, AttendObservation(observation=0, text="Corregido"))
    other.ask(DIRECTOR, v.SubmitPlan())
    ledger.ask(DRE_DIRECTOR, v.ApprovePlan(resolution="RD 1", resolution_date=date(2026, 1, 1)))
    assert ledger.differences() == []


def test_a_new_charge_works_at_once_in_every_process(ledger: Door, other: Door) -> None:
    """The other process has an older idea of who holds what; it looks again before it says no."""
    other.draft()
    grant = AssignCharge(holder="nuevo", role="especialista-ugel", unit="120005", since=date(2026, 1, 1))
    ledger.ask(ADMIN, grant, STANDING)
    other.carry_out("nuevo", STREAM, visits(12), command_id="nuevo-1")


def test_a_revoked_charge_is_refused_at_once_in_every_process(ledger: Door, other: Door) -> None:
    """The other process still remembers the charge; the record does not let it write."""
    other.draft()
    number = next(c.assignment for c in ledger.standing().charges.values() if c.holder == SPECIALIST.id)
    yesterday = datetime.now(LIMA).date() - timedelta(days=1)
    ledger.ask(ADMIN, EndCharge(assignment=number, until=yesterday), STANDING)
    with pytest.raises(Forbidden):
        other.ask(SPECIALIST, visits(12))


def test_a_state_in_hand_does_not_change(ledger: Door) -> None:
    """A page that goes through the charges is not disturbed by one that assigns another."""
    held = ledger.standing()
    before = (len(held.charges), len(held.holders), len(held.units))
    ledger.ask(ADMIN, AssignCharge(holder="nuevo", role="auditor", unit=DRE, since=date(2026, 1, 1)), STANDING)
    assert (len(held.charges), len(held.holders), len(held.units)) == before
    assert len(ledger.standing().charges) == before[0] + 1


def test_new_rules_hold_at_once_in_every_process(ledger: Door, other: Door) -> None:
    """A decision leans on the version of the rules it was made with; an older version is decided again."""
    other.draft()
    ledger.ask(DRE_DIRECTOR, PublishObjective(instrument="PEI", code="OEI.09", text="-"), STANDING)
    other.ask(SPECIALIST, AlignActivity(activity=1, objectives=("OEI.09",)))
    assert other.differences() == []


def test_a_memory_ahead_of_the_record_does_not_write(ledger: Door) -> None:
    """After a restore the record may be behind what a process remembers: it reads again, and leaves no hole."""
    ledger.draft()
    memo = ledger.memo(STREAM)
    memo.version += 1
    ledger.ask(SPECIALIST, visits(12))
    assert [recorded.version for recorded in ledger.facts(STREAM)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "letter", ["\u202e", "\u200b", "\u00ad", "\u2028", "\u061c", "\x07", "\x7f", "\x9b", "\u0378", "\ue000", "\ufeff", "\ud800"]
)
def test_a_letter_that_no_screen_shows_as_it_is_stored_is_refused(ledger: Door, letter: str) -> None:
    """Control, bidirectional, invisible, private and unassigned characters never enter the record."""
    with pytest.raises(Refused, match="caracteres invisibles o de control"):
        ledger.draft().ask(SPECIALIST, visits(12, f"Más{letter} docentes"))


def test_letters_are_written_in_one_way_only(ledger: Door) -> None:
    """A decomposed accent is refused; Spanish, Quechua and Asháninka, line ends, tabs and backslashes are welcome."""
    with pytest.raises(Refused, match="letras compuestas"):
        ledger.draft().ask(SPECIALIST, visits(12, "accio\u0301n"))
    welcome = "Ñahui: acción «100 %» — ¿qué? Qhichwa simi; añaani, tsʼo\nC:\\bin\\u0041\\f \\b\t1 234,5 €"
    (recorded,) = ledger.ask(SPECIALIST, visits(12, welcome)).facts
    assert next(iter(ledger.facts(STREAM, after=4))).fact.event.reason == welcome == recorded.fact.event.reason


def test_the_day_it_happened_is_not_in_the_future(ledger: Door) -> None:
    """Today in Lima is the latest day; an earlier one is kept beside the moment of recording."""
    today = datetime.now(LIMA).date()
    with pytest.raises(Refused, match="no puede ser futura"):
        ledger.draft().ask(SPECIALIST, visits(12), on=today + timedelta(days=1))
    assert ledger.ask(SPECIALIST, visits(12), on=today).facts[0].fact.on == today


def test_only_a_demo_takes_an_injected_clock(new_database: TestDatabase) -> None:
    """Elsewhere nobody chooses the time or the salt of a fact."""
    for circumstances in ({"clock": lambda: NOW}, {"salt": lambda: b"0" * 16}):
        with pytest.raises(PermissionError), door(new_database.service_url, **circumstances):
            pass
    with psycopg.connect(new_database.owner_url) as connection:
        connection.execute("insert into ledger.demo values ('semilla')")
    with door(new_database.service_url, clock=lambda: NOW, salt=lambda: b"0" * 16) as demo:
        (fact,) = [each.fact for each in demo.furnish().facts(STANDING)][:1]
        assert (fact.at, fact.on, fact.salt) == (NOW, date(2025, 3, 10), "MDAwMDAwMDAwMDAwMDAwMA==")


def test_writers_of_one_process_on_one_stream(ledger: Door) -> None:
    """Eight threads change the same task: every acknowledged change is there once, without gaps."""
    ledger.draft()
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda n: ledger.ask(SPECIALIST, visits(n)), range(100, 180)))
    assert sorted(each.first for each in done) == ledger.positions()[-80:]
    assert contiguous(ledger.positions())
    assert ledger.differences() == []


def test_the_standing_stream_and_the_units_are_written_together(ledger: Door, other: Door) -> None:
    """Threads that publish rules and threads that write under them never wait for each other in a circle."""
    ledger.draft()
    ledger.draft(OTHER_STREAM, SATIPO_SPECIALIST)
    failed = list[Exception]()

    def publish(at: Door) -> None:
        for n in range(15):
            at.ask(DRE_DIRECTOR, PublishAlertRules(rules=with_low(DEFAULTS, Decimal(n))), STANDING)

    def plan(at: Door, by: str, stream: str) -> None:
        for n in range(15):
            at.carry_out(by, stream, visits(n + 100), command_id=f"{id(at)}-{by}-{n}")

    def trying(work: object, *args: object) -> threading.Thread:
        def run() -> None:
            try:
                work(*args)  # type: ignore[operator]  # one of the two above
            except Exception as error:  # noqa: BLE001 — whatever it is, the test tells
                failed.append(error)

        return threading.Thread(target=run, daemon=True)

    threads = [trying(publish, at) for at in (ledger, other)]
    threads += [
        trying(plan, at, *who)
        for at in (ledger, other)
        for who in ((SPECIALIST.id, STREAM), (SATIPO_SPECIALIST.id, OTHER_STREAM))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads), "writers wait for each other"
    assert failed == []
    assert contiguous(ledger.positions())
    assert ledger.differences() == []


def test_the_dre_has_a_plan_of_its_own(ledger: Door) -> None:
    """Its stream is a unit's like any other."""
    assert ledger.ask(DRE_DIRECTOR, v.OpenYear(year=2026), f"unit/{DRE}/2026").facts


@pytest.mark.parametrize("turn", ["quick", "locked"])
def test_a_row_that_cannot_be_written_takes_its_event_with_it(ledger: Door, monkeypatch: pytest.MonkeyPatch, turn: str) -> None:
    """Event, rows and command id are one transaction: when the last row fails, nothing of the command stays."""
    ledger.draft()
    if turn == "locked":
        ledger.memo(STREAM).reset()
    before = ledger.positions()

    def spoilt(connection: psycopg.Connection[Any], append: str, parameters: list[Any], rows: list[tuple[int, Row]]) -> Any:
        key = (STREAM, 1, 1, "x")
        return write(
            connection, append, parameters, [*rows, (0, Row(SIGNATURE, key, {})), (0, Row(SIGNATURE, key, {"at": "nunca"}))]
        )

    monkeypatch.setattr("service.ledger.attempt.write", spoilt)
    with pytest.raises(psycopg.errors.InvalidDatetimeFormat):
        ledger.ask(SPECIALIST, visits(12), command_id="rota")
    monkeypatch.undo()
    assert ledger.positions() == before
    assert ledger.differences() == []
    assert ledger.ask(SPECIALIST, visits(12), command_id="rota").repeated is False

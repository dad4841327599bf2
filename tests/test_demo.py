"""The demo: two years made through the door, the same for the same seed, whatever interrupts it."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from service import bootstrap, demo, people
from service.aggregates.alert_rules import CODES
from service.database import Database
from service.ledger import Ledger
from service.projections import LATEST, rebuild, session_page, verified
from service.projections.session_agenda import entering, suggestions
from service.record import decode
from service.web import matters
from tests.conftest import TestDatabase

TODAY = date(2026, 11, 23)


class Killed(Exception):
    """Stands for the end of the process in the middle of a fill."""


@pytest.fixture(scope="module")
def filled(make_database: Callable[[str], TestDatabase], _demo: str) -> TestDatabase:
    """A copy of the database that was filled at one go for the whole suite; tests only read it."""
    return make_database(_demo)


@pytest.fixture
def ask(filled: TestDatabase) -> Iterator[Callable[..., list[Any]]]:
    """Ask the filled database; returns the first column."""
    with psycopg.connect(filled.service_url) as connection:
        yield lambda query, *values: [row[0] for row in connection.execute(query, values or None)]


def _record(url: str) -> tuple[int, str]:
    """How many facts, and one hash over all stored bytes in order."""
    whole, count = hashlib.sha256(), 0
    with psycopg.connect(url) as connection:
        query = "select originator_id, topic, state from ledger.event order by notification_id"
        for stream, topic, state in connection.execute(query):
            whole.update(f"{stream} {topic} ".encode() + bytes(state))
            count += 1
    return count, whole.hexdigest()


def _kill_after(part: float) -> Callable[[date, float], None]:
    def tell(_day: date, told: float) -> None:
        if told > part:
            raise Killed

    return tell


@pytest.mark.long
def test_a_fill_that_was_killed_goes_on_and_ends_as_if_it_had_not_been(filled: TestDatabase, new_database: TestDatabase) -> None:
    """The same seed gives the same bytes in another database, even when a later day finishes what an earlier one began."""
    with pytest.raises(Killed):
        demo.fill(new_database.owner_url, new_database.service_url, today=TODAY, tell=_kill_after(0.6))
    cut, _ = _record(new_database.service_url)
    summary = demo.fill(new_database.owner_url, new_database.service_url, today=date(2027, 1, 15))
    whole, _ = _record(filled.service_url)
    assert 0 < cut < whole
    assert summary.facts == whole - cut
    assert summary.day == TODAY
    assert _record(new_database.service_url) == _record(filled.service_url)


def test_a_second_fill_adds_nothing(filled: TestDatabase) -> None:
    """A demo that is complete is left as it is, also on another day."""
    before = _record(filled.service_url)
    assert demo.fill(filled.owner_url, filled.service_url, today=date(2027, 3, 1)).facts == 0
    assert _record(filled.service_url) == before


def test_another_seed_and_an_earlier_day(new_database: TestDatabase, filled: TestDatabase) -> None:
    """Nothing is told of the days to come, and another seed has other persons."""
    told = list[float]()
    demo.fill(
        new_database.owner_url,
        new_database.service_url,
        seed="otra",
        today=date(2025, 2, 1),
        tell=lambda _, part: told.append(part),
    )
    with psycopg.connect(new_database.service_url) as mine, psycopg.connect(filled.service_url) as other:
        latest = mine.execute("select max(at) from read.history_now").fetchone()
        assert latest is not None
        assert datetime(2025, 1, 24, tzinfo=UTC) < latest[0] < datetime(2025, 2, 1, 5, tzinfo=UTC)
        query = "select id from people.person where usuario <> 'sistema'"
        assert not {row[0] for row in mine.execute(query)} & {row[0] for row in other.execute(query)}
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] < 1


def test_read_tables_equal_the_fold(filled: TestDatabase) -> None:
    """Every row of the demo is what its events say."""
    with psycopg.connect(filled.service_url) as connection:
        streams = rebuild.streams(connection)
        assert len(streams) == 1 + 2 * 14 + 1 + 2
        for stream, _ in streams:
            assert verified.compare(connection, stream, rebuild.head(connection)) == []


def test_a_real_record_is_not_mixed_with_a_demo(new_database: TestDatabase) -> None:
    """Where an installation has begun, the demo refuses in a Spanish sentence and writes nothing."""
    database = Database(new_database.service_url)
    database.open()
    try:
        assert bootstrap.run(Ledger(database)) == 14 + 1 + 2
    finally:
        database.close()
    before = _record(new_database.service_url)
    with pytest.raises(demo.DemoError, match="ya tiene hechos que no son de demostración"):
        demo.fill(new_database.owner_url, new_database.service_url, today=TODAY)
    assert _record(new_database.service_url) == before


def test_every_account_signs_in(filled: TestDatabase) -> None:
    """The eight promised accounts open with the printed password; nobody else of the demo has one."""
    accounts = {"dre.director", "dre.especialista", "ugel.director", "ugel.jefe", "ugel.especialista"}
    accounts |= {"satipo.director", "auditor", "admin"}
    summary = demo.fill(filled.owner_url, filled.service_url, today=TODAY)
    assert {member.usuario for member in summary.accounts} == accounts
    with psycopg.connect(filled.service_url, autocommit=True) as connection:
        for member in summary.accounts:
            assert people.check_password(connection, member.id, demo.PASSWORD)
        row = connection.execute("select count(*) from people.credential").fetchone()
        assert row == (len(accounts),)


def test_time_goes_forward_and_people_are_late_at_times(ask: Callable[..., list[Any]]) -> None:
    """Facts are recorded in the order of the clock, none in the future; some happened days before."""
    moments = ask("select at from read.history_now order by from_pos")
    assert moments == sorted(moments)
    assert moments[0].year == 2025
    assert moments[-1] < datetime(2026, 11, 23, 5, tzinfo=UTC)
    late = ask("select count(*) from read.history_now where happened_on < (at at time zone 'America/Lima')::date - 2")
    assert late[0] > 500


def test_2025_is_closed_everywhere_and_2027_is_open(ask: Callable[..., list[Any]]) -> None:
    """Fourteen balances are closed with their cut-off; for 2027 only Junín has begun, and its plan was observed."""
    assert ask("select count(*) from read.balance_now where status = 'closed' and cutoff > 0 and stream like '%/2025'") == [14]
    assert ask("select count(*) from read.quarter_now where status = 'closed' and stream like '%/2025'") == [4 * 14]
    assert ask("select count(*) from read.unit_year_now where plan_version >= 1 and year = 2026") == [14]
    assert ask("select count(*) from read.quarter_now where status = 'closed' and stream like '%/2026' and quarter < 3") == [
        2 * 14
    ]
    assert ask("select stream from read.unit_year_now where year > 2026") == ["unit/120006/2027"]
    answered = "select answer <> '' from read.observation_now where stream = %s order by observation"
    assert ask(answered, "unit/120006/2027") == [True, False]
    assert ask(answered, "unit/120006/2026") == [True, True]


def test_the_third_quarter_of_2026_stands_at_every_stage(ask: Callable[..., list[Any]]) -> None:
    """Closed, scored, validated, submitted, in draft, observed in Tarma with its reason, and no report from Río Tambo."""
    query = "select {} from read.quarter_now where quarter = 3 and stream like '%/2026'"
    assert set(ask(query.format("status"))) >= {"closed", "scored", "validated", "submitted", "observed"}
    assert ask("select observation <> '' from read.quarter_now where status = 'observed'") == [True]
    assert ask("select stream from read.quarter_now where status = 'observed'") == ["unit/120008/2026"]
    progress = "select count(*) from read.progress_now where quarter = %s and stream = %s"
    assert ask(progress, 3, "unit/120012/2026") == [0]
    assert ask(progress, 3, "unit/120014/2026")[0] > 0
    assert ask(progress, 4, "unit/120005/2026")[0] > 0
    lights = ask("select distinct light from read.quarter_now where light <> ''")
    assert set(lights) == {"fulfilled", "in-progress", "at-risk"}


def test_what_waits_for_somebody(ask: Callable[..., list[Any]]) -> None:
    """Signatures, a verification, an overdue commitment, amendments, corrections and alerts wait for the accounts."""
    waiting = "select stream from read.commitment_now c where status = 'proposed' and %s = any(signatories) and not exists "
    waiting += "(select from read.signature_now s where s.stream = c.stream and s.commitment = c.commitment and s.charge = %s)"
    assert ask(waiting, "director-ugel/120005", "director-ugel/120005") == ["unit/120005/2026"] * 2
    assert "unit/120007/2026" in ask(waiting, "director-dre/120000", "director-dre/120000")
    assert ask("select stream from read.commitment_now where status = 'declared'") == ["unit/120001/2026"]
    overdue = ask("select stream from read.commitment_now where status = 'signed' and due < %s and stream like '%%/2026'", TODAY)
    assert set(overdue) == {"unit/120005/2026", "unit/120011/2026"}
    assert set(ask("select origin from read.commitment_now where origin <> ''")) == {"120005-2025-3", "120010-2025-3"}
    assert ask("select plan_version from read.unit_year_now where stream = 'unit/120005/2026'") == [2]
    assert ask("select stream from read.amendment_now where status = 'proposed'") == ["unit/120007/2026"]
    assert ask("select plan_version from read.unit_year_now where stream = 'unit/120007/2026'") == [2]
    corrections = dict(
        zip(ask("select stream from read.correction_now"), ask("select status from read.correction_now"), strict=True)
    )
    assert corrections["unit/120003/2026"] == "approved"
    assert corrections["unit/120004/2026"] == "requested"
    for status in ("open", "measured"):
        assert ask("select count(*) from read.alert_now where status = %s and stream = 'unit/120005/2026'", status)[0] > 0
    assert ask("select count(*) from read.alert_now where status = 'closed'")[0] > 100


def test_quarters_are_opened_again_and_causes_go(ask: Callable[..., list[Any]]) -> None:
    """One was corrected, scored with it and closed once more, another is open now; some alerts say that their cause is gone."""
    opened = "select stream, quarter, reopened_until from read.quarter_now where reopened_until is not null"
    assert ask(f"select row(stream, quarter)::text from ({opened}) o") == ["(unit/120002/2026,3)"]
    again = "select count(*) from read.history where stream = %s and quarter = 2 and type = %s"
    assert [ask(again, "unit/120009/2026", kind) for kind in ("quarter-reopened", "quarter-scored", "quarter-closed")] == [
        [1],
        [2],
        [2],
    ]
    assert ask("select count(*) from read.alert_now where gone and status <> 'closed'")[0] > 0


def test_every_kind_of_alert_is_shown(ask: Callable[..., list[Any]]) -> None:
    """Each rule raised a case, one is silenced, some are escalated, some wait with a measure; three commitments were reminded of."""
    assert {*ask("select distinct rule from read.alert_now"), "compromiso-por-vencer"} == set(CODES)
    assert ask("select rule from read.alert_now where silent > %s and status <> 'closed'", TODAY) == ["compromiso-vencido"]
    for status in ("open", "acknowledged", "measured"):
        assert ask("select count(*) from read.alert_now where escalated and status = %s", status)[0] > 0
    assert ask("select count(*) from read.reminder_now") == [9]
    assert ask("select distinct person from read.history_now where type in ('alert-escalated', 'reminder-given')") == ["sistema"]


def test_a_regional_knot_gathers_several_ugel(ask: Callable[..., list[Any]]) -> None:
    """And one finding was taken out of it again."""
    assert ask("select count(distinct unit) from read.knot_finding_now where knot = 1")[0] > 2
    assert ask("select count(*) from read.history_now where type = 'knot-ungrouped'") == [1]


def test_the_regional_session_looks_at_what_presses(ask: Callable[..., list[Any]]) -> None:
    """On its agenda: the quarter of each UGEL, the alerts that were escalated, the commitments that fall due, what is followed up."""
    kinds = ask(
        "select distinct kind from read.agenda_item_now where stream = 'region/120000/2026' and session = 2 order by kind"
    )
    assert kinds == ["activity", "alert", "commitment", "quarter"]
    raised = """select a.escalated from read.agenda_item_now i join read.alert_now a
      on a.stream = 'unit/' || i.unit || '/2026' and a.alert = i.number
      where i.stream = 'region/120000/2026' and i.session = 2 and i.kind = 'alert'"""
    assert set(ask(raised)) == {True}


def test_sessions_are_convened_and_opened_as_the_pages_do_it(filled: TestDatabase) -> None:
    """Each agenda began with what the product puts on it, in its words; nothing escalated is left out of one that goes on."""
    units = {unit.code: unit.name for unit in bootstrap.units()}
    with psycopg.connect(filled.service_url) as connection:
        convened = """select h.stream, h.from_pos, count(*) over (partition by h.stream order by h.from_pos)
          from read.history h where h.type = 'session-convened'"""
        found = connection.execute(convened).fetchall()
        assert len(found) == 8
        for stream, position, number in found:
            it = session_page.session(connection, LATEST, stream, number)
            assert it is not None
            waiting = suggestions(connection, position - 1, it.streams, it.quarter, it.day)
            begun = [matters.title(each, units)[:300] for each in matters.begins(waiting, regional=it.regional)]
            items = session_page.items(connection, LATEST, stream, number)
            assert [each.title for each in items][: len(begun)] == begun
            assert it.status not in {"convened", "open"} or entering(connection, LATEST, it) == []
            assert all(each.taken_up for each in items) or it.status in {"convened", "open"}


def test_a_bulk_change_is_one_fact_per_activity_with_one_reason(ask: Callable[..., list[Any]]) -> None:
    """In the history of UGEL Jauja's 2026 the activities of a line pass to another area, all by one command."""
    facts = ask(
        """select state from ledger.event join read.history h on h.stream = originator_id and h.version = originator_version
          where h.stream = 'unit/120005/2026' and h.type = 'activity-changed' and h.reason like 'La dirección conduce%'"""
    )
    assert len(facts) > 1
    assert len({decode(bytes(fact)).command for fact in facts}) == 1

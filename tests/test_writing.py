"""How events and rows enter together: one statement for all rows, a row that changes twice, and the queue of a stream."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from service.aggregates import plan as p
from service.database import Database
from service.ledger import STANDING
from service.ledger.attempt import QUEUE
from service.projections import Row
from service.projections.plan import LINE
from service.projections.writing import write
from service.recorder import APPEND, appending
from tests.conftest import TestDatabase
from tests.door import OTHER_STREAM, SATIPO_SPECIALIST, STREAM, Door, contiguous, door, visits
from tests.stories import SPECIALIST, months


@pytest.fixture
def ledger(staffed_database: TestDatabase) -> Iterator[Door]:
    """A ledger with units and staff, and a plan."""
    with door(staffed_database.service_url) as opened:
        yield opened.draft()


def test_a_row_that_changes_twice_in_one_command_keeps_every_version(ledger: Door) -> None:
    """Made, changed and ended by three facts of one append: two versions in the past, each from its own position, none now."""
    key = (STREAM, "M9")
    rows = [Row(LINE, key, {"kind": "apoyo", "name": "Una"}, fresh=True), Row(LINE, key, {"name": "Otra"}), Row(LINE, key, None)]
    parameters = appending(STREAM, 5, [("t", b"x")] * 3)
    with ledger.database.connection() as connection:
        row = write(connection, APPEND, parameters, list(enumerate(rows))).fetchone()
        assert row
        query = "select kind, name, from_pos, to_pos from read.line where stream = %s and code = %s order by from_pos"
        found = connection.execute(query, key).fetchall()
    first = row[0]
    assert found == [("apoyo", "Una", first, first + 1), ("apoyo", "Otra", first + 1, first + 2)]


def test_an_append_that_is_refused_leaves_no_row(ledger: Door) -> None:
    """The statement that writes the rows is the one that appends: a version that exists takes both back, also of later layers."""
    key = (STREAM, "M9")
    rows = [Row(LINE, key, {"kind": "apoyo", "name": "Una"}, fresh=True), Row(LINE, key, {"name": "Otra"})]
    with ledger.database.connection() as connection:
        with pytest.raises(psycopg.errors.UniqueViolation):
            write(connection, APPEND, appending(STREAM, 3, [("t", b"x")] * 2), list(enumerate(rows)))
        assert connection.execute("select count(*) from read.line where code = 'M9'").fetchone() == (0,)
    assert ledger.differences() == []


def test_any_text_arrives_as_it_was(ledger: Door) -> None:
    """Quotes, backslashes, braces and line ends travel through the arrays and documents of the statement unchanged."""
    name = 'Tarea "uno" \\ {dos}, \\"tres\\"\n\tcuatro %s'
    task = p.NewTask(name="Otra", unit="Visita", months=months(1))
    ledger.ask(SPECIALIST, p.AddActivity(line="M1", name=name, tasks=(task,)))
    with ledger.database.connection() as connection:
        found = connection.execute("select name from read.activity where stream = %s order by activity", [STREAM]).fetchall()
    assert found[-1] == (name,)
    assert ledger.differences() == []


def test_who_collided_waits_in_the_queue_of_the_stream_and_holds_up_no_other(
    staffed_database: TestDatabase, ledger: Door
) -> None:
    """After a collision the next change waits for its turn on the stream, while other units go on; then it stands on what came."""
    with door(staffed_database.service_url) as other, psycopg.connect(staffed_database.service_url) as holder:
        ledger.draft(OTHER_STREAM, SATIPO_SPECIALIST)
        other.ask(SPECIALIST, visits(50))
        ledger.ask(SPECIALIST, visits(51))
        assert ledger.memo(STREAM).crowded
        holder.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [QUEUE, STREAM])
        waiting = threading.Thread(target=ledger.ask, args=(SPECIALIST, visits(53)))
        waiting.start()
        time.sleep(0.2)
        assert waiting.is_alive()
        other.memo(STREAM).reset()
        other.ask(SPECIALIST, visits(52))
        ledger.ask(SATIPO_SPECIALIST, visits(9), OTHER_STREAM)
        assert waiting.is_alive()
        holder.rollback()
        waiting.join(timeout=10)
    assert [str(each.fact.event.months[0]) for each in ledger.facts(STREAM, after=4)] == ["50", "51", "52", "53"]
    assert contiguous(ledger.positions())
    assert ledger.differences() == []


def test_a_stream_that_is_quiet_again_needs_no_queue(staffed_database: TestDatabase, ledger: Door) -> None:
    """When nothing new had come while it waited, the process trusts its memory again."""
    with door(staffed_database.service_url) as other:
        other.ask(SPECIALIST, visits(50))
    for number, crowded in ((51, True), (52, False), (53, False)):
        ledger.ask(SPECIALIST, visits(number))
        assert ledger.memo(STREAM).crowded is crowded


def test_who_waits_for_a_memo_holds_no_connection(staffed_database: TestDatabase) -> None:
    """While somebody holds the standing memo, a crowded stream's writer leaves the only connection to him: nobody waits in a ring."""
    with closing(Database(staffed_database.service_url, size=1)) as database:
        database.open()
        ledger = Door(database)
        ledger.draft()
        ledger.memo(STREAM).crowded = True
        writing = threading.Thread(target=ledger.ask, args=(SPECIALIST, visits(53)))
        with ledger.memo(STANDING).lock:
            writing.start()
            time.sleep(0.2)
            assert writing.is_alive(), "nobody waited: the test means nothing"
            with database.connection() as connection:
                assert connection.execute("select 1").fetchone() == (1,)
        writing.join(timeout=10)
        assert [str(each.fact.event.months[0]) for each in ledger.facts(STREAM, after=4)] == ["53"]

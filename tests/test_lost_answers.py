"""What is lost on the way between the service and its database, and two processes that write the same stream."""

from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest

from service.aggregates import plan as p
from service.ledger import Refused
from tests.conftest import TestDatabase
from tests.door import STREAM, Door, contiguous, door, visits
from tests.stories import DIRECTOR, SPECIALIST, months
from tests.wire import Side, Wire, wire
from tests.writers import Writer

Far = tuple[Wire, Door]


@pytest.fixture
def far(staffed_database: TestDatabase) -> Iterator[Far]:
    """A ledger that reaches its database over a wire that can be cut."""
    with wire(staffed_database.service_url) as (cutting, url), door(url) as opened:
        opened.draft()
        yield cutting, opened


@pytest.mark.parametrize("side", ["asked", "answered"])
def test_a_command_whose_commit_is_lost_is_done_once(far: Far, side: Side) -> None:
    """Whether the commit or its answer was lost, the command id settles it: done, once, and the caller is told."""
    cutting, ledger = far
    for number in range(5):
        cutting.lose(side)
        done = ledger.ask(SPECIALIST, visits(100 + number), command_id=f"perdido-{number}")
        assert cutting.lost == number + 1, "no commit was lost, this test means nothing"
        assert done.repeated == (side == "answered")
        assert [str(each.fact.event.months[0]) for each in done.facts] == [str(100 + number)]
    assert len(list(ledger.facts(STREAM))) == 4 + 5
    assert contiguous(ledger.positions())
    assert ledger.differences() == []


@pytest.mark.parametrize(("side", "passing"), [*(("answered", n) for n in range(2)), *(("asked", n) for n in range(1, 7))])
def test_a_decision_under_the_lock_may_be_cut_anywhere(
    far: Far, staffed_database: TestDatabase, side: Side, passing: int
) -> None:
    """The second attempt, after somebody was faster, is settled too, whichever message is lost: at the latest when asked again."""
    cutting, ledger = far
    with door(staffed_database.service_url) as other:
        other.ask(SPECIALIST, visits(50))
    cutting.lose(side, passing)
    with suppress(psycopg.OperationalError):
        ledger.ask(SPECIALIST, visits(51), command_id="perdido")
    ledger.ask(SPECIALIST, visits(51), command_id="perdido")
    assert cutting.lost == 1
    assert [str(each.fact.event.months[0]) for each in ledger.facts(STREAM, after=4)] == ["50", "51"]
    assert ledger.differences() == []


@pytest.mark.parametrize("passing", [0, 1, 2, 4])
def test_a_large_import_is_cut_in_the_middle_and_stands_whole_or_not_at_all(far: Far, passing: int) -> None:
    """Hundreds of facts and rows on their way when the connection breaks: what arrived of them is undone, then done once."""
    cutting, ledger = far
    tasks = tuple(p.NewTask(name=f"Tarea {n}", unit="Informe", months=months(n)) for n in range(400))
    activity = p.AddActivity(line="M1", name="Importada", tasks=tasks)
    book = p.ImportPlan(year=2026, file="pat.xlsx", digest="d", lines=(), activities=(activity,))
    cutting.lose("asked", passing)
    with suppress(psycopg.OperationalError):
        ledger.ask(SPECIALIST, book, command_id="importa")
    ledger.ask(SPECIALIST, book, command_id="importa")
    assert cutting.lost == 1
    assert [each.fact.command for each in ledger.facts(STREAM, after=4)] == ["importa"] * 402
    assert contiguous(ledger.positions())
    assert ledger.differences() == []


def test_other_content_is_refused_although_the_answer_was_lost(far: Far) -> None:
    """A lost answer does not open the door to a second content under the same command id."""
    cutting, ledger = far
    cutting.lose("answered")
    ledger.ask(SPECIALIST, visits(100), command_id="perdido")
    with pytest.raises(Refused, match="otros datos"):
        ledger.ask(SPECIALIST, visits(101), command_id="perdido")


def test_two_processes_on_one_stream(staffed_database: TestDatabase) -> None:
    """Both are acknowledged for everything they wrote; positions have no gaps and the rows say what the events say."""
    url = staffed_database.service_url
    with door(url) as ledger:
        ledger.draft()
        writers = [Writer(url, who, STREAM, start=n, spare=False) for who, n in ((SPECIALIST, 1), (DIRECTOR, 2_000_001))]
        for more in (1, 30):
            for writer in writers:
                writer.wait(more)
        for writer in writers:
            writer.end()
        acknowledged = writers[0].acknowledged | writers[1].acknowledged
        recorded = {each.fact.command: each.position for each in ledger.facts(STREAM, after=4)}
        assert recorded.items() >= acknowledged.items()
        assert len(recorded) <= len(acknowledged) + len(writers), "at most one each was on its way"
        turns = [command.startswith(SPECIALIST.id) for command in recorded]
        assert turns != sorted(turns, reverse=turns[0]), "they never met, this test means nothing"
        assert contiguous(ledger.positions())
        assert ledger.differences() == []

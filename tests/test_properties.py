"""Random years through the door: the read tables say what the events say, now and at every past position."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as having
from hypothesis import strategies as st
from psycopg import sql

from service.aggregates import Command, alert_first, commitment_first, session_year, unit_year
from service.aggregates.alert import AlertEscalated
from service.aggregates.quarter_score import QuarterScored
from service.aggregates.score import round2
from service.aggregates.unit_year import UnitYear
from service.ledger import STANDING, Forbidden, Refused, stream_of
from service.projections import (
    END,
    LATEST,
    board,
    formulas,
    quarter_page,
    rebuild,
    rooms,
    scales,
    summary,
    trends,
    verified,
    yearly,
)
from service.projections.remembered import Region
from service.record import EVENTS, Recorded, tag
from service.web import region_working
from service.web.board_filters import Filters
from service.web.working import Asked, explain
from tests.chance import Chance
from tests.conftest import TestDatabase
from tests.door import JAUJA, SATIPO, SATIPO_DIRECTOR, SATIPO_SPECIALIST, STREAM, Door, contiguous, door, visits
from tests.publications import publication
from tests.stories import DIRECTOR, DRE_DIRECTOR, HEAD, SPECIALIST, Person

LATE = datetime(2027, 1, 20, 15, tzinfo=UTC)
STREAMS = (stream_of(JAUJA, 2025), stream_of(JAUJA, 2026), stream_of(SATIPO, 2026))
EVERY, PUBLICATION = (*STREAMS, STANDING), len(STREAMS)
THERE = {SPECIALIST: SATIPO_SPECIALIST, HEAD: SATIPO_DIRECTOR, DIRECTOR: SATIPO_DIRECTOR}
Choices = list[tuple[int, int]]
Rows = dict[str, set[bytes]]

choices = st.lists(
    st.tuples(st.sampled_from((0, 0, 0, 0, 1, 1, 2, PUBLICATION)), st.integers(0, 2**20)), min_size=100, max_size=250
)
slowly = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.generate],
    print_blob=True,
)


@pytest.fixture
def demo(make_database: Callable[[str], TestDatabase], _staffed: str) -> Callable[[], TestDatabase]:
    """Makes one more furnished database, marked as demo: its year is over, so that every quarter has begun."""

    def make() -> TestDatabase:
        made = make_database(_staffed)
        with psycopg.connect(made.owner_url) as connection:
            connection.execute("insert into ledger.demo values ('azar')")
        return made

    return make


def live(ledger: Door, chosen: Choices, after: Callable[[int], None] = lambda _: None) -> None:
    """Carry the chosen commands out; only a refusal or a lack of permission is an answer other than yes."""
    for place, number in chosen:
        stream = EVERY[place]
        by, command = _next(ledger, place, number)
        try:
            done = ledger.ask(by, command, stream)
        except (Refused, Forbidden):
            continue
        if done.facts:
            after(done.last)


def _next(ledger: Door, place: int, number: int) -> tuple[Person, Command]:
    """What is asked next of a stream, and by whom."""
    if place == PUBLICATION:
        return DRE_DIRECTOR, publication(ledger.standing().catalogue, number)
    state: UnitYear = ledger.memo(STREAMS[place]).state
    last: UnitYear = ledger.memo(STREAMS[0]).state
    person, command = Chance(state, number, last.balance.open_items if place == 1 else ()).step()
    return (THERE.get(person, person) if place == 2 else person), command


def standing_at(connection: psycopg.Connection[Any], stream: str, at: int) -> Rows:
    """The rows a reading page sees at a position, straight from the tables; without the end they have since got."""
    found: Rows = {}
    for table in rooms.TABLES:
        columns = sql.SQL(", ").join(map(sql.Identifier, [*table.names, "from_pos"]))
        pattern = sql.SQL("select {} from read.{} where {} = %s and from_pos <= %s and to_pos > %s")
        query = pattern.format(columns, sql.Identifier(table.name), sql.Identifier(next(iter(table.key))))
        found[table.name] = {verified.same(row) for row in connection.execute(query, [stream, at, at])}
    return found


def versions(connection: psycopg.Connection[Any], stream: str) -> dict[str, list[Any]]:
    """Every row there is of a stream, with the positions between which it stood."""
    found: dict[str, list[Any]] = {}
    for table in rooms.TABLES:
        columns = sql.SQL(", ").join(map(sql.Identifier, [*table.names, "from_pos", "to_pos"]))
        pattern = sql.SQL("select {} from read.{} where {} = %s")
        query = pattern.format(columns, sql.Identifier(table.name), sql.Identifier(next(iter(table.key))))
        rows = connection.execute(query, [stream]).fetchall()
        found[table.name] = [(row[-2], row[-1], verified.same(row[:-1])) for row in rows]
    return found


def folded(facts: list[Recorded], at: int) -> Rows:
    """The rows that a fold of the events up to a position ends with."""
    fold = rebuild.Fold()
    for recorded in facts:
        if recorded.position <= at:
            fold.take(recorded)
    return {name: {verified.same(row[:-1]) for row in rows if row[-1] == END} for name, rows in fold.finish().items()}


def assert_remembered(region: Region, connection: psycopg.Connection[Any], at: int) -> None:
    """What the service keeps in memory of the region is what the tables say at the position."""
    for year in (2025, 2026):
        assert region.board(connection, at, year)[0] == board.board(connection, at, year)


@having(chosen=choices)
@slowly
def test_read_tables_equal_the_fold_at_every_position(demo: Callable[[], TestDatabase], chosen: Choices) -> None:
    """What a page shows as of any position is what the events up to it say, and what it showed then; so is what is remembered."""
    with door(demo().service_url, clock=lambda: LATE) as ledger:
        seen: dict[int, dict[str, Rows]] = {}
        region = Region()

        def look(position: int) -> None:
            if position % 9 == 0:
                with ledger.database.snapshot() as connection:
                    seen[position] = {stream: standing_at(connection, stream, LATEST) for stream in EVERY}
                    assert_remembered(region, connection, LATEST)

        live(ledger, chosen, look)
        assert ledger.differences() == []
        positions = ledger.positions()
        assert contiguous(positions)
        for stream in EVERY:
            facts = list(ledger.facts(stream))
            with ledger.database.snapshot() as connection:
                every = versions(connection, stream)
                for at in (fact.position for fact in facts):
                    stood = {name: {row for start, end, row in rows if start <= at < end} for name, rows in every.items()}
                    assert stood == folded(facts, at)
                for position, then in seen.items():
                    assert standing_at(connection, stream, position) == then[stream]
        with ledger.database.snapshot() as connection:
            for position in list(seen)[::2]:
                assert_remembered(region, connection, position)
        assert_scores_were_foretold(ledger)


@pytest.mark.long
def test_read_tables_say_what_the_deciders_believe(demo: Callable[[], TestDatabase]) -> None:
    """The state that rules look at and the rows that people look at are one, over whole years: figures, statuses, signatures."""
    kinds, used = set[str](), set[str]()
    for seed in (0, 1, 3, 6):
        with door(demo().service_url, clock=lambda: LATE) as ledger:
            asked = [(place, seed * 5000 + n) for place in (0, 1) for n in range(700)]
            live(ledger, [each for n, each in enumerate(asked) for each in ([(PUBLICATION, n), each] if n % 12 == 0 else [each])])
            used |= assert_scores_were_foretold(ledger)
            for stream in STREAMS:
                year: UnitYear = ledger.memo(stream).state
                assert shown(ledger, stream) == believed(year)
                kinds |= {tag(recorded.fact.event) for recorded in ledger.facts(stream)}
            assert ledger.differences() == []
    first = (alert_first.__name__, commitment_first.__name__)
    never = {kind for kind in unit_year.EVENTS if kind.__module__ in first}  # nobody records these any more
    never.add(AlertEscalated)  # no days pass here
    missing = {name for name in EVENTS if EVENTS[name] in unit_year.EVENTS - session_year.EVENTS - never} - kinds
    assert len(missing) < 12, f"too little happened for this test to mean anything: {missing}"
    assert len(used) > 2, f"too few used were in force for this test to mean anything: {used}"


def test_percentages_follow_the_rules_of_their_moment(demo: Callable[[], TestDatabase]) -> None:
    """While scale and formula change, each score says what was foretold, and every percentage comes out of its inputs."""
    used, tried = set[str](), Counter[str]()

    @having(number=st.integers(0, 2**20), moments=st.lists(st.floats(0, 1), min_size=6, max_size=6))
    @settings(slowly, max_examples=3)
    def at_any_position(number: int, moments: list[float]) -> None:
        with door(demo().service_url, clock=lambda: LATE) as ledger:
            live(ledger, _published_between(Random(number)))
            used.update(assert_scores_were_foretold(ledger))
            positions = ledger.positions()
            for at in {positions[-1], *(positions[round(each * (len(positions) - 1))] for each in moments)}:
                tried.update(assert_percentages_are_explained(ledger, at))

    at_any_position()
    assert used, "no score was given for this test to mean anything"
    assert min(tried["unit"], 3 * tried["region"]) > 12, f"too few percentages: {tried}"


def _published_between(random: Random) -> Choices:
    """Commands in every stream; with each dozen the DRE publishes something else."""
    places = [random.choice((0, 1, 1, 2, 2)) if n % 12 else PUBLICATION for n in range(600)]
    return [(place, random.randrange(2**20)) for place in places]


def assert_scores_were_foretold(ledger: Door) -> set[str]:
    """Just before each score the preliminary figure said the same, by the rules in force then; which formulas there were."""
    scores = [
        (stream, each.position, each.fact.event)
        for stream in STREAMS
        for each in ledger.facts(stream)
        if isinstance(each.fact.event, QuarterScored)
    ]
    with ledger.database.snapshot() as connection:
        for stream, position, score in scores:
            before, after = (board.figures(connection, at, stream) for at in (position - 1, position))
            foretold, official = (each.cells[score.quarter - 1] for each in (before, after))
            if foretold.official:  # scored again, together with the correction that changed it
                continue
            assert before.formulas.name == score.formula
            assert (foretold.percent or 0, foretold.light) == (score.percent, score.light)
            assert (foretold.fulfilled, foretold.activities) == (score.fulfilled, score.activities)
            assert official.original == foretold.original
    return {score.formula for _, _, score in scores}


def assert_percentages_are_explained(ledger: Door, at: int) -> Counter[str]:
    """At a position percentages come out of the inputs that their explanations name; how many of each kind were tried."""
    tried = Counter[str]()
    with ledger.database.snapshot() as connection:
        for stream in STREAMS:
            code, year = stream.split("/")[1:]
            place = quarter_page.place(connection, at, code, int(year))
            if place is None:
                continue
            said = [each for each in _percentages(connection, at, stream) if each[-1] is not None]
            for quarter, asked, shown in Random(at).sample(said, min(8, len(said))):
                found = explain(connection, at, place, quarter, asked)
                assert (found.percent if found else None) == shown, (at, stream, quarter, asked)
                tried["unit"] += 1
            assert_trends_are_the_scores(ledger, connection, at, stream)
        for number in (1, 2, 3, 4):
            tried["region"] += assert_region_is_explained(connection, at, number)
    return tried


def assert_region_is_explained(connection: psycopg.Connection[Any], at: int, number: int) -> bool:
    """The region's percentage is the mean of what comes out of the inputs of the UGEL that count; whether there was one."""
    lines, rules = Region().board(connection, at, 2026)
    asked = Filters(year=2026, quarter=number)
    worked = region_working.work(connection, at, asked, lines, rules.scale, rules.scales)
    percents = list[Decimal]()
    for part in worked.parts:
        place = quarter_page.place(connection, at, part.unit.code, 2026)
        if part.counts and place and (found := explain(connection, at, place, number)):
            assert found.official == bool(worked.total.scored), "the scored ones, or none is"
            percents.append(found.percent or Decimal(0))  # an official one without any figure counts as 0
    assert len(percents) == (worked.total.scored or sum(part.cell.percent is not None for part in worked.parts))
    assert worked.total.percent == (round2(sum(percents, Decimal(0)) / len(percents)) if percents else None), (at, number)
    return bool(percents)


def assert_trends_are_the_scores(ledger: Door, connection: psycopg.Connection[Any], at: int, stream: str) -> None:
    """The official points of a trend at a position are what a fold of the facts up to it ends with."""
    events = [each.fact.event for each in ledger.facts(stream, upto=at)]
    scores = {event.quarter: (event.percent, event.light) for event in events if isinstance(event, QuarterScored)}
    rules = scales.scale(connection, at), formulas.formulas(connection, at)
    for point in trends.trend({2026: yearly.quarters(connection, at, [stream], *rules)[stream]}):
        if point.official:
            assert (point.percent, point.light) == scores[point.quarter]


def _percentages(connection: psycopg.Connection[Any], at: int, stream: str) -> Iterator[tuple[int, Asked, Decimal | None]]:
    """Every percentage that pages show of a year: units, lines, activities, official and preliminary, of both targets."""
    figures = board.figures(connection, at, stream)
    empty = {cell.quarter for cell in figures.cells if cell.official and cell.light == "no-data"}
    for cell in figures.cells:
        yield cell.quarter, Asked(), None if cell.quarter in empty else cell.percent
        yield cell.quarter, Asked(original=True), cell.original
    quarters = yearly.quarters(connection, at, [stream], figures.scale, figures.formulas)[stream]
    for number, quarter in enumerate(quarters, 1):
        for line_code, area in {(share.line, share.area) for share in quarter.parts if share.area}:
            yield number, Asked(area=area), quarter.seen(area=area).percent
            yield number, Asked(line=line_code, area=area), quarter.seen(line_code, area).percent
    for line in summary.summary(connection, at, stream).lines:
        for number, figure in enumerate(line.quarters, 1):
            yield number, Asked(line=line.code), figure.percent
            yield number, Asked(line=line.code, original=True), figure.original
    for share in figures.shares:
        if share.reported and not figures.cells[share.quarter - 1].official:
            yield share.quarter, Asked(activity=share.activity), round2(share.percent)


CURRENT = """select commitment, version, {1} from (select x.* from read.{0} x join read.commitment_now c
  on c.stream = x.stream and c.commitment = x.commitment and x.version in (c.version, c.offered)) x"""


def shown(ledger: Door, stream: str) -> dict[str, Any]:
    """What the read tables show now of a year."""
    with ledger.database.snapshot() as connection:

        def ask(query: str) -> Any:
            return connection.execute(f"{query} where stream = %s and to_pos > %s", [stream, LATEST]).fetchall()

        return {
            "plan": ask("select plan_status, plan_version from read.unit_year"),
            "lines": dict(ask("select code, kind from read.line")),
            "activities": {
                n: rest
                for n, *rest in ask(
                    "select activity, name, line, objectives, foreign_codes, place, origin, item from read.activity"
                )
            },
            "tasks": {n: rest for n, *rest in ask("select task, activity, name, unit, months, note, place from read.task")},
            "amendments": {n for n, status in ask("select amendment, status from read.amendment") if status == "proposed"},
            "done": {(q, t): x for q, t, x in ask("select quarter, task, executed from read.progress")},
            "quarters": dict(ask("select quarter, status from read.quarter")),
            "proofs": {n: rest for n, *rest in ask("select evidence, quarter, task, author, digest, verdict from read.evidence")},
            "corrections": {n for n, status in ask("select correction, status from read.correction") if status == "requested"},
            "alerts": dict(ask("select alert, status from read.alert")),
            "findings": dict(ask("select finding, text from read.finding")),
            "commitments": {
                n: rest
                for n, *rest in ask(
                    "select commitment, status, declarer, fulfilled, version, offered, due, original, extensions, extension"
                    " from read.commitment"
                )
            },
            "texts": {(n, v): text for n, v, text in ask(CURRENT.format("commitment_version", "canonical"))},
            "signed": {
                (n, v, c): p for n, v, c, p, s in ask(CURRENT.format("signature", "charge, person, status")) if s == "signed"
            },
            "balance": ask("select status, open_items from read.balance"),
            "disposed": dict(ask("select item, decision from read.disposition")),
        }


def believed(year: UnitYear) -> dict[str, Any]:
    """The same of the state that the rules look at."""
    plan, quarters, balance = year.plan, year.quarters, year.balance
    commitments = year.commitments.by_number
    return {
        "plan": [(plan.status, plan.version)] if plan.open else [],
        "lines": {code: line.kind for code, line in plan.lines.items()},
        "activities": {
            n: [a.name, a.line, [*a.objectives], [*a.foreign], plan.activity_places.get(n), a.origin, a.item]
            for n, a in plan.activities.items()
        },
        "tasks": {n: [t.activity, t.name, t.unit, [*t.months], t.note, plan.task_places.get(n)] for n, t in plan.tasks.items()},
        "amendments": set(plan.amendments),
        "done": {(n, task): d.executed for n, each in quarters.by_number.items() for task, d in each.done.items()},
        "quarters": {n: each.status for n, each in quarters.by_number.items() if each.status != "draft"},
        "proofs": {n: [p.quarter, p.task, p.author, p.digest, p.verdict] for n, p in quarters.proofs.items()},
        "corrections": set(quarters.corrections),
        "alerts": {n: each.status for n, each in year.alerts.by_number.items()},
        "findings": {n: each.text for n, each in year.findings.by_number.items()},
        "commitments": {
            n: [
                *(c.status, c.declarer, c.fulfilled, c.current.number, c.offer.number if c.offer else 0, c.due, c.original),
                *(c.extensions, c.extension.number if c.extension else 0),
            ]
            for n, c in commitments.items()
        },
        "texts": {(n, v.number): v.canonical for n, c in commitments.items() for v in (c.current, c.offer) if v},
        "signed": {
            (n, v.number, charge): person
            for n, c in commitments.items()
            for v in (c.current, c.offer)
            if v
            for charge, person in v.signed.items()
        },
        "balance": [(balance.status, [*balance.open_items])] if balance.status != "none" else [],
        "disposed": dict(balance.disposed),
    }


@pytest.mark.parametrize("times", [1, pytest.param(3, marks=pytest.mark.long)])
def test_rebuilt_tables_equal_the_live_ones_and_writing_goes_on(demo: Callable[[], TestDatabase], times: int) -> None:
    """While three others write, the tables are made again and swapped; open connections, with all they had prepared, go on."""
    made, stop, wrote = demo(), threading.Event(), list[list[int]]()

    def write(stream: str, done: list[int]) -> None:
        with door(made.service_url, clock=lambda: LATE) as other:
            while not stop.is_set():
                done.append(other.ask(SPECIALIST, visits(len(done) + 1), stream).last)

    with door(made.service_url, clock=lambda: LATE) as ledger:
        live(ledger, [(n % 3, n) for n in range(250)])
        said, writers = before(ledger), list[threading.Thread]()
        for stream in (stream_of(JAUJA, year) for year in (2022, 2023, 2024)):
            ledger.draft(stream)
            wrote.append([])
            writers.append(threading.Thread(target=write, args=(stream, wrote[-1])))
            writers[-1].start()
        role = sql.Identifier(str(psycopg.conninfo.conninfo_to_dict(made.service_url)["user"]))
        with psycopg.connect(made.owner_url, autocommit=True) as owner:
            for _ in range(times):
                rebuilt = rebuild.run(owner, role=role)
                assert rebuilt.differences == {}
        stop.set()
        for writer in writers:
            writer.join()
        assert all(done[0] < rebuilt.position for done in wrote), "who did not write meanwhile proves nothing"
        assert max(done[-1] for done in wrote) >= rebuilt.position
        assert ledger.differences() == []
        assert before(ledger) == said
        live(ledger, [(n % 3, n) for n in range(250, 300)])
        ledger.ask(SPECIALIST, visits(7), stream)
        assert ledger.differences() == []
        assert contiguous(ledger.positions())


def test_who_is_reading_is_let_finish(staffed_database: TestDatabase) -> None:
    """A page that has read one table and then asks for another neither fails nor makes the swap fail."""
    with door(staffed_database.service_url) as ledger, psycopg.connect(staffed_database.owner_url, autocommit=True) as owner:
        ledger.approve()
        role = sql.Identifier(str(psycopg.conninfo.conninfo_to_dict(staffed_database.service_url)["user"]))
        with ledger.database.snapshot() as reader:
            reader.execute("select from read.unit")
            swap = threading.Thread(target=rebuild.run, args=(owner,), kwargs={"role": role})
            swap.start()
            waiting = """select count(*) from pg_locks l join pg_database d on d.oid = l.database
              where d.datname = current_database() and not l.granted and l.mode = 'AccessExclusiveLock'"""
            with psycopg.connect(staffed_database.owner_url, autocommit=True) as watcher:
                while watcher.execute(waiting).fetchone() == (0,):
                    assert swap.is_alive()
            for table in rooms.TABLES:
                reader.execute(f"select from read.{table.name}")
        swap.join()
        with ledger.database.connection() as connection:
            row = connection.execute("select to_regnamespace('read_new')").fetchone()
        assert row == (None,), "the swap did not happen"
        assert ledger.differences() == []


def test_a_page_that_is_being_read_keeps_its_tables(staffed_database: TestDatabase) -> None:
    """A snapshot taken before the swap sees every row to its end, also of tables it had not touched; then the swap goes on."""
    role = sql.Identifier(str(psycopg.conninfo.conninfo_to_dict(staffed_database.service_url)["user"]))

    def remake() -> None:
        with psycopg.connect(staffed_database.owner_url, autocommit=True) as owner:
            rebuild.run(owner, role=role)

    with door(staffed_database.service_url) as ledger:
        ledger.approve()
        said = shown(ledger, STREAM)
        for touched in ("select from read.line", "select from read.history", "select 1"):
            swap = threading.Thread(target=remake)
            with ledger.database.snapshot() as connection:
                connection.execute(touched)
                swap.start()
                swap.join(timeout=1)
                rows = standing_at(connection, STREAM, LATEST)
                assert {name: len(each) for name, each in rows.items() if each} == held(ledger)
            swap.join()
            assert shown(ledger, STREAM) == said


def held(ledger: Door) -> dict[str, int]:
    """How many rows the events of the year say there are now, table by table."""
    facts = list(ledger.facts(STREAM))
    return {name: len(rows) for name, rows in folded(facts, LATEST).items() if rows}


def before(ledger: Door) -> list[dict[str, Any]]:
    """What the tables show of every year."""
    return [shown(ledger, stream) for stream in STREAMS]


def test_a_changed_row_is_noticed(staffed_database: TestDatabase) -> None:
    """The premise of all of this: a row changed, removed or added behind our back is a difference."""
    with door(staffed_database.service_url) as ledger:
        ledger.approve()
        for harm in (
            "update read.task set months[1] = 11",
            "delete from read.history where version = 3",
            "insert into read.line (stream, code, from_pos, to_pos) select stream, 'X', 1, to_pos from read.line limit 1",
            "update read.unit_year set from_pos = from_pos + 1",
        ):
            with ledger.database.connection() as connection, connection.transaction(force_rollback=True):
                assert not verified.compare(connection, STREAM, 10_000)
                connection.execute(harm)
                assert verified.compare(connection, STREAM, 10_000)

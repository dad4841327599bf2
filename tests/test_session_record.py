"""The sessions through the door: who may do what, and read tables that say what the events say, in a unit's year and the region's."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random

import psycopg
import pytest

from service.aggregates import session as s
from service.aggregates import session_agreements as a
from service.aggregates import session_attendance as t
from service.aggregates import session_minutes as m
from service.aggregates import session_year
from service.ledger import Forbidden, Refused, region_of
from service.projections import LATEST, session_page
from tests.chance_session import UPON, Maker, sensible
from tests.conftest import TestDatabase
from tests.door import JAUJA, SATIPO, SATIPO_DIRECTOR, STREAM, Door, door
from tests.stories import DIRECTOR, DRE_DIRECTOR, DRE_SPECIALIST, HEAD, SPECIALIST
from tests.test_properties import folded, versions

REGION = region_of(2026)
LATE = datetime(2026, 12, 20, 15, tzinfo=UTC)
OWN = {a.CastVote, m.ProposeWording}
CALL = s.ConveneSession(kind="extraordinaria", quarter=1, day=date(2026, 6, 9), place="Auditorio")


@pytest.fixture
def ledger(staffed_database: TestDatabase) -> Iterator[Door]:
    """A furnished ledger at the end of its year, with an approved plan."""
    with psycopg.connect(staffed_database.owner_url) as connection:
        connection.execute("insert into ledger.demo values ('azar')")
    with door(staffed_database.service_url, clock=lambda: LATE) as opened:
        yield opened.approve()


def live(ledger: Door, stream: str, steps: int) -> None:
    """Let chance hold the sessions of a year."""
    random, regional = Random(stream), stream == REGION

    def number(known: dict[int, object]) -> int:
        return random.choice([*known, *known, max(known, default=0) + 1])

    for _ in range(steps):
        sessions: s.Sessions = ledger.memo(stream).state.sessions
        kind = random.choice([*sensible(sessions, random)])
        command = Maker(sessions, JAUJA, random, number).make(kind, (JAUJA,) if regional else ())
        by = random.choice(UPON.get(kind, (DRE_SPECIALIST, HEAD)))
        try:
            ledger.ask(DRE_DIRECTOR if regional and by in {DIRECTOR, HEAD} and kind not in OWN else by, command, stream)
        except (Refused, Forbidden):
            continue


def test_the_tables_equal_the_fold_at_every_position(ledger: Door) -> None:
    """Whatever happens in the sessions, what a page shows as of any position is what the events up to it say."""
    happened = set[type]()
    for stream in (STREAM, REGION):
        live(ledger, stream, 400)
        facts = list(ledger.facts(stream))
        happened |= {type(each.fact.event) for each in facts}
        with ledger.database.snapshot() as connection:
            every = versions(connection, stream)
            state: s.Sessions = ledger.memo(stream).state.sessions
            shown = {each.session: each.status for each in session_page.sessions(connection, LATEST, [stream])}
            votes = session_page.votes(connection, LATEST, [stream])
        for at in [fact.position for fact in facts][::31]:
            stood = {name: {row for start, end, row in rows if start <= at < end} for name, rows in every.items()}
            assert stood == folded(facts, at)
        assert shown == {number: each.status for number, each in state.by_number.items()}
        believed = {n: each.votes for n, each in state.agreements.items() if each.votes}
        assert {n: {vote.person: vote.choice for vote in cast} for (_, n), cast in votes.items()} == believed
    assert ledger.differences() == []
    assert session_year.EVENTS - happened == set(), "every kind must happen for this to mean anything"


def test_the_door_knows_who_leads_who_votes_and_who_closes(ledger: Door) -> None:
    """The unit's director or the DRE lead; each votes for the own unit; the DRE's director alone closes; nobody of a neighbour."""
    with pytest.raises(Forbidden):
        ledger.ask(SPECIALIST, CALL)
    with pytest.raises(Forbidden, match="propia unidad"):
        ledger.ask(SATIPO_DIRECTOR, CALL)
    with pytest.raises(Forbidden):
        ledger.ask(
            DIRECTOR, s.ConveneSession(**{n: getattr(CALL, n) for n in CALL.__struct_fields__} | {"units": (JAUJA,)}), REGION
        )
    ledger.ask(DIRECTOR, CALL)
    with pytest.raises(Refused, match="no tenía ese cargo"):
        ledger.ask(SPECIALIST, t.MarkAttendance(session=1, person=HEAD.id, charge=f"jefe-area/{JAUJA}/AGI", present=True))
    for person in (DIRECTOR, HEAD):
        ledger.ask(SPECIALIST, t.MarkAttendance(session=1, person=person.id, charge=person.charge, present=True))
    with pytest.raises(Forbidden):
        ledger.ask(DIRECTOR, m.CloseMinutes(session=1))
    with pytest.raises(Forbidden):
        ledger.ask(SATIPO_DIRECTOR, a.CastVote(unit=JAUJA, agreement=1, choice="a favor"))
    both = s.ConveneSession(kind="ordinaria", quarter=1, day=date(2026, 6, 9), place="DRE", units=(JAUJA, SATIPO))
    ledger.ask(DRE_SPECIALIST, both, REGION)
    with pytest.raises(Forbidden):
        ledger.ask(DIRECTOR, t.MarkAttendance(session=1, person=DIRECTOR.id, charge=DIRECTOR.charge, present=True), REGION)
    with pytest.raises(Refused, match="Ese acuerdo no existe"):
        ledger.ask(SATIPO_DIRECTOR, a.CastVote(unit=SATIPO, agreement=1, choice="a favor"), REGION)
    assert ledger.differences() == []


def test_an_absence_keeps_the_charge_that_was_recorded(ledger: Door) -> None:
    """What a form says of the charge of somebody who did not come after all is not believed."""
    ledger.ask(DIRECTOR, CALL)
    ledger.ask(DIRECTOR, t.MarkAttendance(session=1, person=HEAD.id, charge=HEAD.charge, present=True))
    done = ledger.ask(DIRECTOR, t.MarkAttendance(session=1, person=HEAD.id, charge="x", present=False))
    assert done.facts[0].fact.event.charge == HEAD.charge

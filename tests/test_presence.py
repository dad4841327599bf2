"""Who is writing where: heard live in every process, gone by itself, cheap, and no part of the record."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from service import private
from service.web.live import messages
from tests.conftest import TestDatabase
from tests.first_quarter import PLACE, STREAM, YEAR, approve_plan
from tests.house import House, open_house

HERE = f"{PLACE}/actividades/1/presencia"


@pytest.fixture(scope="module")
def house(make_database: Callable[[str], TestDatabase], _furnished: str) -> Iterator[House]:
    """One house with an approved plan."""
    with open_house(make_database(_furnished).service_url) as opened:
        approve_plan(opened)
        yield opened


@pytest.fixture(autouse=True)
def _nobody(house: House) -> None:
    with house.app.state.database.connection() as connection:
        connection.execute("delete from people.presence")


def test_others_see_who_is_writing_and_in_which_charge(house: House) -> None:
    """On the activity and on the plan; one does not see oneself; strangers see nothing."""
    rosa, juan = house.browser("ugel.especialista"), house.browser("ugel.jefe")
    assert rosa.post(HERE).status_code == 204
    told = juan.get(HERE).text
    assert "<strong>Rosa Quispe</strong> (Especialista de UGEL) está editando esta actividad" in told
    assert "la actividad 1</a>" in juan.get(f"{PLACE}/presencia").text
    for page in (f"{PLACE}/actividades/1", PLACE):
        assert "Rosa Quispe</strong> (Especialista de UGEL) está editando" in house.browser("auditor").get(page).text, page
    assert "está editando" not in rosa.get(HERE).text
    assert "está editando" not in juan.get(f"{PLACE}/actividades/2/presencia").text
    assert house.browser().get(HERE).status_code == 303


def test_it_vanishes_when_the_writer_leaves_or_the_heart_stops(house: House) -> None:
    """Said goodbye to at once; without a heartbeat after half a minute; while somebody is shown, the part looks again by itself."""
    rosa, juan = house.browser("ugel.especialista"), house.browser("ugel.jefe")
    rosa.post(HERE)
    assert "every 15s" in juan.get(HERE).text
    rosa.post(f"{HERE}/fin")
    assert "está editando" not in juan.get(HERE).text
    assert "every 15s" not in juan.get(HERE).text
    rosa.post(HERE)
    with house.app.state.database.connection() as connection:
        connection.execute("update people.presence set until = until - %s", [private.PRESENT])
    assert "está editando" not in juan.get(HERE).text


def test_only_who_may_edit_is_said_to_edit(house: House) -> None:
    """Another unit's person, the DRE in a UGEL's plan, an auditor: 403, and nobody is shown."""
    for usuario in ("satipo.director", "dre.especialista", "auditor"):
        assert house.browser(usuario).post(HERE).status_code == 403
    assert "está editando" not in house.browser("ugel.jefe").get(HERE).text


def test_a_past_moment_shows_nobody(house: House) -> None:
    """Presence is of now; the record and its past know nothing of it."""
    facts = [each.position for each in house.ledger.facts(STREAM)]
    house.browser("ugel.especialista").post(HERE)
    assert "está editando" not in house.browser("ugel.jefe").get(f"{PLACE}/actividades/1?hasta={facts[-1]}").text
    assert [each.position for each in house.ledger.facts(STREAM)] == facts


def test_a_heartbeat_is_one_small_row(house: House) -> None:
    """Twenty beats and a leaving: one insert, nineteen updates of that row, one delete, and nothing else is written."""
    with psycopg.connect(house.app.state.settings.database_url) as connection:
        person = house.ids["ugel.especialista"]
        news = [private.arrive(connection, STREAM, 1, person, "c") for _ in range(20)]
        news.append(private.leave(connection, STREAM, 1, person))
        query = "select relname, n_tup_ins, n_tup_upd, n_tup_del from pg_stat_xact_user_tables where n_tup_ins + n_tup_upd + n_tup_del > 0"
        assert connection.execute(query).fetchall() == [("presence", 1, 19, 1)]
    assert news == [True, *[False] * 19, True]


def test_only_an_arrival_and_a_leaving_are_told(house: House) -> None:
    """The beats between wake nobody."""
    rosa = house.browser("ugel.especialista")
    with psycopg.connect(house.app.state.settings.database_url, autocommit=True) as ear:
        ear.execute("listen quipu")
        for _ in range(5):
            assert rosa.post(HERE).status_code == 204
        assert rosa.post(f"{HERE}/fin").status_code == 204
        assert [notice.payload for notice in ear.notifies(timeout=0.5)] == [f"0 presencia/120005/{YEAR}"] * 2


def test_presence_is_told_as_an_event_of_its_own() -> None:
    """Pages that wait for changes of the record are not woken, and the last position a page saw is left alone."""
    told = messages((7, f"presencia/120005/{YEAR}"))
    assert [(each.event, each.id) for each in told] == [(f"presencia-120005-{YEAR}", None)]

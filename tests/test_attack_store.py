"""The append function in the hands of a stranger who holds the service's role, and duties nobody may join in one person."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg import Connection, errors

from service import database
from service.aggregates import DRE, Refused
from service.aggregates.commitment_life import DeclareCommitment, VerifyCommitment
from service.aggregates.dre import AssignCharge
from service.ledger import STANDING
from tests.conftest import TestDatabase
from tests.house import House, open_house
from tests.lived import Cycle

APPEND = "select ledger.append(%s, %s, %s::text[], %s::bytea[], %s, %s::bytea, %s::json)"
STANDS = [("s", 1, 1), ("s", 2, 2)]


@pytest.fixture
def append(new_database: TestDatabase) -> Iterator[Callable[..., None]]:
    """Call the function itself as the service's role; a stream `s` stands at version 2."""
    with psycopg.connect(new_database.service_url, autocommit=True) as connection:

        def call(stream: str | None, version: int | None, topics: Any = ("t",), states: Any = (b"x",), **more: Any) -> None:
            arrays = [None if each is None else list(each) for each in (topics, states)]
            lean = json.dumps(more.get("leaning", {}))
            connection.execute(APPEND, [stream, version, *arrays, more.get("command"), more.get("digest"), lean])

        call("s", 1, "tt", [b"x", b"x"])
        yield call
        assert _record(connection) == STANDS, "a refused append left something behind"


def _record(connection: Connection[Any]) -> list[tuple[str, int, int]]:
    query = "select originator_id, originator_version, notification_id from ledger.event order by 3"
    return connection.execute(query).fetchall()


def test_nobody_waits_for_ever_for_the_append_lock(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another client sits on the lock a change is put off with 503, pages go on, and afterwards it is done."""
    monkeypatch.setattr(database, "LONGEST_LOCK", 100)
    url = house.app.state.settings.database_url
    with open_house(url) as hasty, psycopg.connect(url) as holder:
        browser, place = hasty.browser("ugel.especialista"), "/ugel/120005/2026"
        holder.execute("select pg_advisory_xact_lock(7128002)")
        put_off = browser.post(f"{place}/apertura", {"command_id": "abc"})
        assert put_off.status_code == 503
        assert "Sus datos no se han perdido" in put_off.text
        assert browser.get(place).status_code == 200
        holder.rollback()
        assert browser.post(f"{place}/apertura", {"command_id": "abc"}).status_code == 303


def test_pages_are_read_while_a_writer_waits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long import elsewhere makes other writers wait for the append lock, and no reader."""
    monkeypatch.setattr(database, "LONGEST_LOCK", 4_000)
    url = house.app.state.settings.database_url
    with open_house(url) as hasty, psycopg.connect(url) as holder:
        writer, reader = hasty.browser("ugel.especialista"), hasty.browser("auditor")
        secret = {"_csrf_token": writer.csrf}
        assert reader.get("/salir").status_code == 200
        holder.execute("select pg_advisory_xact_lock(7128002)")
        sent = {"cookie": f"{writer.cookie}={writer.token}"}
        writing = threading.Thread(
            target=lambda: hasty.client.request("POST", "/ugel/120005/2026/apertura", data=secret, headers=sent)
        )
        writing.start()
        time.sleep(0.5)
        begin = time.monotonic()
        assert reader.get("/seguimiento").status_code == 200
        waited = time.monotonic() - begin
        holder.rollback()
        writing.join()
    assert waited < 2


@pytest.mark.parametrize(
    ("stream", "version"),
    [("s", 4), ("s", 0), ("s", -1), ("s", 9_223_372_036_854_775_807), ("s", None), (None, 3), ("t", 2), ("t", -5)],
)
def test_no_stream_gets_a_gap(append: Callable[..., None], stream: str | None, version: int | None) -> None:
    """Versions go on from the head of the stream, one by one, in the order of positions."""
    with pytest.raises((errors.InvalidParameterValue, errors.NotNullViolation)):
        append(stream, version)


def test_a_version_that_exists_stays_a_conflict(append: Callable[..., None]) -> None:
    """What somebody else wrote first is told as such, also when what follows would be new."""
    for version, topics in ((1, "t"), (2, "t"), (2, "tt")):
        with pytest.raises(errors.UniqueViolation):
            append("s", version, topics, [b"x"] * len(topics))


def test_arrays_that_do_not_agree(append: Callable[..., None]) -> None:
    """Empty, missing or shorter arrays and null elements write nothing."""
    shorter: tuple[tuple[Any, Any], ...] = (([], []), (None, None), (["t"], []), (["t"], None), (["t"], [b"x", b"y"]))
    for topics, states in shorter:
        with pytest.raises(errors.InvalidParameterValue, match="needs events"):
            append("s", 3, topics, states)
    for topics, states in (([None], [b"x"]), (["t"], [None])):
        with pytest.raises(errors.NotNullViolation):
            append("s", 3, topics, states)


def test_commands_and_streams_that_make_no_sense(append: Callable[..., None]) -> None:
    """A command has a digest; a decision leans on versions; a stream's name has no spaces or line ends, which are ours."""
    with pytest.raises(errors.NotNullViolation):
        append("s", 3, command="c", digest=None)
    for lean in ({"s": None}, {"s": 1}, {"s": 3}, {"t": 1}, {"t": 0, "s": 1}):
        with pytest.raises(errors.SerializationFailure):
            append("s", 3, leaning=lean)
    for stream in ("", "a b", "a\nevent: x", "ñ", "S"):
        with pytest.raises(errors.CheckViolation):
            append(stream, 1)


def test_nobody_verifies_what_a_charge_of_theirs_answers_for(house: House) -> None:
    """The rule looks at every charge a person holds, not only at the one acted in."""
    cycle = Cycle(house, "120007").approved().scored(1)
    number = cycle.committed(1)
    responsible = f"director-ugel/{cycle.unit}"
    cycle.do(
        "satipo.director", DeclareCommitment(commitment=number, fulfilled=True, text="Hecho", evidence="Acta"), charge=responsible
    )
    second = AssignCharge(holder=house.ids["dre.especialista"], role="director-ugel", unit=cycle.unit, since=date(2020, 1, 1))
    house.do("sistema", STANDING, second)
    verify = VerifyCommitment(commitment=number, accepted=True)
    with pytest.raises(Refused, match="responsable no puede verificar"):
        cycle.do("dre.especialista", verify, charge=f"especialista-dre/{DRE}")
    page = house.browser("dre.especialista").get(f"/compromisos/120007-2026-{number}").text
    assert "/verificacion" not in page
    cycle.do("dre.director", verify)


def test_an_administrator_does_not_promote_himself(house: House) -> None:
    """Charges are given by another person: an account that is taken over cannot make itself director."""
    own = AssignCharge(holder=house.ids["admin"], role="director-dre", unit=DRE, since=date(2020, 1, 1))
    with pytest.raises(Refused, match="a sí mismo"):
        house.do("admin", STANDING, own)
    other = AssignCharge(holder=house.ids["dre.jefe"], role="director-dre", unit=DRE, since=date(2020, 1, 1))
    assert house.do("admin", STANDING, other).facts

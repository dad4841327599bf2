import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import msgspec
import psycopg
import pytest

from service import people
from service.aggregates.catalogue import PublishAlertRules
from service.database import Database
from service.ledger import STANDING, Ledger
from tests.conftest import TestDatabase


class Served(msgspec.Struct):
    """A running service of its own process."""

    process: subprocess.Popen[bytes]
    address: str


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(database: TestDatabase) -> Iterator[Served]:
    """Serve the product as it is served in earnest."""
    port = free_port()
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", str(port)]
    environment = os.environ | {"QUIPU_DATABASE_URL": database.service_url, "QUIPU_INSECURE_HTTP": "1", "QUIPU_SECRET": "x" * 32}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                httpx.get(f"{address}/salud")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield Served(process, address)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def house_database(make_database: Callable[[str], TestDatabase], _furnished: str) -> TestDatabase:
    """One furnished database for all of this page."""
    return make_database(_furnished)


@pytest.fixture(scope="module")
def served(house_database: TestDatabase) -> Iterator[Served]:
    """The service on it."""
    with serving(house_database) as running:
        yield running


@pytest.fixture(scope="module")
def ledger(house_database: TestDatabase) -> Iterator[Ledger]:
    """Another process's door to the same record."""
    database = Database(house_database.service_url)
    database.open()
    yield Ledger(database)
    database.close()


def cookie(database: TestDatabase) -> dict[str, str]:
    """Juan's sign-in."""
    with psycopg.connect(database.service_url, autocommit=True) as connection:
        juan = people.find_by_usuario(connection, "ugel.jefe")
        assert juan
        return {"quipu": people.start(connection, juan.id, "test")}


@contextmanager
def listening(served: Served, database: TestDatabase, **headers: str) -> Iterator[Iterator[str]]:
    """The lines that Juan's open page hears, once it is listening."""
    sent = {"accept": "text/event-stream"} | headers
    with (
        httpx.Client(cookies=cookie(database), timeout=15) as client,
        client.stream("GET", f"{served.address}/en-vivo", headers=sent) as answer,
    ):
        assert answer.status_code == 200
        lines = answer.iter_lines()
        assert next(lines) == ": en vivo"
        yield lines


def until(lines: Iterator[str], wanted: str) -> list[str]:
    """Everything heard up to a line."""
    heard = list[str]()
    for line in lines:
        heard.append(line)
        if line == wanted:
            return heard
    return heard


def test_a_change_is_heard_by_stream_and_by_all(served: Served, house_database: TestDatabase, ledger: Ledger) -> None:
    """Whoever writes, in whatever process, open pages hear the stream's name and the position, and `cambio`."""
    with listening(served, house_database) as lines:
        done = ledger.carry_out("sistema", STANDING, PublishAlertRules(), command_id="c1")
        heard = until(lines, "event: cambio")
        assert "event: dre-120000" in heard
        assert next(lines) == f"data: {done.last}"


def test_nobody_listens_without_a_sign_in(served: Served) -> None:
    """A stream for strangers is refused at once, without a redirect that an EventSource could not follow."""
    assert httpx.get(f"{served.address}/en-vivo", headers={"accept": "text/event-stream"}).status_code == 401


def test_what_was_missed_is_told_on_return(served: Served, house_database: TestDatabase, ledger: Ledger) -> None:
    """A page that comes back says what it saw last and hears at once that something changed."""
    ledger.carry_out("sistema", STANDING, PublishAlertRules(), command_id="c2")
    time.sleep(0.3)
    with listening(served, house_database, **{"last-event-id": "1"}) as lines:
        assert "event: dre-120000" in until(lines, "event: cambio")


def test_what_happened_between_a_page_and_its_ear_is_told(served: Served, house_database: TestDatabase, ledger: Ledger) -> None:
    """A page says up to which fact it was drawn; what came before it listened it hears by its stream, and nothing older."""
    with httpx.Client(cookies=cookie(house_database), timeout=15) as client:
        ledger.carry_out("sistema", STANDING, PublishAlertRules(), command_id="c6")
        time.sleep(0.3)
        found = re.search(r'sse-connect="/en-vivo\?desde=(\d+)"', client.get(f"{served.address}/").text)
        assert found
        done = ledger.carry_out("sistema", STANDING, PublishAlertRules(), command_id="c7")
        assert done.last > int(found[1])
        with client.stream("GET", f"{served.address}/en-vivo?desde={found[1]}") as answer:
            heard = until(answer.iter_lines(), f"data: {done.last}")
    assert [line for line in heard if line.startswith(("event", "data"))] == ["event: dre-120000", f"data: {done.last}"]


def test_the_ear_comes_back_by_itself(served: Served, house_database: TestDatabase, ledger: Ledger) -> None:
    """When the listening connection is cut, changes are heard again, what happened meanwhile included."""
    with listening(served, house_database) as lines:
        with psycopg.connect(house_database.admin_url, autocommit=True) as admin:
            ears = """select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
              and (query = 'listen quipu' or query like 'select max(notification_id), originator_id%')"""
            assert admin.execute(ears).fetchall(), "there must be an ear to cut"
        ledger.carry_out("sistema", STANDING, PublishAlertRules(), command_id="c3")
        assert "event: cambio" in until(lines, "event: cambio")


def test_a_notice_that_is_none_of_ours_is_not_passed_on(served: Served, house_database: TestDatabase, ledger: Ledger) -> None:
    """Whatever another role of the database shouts: the ear stays, and no page hears events that nobody recorded."""
    with listening(served, house_database) as lines:
        with psycopg.connect(house_database.service_url, autocommit=True) as connection:
            for shout in ("basura", f"{'9' * 30} x", "-1 x", "٣ x", "5 a\nevent: falso"):
                connection.execute("select pg_notify('quipu', %s)", [shout])
        ledger.carry_out("sistema", STANDING, PublishAlertRules(), command_id="c4")
        heard = until(lines, "event: cambio")
        assert "event: dre-120000" in heard
        assert "event: falso" not in heard


def test_stopping_does_not_wait_for_open_pages(house_database: TestDatabase) -> None:
    """SIGTERM ends the service within seconds although a page is listening."""
    with serving(house_database) as served, listening(served, house_database):
        started = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=10) == 0
        assert time.monotonic() - started < 5

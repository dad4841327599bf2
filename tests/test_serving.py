"""`serve`: what it starts, what it says when it cannot, and that nothing of it stays behind."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg
import pytest

from service import serving
from service.database import pending
from service.embedded import cluster
from service.embedded.place import Place
from service.settings import Settings, load
from tests.conftest import TestDatabase

SCRIPT = """
import sys, msgspec
from pathlib import Path
from service import embedded, serving
from service.settings import Settings
settings = msgspec.json.decode(sys.argv[1], type=Settings, dec_hook=lambda kind, value: kind(value))
if __name__ == "__main__":
    try:
        serving.serve(settings, target="tests.tiny_app:create_app")
    except (serving.ServingError, embedded.EmbeddedError) as error:
        print(error, flush=True)
        sys.exit(1)
"""
SECRET = "una clave de prueba de más de 32 caracteres"
SECONDS = 120  # a bound on waiting: on a busy machine a start or an end may take long


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Service:
    """One `serve` in a process group of its own, as a terminal would start it."""

    def __init__(self, settings: Settings) -> None:
        values = {
            name: str(value) if isinstance(value, Path) else value for name, value in msgspec.structs.asdict(settings).items()
        }
        self.settings = settings
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, msgspec.json.encode(values).decode()],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.url = ""

    def said(self) -> str:
        """The first line it prints: its address, or why it does not start."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        self.url = f"http://127.0.0.1:{self.settings.port}"
        return line.strip()

    def who(self) -> dict[str, Any]:
        answer: dict[str, Any] = httpx.get(self.url).json()
        return answer

    def end(self) -> tuple[int, str]:
        """Wait for the end: exit code and what went to stderr."""
        _, errors = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, errors


def soon(what: Callable[[], bool]) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            if what():
                return True
        time.sleep(0.05)
    return False


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def lives(pid: int) -> bool:
    """Whether that process is there and not only waiting to be buried."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.fixture
def start() -> Iterator[Callable[[Settings], Service]]:
    """Start services; whatever is left of them ends with the test."""
    started: list[Service] = []

    def begin(settings: Settings) -> Service:
        started.append(Service(settings))
        return started[-1]

    yield begin
    for service in started:
        if service.process.poll() is None:
            service.process.terminate()
            service.process.communicate(timeout=SECONDS)


@pytest.fixture
def inside(tmp_path: Path) -> Settings:
    """Settings with the database inside."""
    return Settings(data=tmp_path / "datos de prueba", port=free_port())


@pytest.fixture
def own(tmp_path: Path, new_database: TestDatabase) -> Settings:
    """Settings with a PostgreSQL of one's own."""
    return Settings(data=tmp_path / "d", port=free_port(), database_url=new_database.service_url, secret=SECRET)


@pytest.mark.parametrize("how", ["Ctrl-C", "SIGTERM"])
def test_stops_everything_it_started(start: Callable[[Settings], Service], inside: Settings, how: str) -> None:
    """Ctrl-C and SIGTERM end workers and database, with open streams too, and the exit code is 0."""
    service = start(inside)
    assert service.said() == f"Quipu atiende en http://localhost:{inside.port} (Ctrl-C para terminar)"
    worker = service.who()["pid"]
    with httpx.stream("GET", f"{service.url}/flujo", timeout=SECONDS) as stream:
        assert next(stream.iter_raw())
        begin = time.monotonic()
        if how == "Ctrl-C":
            os.killpg(service.process.pid, signal.SIGINT)
        else:
            service.process.terminate()
        assert service.end() == (0, "")
    assert time.monotonic() - begin < serving.KILL_AFTER / 2
    assert not lives(worker)
    assert is_free(inside.port)
    assert not cluster.alive(Place(inside.data))


@pytest.mark.parametrize("turn", [*range(3), *(pytest.param(n, marks=pytest.mark.long) for n in range(3, 20))])
def test_interrupted_while_starting(start: Callable[[Settings], Service], inside: Settings, turn: int) -> None:
    """Ctrl-C at any moment of the start leaves neither database nor worker, and the exit code is 0."""
    service = start(inside)
    assert soon((inside.data / "run" / "holders").exists)
    time.sleep(random.uniform(0, 2))
    os.killpg(service.process.pid, signal.SIGINT)
    assert service.end()[0] == 0, turn
    assert is_free(inside.port)
    assert not cluster.alive(Place(inside.data))


def test_request_under_way_is_answered(start: Callable[[Settings], Service], own: Settings) -> None:
    """A request that has begun is answered before the service ends."""
    service = start(own)
    service.said()
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(httpx.get, f"{service.url}/lento", timeout=SECONDS)
        time.sleep(0.5)
        service.process.terminate()
        assert answer.result().text == "listo"
    assert service.end()[0] == 0


def test_what_a_client_left_behind_is_finished(start: Callable[[Settings], Service], own: Settings) -> None:
    """A request whose client has gone is finished before the application shuts down; nothing of it keeps the process."""
    service = start(own)
    service.said()
    with socket.create_connection(("127.0.0.1", own.port)) as client:
        client.sendall(b"GET /hilo HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert service.said() == "empieza"
    service.process.terminate()
    said, _ = service.process.communicate(timeout=SECONDS)
    assert said.split()[:2] == ["hecho", "cerrado"]  # Granian may take a worker that has ended for one that goes on, and say so
    assert service.process.returncode == 0


def test_killed_service_leaves_no_worker(start: Callable[[Settings], Service], inside: Settings) -> None:
    """After kill -9 of the service its workers end by themselves, and the next start goes on with port, data and secret."""
    service = start(inside)
    service.said()
    before = service.who()
    with httpx.stream("GET", f"{service.url}/flujo", timeout=SECONDS) as stream:
        assert next(stream.iter_raw())
        service.process.kill()
        assert soon(lambda: not lives(before["pid"]))
    assert is_free(inside.port)
    assert cluster.alive(Place(inside.data)), "the database waits for the next start"
    second = start(inside)
    assert second.said().startswith("Quipu atiende")
    assert second.who()["secret"] == before["secret"]
    second.process.terminate()
    assert second.end()[0] == 0
    assert not cluster.alive(Place(inside.data))


def test_killed_worker_is_replaced(start: Callable[[Settings], Service], own: Settings) -> None:
    """After kill -9 of a worker another one answers."""
    service = start(own)
    service.said()
    worker = service.who()["pid"]
    os.kill(worker, signal.SIGKILL)
    assert soon(lambda: service.who()["pid"] != worker)


def test_killed_database_comes_back(start: Callable[[Settings], Service], inside: Settings) -> None:
    """After kill -9 of the database inside, the running service starts it again."""
    service = start(inside)
    service.said()
    place = Place(inside.data)
    postmaster = place.run("server").read_text()
    os.kill(int(postmaster), signal.SIGKILL)
    assert soon(lambda: place.run("server").read_text() != postmaster and cluster.answers(place))


def test_settings_reach_the_worker(start: Callable[[Settings], Service], inside: Settings) -> None:
    """A worker gets the service's address and the kept secret, never the owner's address."""
    service = start(inside)
    service.said()
    answer = service.who()
    assert "quipu_service@" in answer["database"]
    assert answer["owner"] == ""
    assert answer["secret"] == (inside.data / "secret").read_text()
    assert len(answer["secret"]) >= 32
    assert (inside.data / "secret").stat().st_mode & 0o777 == 0o600


def test_settings_read_back_from_their_environment(tmp_path: Path) -> None:
    """The environment made of settings is read as the same settings."""
    settings = Settings(
        data=tmp_path,
        database_url="postgresql:///x",
        port=81,
        secret=SECRET,
        insecure_http=True,
        year_name="Año de la Ñ",
        demo=True,
    )
    assert load(serving.environment(settings)) == settings


def test_port_taken(start: Callable[[Settings], Service], inside: Settings) -> None:
    """If the port is taken the sentence names it and the way out, before anything is started."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", inside.port))
        other.listen()
        service = start(inside)
        assert service.said() == (
            f"El puerto {inside.port} ya está ocupado: cierre el programa que lo usa o elija otro con QUIPU_PORT, por ejemplo {inside.port + 1}."
        )
        assert service.end() == (1, "")
    assert not inside.data.exists()


def test_address_of_another_machine(start: Callable[[Settings], Service], inside: Settings) -> None:
    """If the address is not this machine's the sentence names the setting."""
    service = start(msgspec.structs.replace(inside, host="192.0.2.1"))
    assert "QUIPU_HOST" in service.said()


def test_schema_behind(start: Callable[[Settings], Service], own: Settings, make_database: Callable[[], TestDatabase]) -> None:
    """On one's own PostgreSQL nothing is created: the sentence says which command does it."""
    service = start(msgspec.structs.replace(own, database_url=make_database().service_url))
    assert service.said().endswith("Ejecute primero: quipu migrate")
    assert service.end() == (1, "")


def test_read_tables_of_another_shape(new_database: TestDatabase) -> None:
    """Read tables that another version made are behind too, although no migration is missing."""
    assert pending(new_database.service_url) == []
    with psycopg.connect(new_database.owner_url) as owner:
        owner.execute("comment on schema read is 'of another version'")
    assert pending(new_database.service_url) == ["read"]


def test_own_database_without_secret(start: Callable[[Settings], Service], own: Settings) -> None:
    """On one's own PostgreSQL the secret must be given."""
    assert start(msgspec.structs.replace(own, secret="")).said().startswith("Falta QUIPU_SECRET")


def test_own_database_away(start: Callable[[Settings], Service], own: Settings) -> None:
    """If one's own PostgreSQL does not answer the sentence names the setting, without a trace."""
    service = start(msgspec.structs.replace(own, database_url="postgresql://127.0.0.1:1/x"))
    assert service.said().startswith("No se puede conectar con la base de datos de QUIPU_DATABASE_URL")
    assert service.end()[0] == 1

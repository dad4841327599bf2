"""One throw-away PostgreSQL for the whole suite; each test that asks for it gets a fresh, migrated database.

All processes of a run share that server, and what one of them made to be copied (the demo above all) is there for the others.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import argon2
import msgspec
import psycopg
import pytest
from psycopg import sql

from service import embedded, people

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browsing import Site
    from tests.house import House

TEMPLATE = "quipu_template"
LEFT_AFTER = 7200
FEW = 5
LONGEST = ("test_journeys_pages", "test_properties", "test_embedded", "test_kill", "test_journeys", "test_serving")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A few files by name need no second process; everything together is shared among one more than there are cores: many wait."""
    named = [argument.partition("::")[0] for argument in config.args]
    return 0 if len(named) < FEW and all(name.endswith(".py") for name in named) else (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest begin first, so that no core waits at the end, nor two for the demo; chance orders the rest."""
    items.sort(key=lambda item: next((n for n, name in enumerate(LONGEST) if item.path.name.startswith(name)), len(LONGEST)))


@pytest.fixture(scope="session", autouse=True)
def true_hasher() -> Iterator[argon2.PasswordHasher]:
    """The service's own hasher of passwords; those of the stories cost the least there is, or half of the suite would be hashing."""
    own = people.hasher
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "hasher", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield own


Once = Callable[[str, Callable[[], str]], str]


class TestDatabase(msgspec.Struct, frozen=True):
    """The addresses of one test's own database."""

    __test__ = False

    owner_url: str
    service_url: str
    admin_url: str


def _name(made: TestDatabase) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(made.service_url)["dbname"])


def _place(run: str) -> Path:
    """The directory of a run of the suite, for all its processes: in memory where there is one."""
    memory = Path("/dev/shm")
    base = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    return base / f"quipu-test-{run}"


def pytest_configure(config: pytest.Config) -> None:
    """Every run has a name of its own, which all its processes know."""
    if not hasattr(config, "workerinput"):
        config.option.testrunuid = config.option.testrunuid or secrets.token_hex(4)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever started the processes removes at the end what they shared."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(_place(config.option.testrunuid), ignore_errors=True)


@pytest.fixture(scope="session")
def fast_directory(pytestconfig: pytest.Config) -> Path:
    """The run's directory; readable by all, so that other users can be tried."""
    known = getattr(pytestconfig, "workerinput", {"testrunuid": pytestconfig.option.testrunuid})
    place = _place(known["testrunuid"])
    if not place.exists():
        _sweep(place.parent)
        place.mkdir(exist_ok=True)
        place.chmod(0o755)
    return place


@pytest.fixture(scope="session")
def made_once(fast_directory: Path) -> Once:
    """A function that has a database made by the first process to ask, and gives its name to all."""

    def once(what: str, make: Callable[[], str]) -> str:
        with (fast_directory / what).open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            name = file.read() or make()
            file.seek(0)
            file.truncate()
            file.write(name)
            return name

    return once


def _sweep(base: Path) -> None:
    """Stop and remove what a killed run of the suite left behind; entering a server and leaving it as the last one stops it."""
    for left in base.glob("quipu-test-*"):
        with suppress(OSError, embedded.EmbeddedError):
            if time.time() - left.stat().st_mtime > LEFT_AFTER and (left / "suite" / "postgres").exists():
                with embedded.running(left / "suite", fsync=False):
                    pass
                if not (left / "suite" / "postgres" / "postmaster.pid").exists():
                    shutil.rmtree(left)


@pytest.fixture(scope="session")
def server(fast_directory: Path) -> Iterator[embedded.Server]:
    """The suite's server, which the last process to leave stops: not durable."""
    with embedded.running(fast_directory / "suite", fsync=False) as running:
        yield running


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture(scope="session")
def _template(server: embedded.Server, made_once: Once) -> str:
    from service import database  # noqa: PLC0415 — only for tests that need a schema

    def make() -> str:
        with psycopg.connect(server.url("admin", "postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {} owner quipu_owner").format(sql.Identifier(TEMPLATE)))
        database.migrate(server.url("owner", TEMPLATE), server.url("service", TEMPLATE))
        return TEMPLATE

    return made_once("migrated", make)


@pytest.fixture(scope="session")
def make_database(server: embedded.Server, _numbers: Iterator[int]) -> Callable[[str], TestDatabase]:
    """A function that makes one more database, copied from the named one."""

    def make(template: str = "template1") -> TestDatabase:
        name = f"test_{WORKER}_{next(_numbers)}"
        statement = sql.SQL("create database {} owner quipu_owner template {} strategy file_copy")
        with psycopg.connect(server.url("admin", "postgres"), autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return TestDatabase(server.url("owner", name), server.url("service", name), server.url("admin", name))

    return make


@pytest.fixture
def new_database(make_database: Callable[[str], TestDatabase], _template: str) -> TestDatabase:
    """A fresh, migrated database of this test alone; nobody drops it."""
    return make_database(_template)


@pytest.fixture(scope="session")
def _furnished(make_database: Callable[[str], TestDatabase], _template: str, made_once: Once) -> str:
    from tests.house import open_house  # noqa: PLC0415 — only for tests of the web

    def make() -> str:
        made = make_database(_template)
        with open_house(made.service_url):
            return _name(made)

    return made_once("furnished", make)


@pytest.fixture
def house_database(make_database: Callable[[str], TestDatabase], _furnished: str) -> TestDatabase:
    """A fresh database in which units, objectives and staff are entered already (tests/house.py)."""
    return make_database(_furnished)


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator["House"]:
    """The running service on a database of this test alone."""
    from tests.house import open_house  # noqa: PLC0415 — only for pages

    with open_house(house_database.service_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def _demo(make_database: Callable[[str], TestDatabase], _template: str, made_once: Once) -> str:
    from service import demo  # noqa: PLC0415 — only for journeys
    from tests.browsing import TODAY  # noqa: PLC0415 — the same

    def make() -> str:
        made = make_database(_template)
        demo.fill(made.owner_url, made.service_url, today=TODAY)
        return _name(made)

    return made_once("demo", make)


@pytest.fixture(scope="module")
def _browser() -> "Iterator[Browser]":
    """Chromium, gone with the file of journeys: as long as it is there a loop of asyncio runs in this process."""
    from tests import browsing  # noqa: PLC0415 — only for journeys

    with browsing.chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def calm_site(_browser: "Browser", make_database: Callable[[str], TestDatabase], _demo: str) -> "Iterator[Site]":
    """The real service on two years of demo, one for each file of journeys."""
    from tests import browsing  # noqa: PLC0415 — only for journeys

    database = make_database(_demo)
    with browsing.serving(database) as address:
        yield browsing.Site(address, database, _browser)


@pytest.fixture
def site(calm_site: "Site") -> "Iterator[Site]":
    """The same; at the end of the test its windows are closed, and none of them may have complained."""
    before = len(calm_site.visitors)
    yield calm_site
    calm_site.leave(before)


@pytest.fixture(scope="session")
def _staffed(make_database: Callable[[str], TestDatabase], _template: str, made_once: Once) -> str:
    from tests.door import door  # noqa: PLC0415 — only for tests of the record

    def make() -> str:
        made = make_database(_template)
        with door(made.service_url) as ledger:
            ledger.furnish()
        return _name(made)

    return made_once("staffed", make)


@pytest.fixture
def staffed_database(make_database: Callable[[str], TestDatabase], _staffed: str) -> TestDatabase:
    """A fresh database whose record knows two UGEL and their staff (tests/door.py)."""
    return make_database(_staffed)

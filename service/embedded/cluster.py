"""One cluster on disk and the server on it: made, started, asked and stopped. Callers hold the place's gate."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import psycopg

from service.embedded import wheel
from service.embedded.locks import EmbeddedError, is_held, locked
from service.embedded.place import PORT, ROLES, Place, socket_dir

READY_SECONDS: Final = 300
UNREACHABLE_SECONDS: Final = 5
LOG_BYTES: Final = 1_000_000
INITDB: Final = (
    *("-U", ROLES["admin"], "-E", "UTF8", "--data-checksums", "--auth-local=trust", "--auth-host=reject"),
    *(f"--locale={wheel.LOCALE}", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)
CONFIGURATION: Final = {
    "cluster_name": "quipu",
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "min_wal_size": "32MB",
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
VOLATILE: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

_started: Final[list[subprocess.Popen[bytes]]] = []


def alive(place: Place) -> bool:
    """Tell whether any process of this server lives, in whatever container, without believing a pid."""
    return is_held(place.run("server"))


def answers(place: Place) -> bool:
    """Wait while a living server starts or recovers; False when it ends, or listens nowhere."""
    begin = time.monotonic()
    while alive(place) and time.monotonic() - begin < READY_SECONDS:
        try:
            psycopg.connect(place.server.url("admin", "postgres"), connect_timeout=UNREACHABLE_SECONDS).close()
        except psycopg.OperationalError:
            listens = (place.server.socket_dir / f".s.PGSQL.{PORT}").exists()
            if not listens and time.monotonic() - begin > UNREACHABLE_SECONDS:
                return False
            time.sleep(0.01)
        else:
            return True
    return False


def create(place: Place) -> None:
    """Make the cluster aside and move it into place at once: a killed initdb leaves nothing that looks like a cluster.

    An initdb goes on when the process that wanted it is killed: it holds a lock of its own, and what it leaves is swept after its end.
    """
    with locked(place.run("initdb")) as lock:
        _create(place, lock)


def _create(place: Place, lock: int) -> None:
    for rest in place.data.glob(".initdb-*"):
        shutil.rmtree(rest, ignore_errors=True)
    if place.cluster.exists():
        file = place.cluster / "PG_VERSION"
        found = file.read_text().strip() if file.exists() else "¿?"
        if found != wheel.MAJOR:
            message = f"{place.cluster} es de PostgreSQL {found} y aquí viene PostgreSQL {wheel.MAJOR}: use otro directorio con QUIPU_DATA."
            raise EmbeddedError(message)
        return
    aside = Path(tempfile.mkdtemp(prefix=".initdb-", dir=place.data))
    who = wheel.account(place.cluster)
    os.chown(aside, who.uid, who.gid)
    flags = INITDB if place.fsync else (*INITDB, "--no-sync")
    with closing(wheel.Directory(aside, who)) as directory:
        process = wheel.spawn(who, "initdb", ["-D", directory.name, *flags], [directory.handle, lock], place.log)
        try:
            done = process.wait() == 0
        except KeyboardInterrupt:
            process.kill()
            raise
    if not done:
        raise EmbeddedError(_last_words(place))
    aside.rename(place.cluster)
    with closing(wheel.Directory(place.data, who)) as directory:
        os.fsync(directory.handle)


def start(place: Place) -> None:
    """Start the server and wait until it answers, however long it recovers.

    Raises:
        EmbeddedError: it ended instead; with its last words.
    """
    _distrust_pid_file(place)
    if place.log.exists() and place.log.stat().st_size > LOG_BYTES:
        place.log.rename(place.log.with_suffix(".log.1"))
    who = wheel.account(place.cluster)
    socket_dir(place, who)
    settings = CONFIGURATION | ({} if place.fsync else VOLATILE)
    with (
        closing(wheel.Directory(place.cluster, who)) as cluster,
        closing(wheel.Directory(place.server.socket_dir, who)) as sockets,
        locked(place.run("server")) as lock,
    ):
        settings["unix_socket_directories"] = f'"{sockets.name}"'
        flags = ["-D", cluster.name, *(f"--{name}={value}" for name, value in settings.items())]
        process = wheel.spawn(who, "postgres", flags, [cluster.handle, sockets.handle, lock], place.log)
        _started.append(process)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(process.pid).encode(), 0)
    if not answers(place):
        raise EmbeddedError(_last_words(place))


def _distrust_pid_file(place: Place) -> None:
    """Put our own pid, which PostgreSQL ignores as its parent's, for one that may be somebody else's by now.

    The line that names the shared memory stays, and with it PostgreSQL's own interlock.
    """
    file = place.cluster / "postmaster.pid"
    first, _, rest = file.read_text(errors="replace").partition("\n") if file.exists() else ("", "", "")
    if not first.strip().isdecimal():
        file.unlink(missing_ok=True)
    elif wheel.LINUX and _works_in(place.cluster, int(first)):
        message = f"Otro PostgreSQL (proceso {first}) usa {place.cluster}: deténgalo o elija otro directorio con QUIPU_DATA."
        raise EmbeddedError(message)
    else:
        file.write_text(f"{os.getpid()}\n{rest}")


def _works_in(cluster: Path, pid: int) -> bool:
    """Tell whether that process works in the cluster's directory, as PostgreSQL does (only Linux can tell)."""
    try:
        return not wheel.LINUX or Path(f"/proc/{pid}/cwd").samefile(cluster)
    except OSError:
        return False


def stop(place: Place) -> None:
    """Stop whatever lives of the server: first in order, then at once.

    Raises:
        EmbeddedError: it goes on living.
    """
    for how, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 10)):
        for pid in _postmasters(place):
            with suppress(ProcessLookupError):
                os.kill(pid, how)
        deadline = time.monotonic() + seconds
        while alive(place) and time.monotonic() < deadline:
            time.sleep(0.005)
    for process in _started:
        process.poll()
    if alive(place):
        message = f"El PostgreSQL de {place.data} no se detiene: termine sus procesos o reinicie el equipo."
        raise EmbeddedError(message)


def _postmasters(place: Place) -> set[int]:
    """Return the living server's process, by our own note or by its."""
    notes = [
        file.read_text().partition("\n")[0] for file in (place.run("server"), place.cluster / "postmaster.pid") if file.exists()
    ]
    pids = {int(note) for note in notes if note.isdecimal()} if alive(place) else set()
    return {pid for pid in pids if _works_in(place.cluster, pid)}


def _last_words(place: Place) -> str:
    lines = place.log.read_text(errors="replace").splitlines()[-5:]
    return f"PostgreSQL no pudo iniciar. Lo último que dijo en {place.log}:\n" + "\n".join(lines)

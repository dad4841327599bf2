"""Where a server keeps its things and how it is reached: the data directory, the addresses, the directory of its sockets."""

import os
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

import msgspec

from service.embedded import wheel

PORT: Final = 5432
SHORT: Final = 60  # a socket's whole path has 103 bytes on some systems
ROLES: Final = {"owner": "quipu_owner", "service": "quipu_service", "admin": "postgres"}


class Server(msgspec.Struct, frozen=True):
    """A running server, reached over its private socket directory (mode 0700, the only thing its trust rests on)."""

    socket_dir: Path
    port: int = PORT

    def url(self, role: Literal["owner", "service", "admin"] = "owner", dbname: str = "quipu") -> str:
        """Return the libpq address of a database for one of the roles."""
        return f"postgresql://{ROLES[role]}@/{quote(dbname)}?host={quote(str(self.socket_dir), safe='')}&port={self.port}"

    @property
    def owner_url(self) -> str:
        return self.url("owner")

    @property
    def service_url(self) -> str:
        return self.url("service")


class Place(msgspec.Struct, frozen=True):
    """Where a server keeps its things, all under one data directory."""

    data: Path
    fsync: bool = True

    @property
    def cluster(self) -> Path:
        return self.data / "postgres"

    @property
    def log(self) -> Path:
        return self.data / "postgres.log"

    @property
    def server(self) -> Server:
        """The server's addresses, whether it runs or not."""
        link = self.run("socket")
        return Server(link.readlink() if link.is_symlink() else link)

    def run(self, name: str) -> Path:
        return self.data / "run" / name


def socket_dir(place: Place, who: wheel.Account) -> None:
    """Make the sockets' directory: in `run/` or, where a socket cannot be (long path, odd file system), a short one aside.

    One that is there is kept: addresses given before a crash lead to the server that comes after it.
    """
    link = place.run("socket")
    if not link.is_dir():
        link.unlink(missing_ok=True)
        link.mkdir(mode=0o700)
        if not _takes_socket(link):
            link.rmdir()
            base = tempfile.gettempdir()
            usable = len(base) < SHORT and os.geteuid() != 0
            link.symlink_to(tempfile.mkdtemp(prefix="quipu-", dir=base if usable else "/tmp"))  # noqa: S108 — private inside
    os.chown(link, who.uid, who.gid)
    for rest in link.iterdir():
        rest.unlink()


def _takes_socket(directory: Path) -> bool:
    if set(str(directory)) & set(',"'):  # libpq and the setting read them as lists
        return False
    with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
        probe.bind(str(directory / f".s.PGSQL.{PORT}"))
        return True
    return False


def forget_socket(place: Place) -> None:
    """Remove a directory that was made aside."""
    if (link := place.run("socket")).is_symlink():
        shutil.rmtree(link.readlink(), ignore_errors=True)
        link.unlink()

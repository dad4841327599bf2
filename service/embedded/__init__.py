"""The database inside: one PostgreSQL server per data directory, shared by every process that uses it.

Three kernel locks under `run/` say all there is to know:
`gate` (exclusive) orders starts and stops; `holders` (shared) counts who uses the server: the last one out stops it;
`server` (exclusive) is inherited by every process of PostgreSQL, so that nobody has to believe a pid.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from service.embedded.cluster import alive, answers, create, start, stop
from service.embedded.locks import EmbeddedError, locked, opened, share, taken
from service.embedded.place import ROLES, Place, Server, forget_socket

__all__ = ["EmbeddedError", "Server", "revive", "running"]

REASONS = {
    errno.EACCES: "no hay permiso de escritura",
    errno.EPERM: "no hay permiso de escritura",
    errno.EROFS: "es de solo lectura",
    errno.ENOSPC: "no queda espacio en el disco",
    errno.EDQUOT: "no queda espacio en el disco",
    errno.EEXIST: "no es un directorio",
    errno.ENOTDIR: "no es un directorio",
}


@contextmanager
def running(data: Path, *, fsync: bool = True) -> Iterator[Server]:
    """Use the server of this data directory: made, started or joined on entry, stopped on exit by the last process out.

    Raises:
        EmbeddedError: the directory cannot be used.
    """
    if sys.platform == "win32":
        message = "En Windows use Quipu dentro de WSL, o un PostgreSQL propio con QUIPU_DATABASE_URL."
        raise EmbeddedError(message)
    place = Place(data.absolute(), fsync)
    with _sentences(place):
        place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.run("").mkdir(mode=0o700, exist_ok=True)
        holders = opened(place.run("holders"))
    try:
        with _sentences(place), locked(place.run("gate")):
            _ensure(place, alone=taken(holders))
            share(holders)
        yield place.server
    finally:
        try:
            with _sentences(place), locked(place.run("gate")):
                if taken(holders):
                    stop(place)
                    forget_socket(place)
        finally:
            os.close(holders)


def revive(data: Path) -> bool:
    """Start the server again if it has died under its holders; True if it had.

    Raises:
        EmbeddedError: it does not start.
    """
    place = Place(data.absolute())
    with _sentences(place):
        if alive(place):
            return False
        with locked(place.run("gate")):
            if not place.cluster.exists():
                message = f"Los datos de {place.data} ya no están: alguien los borró o los movió."
                raise EmbeddedError(message)
            _ensure(place, alone=False)
    return True


@contextmanager
def _sentences(place: Place) -> Iterator[None]:
    try:
        yield
    except (OSError, psycopg.Error) as error:
        reason = REASONS.get(error.errno or 0, error.strerror) if isinstance(error, OSError) else error
        message = f"No se puede usar {place.data}: {reason}. Corríjalo o elija otro directorio con QUIPU_DATA."
        raise EmbeddedError(message) from error


def _ensure(place: Place, *, alone: bool) -> None:
    """Leave a server that answers, with our roles and database in it."""
    if alive(place) and not answers(place):
        if not alone:
            message = f"Los datos de {place.data} están en uso por otro Quipu al que no se puede llegar: deténgalo primero."
            raise EmbeddedError(message)
        stop(place)
    if not alive(place):
        create(place)
        start(place)
    with closing(psycopg.connect(place.server.url("admin", "postgres"), autocommit=True)) as connection:
        for role in (ROLES["owner"], ROLES["service"]):
            if not connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
        if not connection.execute("select 1 from pg_database where datname = 'quipu'").fetchone():
            connection.execute("create database quipu owner quipu_owner")

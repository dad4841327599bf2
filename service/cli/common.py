"""What the commands share: the settings, an opened ledger, who acts, and how a failure is said."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import PoolTimeout
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service import people
from service.aggregates import Refused
from service.cli.spanish import GIVEN
from service.database import Database
from service.demo import DemoError
from service.embedded import EmbeddedError
from service.ledger import Ledger
from service.people import Forbidden, PeopleError
from service.permits import SYSTEM
from service.serving import ServingError, database_of
from service.settings import Settings, SettingsError, load
from service.workbook import WorkbookError

out = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
err = Console(stderr=True, highlight=False)

FAILURES = (
    SettingsError,
    ServingError,
    EmbeddedError,
    DemoError,
    WorkbookError,
    PeopleError,
    Refused,
    Forbidden,
    PoolTimeout,
    psycopg.Error,
    OSError,
)


def say(text: str) -> None:
    """Print a sentence on one line, however long: another program may read it."""
    out.print(text, soft_wrap=True, markup=False)


class Stop(Exception):
    """A command cannot go on; the sentence is Spanish."""


def settings() -> Settings:
    """The settings of the environment, with what the flags say instead."""
    context = click.get_current_context(silent=True)
    given: dict[str, str] = context.find_root().meta.get(GIVEN, {}) if context else {}
    return load({name: said for name, said in os.environ.items() if name.removesuffix("_FILE") not in given} | given)


def sentence(error: BaseException) -> tuple[str, tuple[str, ...]]:  # noqa: PLR0911 — one line per kind of failure
    """What to tell the person about a failure, and the lines that belong to it; never a trace."""
    match error:
        case Refused():
            return error.sentence, error.items
        case Forbidden():
            return error.sentence, ()
        case PoolTimeout() | psycopg.OperationalError():
            return "La base de datos no responde. Nada quedó a medias: intente de nuevo.", ()
        case psycopg.errors.InsufficientPrivilege():
            return "El usuario de la base de datos no tiene permiso: use QUIPU_OWNER_URL con el dueño del esquema.", ()
        case psycopg.Error():
            return f"La base de datos rechazó la operación ({type(error).__name__}).", ()
        case OSError() if not isinstance(error, EmbeddedError | SettingsError):
            return f"No se puede usar {error.filename}: {error.strerror}.", ()
        case _:
            return str(error), ()


@contextmanager
def ready(chosen: Settings) -> Iterator[Settings]:
    """The settings with a database that is up to date; the one inside runs as long as this lasts."""
    with database_of(msgspec.structs.replace(chosen, secret=chosen.secret or "no cookie is signed here")) as complete:
        yield complete


@contextmanager
def opened(chosen: Settings) -> Iterator[Ledger]:
    """The ledger of these settings, whatever database they mean."""
    with ready(chosen) as complete:
        database = Database(complete.database_url, size=2)
        database.open()
        try:
            yield Ledger(database)
        finally:
            database.close()


@contextmanager
def owner(chosen: Settings) -> Iterator[tuple[psycopg.Connection[Any], sql.Identifier]]:
    """A connection of the schema's owner in autocommit mode, and the service's role."""
    with ready(chosen) as complete:
        if not complete.owner_url:
            message = "Falta QUIPU_OWNER_URL: la dirección de la base de datos con el dueño del esquema."
            raise Stop(message)
        role = sql.Identifier(str(conninfo_to_dict(complete.database_url).get("user") or "quipu_service"))
        with psycopg.connect(complete.owner_url, autocommit=True) as connection:
            yield connection, role


def actor(ledger: Ledger, usuario: str) -> str:
    """The id of the person who acts.

    Raises:
        Stop: nobody of that name is active.
    """
    if usuario == SYSTEM.holder:
        return SYSTEM.holder
    with ledger.database.connection() as connection:
        person = people.find_by_usuario(connection, usuario)
    if person is None or not person.active:
        message = f"No hay una persona activa con el usuario «{usuario}»."
        raise Stop(message)
    return person.id


def progress() -> Progress:
    """A bar for long work, on the error stream: what a command prints stays clean."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True)

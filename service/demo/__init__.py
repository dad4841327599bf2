"""The demo: two believable years of the DRE and its 13 UGEL, made only through the ledger's door, at past dates.

The same seed and day give the same record, byte for byte. A fill that was killed goes on where it stopped.
"""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random

import msgspec
import psycopg
from psycopg.conninfo import make_conninfo

from service import bootstrap, people
from service.aggregates import Refused, dre
from service.database import Database
from service.demo import cast, catalogue, keys, scenes, sitting, supporting, watching
from service.demo.cast import PASSWORD, Cast, Member
from service.demo.desk import Desk
from service.demo.stage import Scene, Stage, Step, Tell
from service.ledger import STANDING
from service.permits import SYSTEM, Forbidden
from service.settings import LIMA
from service.signing import codes

__all__ = ["DIGITAL", "PASSWORD", "DemoError", "Member", "Summary", "fill", "mark"]

DIGITAL = catalogue.DIGITAL.code
BEGIN = datetime(2025, 1, 2, 8, tzinfo=LIMA)


class DemoError(Exception):
    """The demo cannot be made here; the message is Spanish and final."""


class Summary(msgspec.Struct, frozen=True):
    """What a fill did: facts added (0 when the demo was complete), up to which day it tells, and the accounts."""

    facts: int
    day: date
    accounts: tuple[Member, ...]


def mark(owner_url: str, *, seed: str = "quipu", today: date) -> tuple[str, date]:
    """Mark an empty database as a demo told up to `today`; returns the seed and day it was first marked with.

    Raises:
        DemoError: the record already holds facts that are not of a demo.
    """
    with psycopg.connect(owner_url) as connection:
        connection.execute("lock table ledger.demo")
        row = connection.execute("select seed from ledger.demo").fetchone()
        if row is None:
            if connection.execute("select from ledger.event limit 1").fetchone() is not None:
                message = (
                    "Esta base de datos ya tiene hechos que no son de demostración: no se mezclan. "
                    "Use otra carpeta de datos (QUIPU_DATA) u otra base de datos para la demostración."
                )
                raise DemoError(message)
            row = (f"{seed} {today.isoformat()}",)
            connection.execute("insert into ledger.demo (seed) values (%s)", row)
    marked, _, day = row[0].rpartition(" ")
    return marked, date.fromisoformat(day)


def fill(
    owner_url: str,
    service_url: str,
    *,
    seed: str = "quipu",
    today: date,
    tell: Tell = lambda _day, _part: None,
    keep: Callable[[bytes], str] = lambda content: hashlib.sha256(content).hexdigest(),
) -> Summary:
    """Fill a migrated database with the demo, up to the day before `today`; does nothing where the demo is complete.

    `keep` puts a file of evidence away and returns its hash.

    Raises:
        DemoError: the record holds other facts, or a fill cut short cannot go on.
    """
    seed, today = mark(owner_url, seed=seed, today=today)
    everybody = Cast(seed)
    # What a crash takes away of an asynchronous commit, the next start makes again: the order of the log is kept.
    database = Database(make_conninfo(service_url, options="-c synchronous_commit=off"), size=2)
    database.open()
    try:
        if _complete(database, everybody):
            return Summary(0, today, tuple(everybody.accounts))
        _introduce(database, everybody)
        stage = Stage(database, seed)
        stage.play(_stories(everybody, seed, keep), datetime.combine(today, time(), LIMA), tell)
        _let_in(database, everybody)
        return Summary(stage.facts, today, tuple(everybody.accounts))
    except (Refused, Forbidden) as error:
        message = (
            "La demostración quedó a medias y no se puede continuar sobre lo que ya hay "
            f"({error.sentence}) Use una carpeta de datos nueva (QUIPU_DATA)."
        )
        raise DemoError(message) from error
    finally:
        database.close()


def _stories(everybody: Cast, seed: str, keep: Callable[[bytes], str]) -> list[Scene]:
    desks = [Desk(unit, everybody.crew(unit), Random(f"{seed}/{unit}"), keep) for unit in scenes.OUTLINES]  # noqa: S311 — a demo's chance
    return [
        _standing(everybody),
        *(scenes.story(desk) for desk in desks),
        supporting.story(everybody, seed),
        sitting.region(everybody, seed),
        *watching.stories(everybody, desks),
        keys.story(everybody),
    ]


def _standing(everybody: Cast) -> Scene:
    """The DRE's standing things: what every installation has, charges and catalogue; later somebody stands in for a director."""
    moment = BEGIN
    for _, command in bootstrap.missing(dre.Dre()):
        yield Step(moment, SYSTEM.holder, STANDING, command)
        moment += timedelta(seconds=2)
    admin = everybody.members["admin"]
    for number, member in enumerate(sorted(everybody.members.values(), key=lambda member: member is not admin), start=1):
        yield Step(moment, SYSTEM.holder if member is admin else admin.id, STANDING, cast.assignment(member, number))
        moment += timedelta(seconds=40)
    authority, (second, third) = everybody.members["dre.director"], catalogue.versions()
    yield Step(moment, authority.id, STANDING, second)
    yield Step(datetime(2026, 7, 6, 9, 15, tzinfo=LIMA), authority.id, STANDING, third)
    yield Step(datetime(2026, 11, 4, 10, 30, tzinfo=LIMA), authority.id, STANDING, catalogue.DIGITAL)
    acting = cast.acting(everybody)
    yield Step(datetime.combine(acting.since, time(8, 40), LIMA), admin.id, STANDING, acting)


def _introduce(database: Database, everybody: Cast) -> None:
    with database.connection() as connection:
        for member in everybody.members.values():
            if people.find_by_usuario(connection, member.usuario) is None:
                people.add_person(connection, member.usuario, member.name, person=member.id)


def _let_in(database: Database, everybody: Cast) -> None:
    """Apps of codes, then passwords, which come last: a demo whose accounts can sign in is complete."""
    with database.connection() as connection:
        for member in everybody.accounts:
            codes.give(connection, member.id, keys.secret(member))
            people.set_password(connection, member.id, PASSWORD)


def _complete(database: Database, everybody: Cast) -> bool:
    ids = [member.id for member in everybody.accounts]
    with database.connection() as connection:
        row = connection.execute("select count(*) from people.credential where person = any(%s)", [ids]).fetchone()
    return row == (len(ids),)

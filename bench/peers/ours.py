"""Quipu through its own door: an item is an activity with one task, a change is its progress in a quarter."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import chain, groupby
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bench.peers import PEOPLE, Change, unit_of
from service.aggregates import DRE, Command, Event, Fact
from service.aggregates.catalogue import PublishObjective
from service.aggregates.dre import AssignCharge, RegisterUnit, Role
from service.aggregates.plan import ActivityAdded, AddActivity, AddLine, LineAdded, NewTask, TaskAdded
from service.aggregates.plan_versions import ApprovePlan, OpenYear, SubmitPlan, YearOpened
from service.aggregates.quarter_progress import Entry, ProgressRecorded, RecordProgress
from service.database import Database, migrate
from service.ledger import STANDING, Ledger, Memo, stream_of
from service.projections import LATEST, rebuild
from service.projections.history import Wanted, register
from service.record import encode, tag

ROLE = "quipu_service"
YEAR = 2026
POSITION = "select coalesce(max(from_pos), 0) from read.history where at = (select max(at) from read.history where at <= %s)"
VALUES = """select task, executed from read.progress
  where stream = %s and quarter = 1 and task = any(%s) and from_pos <= %s and to_pos > %s"""


def code_of(item: int) -> str:
    """Give the code of the unit an item is in."""
    return f"12000{unit_of(item)}" if unit_of(item) else "120011"


def stream(item: int) -> str:
    """Give the stream an item lives in."""
    return stream_of(code_of(item), YEAR)


def number(item: int) -> int:
    """Give the number of the item's activity, and of its only task, within its unit."""
    return item % 1_000 + 1


def _years(events: int) -> Iterator[tuple[str, int, Fact]]:
    """Make the facts of past years, some 10,000 to a stream: a plan of 100 activities and their progress."""
    months = (Decimal(1),) * 12
    number = 0
    while number < events:
        where = stream_of(f"12{number // 100_000:04}", 2000 + number // 10_000 % 10)
        plan: list[Event] = [YearOpened(unit=where[5:11], year=int(where[-4:])), LineAdded(code="M1", kind="misional", name="M")]
        for n in range(1, 101):
            plan.append(ActivityAdded(activity=n, line="M1", name=f"Actividad {n}", objectives=("O1",)))
            plan.append(TaskAdded(task=n, activity=n, name=f"Tarea {n}", unit="Informe", months=months))
        progress = (
            ProgressRecorded(quarter=1, activity=n % 100 + 1, task=n % 100 + 1, executed=Decimal(n), reason=f"Informe n.º {n}")
            for n in range(10_000 - len(plan))
        )
        for version, event in enumerate(chain(plan, progress), start=1):
            now = datetime.now(UTC)
            who, salt = PEOPLE[version % 10], "AAAAAAAAAAAAAAAAAAAAAA=="
            fact = Fact(at=now, on=now.date(), person=who, charge="bench", command=f"{where}/{version}", salt=salt, event=event)
            yield where, version, fact
        number += 10_000


class Peer:
    """Commands through the ledger as the service's role; questions to the read tables in one snapshot, by position."""

    def connect(self, url: str) -> None:
        self.owner = url
        self.service = make_conninfo(url, user=ROLE)

    @cached_property
    def ledger(self) -> Ledger:
        database = Database(self.service)
        database.open()
        return Ledger(database)

    def _do(self, who: str, where: str, command: Command) -> None:
        self.ledger.carry_out(who, where, command, command_id=uuid4().hex)

    def setup(self) -> None:
        with psycopg.connect(self.owner, autocommit=True) as connection:
            if connection.execute("select from pg_roles where rolname = %s", [ROLE]).fetchone() is None:
                connection.execute(sql.SQL("create role {} login").format(sql.Identifier(ROLE)))
        migrate(self.owner, self.service)
        self._do("sistema", STANDING, RegisterUnit(code=DRE, name="DRE Junín", kind="dre"))
        self._assign("director", "director-dre", DRE)
        self._do("director", STANDING, PublishObjective(instrument="PEN", code="O1", text="Vida ciudadana"))

    def _assign(self, holder: str, role: Role, unit: str) -> None:
        self._do("sistema", STANDING, AssignCharge(holder=holder, role=role, unit=unit, since=date(2026, 1, 1)))

    def create(self, items: Sequence[int]) -> None:
        for unit, members in groupby(items, code_of):
            self._do("sistema", STANDING, RegisterUnit(code=unit, name=f"UGEL {unit}", kind="ugel"))
            self._assign(f"head-{unit}", "director-ugel", unit)
            for person in PEOPLE:
                self._assign(person, "especialista-ugel", unit)
            self._plan(unit, list(members))

    def _plan(self, unit: str, items: list[int]) -> None:
        head, where = f"head-{unit}", stream_of(unit, YEAR)
        self._do(head, where, OpenYear(year=YEAR))
        self._do(head, where, AddLine(code="M1", kind="misional", name="Materiales"))
        for item in items:
            task = NewTask(name=f"Tarea {item}", unit="Informe", months=(Decimal(1),) * 12)
            activity = AddActivity(line="M1", name=f"Actividad {item}", objectives=("O1",), tasks=(task,))
            self._do(head, where, activity)
        self._do(head, where, SubmitPlan())
        self._do("director", where, ApprovePlan(resolution="RDR 1-2026", resolution_date=date(2026, 1, 2)))

    def change(self, item: int, value: int, reason: str, who: str) -> None:
        entry = Entry(task=number(item), executed=Decimal(value))
        self._do(who, stream(item), RecordProgress(quarter=1, activity=number(item), entries=(entry,), reason=reason))

    def fill(self, item: int, changes: Iterable[tuple[int, str, str]]) -> None:
        for change in changes:
            self.change(item, *change)

    def history(self, item: int) -> list[Change]:
        wanted = Wanted(activity=number(item), task=number(item))
        with self.ledger.database.snapshot() as connection:
            told = register(connection, LATEST, stream(item), wanted, "figure", "reason", "person", "at")
        return [Change(int(figure or 0), reason, who, at) for figure, reason, who, at in told]

    def _values(self, where: str, tasks: list[int], when: datetime) -> dict[int, int]:
        with self.ledger.database.snapshot() as connection:
            row = connection.execute(POSITION, [when.astimezone(UTC)], prepare=True).fetchone()
            at = row[0] if row else 0
            found = connection.execute(VALUES, [where, tasks, at, at], prepare=True, binary=True).fetchall()
        return {task: int(executed) for task, executed in found}

    def as_of(self, item: int, when: datetime) -> int:
        return self._values(stream(item), [number(item)], when)[number(item)]

    def as_of_all(self, when: datetime) -> dict[int, int]:
        tasks = [number(item) for item in range(390)]
        return {task - 1: value for task, value in self._values(stream(0), tasks, when).items()}

    def fold_all(self) -> int:
        events = 0
        with self.ledger.database.snapshot() as connection:
            for name, _ in rebuild.streams(connection):
                memo = Memo(name)
                memo.bring_forward(connection)
                events += memo.version
        return events

    def rebuild(self) -> int:
        with psycopg.connect(self.owner, autocommit=True) as connection:
            return rebuild.run(connection, role=sql.Identifier(ROLE)).events

    def grow(self, events: int) -> None:
        """Copy the bytes of facts as commands would leave them, then make the read tables as `quipu rebuild` does."""
        with psycopg.connect(self.owner, autocommit=True) as connection, connection.transaction():
            head = rebuild.head(connection)
            copied = "copy ledger.event (originator_id, originator_version, topic, state, notification_id) from stdin"
            with connection.cursor() as cursor, cursor.copy(copied) as copy:
                for offset, (where, version, fact) in enumerate(_years(events), start=1):
                    copy.write_row((where, version, tag(fact.event), encode(fact), head + offset))
        self.rebuild()

    def close(self) -> None:
        self.ledger.database.close()

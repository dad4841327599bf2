"""Through the door: a real ledger with two UGEL and their staff, for stories that need a database."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from itertools import count
from typing import Any

from service.aggregates import DRE, Command
from service.aggregates import plan as p
from service.aggregates import plan_versions as v
from service.aggregates.catalogue import PublishObjective
from service.aggregates.dre import AssignCharge, RegisterUnit
from service.database import Database
from service.ledger import STANDING, Done, Ledger, stream_of
from service.permits import SYSTEM
from service.projections import rebuild, verified
from tests.stories import DIRECTOR, DRE_DIRECTOR, DRE_OTHER, DRE_SPECIALIST, HEAD, RESOLUTION, SPECIALIST, Person, months

JAUJA, SATIPO = "120005", "120007"
STREAM, OTHER_STREAM = stream_of(JAUJA, 2026), stream_of(SATIPO, 2026)
SATIPO_DIRECTOR = Person("miguel", f"director-ugel/{SATIPO}")
SATIPO_SPECIALIST = Person("ruth", f"especialista-ugel/{SATIPO}")
ADMIN = Person("noe", f"admin/{DRE}")
STAFF = (SPECIALIST, HEAD, DIRECTOR, DRE_SPECIALIST, DRE_OTHER, DRE_DIRECTOR, SATIPO_DIRECTOR, SATIPO_SPECIALIST, ADMIN)
_ids = count(1)


class Door(Ledger):
    """The ledger, with shorter words for tests."""

    def ask(self, by: Person, command: Command, stream: str = STREAM, **circumstances: Any) -> Done:
        """Carry out; a fresh command id unless one is given."""
        command_id = circumstances.pop("command_id", None) or f"prueba-{next(_ids)}"
        return self.carry_out(by.id, stream, command, command_id=command_id, **circumstances)

    def furnish(self) -> "Door":
        """Record units, objectives and charges."""
        commands: list[Command] = [
            RegisterUnit(code=DRE, name="DRE Junín", kind="dre"),
            RegisterUnit(code=JAUJA, name="UGEL Jauja", kind="ugel"),
            RegisterUnit(code=SATIPO, name="UGEL Satipo", kind="ugel"),
        ]
        for person in STAFF:
            role, unit, *area = person.charge.split("/")
            charge: dict[str, Any] = {"holder": person.id, "role": role, "unit": unit, "area": "".join(area)}
            commands.append(AssignCharge(**charge, since=date(2020, 1, 1)))
        commands += [PublishObjective(instrument="PEI", code=code, text="-") for code in ("OEI.01", "OEI.02")]
        for number, command in enumerate(commands):
            self.carry_out(SYSTEM.holder, STANDING, command, command_id=f"casa-{number}")
        return self

    def draft(self, stream: str = STREAM, by: Person = SPECIALIST) -> "Door":
        """Record a plan with one activity and its task."""
        task = p.NewTask(name="Visitar aulas", unit="Visita", months=months(*[10] * 12))
        self.ask(by, v.OpenYear(year=int(stream[-4:])), stream)
        self.ask(by, p.AddLine(code="M1", kind="misional", name="Monitoreo"), stream)
        self.ask(by, p.AddActivity(line="M1", name="Acompañar", objectives=("OEI.01",), tasks=(task,)), stream)
        return self

    def approve(self) -> "Door":
        """Record the same plan, submitted and approved."""
        self.draft().ask(DIRECTOR, v.SubmitPlan())
        self.ask(DRE_DIRECTOR, v.ApprovePlan(**RESOLUTION))
        return self

    def differences(self) -> list[verified.Difference]:
        """What the read tables say otherwise than the events, over every stream."""
        with self.database.snapshot() as connection:
            head = rebuild.head(connection)
            return [each for stream, _ in rebuild.streams(connection) for each in verified.compare(connection, stream, head)]

    def positions(self) -> list[int]:
        """All positions, in order."""
        with self.database.connection() as connection:
            rows = connection.execute("select notification_id from ledger.event order by 1").fetchall()
        return [position for (position,) in rows]


@contextmanager
def door(url: str, **circumstances: Any) -> Iterator[Door]:
    """Open a ledger on this address, as one process of the service would."""
    with closing(Database(url)) as database:
        database.open()
        yield Door(database, **circumstances)


def visits(monthly: int | str, reason: str = "") -> p.ChangeTask:
    """A new monthly target of the only task: the smallest change of a draft."""
    return p.ChangeTask(task=1, name="Visitar aulas", unit="Visita", months=months(*[monthly] * 12), reason=reason)


def contiguous(positions: list[int]) -> bool:
    """Whether positions run from 1 without gaps."""
    return positions == list(range(1, len(positions) + 1))

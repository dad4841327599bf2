"""The DRE's standing stream: units, charges, objectives, scale and alert rules; each publication is a version."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.aggregates import By, Command, Event, Fact, Line1, Note, Number, Word, need
from service.aggregates.alert import AlertRules
from service.aggregates.score import Light

Role = Literal[
    "especialista-ugel",
    "jefe-area",
    "director-ugel",
    "especialista-dre",
    "jefe-dre",
    "director-dre",
    "auditor",
    "admin",
    "sistema",
]
Percent = Annotated[Decimal, Meta(ge=0, le=100, extra={"error": "Escriba un porcentaje entre 0 y 100."})]


class RegisterUnit(Command, frozen=True):
    code: Annotated[str, Meta(pattern=r"^[0-9]{6}$", extra={"error": "El código tiene seis dígitos."})]
    name: Line1
    kind: Literal["dre", "ugel"]
    province: Word = ""
    ubigeo: Word = ""
    aliases: tuple[str, ...] = ()


class AssignCharge(Command, frozen=True):
    """Give a person a charge in a unit between two dates, by a resolution; `area` names the head's area."""

    holder: Line1
    role: Role
    unit: Line1
    since: date
    area: Word = ""
    until: date | None = None
    resolution: Word = ""
    acting: bool = False


class EndCharge(Command, frozen=True):
    assignment: Number
    until: date
    reason: Note = ""


class PublishObjective(Command, frozen=True):
    instrument: Line1
    code: Line1
    text: Line1


class PublishScale(Command, frozen=True):
    fulfilled: Percent
    in_progress: Percent
    label: Line1


class PublishAlertRules(Command, frozen=True):
    low: Percent


class UnitRegistered(Event, frozen=True, tag="unit-registered"):
    code: str
    name: str
    kind: Literal["dre", "ugel"]
    province: str = ""
    ubigeo: str = ""
    aliases: tuple[str, ...] = ()


class ChargeAssigned(Event, frozen=True, tag="charge-assigned"):
    assignment: int
    holder: str
    role: Role
    unit: str
    since: date
    area: str = ""
    until: date | None = None
    resolution: str = ""
    acting: bool = False

    @property
    def charge(self) -> str:
        """The charge's name in the record: `jefe-area/120005/AGP`, without the person."""
        return "/".join(filter(None, (self.role, self.unit, self.area)))


class ChargeEnded(Event, frozen=True, tag="charge-ended"):
    assignment: int
    until: date
    reason: str = ""


class ObjectivePublished(Event, frozen=True, tag="objective-published"):
    instrument: str
    code: str
    text: str


class ScalePublished(Event, frozen=True, tag="scale-published"):
    version: int
    fulfilled: Decimal
    in_progress: Decimal
    label: str


class AlertRulesPublished(Event, frozen=True, tag="alert-rules-published"):
    version: int
    low: Decimal


class Rules(msgspec.Struct, frozen=True):
    """The DRE's rules in force: the immutable value every decision of a unit receives."""

    objectives: frozenset[str] = frozenset()
    scale: ScalePublished = ScalePublished(
        version=0, fulfilled=Decimal(90), in_progress=Decimal(70), label="escala de ejemplo, ajústela"
    )
    alerts: AlertRules = AlertRules(0, Decimal(70))

    @property
    def scale_version(self) -> int:
        return self.scale.version

    def light(self, value: Decimal) -> Light:
        """The light of a percentage."""
        if value >= self.scale.fulfilled:
            return "fulfilled"
        return "in-progress" if value >= self.scale.in_progress else "at-risk"


class Dre(msgspec.Struct):
    """The standing state."""

    units: dict[str, UnitRegistered] = {}
    charges: dict[int, ChargeAssigned] = {}
    holders: dict[str, list[int]] = {}
    rules: Rules = Rules()

    def held(self, person: str, day: date) -> list[ChargeAssigned]:
        """The charges a person holds on a day."""
        mine = (self.charges[number] for number in self.holders.get(person, ()))
        return [c for c in mine if c.since <= day and (c.until is None or day <= c.until)]


def decide(dre: Dre, command: Command, by: By) -> list[Event]:
    """The rules of the standing stream."""
    match command:
        case RegisterUnit():
            need(command.code not in dre.units, f"La unidad {command.code} ya está registrada.")
            return [UnitRegistered(**msgspec.structs.asdict(command))]
        case AssignCharge():
            need(command.holder != by.person, "Nadie se asigna un cargo a sí mismo: pídalo a otro administrador.")
            need(command.unit in dre.units, "Esa unidad no está registrada.")
            need(command.until is None or command.until >= command.since, "La fecha final es anterior a la inicial.")
            need(command.role != "sistema", "«sistema» no es un cargo: nadie lo recibe.")
            local = command.role in {"especialista-ugel", "jefe-area", "director-ugel"}
            fits = local == (dre.units[command.unit].kind == "ugel")
            need(fits, "Ese cargo no corresponde a ese tipo de unidad.")
            return [ChargeAssigned(assignment=len(dre.charges) + 1, **msgspec.structs.asdict(command))]
        case EndCharge():
            need(command.assignment in dre.charges, "Ese cargo no existe.")
            charge = dre.charges[command.assignment]
            need(command.until >= charge.since, "La fecha final es anterior a la inicial.")
            need(charge.until is None or command.until < charge.until, "Ese cargo ya termina antes: asigne uno nuevo.")
            return [ChargeEnded(**msgspec.structs.asdict(command))]
        case PublishObjective():
            need(command.code not in dre.rules.objectives, f"El objetivo {command.code} ya está publicado.")
            return [ObjectivePublished(**msgspec.structs.asdict(command))]
        case PublishScale():
            need(command.fulfilled > command.in_progress, "«Cumplido» debe pedir más que «En proceso».")
            return [ScalePublished(version=dre.rules.scale.version + 1, **msgspec.structs.asdict(command))]
        case PublishAlertRules():
            return [AlertRulesPublished(version=dre.rules.alerts.version + 1, low=command.low)]
        case _:
            msg = f"dre cannot decide {type(command).__name__}"
            raise TypeError(msg)


def evolve(dre: Dre, fact: Fact) -> None:
    """Apply one fact to the standing state; pages read it meanwhile, so what they hold is replaced, never changed."""
    match event := fact.event:
        case UnitRegistered():
            dre.units = dre.units | {event.code: event}
        case ChargeAssigned():
            dre.charges = dre.charges | {event.assignment: event}
            dre.holders = dre.holders | {event.holder: [*dre.holders.get(event.holder, ()), event.assignment]}
        case ChargeEnded():
            ended = msgspec.structs.replace(dre.charges[event.assignment], until=event.until)
            dre.charges = dre.charges | {event.assignment: ended}
        case ObjectivePublished():
            dre.rules = msgspec.structs.replace(dre.rules, objectives=dre.rules.objectives | {event.code})
        case ScalePublished():
            dre.rules = msgspec.structs.replace(dre.rules, scale=event)
        case AlertRulesPublished():
            dre.rules = msgspec.structs.replace(dre.rules, alerts=AlertRules(event.version, event.low))


COMMANDS: frozenset[type[Command]] = frozenset(
    {RegisterUnit, AssignCharge, EndCharge, PublishObjective, PublishScale, PublishAlertRules}
)
EVENTS: frozenset[type[Event]] = frozenset(
    {UnitRegistered, ChargeAssigned, ChargeEnded, ObjectivePublished, ScalePublished, AlertRulesPublished}
)

"""The DRE's standing stream: units and charges; the catalogue, quorums and passkeys have rooms of their own and share the stream."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.aggregates import (
    By,
    Command,
    Event,
    Fact,
    Line1,
    Note,
    Number,
    Word,
    catalogue,
    need,
    quorum_rules,
    signing_key,
    signing_kinds,
)
from service.aggregates.catalogue import Catalogue, Rules
from service.aggregates.signing_key import SigningKey

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

    def holds(self, day: date) -> bool:
        """Whether it is held on a day: from its first day to its last one, both included."""
        return self.since <= day and (self.until is None or day <= self.until)


class ChargeEnded(Event, frozen=True, tag="charge-ended"):
    assignment: int
    until: date
    reason: str = ""


class Dre(msgspec.Struct):
    """The standing state."""

    units: dict[str, UnitRegistered] = {}
    charges: dict[int, ChargeAssigned] = {}
    holders: dict[str, list[int]] = {}
    keys: dict[int, SigningKey] = {}
    catalogue: Catalogue = Catalogue()

    @property
    def rules(self) -> Rules:
        """The rules in force."""
        return self.catalogue.rules

    def name_of(self, unit: str) -> str:
        """A unit's name; its code where it is not registered."""
        return self.units[unit].name if unit in self.units else unit

    def held(self, person: str, day: date) -> list[ChargeAssigned]:
        """The charges a person holds on a day."""
        mine = (self.charges[number] for number in self.holders.get(person, ()))
        return [each for each in mine if each.holds(day)]


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
        case _ if type(command) in quorum_rules.COMMANDS:
            return quorum_rules.decide(dre.rules.quorums, command)
        case _ if type(command) in signing_kinds.COMMANDS:
            return signing_kinds.decide(dre.rules.signing, command)
        case _ if type(command) in signing_key.COMMANDS:
            return signing_key.decide(dre.keys, command, by)
        case _:
            return catalogue.decide(dre.catalogue, command, by)


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
        case _ if type(event) in quorum_rules.EVENTS:
            rules = msgspec.structs.replace(dre.rules, quorums=quorum_rules.evolve(dre.rules.quorums, fact))
            dre.catalogue = msgspec.structs.replace(dre.catalogue, rules=rules)
        case _ if type(event) in signing_kinds.EVENTS:
            rules = msgspec.structs.replace(dre.rules, signing=signing_kinds.evolve(dre.rules.signing, fact))
            dre.catalogue = msgspec.structs.replace(dre.catalogue, rules=rules)
        case _ if type(event) in signing_key.EVENTS:
            dre.keys = signing_key.evolve(dre.keys, fact)
        case _:
            dre.catalogue = catalogue.evolve(dre.catalogue, fact)


COMMANDS: frozenset[type[Command]] = frozenset(
    {
        RegisterUnit,
        AssignCharge,
        EndCharge,
        *signing_kinds.COMMANDS,
        *quorum_rules.COMMANDS,
        *signing_key.COMMANDS,
        *catalogue.COMMANDS,
    }
)
EVENTS: frozenset[type[Event]] = frozenset(
    {
        UnitRegistered,
        ChargeAssigned,
        ChargeEnded,
        *signing_kinds.EVENTS,
        *quorum_rules.EVENTS,
        *signing_key.EVENTS,
        *catalogue.EVENTS,
    }
)

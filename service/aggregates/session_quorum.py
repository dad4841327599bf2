"""The quorum of a session, and whether those present make it; examples of rules until the DRE publishes others (`quorum_rules`)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Literal

import msgspec

Kind = Literal["ordinaria", "extraordinaria"]
Attendees = dict[str, str]  # person → charge
Counted = Literal["director-ugel", "jefe-area", "especialista-ugel", "director-dre", "jefe-dre", "especialista-dre"]
OFFICE: tuple[Counted, ...] = ("director-dre", "jefe-dre", "especialista-dre")
HEADS: tuple[Counted, ...] = ("director-ugel", "jefe-area")
ATTENDING: tuple[Counted, ...] = (*HEADS, "especialista-ugel", *OFFICE)


class Quorum(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """At least so many persons; of each group one of its roles; and so many percent of the units called, by one of their heads.

    Among the persons those of the roles of `counts` count, or everybody of a UGEL and of the DRE where it names none.
    """

    persons: int
    roles: tuple[tuple[str, ...], ...] = ()
    units: int = 0
    counts: tuple[str, ...] = ()


UNIT: dict[Kind, Quorum] = {
    "ordinaria": Quorum(persons=3, roles=(("director-ugel",), OFFICE)),
    "extraordinaria": Quorum(persons=2, roles=(HEADS,)),
}
OWN: dict[Kind, Quorum] = {
    "ordinaria": Quorum(persons=3, roles=(("director-dre", "jefe-dre"),)),
    "extraordinaria": Quorum(persons=2, roles=(("director-dre", "jefe-dre"),)),
}
REGION: dict[Kind, Quorum] = {
    "ordinaria": Quorum(persons=3, roles=(("director-dre", "jefe-dre"),), units=51),
    "extraordinaria": Quorum(persons=3, roles=(OFFICE,), units=34),
}
WORDS: dict[tuple[str, ...], str] = {
    ("director-ugel",): "el director o la directora de la UGEL",
    HEADS: "el director, la directora o un jefe de área de la UGEL",
    ("director-dre",): "el director o la directora de la DRE",
    ("director-dre", "jefe-dre"): "el director, la directora o un jefe de la DRE",
    OFFICE: "alguien de la DRE",
}
COUNTED: dict[str, str] = {
    "director-ugel": "direcciones de UGEL",
    "jefe-area": "jefaturas de área",
    "especialista-ugel": "especialistas de UGEL",
    "director-dre": "dirección de la DRE",
    "jefe-dre": "jefaturas de la DRE",
    "especialista-dre": "especialistas de la DRE",
}


def missing(quorum: Quorum, units: Collection[str], attendees: Attendees) -> tuple[str, ...]:
    """What is missing for the quorum, a line each; nothing when there is one."""
    held, count, heads, needed = _counted(quorum, units, attendees)
    lines = list[str]()
    if count < quorum.persons:
        lines.append(f"Asisten {count} de las {quorum.persons} personas que se necesitan.")
    lines += [f"Falta {WORDS[group]}." for group in quorum.roles if not any(role in group for role, *_ in held)]
    if heads < needed:
        lines.append(f"Están representadas {heads} de las {needed} UGEL que se necesitan.")
    return tuple(lines)


def reached(quorum: Quorum, units: Collection[str], attendees: Attendees) -> str:
    """How many of those who count were there, and how many are needed."""
    _, count, heads, needed = _counted(quorum, units, attendees)
    persons = f"Para el quórum {'cuenta' if count == 1 else 'cuentan'} {count} {'persona' if count == 1 else 'personas'} (se necesitan {quorum.persons})"
    return persons + (f" y {heads} de {len(units)} UGEL representadas (se necesitan {needed})." if quorum.units else ".")


def _counted(quorum: Quorum, units: Collection[str], attendees: Attendees) -> tuple[list[list[str]], int, int, int]:
    """The charges of those present, how many persons count, how many units their heads represent, and how many are needed."""
    held = [charge.split("/") for charge in attendees.values() if charge.split("/")[0] in ATTENDING]
    count = sum(role in (quorum.counts or ATTENDING) for role, *_ in held)
    heads = {place[0] for role, *place in held if role in HEADS and place and place[0] in units}
    return held, count, len(heads), -(-len(units) * quorum.units // 100)


def said(quorum: Quorum, units: Collection[str] = ()) -> str:
    """The rule in words, for the units called where there are any."""
    counted = f" (cuentan {', '.join(COUNTED[role] for role in quorum.counts)})" if quorum.counts else ""
    parts = [
        f"al menos {quorum.persons} {'personas' if quorum.persons > 1 else 'persona'}{counted}",
        *(WORDS[group] for group in quorum.roles),
    ]
    if quorum.units:
        part = f"{-(-len(units) * quorum.units // 100)} de las {len(units)}" if units else f"el {quorum.units} % de las"
        parts.append(f"la dirección o una jefatura de {part} UGEL convocadas")
    return "; ".join(parts)


def holds(roll: Mapping[int, Any] | None, person: str, charge: str, day: date) -> bool:
    """Whether the roll of charges (`By.roll`) says that a person held a charge on a day."""
    return any(each.holder == person and each.charge == charge and each.holds(day) for each in (roll or {}).values())

"""The quorum of each kind of session, and whether those present make it; an example of rules until the DRE says others."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Literal

import msgspec

Kind = Literal["ordinaria", "extraordinaria"]
Attendees = dict[str, str]  # person → charge
OFFICE = ("director-dre", "jefe-dre", "especialista-dre")
HEADS = ("director-ugel", "jefe-area")
ATTENDING = (*HEADS, "especialista-ugel", *OFFICE)


class Quorum(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """At least so many persons; of each group one of its roles; and so many percent of the units called, by one of their heads."""

    persons: int
    roles: tuple[tuple[str, ...], ...] = ()
    units: int = 0


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
WORDS = {
    ("director-ugel",): "el director o la directora de la UGEL",
    HEADS: "el director, la directora o un jefe de área de la UGEL",
    ("director-dre", "jefe-dre"): "el director, la directora o un jefe de la DRE",
    OFFICE: "alguien de la DRE",
}


def quorum_of(kind: Kind, *, regional: bool, dre: bool) -> Quorum:
    """The rule of a kind of session: the region's, the DRE's own, or a UGEL's."""
    return (REGION if regional else OWN if dre else UNIT)[kind]


def missing(quorum: Quorum, units: Collection[str], attendees: Attendees) -> tuple[str, ...]:
    """What is missing for the quorum, a line each; nothing when there is one."""
    held = [charge.split("/") for charge in attendees.values() if charge.split("/")[0] in ATTENDING]
    lines = list[str]()
    if len(held) < quorum.persons:
        lines.append(f"Asisten {len(held)} de las {quorum.persons} personas que se necesitan.")
    lines += [f"Falta {WORDS[group]}." for group in quorum.roles if not any(role in group for role, *_ in held)]
    needed = -(-len(units) * quorum.units // 100)
    heads = {place[0] for role, *place in held if role in HEADS and place and place[0] in units}
    if len(heads) < needed:
        lines.append(f"Están representadas {len(heads)} de las {needed} UGEL que se necesitan.")
    return tuple(lines)


def said(quorum: Quorum, units: Collection[str]) -> str:
    """The rule in words."""
    parts = [f"al menos {quorum.persons} personas", *(WORDS[group] for group in quorum.roles)]
    if quorum.units:
        parts.append(f"la dirección o una jefatura de {-(-len(units) * quorum.units // 100)} de las {len(units)} UGEL convocadas")
    return "; ".join(parts)


def holds(roll: Mapping[int, Any] | None, person: str, charge: str, day: date) -> bool:
    """Whether the roll of charges (`By.roll`) says that a person held a charge on a day."""
    return any(
        each.holder == person and each.charge == charge and each.since <= day and (each.until is None or day <= each.until)
        for each in (roll or {}).values()
    )

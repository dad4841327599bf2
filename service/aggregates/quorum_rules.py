"""The quorum of each kind of session as the DRE publishes it, in its standing stream: each publication is a version.

Until the first one the examples of `session_quorum` stand. A session keeps the rule, and its version, that it was convened under.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from service.aggregates import Command, Event, Fact, Paragraph, need
from service.aggregates.session_quorum import ATTENDING, HEADS, OFFICE, OWN, REGION, UNIT, Counted, Kind, Quorum

Place = Literal["ugel", "dre", "region"]
Group = Literal["direccion-ugel", "jefaturas-ugel", "direccion-dre", "jefaturas-dre", "dre"]
PLACES: tuple[Place, ...] = get_args(Place)
KINDS: tuple[Kind, ...] = get_args(Kind)
GROUPS: dict[Group, tuple[str, ...]] = {
    "direccion-ugel": ("director-ugel",),
    "jefaturas-ugel": HEADS,
    "direccion-dre": ("director-dre",),
    "jefaturas-dre": ("director-dre", "jefe-dre"),
    "dre": OFFICE,
}
EXAMPLES: dict[Place, dict[Kind, Quorum]] = {"ugel": UNIT, "dre": OWN, "region": REGION}
MOST = 50


class SetQuorum(Command, frozen=True):
    """The rule of one kind of session from now on; `base` is the version it was made from, `counts` whose presence counts."""

    base: int
    place: Place
    kind: Kind
    persons: Annotated[int, Meta(ge=1, le=MOST, extra={"error": f"Escriba un número de personas de 1 a {MOST}."})]
    reason: Paragraph
    counts: Annotated[tuple[Counted, ...], Meta(min_length=1, extra={"error": "Elija al menos un cargo cuya presencia cuente."})]
    groups: tuple[Group, ...] = ()
    units: Annotated[int, Meta(ge=0, le=100, extra={"error": "Escriba un porcentaje entero de 0 a 100."})] = 0


class QuorumPublished(Event, frozen=True, tag="quorum-published"):
    """A version of the rules: that of one kind of session changes, the others stay."""

    version: int
    place: Place
    kind: Kind
    quorum: Quorum
    reason: str


class Quorums(msgspec.Struct, frozen=True):
    """The rules in force, those that were published by `place/kind`."""

    version: int = 0
    published: Mapping[str, Quorum] = {}

    def of(self, place: Place, kind: Kind) -> Quorum:
        """The rule of a kind of session."""
        return self.published.get(f"{place}/{kind}", EXAMPLES[place][kind])


def place_of(*, regional: bool, dre: bool) -> Place:
    """Whose session it is: the region's, the DRE's own, or a UGEL's."""
    return "region" if regional else "dre" if dre else "ugel"


def decide(quorums: Quorums, command: Command) -> list[Event]:
    """The rules of a quorum's rule."""
    assert isinstance(command, SetQuorum)  # noqa: S101 — the only command of this room
    current = f"Rige la versión {quorums.version} de las reglas de quórum y este cambio parte de la {command.base}: revíselo."
    need(command.base == quorums.version, current)
    need(command.place == "region" or not command.units, "Solo una sesión regional cuenta qué parte de las UGEL asiste.")
    local = {group for group in command.groups if set(GROUPS[group]) <= set(HEADS)}
    need(command.place != "dre" or not local, "A la sesión de la propia DRE no asisten cargos de una UGEL.")
    counts = tuple(role for role in ATTENDING if role in command.counts)
    need(command.place != "dre" or set(counts) & set(OFFICE), "En la sesión de la propia DRE debe contar algún cargo de la DRE.")
    quorum = Quorum(
        persons=command.persons,
        roles=tuple(roles for group, roles in GROUPS.items() if group in command.groups),
        units=command.units,
        counts=() if counts == ATTENDING else counts,
    )
    if quorum == quorums.of(command.place, command.kind):
        return []
    version, reason = quorums.version + 1, command.reason
    return [QuorumPublished(version=version, place=command.place, kind=command.kind, quorum=quorum, reason=reason)]


def evolve(quorums: Quorums, fact: Fact) -> Quorums:
    """The rules after one fact."""
    event = fact.event
    assert isinstance(event, QuorumPublished)  # noqa: S101 — the only event of this room
    return Quorums(event.version, {**quorums.published, f"{event.place}/{event.kind}": event.quorum})


COMMANDS: frozenset[type[Command]] = frozenset({SetQuorum})
EVENTS: frozenset[type[Event]] = frozenset({QuorumPublished})

"""Who signs each kind of commitment, as the DRE publishes it in its standing stream: the roles in order, and whether it binds.

Until the first publication the kinds that ship stand; who must sign what is the DRE's decision, so they are examples and say so.
"""

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from service.aggregates import Command, Event, Fact, Line1, Paragraph, need
from service.aggregates.signable import signable

SigningRole = Literal["especialista-ugel", "jefe-area", "director-ugel", "especialista-dre", "jefe-dre", "director-dre"]
ROLES: tuple[SigningRole, ...] = get_args(SigningRole)
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z-]{1,29}$", extra={"error": "Escriba un código de 2 a 30 letras minúsculas."})]


class SetSigningKind(Command, frozen=True):
    """A kind, new or as it shall be from now on; `base` is the version it was made from."""

    base: int
    code: Code
    name: Line1
    roles: Annotated[tuple[SigningRole, ...], Meta(min_length=1, extra={"error": "Elija al menos un firmante."})]
    reason: Paragraph
    ordered: bool = False


class SigningKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of commitment and the roles that sign it; the proposer may change them in each commitment."""

    code: str
    name: str
    roles: tuple[str, ...]
    ordered: bool = False
    label: str = ""


class SigningKindPublished(Event, frozen=True, tag="signing-kind-published"):
    """A version of the kinds: one of them is new or changes, the others stay."""

    version: int
    kind: SigningKind
    reason: str


EXAMPLE = "ejemplo, ajústelo"
DEFAULTS: tuple[SigningKind, ...] = (
    SigningKind(code="gestion", name="Compromiso de gestión", roles=("director-ugel", "director-dre"), label=EXAMPLE),
    SigningKind(
        code="mejora",
        name="Compromiso de mejora",
        roles=("jefe-area", "director-ugel", "director-dre"),
        ordered=True,
        label=EXAMPLE,
    ),
)


class SigningKinds(msgspec.Struct, frozen=True):
    """The kinds in force; a version each time the DRE publishes one."""

    version: int = 0
    kinds: tuple[SigningKind, ...] = DEFAULTS

    def of(self, code: str) -> SigningKind | None:
        """A kind by its code."""
        return next((kind for kind in self.kinds if kind.code == code), None)

    def put(self, version: int, *kinds: SigningKind) -> "SigningKinds":
        """These kinds in the place of those of the same code, new ones at the end."""
        known = {each.code: each for each in (*self.kinds, *kinds)}
        return SigningKinds(version, tuple(known.values()))


def decide(known: SigningKinds, command: Command) -> list[Event]:
    """The rules of a publication."""
    assert isinstance(command, SetSigningKind)  # noqa: S101 — the only command of this room
    current = f"Rige la versión {known.version} de los firmantes y este cambio parte de la {command.base}: revíselo."
    need(command.base == known.version, current)
    need(len(set(command.roles)) == len(command.roles), "Un cargo está repetido entre los firmantes.")
    signable(command.name)
    kind = SigningKind(code=command.code, name=command.name, roles=command.roles, ordered=command.ordered)
    need(kind != known.of(command.code), "Ese tipo de compromiso ya dice lo mismo: no hay nada que publicar.")
    return [SigningKindPublished(version=known.version + 1, kind=kind, reason=command.reason)]


def evolve(known: SigningKinds, fact: Fact) -> SigningKinds:
    """The kinds after one fact."""
    event = fact.event
    assert isinstance(event, SigningKindPublished)  # noqa: S101 — the only event of this room
    return known.put(event.version, event.kind)


COMMANDS: frozenset[type[Command]] = frozenset({SetSigningKind})
EVENTS: frozenset[type[Event]] = frozenset({SigningKindPublished})

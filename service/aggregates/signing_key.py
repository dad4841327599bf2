"""Passkeys for signing: enrolled by their holder, confirmed by another person, revoked with a reason.

Who holds which key is the word of those who confirm: the holder reads the receipt's code to them. Only the public part is
ever known here, and nothing that names the holder but the opaque id.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from service.aggregates import By, Command, Event, Fact, Line1, Number, Paragraph, need
from service.aggregates.assertion import Assertion, Encoded, decoded
from service.aggregates.receipt import code, typed
from service.aggregates.support import OfUnit

MOST = 10
Device = Literal["computadora", "celular o tableta", "llave de seguridad"]


class EnrolKey(Command, frozen=True):
    """The holder is who gives the command; `site` is the name of the place the key answers to (the rp id)."""

    credential: Encoded
    public_key: Encoded
    label: Device
    site: Line1


class ConfirmKey(OfUnit, frozen=True, kw_only=True):
    """`receipt` is the code that the holder read from his own screen; `unit` one in which the holder holds a charge."""

    key: Number
    receipt: Line1


class RevokeKey(OfUnit, frozen=True, kw_only=True):
    key: Number
    reason: Paragraph


class KeyEnrolled(Event, frozen=True, tag="key-enrolled"):
    key: int
    holder: str
    credential: str
    public_key: str
    label: Device
    site: str


class KeyConfirmed(Event, frozen=True, tag="key-confirmed"):
    key: int


class KeyRevoked(Event, frozen=True, tag="key-revoked"):
    key: int
    reason: str


class SigningKey(msgspec.Struct, frozen=True):
    """A key as it stands."""

    key: int
    holder: str
    credential: str
    public_key: str
    label: Device
    site: str
    status: Literal["enrolled", "confirmed", "revoked"] = "enrolled"

    @property
    def receipt(self) -> str:
        """The code that the holder reads to who confirms."""
        return code(decoded(self.public_key))


Keys = Mapping[int, SigningKey]


def may_sign(keys: Keys | None, proof: Assertion, person: str) -> None:
    """Refuse the answer of a key that is not this person's, or is not confirmed, or is revoked (`By.keys`)."""
    key = (keys or {}).get(proof.key)
    need(key and key.holder == person, "Esa llave de acceso no está registrada a su nombre.")
    assert key  # noqa: S101 — refused above
    same = (proof.credential, proof.public_key) == (key.credential, key.public_key)
    need(same, "Esa llave de acceso no es la que usted registró.")
    need(key.status != "revoked", "Esa llave de acceso está revocada: ya no firma.")
    need(key.status == "confirmed", "Otra persona debe confirmar esa llave de acceso antes de que pueda firmar.")


def decide(keys: Keys, command: Command, by: By) -> list[Event]:
    """The rules of the keys."""
    if isinstance(command, EnrolKey):
        need(all(each.credential != command.credential for each in keys.values()), "Esa llave de acceso ya está registrada.")
        mine = [each for each in keys.values() if each.holder == by.person and each.status != "revoked"]
        need(len(mine) < MOST, f"Usted ya tiene {MOST} llaves: revoque una antes de registrar otra.")
        return [KeyEnrolled(key=len(keys) + 1, holder=by.person, **msgspec.structs.asdict(command))]
    assert isinstance(command, ConfirmKey | RevokeKey)  # noqa: S101 — the standing stream sends no other
    need(command.key in keys, "Esa llave no existe.")
    key = keys[command.key]
    need(key.status != "revoked", "Esa llave ya está revocada.")
    if isinstance(command, ConfirmKey):
        need(key.holder != by.person, "Nadie confirma su propia llave: pídalo a otra persona.")
        need(key.status == "enrolled", "Esa llave ya está confirmada.")
        current = any(each.holds(by.today) for each in _in(by, key, command.unit))
        need(current, "Quien registró esa llave no tiene un cargo vigente en esa unidad.")
        need(typed(command.receipt) == key.receipt, "Ese no es el código del recibo de esa llave: pídaselo a quien la registró.")
        return [KeyConfirmed(key=key.key)]
    others = by.charge.startswith(("director-", "admin"))
    need(key.holder == by.person or others, "Solo revocan una llave quien la registró, la dirección o la administración.")
    need(key.holder == by.person or _in(by, key, command.unit), "Quien registró esa llave no es de esa unidad.")
    return [KeyRevoked(key=key.key, reason=command.reason)]


def _in(by: By, key: SigningKey, unit: str) -> list[Any]:
    """The charges, past and present, of the key's holder in a unit."""
    return [each for each in (by.roll or {}).values() if each.holder == key.holder and each.unit == unit]


def evolve(keys: Keys, fact: Fact) -> dict[int, SigningKey]:
    """The keys after one fact: another mapping, since pages read the old one."""
    match event := fact.event:
        case KeyEnrolled():
            return {**keys, event.key: SigningKey(**msgspec.structs.asdict(event))}
        case KeyConfirmed():
            return {**keys, event.key: msgspec.structs.replace(keys[event.key], status="confirmed")}
        case _:
            return {**keys, event.key: msgspec.structs.replace(keys[event.key], status="revoked")}


COMMANDS: frozenset[type[Command]] = frozenset({EnrolKey, ConfirmKey, RevokeKey})
EVENTS: frozenset[type[Event]] = frozenset({KeyEnrolled, KeyConfirmed, KeyRevoked})

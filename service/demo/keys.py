"""How the people of the demo sign: two have a passkey in software, who can sign in has an app of codes with a known secret."""

import base64
import hashlib
from datetime import datetime
from typing import Any

import msgspec

from service.aggregates.assertion import encoded
from service.aggregates.commitment import Version
from service.aggregates.commitment_signing import SignCommitment
from service.aggregates.receipt import grouped
from service.aggregates.signing_key import ConfirmKey
from service.demo.cast import Cast, Member
from service.demo.soft_key import SoftKey
from service.demo.stage import Scene, Step
from service.ledger import STANDING
from service.settings import LIMA

SIGNER, WAITING = "ugel.director", "ugel.jefe"
FIRST = 1  # the number of the first key that is enrolled


def soft(member: Member) -> SoftKey:
    """The key of a member: the same for the same seed, since the id is."""
    return SoftKey(member.id)


def secret(member: Member) -> str:
    """What the member's app of codes and the demo share."""
    return base64.b32encode(hashlib.sha256(f"códigos/{member.id}".encode()).digest()).decode()[:32]


def signature(member: Member, stream: str, number: int, text: Version) -> SignCommitment:
    """The command with which a member signs a text: with the passkey who has one confirmed, else with password and code."""
    asked = SignCommitment(commitment=number, version=text.number, document=text.document)
    if member.usuario != SIGNER:
        return asked
    nonce = encoded(hashlib.sha256(f"{stream}/{number}/{text.number}".encode()).digest())
    said: dict[str, Any] = {"document": text.document, "signatory": member.id, "charge": member.charge, "stream": stream}
    proof = soft(member).answer(FIRST, nonce, **said, commitment=number, version=text.number)
    return msgspec.structs.replace(asked, method="llave de acceso", proof=proof)


def story(everybody: Cast) -> Scene:
    """The director of Jauja enrols a key, which the DRE confirms; later the head of an area enrols one that still waits."""
    signer, waiting = everybody.members[SIGNER], everybody.members[WAITING]
    yield Step(datetime(2025, 2, 3, 9, 10, tzinfo=LIMA), signer.id, STANDING, soft(signer).enrolment())
    confirmed = ConfirmKey(key=FIRST, unit=signer.unit, receipt=grouped(soft(signer).receipt))
    yield Step(datetime(2025, 2, 3, 11, 40, tzinfo=LIMA), everybody.members["dre.director"].id, STANDING, confirmed)
    yield Step(datetime(2026, 11, 19, 16, 5, tzinfo=LIMA), waiting.id, STANDING, soft(waiting).enrolment())

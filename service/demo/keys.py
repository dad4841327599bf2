"""How the people of the demo sign: two have a passkey in software, who can sign in has an app of codes with a known secret."""

import base64
import hashlib
from datetime import datetime

from service.aggregates.receipt import grouped
from service.aggregates.signing_key import ConfirmKey, KeyEnrolled
from service.demo.cast import Cast, Member
from service.demo.soft_key import SoftKey
from service.demo.stage import Scene, Step
from service.ledger import STANDING
from service.settings import LIMA

SIGNER, WAITING = "ugel.director", "ugel.jefe"


def soft(member: Member) -> SoftKey:
    """The key of a member: the same for the same seed, since the id is."""
    return SoftKey(member.id)


def secret(member: Member) -> str:
    """What the member's app of codes and the demo share."""
    return base64.b32encode(hashlib.sha256(f"códigos/{member.id}".encode()).digest()).decode()[:32]


def story(everybody: Cast) -> Scene:
    """The director of Jauja enrols a key, which the DRE confirms; later the head of an area enrols one that still waits."""
    signer, waiting = everybody.members[SIGNER], everybody.members[WAITING]
    enrolled = yield Step(datetime(2025, 2, 3, 9, 10, tzinfo=LIMA), signer.id, STANDING, soft(signer).enrolment())
    event: KeyEnrolled = enrolled[0].fact.event
    receipt = grouped(soft(signer).receipt)
    confirmed = ConfirmKey(key=event.key, unit=signer.unit, receipt=receipt)
    yield Step(datetime(2025, 2, 3, 11, 40, tzinfo=LIMA), everybody.members["dre.director"].id, STANDING, confirmed)
    yield Step(datetime(2026, 11, 19, 16, 5, tzinfo=LIMA), waiting.id, STANDING, soft(waiting).enrolment())

"""A signature with a passkey: what is put before the key, and whether an answer belongs to it. Pure.

The challenge is SHA-256(domain tag ‖ RFC 8785 JSON of what is signed), so that the key's answer names one text, one
signatory in one charge, one version, once. Whether the key really signed is checked in `service/signing`, by anybody.
"""

import base64
import hashlib
from typing import Annotated

import msgspec
import rfc8785
from msgspec import Meta

DOMAIN = b"quipu/firma-electronica/1\n"
LONGEST = 8_000

Encoded = Annotated[str, Meta(min_length=1, max_length=LONGEST, pattern=r"^[\w-]+$")]
"""Bytes as base64url without padding."""


class Assertion(msgspec.Struct, frozen=True):
    """The answer of a passkey: the enrolment's number, its public key (SubjectPublicKeyInfo), and what the key gave back."""

    key: int
    credential: Encoded
    public_key: Encoded
    nonce: Encoded
    client_data: Encoded
    authenticator_data: Encoded
    signature: Encoded


class _ClientData(msgspec.Struct, frozen=True):
    type: str
    challenge: str


def statement(document: str, signatory: str, charge: str, stream: str, commitment: int, version: int, nonce: str) -> bytes:
    """What a signature says, as canonical JSON; `signatory` is the opaque id of the person, `document` the hash of the text."""
    said = {"document": document, "signatory": signatory, "charge": charge, "stream": stream}
    return rfc8785.dumps({**said, "commitment": commitment, "version": version, "nonce": nonce})


def challenge(said: bytes) -> bytes:
    """What the key is asked to sign."""
    return hashlib.sha256(DOMAIN + said).digest()


def bound(given: Assertion, *, document: str, signatory: str, charge: str, stream: str, commitment: int, version: int) -> bool:
    """Whether this answer was given to exactly this statement."""
    try:
        data = msgspec.json.decode(decoded(given.client_data), type=_ClientData)
    except (msgspec.DecodeError, ValueError):
        return False
    said = statement(document, signatory, charge, stream, commitment, version, given.nonce)
    return data.type == "webauthn.get" and data.challenge == encoded(challenge(said))


def encoded(content: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url, with or without padding.

    Raises:
        ValueError: it is none.

    """
    bare = text.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)

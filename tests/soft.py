"""What a browser would send of a soft key: its registration, and its answers as they are posted."""

import hashlib
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from webauthn.helpers.encode_cbor import encode_cbor

from service.aggregates.assertion import Assertion, decoded, encoded
from service.demo.soft_key import PRESENT, VERIFIED, SoftKey

ATTESTED = 0x40


def created(key: SoftKey, nonce: str, *, origin: str = "", flags: int = PRESENT | VERIFIED) -> str:
    """The answer to the question that registers a key."""
    data = {"type": "webauthn.create", "challenge": nonce, "origin": origin or f"https://{key.site}", "crossOrigin": False}
    raw = decoded(key.credential)
    head = hashlib.sha256(key.site.encode()).digest() + bytes([flags | ATTESTED]) + bytes(4)
    attested = bytes(16) + len(raw).to_bytes(2) + raw + encode_cbor(cose(key))
    attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": head + attested})
    response = {"clientDataJSON": encoded(msgspec.json.encode(data)), "attestationObject": encoded(attestation)}
    return _posted(key.credential, response)


def answered(proof: Assertion) -> str:
    """An answer as the browser posts it."""
    parts = {"clientDataJSON": proof.client_data, "authenticatorData": proof.authenticator_data, "signature": proof.signature}
    return _posted(proof.credential, parts)


def cose(key: SoftKey) -> dict[int, Any]:
    """The public key as authenticators tell it."""
    public = key.private.public_key()
    assert isinstance(public, EllipticCurvePublicKey)
    point = public.public_numbers()
    return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}


def _posted(credential: str, response: dict[str, str]) -> str:
    told = {"id": credential, "rawId": credential, "type": "public-key", "response": response}
    return msgspec.json.encode(told).decode()

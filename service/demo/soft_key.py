"""A passkey in software: it answers as a device would, for the demo's record and for tests. It protects nothing."""

import hashlib
from typing import Any

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service.aggregates.assertion import Assertion, challenge, decoded, encoded, statement
from service.aggregates.receipt import code
from service.aggregates.signing_key import EnrolKey

PRESENT, VERIFIED = 0x01, 0x04
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


class SoftKey:
    """A key that depends on nothing but its seed, and signs the same text with the same bytes."""

    def __init__(self, seed: str, site: str = "localhost") -> None:
        number = int.from_bytes(hashlib.sha512(seed.encode()).digest()) % (ORDER - 1) + 1
        self.private, self.site = ec.derive_private_key(number, ec.SECP256R1()), site
        public = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public_key, self.credential = encoded(public), encoded(hashlib.sha256(public).digest())

    @property
    def receipt(self) -> str:
        """The code of its receipt."""
        return code(decoded(self.public_key))

    def enrolment(self) -> EnrolKey:
        """The command that enrols it."""
        return EnrolKey(credential=self.credential, public_key=self.public_key, label="computadora", site=self.site)

    def answer(self, key: int, nonce: str, *, flags: int = PRESENT | VERIFIED, **said: Any) -> Assertion:
        """What it gives back when it is asked to sign a statement; `key` is the number of its enrolment."""
        asked = encoded(challenge(statement(**said, nonce=nonce)))
        data = {"type": "webauthn.get", "challenge": asked, "origin": f"https://{self.site}", "crossOrigin": False}
        client = msgspec.json.encode(data)
        authenticator = hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + bytes(4)
        content = authenticator + hashlib.sha256(client).digest()
        signature = self.private.sign(content, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return Assertion(
            key=key,
            credential=self.credential,
            public_key=self.public_key,
            nonce=nonce,
            client_data=encoded(client),
            authenticator_data=encoded(authenticator),
            signature=encoded(signature),
        )

"""Whether a passkey really gave this answer: needs nothing but the answer and the name of the place its key was enrolled at.

An outsider does the same in thirty lines, or with OpenSSL alone: SECURITY.md shows both.
"""

import hashlib
from urllib.parse import urlsplit

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from service.aggregates.assertion import Assertion, decoded
from service.signing import SigningError

PRESENT, VERIFIED = 0x01, 0x04
HEAD = 37  # hash of the place, flags, counter
SMALLEST_RSA = 2048


class ClientData(msgspec.Struct, frozen=True):
    """What the browser says of the question it passed on; the challenge is compared in `assertion.bound`."""

    type: str
    origin: str
    cross: bool = msgspec.field(default=False, name="crossOrigin")


def verify(given: Assertion, site: str) -> None:
    """Verify the signature, that its holder was present and verified by the device, and the place it was given at.

    Raises:
        SigningError: it does not hold; the sentence says why.

    """
    try:
        client, authenticator = decoded(given.client_data), decoded(given.authenticator_data)
        data = msgspec.json.decode(client, type=ClientData)
    except (ValueError, msgspec.DecodeError) as error:
        raise SigningError("La respuesta de la llave llegó dañada: intente de nuevo. No se firmó nada.") from error
    if data.type != "webauthn.get" or data.cross or not at(data.origin, site):
        raise SigningError("La llave respondió en otra página: abra Quipu en su dirección de siempre. No se firmó nada.")
    if len(authenticator) < HEAD or authenticator[:32] != hashlib.sha256(site.encode()).digest():
        raise SigningError("La llave respondió para otro sitio. No se firmó nada.")
    if not authenticator[32] & PRESENT or not authenticator[32] & VERIFIED:
        raise SigningError("La llave no comprobó que fuera usted (huella, rostro o PIN del equipo). No se firmó nada.")
    if not _signed(given, authenticator + hashlib.sha256(client).digest()):
        raise SigningError("La firma no corresponde a la llave registrada. No se firmó nada.")


def at(origin: str, site: str) -> bool:
    """Whether a page of this origin may use keys of this place: over an encrypted connection, or on this machine itself."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    host = parts.hostname or ""
    inside = host == site or host.endswith(f".{site}")
    return inside and (parts.scheme == "https" or (parts.scheme == "http" and host == "localhost"))


def usable(public_key: bytes) -> bool:
    """Whether signatures of this key (SubjectPublicKeyInfo) are understood here: ES256, RS256 or EdDSA."""
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        return False
    if isinstance(key, ec.EllipticCurvePublicKey):
        return isinstance(key.curve, ec.SECP256R1)
    return isinstance(key, ed25519.Ed25519PublicKey) or (isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA)


def _signed(given: Assertion, content: bytes) -> bool:
    try:
        public, signature = decoded(given.public_key), decoded(given.signature)
        if not usable(public):
            return False
        match load_der_public_key(public):
            case ec.EllipticCurvePublicKey() as key:
                key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
            case rsa.RSAPublicKey() as key:
                key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
            case ed25519.Ed25519PublicKey() as key:
                key.verify(signature, content)
            case _:
                return False
    except (ValueError, InvalidSignature):
        return False
    return True

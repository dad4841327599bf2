"""A passkey is registered: the question for the device, and what its answer says. No attestation is asked for."""

import hashlib
from typing import Any

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from webauthn import generate_registration_options, verify_registration_response
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from service.aggregates.assertion import decoded, encoded
from service.signing import SigningError
from service.signing.proof import ClientData, at, usable

DAMAGED = "El equipo no completó el registro de la llave: intente de nuevo. No se registró nada."


class Enrolled(msgspec.Struct, frozen=True):
    """The public part of a new key, as base64url: its name, and SubjectPublicKeyInfo."""

    credential: str
    public_key: str


def question(nonce: str, site: str, entity: str, person: str, usuario: str, known: list[str]) -> dict[str, Any]:
    """What the browser passes on to the device; `known` are the person's keys, which are not registered again."""
    selection = AuthenticatorSelectionCriteria(
        resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.REQUIRED
    )
    made = generate_registration_options(
        rp_id=site,
        rp_name=f"Quipu · {entity}",
        user_name=usuario,
        user_id=hashlib.sha256(person.encode()).digest(),
        challenge=decoded(nonce),
        authenticator_selection=selection,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=decoded(each)) for each in known],
    )
    options: dict[str, Any] = msgspec.json.decode(options_to_json(made))
    return options


def enrolled(answer: str, nonce: str, site: str) -> Enrolled:
    """What the device's answer says.

    Raises:
        SigningError: it is no answer to this question, or its holder was not verified by the device.

    """
    try:
        credential = parse_registration_credential_json(answer)
        origin = msgspec.json.decode(credential.response.client_data_json, type=ClientData).origin
        if not at(origin, site):
            raise SigningError(DAMAGED)
        told = verify_registration_response(
            credential=credential,
            expected_challenge=decoded(nonce),
            expected_rp_id=site,
            expected_origin=origin,
            require_user_verification=True,
        )
        key = decoded_public_key_to_cryptography(decode_credential_public_key(told.credential_public_key))
    except (WebAuthnException, msgspec.DecodeError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise SigningError(DAMAGED) from error
    public = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if not usable(public):
        raise SigningError("Esa clase de llave no se admite: use la de este equipo, un celular o una llave FIDO2.")
    return Enrolled(encoded(told.credential_id), encoded(public))

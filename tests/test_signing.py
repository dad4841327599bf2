"""The proof of a signature: a passkey's answer verified by nothing but itself; questions and codes that serve once."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
import pyotp
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec.structs import replace
from webauthn import verify_authentication_response
from webauthn.helpers.encode_cbor import encode_cbor

from service import people
from service.aggregates.assertion import Assertion, challenge, decoded, encoded, statement
from service.demo.soft_key import PRESENT, VERIFIED, SoftKey
from service.signing import SigningError, codes, enrolment, questions
from service.signing.proof import at, verify
from tests.conftest import TestDatabase
from tests.soft import answered, cose, created
from tests.stories import NOON
from tests.test_assertion import SAID

SITE = "quipu.ejemplo.gob.pe"
NONCE = "bm9uY2UtMTIz"
SOFT = SoftKey("elena", SITE)
PROOF = SOFT.answer(7, NONCE, **SAID)
LONG = "una clave larga"


def client(**changed: Any) -> Assertion:
    """The same answer with another client data, signed by nobody."""
    data = msgspec.json.decode(decoded(PROOF.client_data)) | changed
    return replace(PROOF, client_data=encoded(msgspec.json.encode(data)))


def authenticator(content: bytes) -> Assertion:
    """The same answer with other authenticator data."""
    return replace(PROOF, authenticator_data=encoded(content))


def flipped(text: str, place: int = -1) -> str:
    """The bytes with one bit turned."""
    content = bytearray(decoded(text))
    content[place] ^= 1
    return encoded(bytes(content))


def test_a_genuine_answer_holds_alone_and_as_the_library_sees_it() -> None:
    """Ours says what py_webauthn says, which needs the question besides."""
    verify(PROOF, SITE)
    told = verify_authentication_response(
        credential=answered(PROOF),
        expected_challenge=challenge(statement(**SAID, nonce=NONCE)),
        expected_rp_id=SITE,
        expected_origin=f"https://{SITE}",
        credential_public_key=encode_cbor(cose(SOFT)),
        credential_current_sign_count=0,
        require_user_verification=True,
    )
    assert told.user_verified


RAW = decoded(PROOF.authenticator_data)
MANIPULATED: dict[str, tuple[Assertion, str]] = {
    "signature": (replace(PROOF, signature=flipped(PROOF.signature)), "no corresponde"),
    "signature of another text": (replace(PROOF, signature=SOFT.answer(7, "b3Rybw", **SAID).signature), "no corresponde"),
    "no signature": (replace(PROOF, signature=""), "no corresponde"),
    "another key": (replace(PROOF, public_key=SoftKey("otra").public_key), "no corresponde"),
    "no key": (replace(PROOF, public_key=encoded(b"llave")), "no corresponde"),
    "challenge": (client(challenge=encoded(b"otro")), "no corresponde"),
    "another page": (client(origin="https://quipu.ejemplo.gob.pe.malo.pe"), "otra página"),
    "not encrypted": (client(origin=f"http://{SITE}"), "otra página"),
    "inside another page": (client(crossOrigin=True), "otra página"),
    "a registration": (client(type="webauthn.create"), "otra página"),
    "counter": (authenticator(RAW[:-1] + b"\1"), "no corresponde"),
    "another site": (authenticator(hashlib.sha256(b"malo.pe").digest() + RAW[32:]), "otro sitio"),
    "cut short": (authenticator(RAW[:36]), "otro sitio"),
    "nobody there": (authenticator(RAW[:32] + bytes([VERIFIED]) + RAW[33:]), "no comprobó"),
    "holder not verified": (SOFT.answer(7, NONCE, flags=PRESENT, **SAID), "no comprobó"),
    "broken": (replace(PROOF, client_data="%%"), "dañada"),
    "not JSON": (replace(PROOF, client_data=encoded(b"{")), "dañada"),
    "without origin": (replace(PROOF, client_data=encoded(b'{"type":"webauthn.get"}')), "dañada"),
}


@pytest.mark.parametrize("how", MANIPULATED)
def test_an_answer_that_was_touched_is_refused(how: str) -> None:
    """Whatever part is altered, exchanged or cut; each with its sentence."""
    given, words = MANIPULATED[how]
    with pytest.raises(SigningError, match=words):
        verify(given, SITE)


def test_an_answer_of_another_place_is_refused() -> None:
    """A key of one site never signs for another."""
    with pytest.raises(SigningError, match="otra página"):
        verify(PROOF, "otro.gob.pe")


RSA = rsa.generate_private_key(65537, 2048)
ED = ed25519.Ed25519PrivateKey.generate()
SIGNERS: dict[str, tuple[Any, Callable[[bytes], bytes]]] = {
    "RS256": (RSA.public_key(), lambda content: RSA.sign(content, padding.PKCS1v15(), hashes.SHA256())),
    "EdDSA": (ED.public_key(), ED.sign),
}


@pytest.mark.parametrize("algorithm", SIGNERS)
def test_keys_of_every_usual_kind_are_understood(algorithm: str) -> None:
    """Windows signs with RSA, some security keys with Ed25519; a touched signature is refused there too."""
    public, sign = SIGNERS[algorithm]
    content = decoded(PROOF.authenticator_data) + hashlib.sha256(decoded(PROOF.client_data)).digest()
    key = encoded(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    given = replace(PROOF, public_key=key, signature=encoded(sign(content)))
    verify(given, SITE)
    with pytest.raises(SigningError, match="no corresponde"):
        verify(replace(given, signature=flipped(given.signature)), SITE)


def test_other_curves_are_not() -> None:
    """A key that WebAuthn does not promise is not taken for one it does."""
    strange = ec.generate_private_key(ec.SECP384R1())
    content = decoded(PROOF.authenticator_data) + hashlib.sha256(decoded(PROOF.client_data)).digest()
    key = encoded(strange.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    given = replace(PROOF, public_key=key, signature=encoded(strange.sign(content, ec.ECDSA(hashes.SHA256()))))
    with pytest.raises(SigningError, match="no corresponde"):
        verify(given, SITE)


def test_where_keys_are_used() -> None:
    """On the place itself or below it, encrypted; on this machine also without."""
    assert all(at(origin, SITE) for origin in (f"https://{SITE}", f"https://{SITE}:8443", f"https://sub.{SITE}"))
    assert at("http://localhost:8000", "localhost")
    assert not any(at(origin, SITE) for origin in ("", "null", f"https://mal{SITE}", "http://localhost", "https://[", "//x"))


def test_a_registration_tells_the_public_part() -> None:
    """The credential's name and the key as SubjectPublicKeyInfo; the device verified its holder; only here, only now."""
    told = enrolment.enrolled(created(SOFT, NONCE), NONCE, SITE)
    assert (told.credential, told.public_key) == (SOFT.credential, SOFT.public_key)
    wrong = [
        created(SOFT, encoded(b"otra")),
        created(SOFT, NONCE, origin="https://malo.pe"),
        created(SOFT, NONCE, flags=PRESENT),
        created(SoftKey("elena", "malo.pe"), NONCE, origin=f"https://{SITE}"),
        answered(PROOF),
        "",
        "{}",
        "[]",
    ]
    for answer in wrong:
        with pytest.raises(SigningError, match="no completó el registro"):
            enrolment.enrolled(answer, NONCE, SITE)


def test_the_question_of_a_registration_names_nobody_but_the_usuario() -> None:
    """It asks for verification of the holder, and not for a key that is registered already."""
    asked = enrolment.question(NONCE, SITE, "DRE Junín", "p1", "rosa", [SOFT.credential])
    assert asked["challenge"] == NONCE
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert [each["id"] for each in asked["excludeCredentials"]] == [SOFT.credential]
    assert (asked["rp"]["id"], asked["user"]["name"]) == (SITE, "rosa")


@pytest.fixture
def rosa(new_database: TestDatabase) -> tuple[psycopg.Connection[Any], str]:
    """The service's connection, and somebody with a password."""
    connection = psycopg.connect(new_database.service_url, autocommit=True)
    person = people.add_person(connection, "rosa", "Rosa Quispe")
    people.set_password(connection, person, LONG)
    return connection, person


def test_a_question_is_answered_once_by_who_was_asked(rosa: tuple[psycopg.Connection[Any], str]) -> None:
    """For its purpose and in time; another try does not use it up, a right one does."""
    connection, person = rosa
    other = people.add_person(connection, "luis", "Luis Poma")
    nonce, late = (questions.ask(connection, person, "firma 1") for _ in range(2))
    assert nonce != late
    for number, whose, purpose in ((nonce, other, "firma 1"), (nonce, person, "firma 2"), ("otro", person, "firma 1")):
        with pytest.raises(SigningError, match="ya se respondió o venció"):
            questions.answered(connection, number, whose, purpose)
    questions.answered(connection, nonce, person, "firma 1")
    connection.execute("update people.challenge set expires_at = now()")
    for number in (nonce, late):
        with pytest.raises(SigningError, match="ya se respondió o venció"):
            questions.answered(connection, number, person, "firma 1")
    questions.ask(connection, person, "firma 3")
    assert connection.execute("select count(*) from people.challenge").fetchone() == (1,)


def test_a_code_never_serves_twice(rosa: tuple[psycopg.Connection[Any], str]) -> None:
    """Nor does an older one after it; the next one does."""
    connection, person = rosa
    assert not codes.enrolled(connection, person)
    secret = codes.pending(connection, person)
    assert codes.pending(connection, person) == secret
    app, now = pyotp.TOTP(secret), NOON.timestamp()
    with pytest.raises(SigningError, match="no es el que da la aplicación"):
        codes.confirm(connection, person, app.at(now + 300), NOON)
    assert not codes.enrolled(connection, person)
    codes.confirm(connection, person, app.at(now - 30), NOON)
    assert codes.enrolled(connection, person)
    with pytest.raises(SigningError, match="ya se usó"):
        codes.use(connection, person, app.at(now - 30), NOON)
    codes.use(connection, person, f" {app.at(now)[:3]} {app.at(now)[3:]} ", NOON)
    for old in (now, now - 30):
        with pytest.raises(SigningError, match="ya se usó"):
            codes.use(connection, person, app.at(old), NOON)
    for wrong in (app.at(now + 300), "", "123", "١٢٣٤٥٦"):
        with pytest.raises(SigningError, match="no es correcto"):
            codes.use(connection, person, wrong, NOON)
    codes.use(connection, person, app.at(now + 30), NOON)


def test_another_app_takes_the_place_of_the_first_with_its_own_code(rosa: tuple[psycopg.Connection[Any], str]) -> None:
    """Until then the first one serves."""
    connection, person = rosa
    given = pyotp.random_base32()
    codes.give(connection, person, given)
    first = codes.now(connection, person)
    assert first == pyotp.TOTP(given).now()
    secret = codes.pending(connection, person)
    assert codes.now(connection, person) == first
    codes.confirm(connection, person, pyotp.TOTP(secret).now())
    codes.use(connection, person, codes.now(connection, person))
    assert codes.pending(connection, person) != secret


def test_password_and_code_are_tried_as_often_as_a_password(rosa: tuple[psycopg.Connection[Any], str]) -> None:
    """A right password with wrong codes is counted too; both right forget the tries; nobody without an app gets through."""
    connection, person = rosa
    with pytest.raises(SigningError, match="no es correcto"):
        codes.step_up(connection, person, "rosa", LONG, "000000", "10.0.0.1")
    codes.give(connection, person, pyotp.random_base32())
    right = codes.now(connection, person)
    with pytest.raises(people.PeopleError, match="clave no es correcta"):
        codes.step_up(connection, person, "rosa", "otra clave larga", right, "10.0.0.1")
    codes.step_up(connection, person, "rosa", LONG, right, "10.0.0.1")
    for _ in range(people.PER_PAIR):
        with pytest.raises(SigningError):
            codes.step_up(connection, person, "rosa", LONG, right, "10.0.0.1")
    with pytest.raises(people.TooManyTries, match="Demasiados intentos"):
        codes.step_up(connection, person, "rosa", LONG, right, "10.0.0.1")

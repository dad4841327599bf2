"""`/verificar` without an account: what a code leads to, the document somebody brings, the proofs to take away, guesses."""

import base64
import hashlib
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from service.aggregates.receipt import code_of, grouped
from service.demo.soft_key import SoftKey
from service.web import proofs
from tests.first_quarter import DIRECTOR, STREAM, Lived, live
from tests.house import House
from tests.test_signing_page import ELENA, ask, said, send
from tests.test_signing_page import house as _house

house = _house


@pytest.fixture
def signed(house: House) -> Lived:
    """The director has signed with the passkey, the head has not."""
    lived, elena = live(house, "proposed"), house.browser("ugel.director")
    nonce = ask(elena, lived)["nonce"]
    assert send(elena, lived, ELENA.answer(1, nonce, **said(house, lived))).status_code == 303
    return lived


def place(lived: Lived) -> str:
    """The address on the paper."""
    return f"/verificar/{grouped(code_of(lived.document))}"


def bring(house: House, address: str, content: bytes, **fields: str) -> Any:
    """Compare a document somebody holds."""
    return house.browser()._ask("POST", address, data=fields, files={"archivo": ("hoja", content)} if content else {})


def test_a_code_shows_what_was_signed_by_whom_and_what_became_of_it(house: House, signed: Lived) -> None:
    """Hash, names and charges, facts, the kind in plain words, the state today: but never the text."""
    answer = house.browser().get(place(signed))
    assert answer.status_code == 200
    for words in (
        signed.document,
        "Elena Ñahui",
        "Firma electrónica con llave de acceso",
        "Falta firmar",
        "Espera firmas",
        "Director(a) de UGEL Jauja",
        "sha256sum",
    ):
        assert words in answer.text
    for hidden in ("Contratar la movilidad", "Actas de visita", "Firma digital", "firma digital", "_csrf_token"):
        assert hidden not in answer.text
    loose = place(signed).lower().replace("-", "")
    assert signed.document in house.browser().get(f"/verificar/{loose.rpartition('/')[2]}").text
    asked = house.browser().get(f"/verificar?codigo={loose.rpartition('/')[2]}")
    assert asked.headers["location"] == place(signed)


def test_the_text_is_shown_to_who_brings_the_document(house: House, signed: Lived) -> None:
    """The JSON or the PDF of Quipu; one byte less is another document; a hash alone is compared but shows nothing."""
    reader = house.browser("ugel.especialista")
    document, paper = reader.get(f"{signed.href}/documento").content, reader.get(f"{signed.href}/compromiso.pdf").content
    assert hashlib.sha256(document).hexdigest() == signed.document
    for content in (document, paper):
        told = bring(house, place(signed), content)
        assert told.status_code in {200, 201}
        assert "Es el documento" in told.text
        assert "Contratar la movilidad" in told.text
    for content in (document[:-1], paper + b"\n", b"%PDF"):
        told = bring(house, place(signed), content).text
        assert "No es este documento" in told
        assert "Contratar la movilidad" not in told
    alone = bring(house, place(signed), b"", huella=f" {signed.document.upper()} ").text
    assert "Es el documento" in alone
    assert "Contratar la movilidad" not in alone
    assert bring(house, place(signed), b"").status_code == 422


def test_the_proofs_are_verified_by_an_outsider_with_the_standard_steps(house: House, signed: Lived) -> None:
    """As SECURITY.md tells it: nothing of ours is needed, and no name is in the file."""
    answer = house.browser().get(f"{place(signed)}/firmas.json")
    (given,) = msgspec.json.decode(answer.content)
    told = given["statement"]
    assert told == said(house, signed) | {"nonce": told["nonce"]}
    assert "Elena" not in answer.text
    canonical = msgspec.json.encode(told, order="sorted")
    raw = {name: base64.urlsafe_b64decode(text + "==") for name, text in given["answer"].items() if isinstance(text, str)}
    question = hashlib.sha256(given["domain"].encode() + canonical).digest()
    client = msgspec.json.decode(raw["client_data"])
    assert base64.urlsafe_b64decode(client["challenge"] + "==") == question
    assert raw["authenticator_data"][:32] == hashlib.sha256(given["site"].encode()).digest()
    key = load_der_public_key(raw["public_key"])
    assert isinstance(key, EllipticCurvePublicKey)
    key.verify(raw["signature"], raw["authenticator_data"] + hashlib.sha256(raw["client_data"]).digest(), ECDSA(hashes.SHA256()))


def test_a_text_that_was_replaced_or_declined_says_so(house: House, signed: Lived) -> None:
    """The code of an old version still leads to it, with its signatures and what became of it."""
    from service.aggregates.commitment_signing import DeclineCommitment  # noqa: PLC0415 — only here

    house.do("ugel.jefe", STREAM, DeclineCommitment(commitment=1, version=1, reason="El plazo no alcanza."))
    text = house.browser().get(place(signed)).text
    assert "Rechazado" in text
    assert "El plazo no alcanza" not in text, "the reason is for those who have an account"


def test_a_code_that_leads_nowhere_is_404_and_guesses_have_to_wait(house: House, signed: Lived) -> None:
    """A sentence each time; after many of them 429, but a code that exists is always answered."""
    stranger = house.browser()
    for wrong in ("AAAA-AAAA-AAAA-AAAA", "x", "ñ" * 30, "%00", "9" * 16):
        answer = stranger.get(f"/verificar/{wrong}")
        assert answer.status_code == 404, wrong
        assert "_error" not in answer.text
    answers = [
        stranger.get(f"/verificar/{'A' * 15}{letter}").status_code for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: proofs.GUESSES]
    ]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert stranger.get(place(signed)).status_code == 200
    assert stranger.get("/verificar?codigo=AB").status_code == 422
    assert stranger.get(f"/verificar/{'A' * 16}/firmas.json").status_code == 404


def test_who_brings_too_much_is_told_the_limit(house: House, signed: Lived) -> None:
    """Six megabytes are refused before they are looked at."""
    assert bring(house, place(signed), b"x" * 6_000_000).status_code == 413


def test_the_keys_of_the_stories_are_distinct() -> None:
    """The premise: the signer's key is not just any key."""
    assert ELENA.public_key != SoftKey("juan", ELENA.site).public_key
    assert DIRECTOR.startswith("director-ugel/")

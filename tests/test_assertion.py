"""What a passkey is asked to sign: one text, one signatory in one charge, one version, once."""

import hashlib
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from service.aggregates.assertion import DOMAIN, bound, challenge, decoded, encoded, statement
from service.demo.soft_key import SoftKey

SAID: dict[str, Any] = {
    "document": "0f" * 32,
    "signatory": "3c59dc048e885024",
    "charge": "director-ugel/120005",
    "stream": "unit/120005/2026",
    "commitment": 3,
    "version": 2,
}
PROOF = SoftKey("elena").answer(7, "bm9uY2UtMTIz", **SAID)


def test_the_statement_is_canonical_and_frozen() -> None:
    """RFC 8785: names in order, no spaces; the same bytes for ever, since old signatures are checked by them."""
    said = statement(**SAID, nonce="bm9uY2UtMTIz")
    assert said == (
        b'{"charge":"director-ugel/120005","commitment":3,"document":"' + b"0f" * 32 + b'","nonce":"bm9uY2UtMTIz",'
        b'"signatory":"3c59dc048e885024","stream":"unit/120005/2026","version":2}'
    )
    assert challenge(said) == hashlib.sha256(b"quipu/firma-electronica/1\n" + said).digest()
    assert DOMAIN == b"quipu/firma-electronica/1\n"


def test_an_answer_belongs_to_its_statement_alone() -> None:
    """Another text, person, charge, unit, commitment, version or nonce: not this answer."""
    assert bound(PROOF, **SAID)
    others = {
        "document": "0e" * 32,
        "signatory": "3c59dc048e885025",
        "charge": "jefe-area/120005/AGP",
        "stream": "unit/120007/2026",
        "commitment": 4,
        "version": 1,
    }
    assert set(others) == set(SAID)
    assert [name for name, value in others.items() if bound(PROOF, **SAID | {name: value})] == []
    assert not bound(replace(PROOF, nonce="b3Ryby1ub25jZQ"), **SAID)


@pytest.mark.parametrize("broken", ["", "{}", "[]", "%%", encoded(b"\xff"), encoded(b"{"), encoded(b'{"type":1}'), "é"])
def test_a_broken_answer_is_no_answer(broken: str) -> None:
    """Whatever comes from a browser is looked at without failing."""
    assert not bound(replace(PROOF, client_data=broken), **SAID)


def test_an_enrolment_is_no_signature() -> None:
    """The answer to another question of the key, with the same challenge, is refused by its type."""
    data = msgspec.json.decode(decoded(PROOF.client_data))
    created = replace(PROOF, client_data=encoded(msgspec.json.encode(data | {"type": "webauthn.create"})))
    assert not bound(created, **SAID)


@pytest.mark.parametrize("content", [b"", b"a", b"ab", b"abc", bytes(range(256))])
def test_bytes_travel_as_base64url(content: bytes) -> None:
    """Without padding, and read with or without it."""
    assert decoded(encoded(content)) == decoded(encoded(content) + "=" * (-len(encoded(content)) % 4)) == content
    with pytest.raises(ValueError, match="ASCII"):
        decoded("ñ")

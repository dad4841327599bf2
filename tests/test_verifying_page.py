"""`/verificar` without an account: what a code leads to, the document somebody brings, the proofs to take away, guesses."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.aggregates.commitment import CommitmentProposed, ReviseCommitment
from service.aggregates.commitment_signing import DeclineCommitment, SignCommitment
from service.aggregates.commitment_terms import Wording
from service.aggregates.receipt import code_of, grouped
from service.demo.soft_key import SoftKey
from service.web import proofs
from tests.first_quarter import DIRECTOR, STREAM, Lived, live
from tests.house import House
from tests.test_signing_page import ELENA, ask, said, send
from tests.test_signing_page import house as _house

house = _house
SECURITY = Path(__file__).parents[1] / "SECURITY.md"


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


def block(language: str) -> str:
    """The first block of this language in SECURITY.md."""
    found = re.search(rf"```{language}\n(.*?)```", SECURITY.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"SECURITY.md has no {language}"
    return found[1]


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of an outsider where the files are."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def taken(house: House, signed: Lived, tmp_path: Path) -> Path:
    """A folder with what an outsider took away: the proofs, which name nobody, and the document."""
    proof = house.browser().get(f"{place(signed)}/firmas.json")
    assert "Elena" not in proof.text
    (tmp_path / "firmas.json").write_bytes(proof.content)
    (tmp_path / "document.json").write_bytes(house.browser("ugel.jefe").get(f"{signed.href}/documento").content)
    (tmp_path / "check.py").write_text(block("python"), encoding="utf-8")
    return tmp_path


def test_an_outsider_checks_a_signature_with_thirty_lines(taken: Path) -> None:
    """As SECURITY.md tells it, far from here; one byte of the document or of any part of the proof more, and it does not hold."""
    told = run(taken, sys.executable, "check.py", "firmas.json", "document.json")
    assert told.stdout.startswith("holds: fact "), told.stderr
    whole = (taken / "firmas.json").read_text(encoding="utf-8")
    (one,) = msgspec.json.decode(whole)
    for part, name in (("statement", "charge"), ("statement", "nonce"), ("answer", "signature"), ("answer", "client_data")):
        first = "a" if one[part][name][0] == "b" else "b"
        touched = one | {part: one[part] | {name: first + one[part][name][1:]}}
        (taken / "touched.json").write_bytes(msgspec.json.encode([touched]))
        assert run(taken, sys.executable, "check.py", "touched.json").returncode != 0, f"{part} {name}"
    (taken / "document.json").write_bytes((taken / "document.json").read_bytes() + b" ")
    assert "this is another document" in run(taken, sys.executable, "check.py", "firmas.json", "document.json").stderr


@pytest.mark.skipif(
    os.environ.get("CI") != "true" and not all(map(shutil.which, ("openssl", "jq", "basenc", "bash"))),
    reason="an outsider's tools are not here (`.ci/run` installs them and does not do without)",
)
def test_an_outsider_checks_a_signature_with_openssl_alone(taken: Path) -> None:
    """The lines of SECURITY.md say that it holds, and twice the same challenge."""
    verdict, given, asked = run(taken, "bash", "-c", block("sh")).stdout.split("\n")[:3]
    assert verdict == "Verified OK"
    assert given == asked


def test_a_text_that_was_replaced_says_so(house: House) -> None:
    """The code of the old version still leads to it with its signatures; that of the new one says that it rules."""
    lived = live(house, "signed")
    terms = next(e for r in house.ledger.facts(STREAM) if isinstance(e := r.fact.event, CommitmentProposed)).terms
    words = {name: getattr(terms, name) for name in Wording.__struct_fields__} | {"target": "12 de 12"}
    revised = house.do("ugel.jefe", STREAM, ReviseCommitment(commitment=1, reason="Otra meta.", **words)).facts[0].fact.event
    new = f"/verificar/{grouped(code_of(revised.document))}"
    assert "Espera firmas" in house.browser().get(new).text
    assert "Reemplazado" not in house.browser().get(place(lived)).text, "until all have signed the other, this one rules"
    for usuario in ("ugel.jefe", "ugel.director"):
        house.do(usuario, STREAM, SignCommitment(commitment=1, version=2, document=revised.document))
    old = house.browser().get(place(lived)).text
    assert "versión 1" in old
    assert "Reemplazado" in old
    assert old.count("Firmado el") == 2
    assert "Todos firmaron: está en ejecución." in house.browser().get(new).text


def test_a_text_that_was_declined_says_so(house: House, signed: Lived) -> None:
    """Its code still leads to it, with its signatures; the reason is for those who have an account."""
    house.do("ugel.jefe", STREAM, DeclineCommitment(commitment=1, version=1, reason="El plazo no alcanza."))
    text = house.browser().get(place(signed)).text
    assert "Rechazado" in text
    assert text.count("Firmado el") == 1
    assert "El plazo no alcanza" not in text


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
    assert bring(house, place(signed), b"x" * 9_000_000).status_code == 200
    assert bring(house, place(signed), b"x" * 12_000_000).status_code == 413


def test_the_keys_of_the_stories_are_distinct() -> None:
    """The premise: the signer's key is not just any key."""
    assert ELENA.public_key != SoftKey("juan", ELENA.site).public_key
    assert DIRECTOR.startswith("director-ugel/")

"""A file signed elsewhere: what is accepted, and what each attack and each accident is answered."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from service.demo import authority
from service.pades import Trust, Verdict, check, rule, trust
from service.pades.reasons import REASONS
from service.pades.shapes import Asked, refused
from tests import outside
from tests.outside import ANA, LUIS, MADE, NOW, ROOT, TRUST, expected, paper, person, sign

Change = Callable[[IncrementalPdfFileWriter], None]


def look(previous: bytes, upload: bytes, dni: str = ANA, trusted: Trust = TRUST, at: datetime = NOW) -> Verdict:
    """Ask the rule, in this process."""
    return rule.apply(Asked(previous, upload, expected(dni), trusted, at))


def grown(content: bytes, change: Change) -> bytes:
    """The file with one revision more, in which something is changed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_two_people_sign_in_turn() -> None:
    """The paper signed by one and then by the other is valid each time, with subject and time."""
    one = sign(paper())
    first, two = look(paper(), one), sign(one, LUIS, MADE + timedelta(hours=3))
    assert (first.verdict, first.reasons) == ("VÁLIDO", ())
    second = check(one, two, expected(LUIS), TRUST, NOW)
    assert (second.verdict, second.signed_at) == ("VÁLIDO", MADE + timedelta(hours=3))
    assert second.subject == f"País: PE · Nombre: PERSONA DE PRUEBA {LUIS} · Número de serie: PNOPE-{LUIS}"


def test_an_altered_byte_is_found() -> None:
    """A byte changed in what the new signature covers makes the file invalid."""
    one = sign(paper())
    two = bytearray(sign(one, LUIS))
    digit = two.rindex(b"> ]") - 1  # of the identifier of this revision
    two[digit] = ord("1") if two[digit] == ord("0") else ord("0")
    assert look(one, bytes(two), LUIS).reasons == ("altered",)


def test_a_byte_altered_in_what_was_accepted_makes_it_another_file() -> None:
    """What was accepted must come back byte by byte."""
    one = bytearray(sign(paper()))
    one[300] ^= 1
    assert look(paper(), bytes(one)).reasons[0] in {"other-file", "rewritten", "broken"}


@pytest.mark.parametrize("change", [outside.add_page, outside.swap_words, outside.cover])
def test_nothing_changes_after_the_signature(change: Change) -> None:
    """A page added, words swapped or covered after signing: the last signature does not cover the file."""
    found = look(paper(), grown(sign(paper()), change))
    assert found.verdict == "NO VÁLIDO"
    assert {"revisions", "after", "changed"} <= set(found.reasons)


@pytest.mark.parametrize("change", [outside.add_page, outside.swap_words, outside.cover])
def test_nothing_changes_together_with_the_signature(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second signer changes the document in the very revision of the own signature."""
    one, still = sign(paper()), authority._Still.__init__

    def changing(self: authority._Still, *given: Any) -> None:
        still(self, *given)
        change(self)

    monkeypatch.setattr(authority._Still, "__init__", changing)
    found = look(one, sign(one, LUIS), LUIS)
    assert found.verdict == "NO VÁLIDO"
    assert "changed" in found.reasons
    monkeypatch.undo()
    assert look(one, sign(one, LUIS), LUIS).verdict == "VÁLIDO", "without the change it must pass for this test to mean anything"


def test_two_signatures_at_once() -> None:
    """Each person signs and uploads: two revisions are not one."""
    assert {"revisions", "several"} <= set(look(paper(), sign(sign(paper()), LUIS), LUIS).reasons)


def test_one_person_in_two_fields() -> None:
    """Nobody signs twice, though both signatures hold."""
    one = sign(paper())
    assert look(one, sign(one)).reasons == ("twice",)


def test_another_persons_certificate() -> None:
    """A genuine signature of somebody else is not that of the signatory."""
    assert look(paper(), sign(paper(), LUIS)).reasons == ("other-person",)


@pytest.mark.parametrize(("serial", "dni", "reason"), [("X-1", ANA, "no-identity"), (f"PNOPE-{ANA}", "", "no-dni")])
def test_who_signed_must_be_known(serial: str, dni: str, reason: str) -> None:
    """A certificate without a DNI, or a directory without it, is never a match."""
    assert look(paper(), sign(paper(), authority.issue(ROOT, "PERSONA", serial)), dni).reasons == (reason,)


@pytest.mark.parametrize("junk", [b"\n%basura", b"\n<html>", b"\0" * 4000])
def test_junk_after_the_end(junk: bytes) -> None:
    """What follows the signature is covered by nobody."""
    found = look(paper(), sign(paper()) + junk)
    assert found.verdict == "NO VÁLIDO"
    assert found.reasons in {("after",), ("broken",)}


def test_the_last_signature_stripped() -> None:
    """A file without the last signature is no new version of it."""
    one = sign(paper())
    assert look(sign(one, LUIS), one).reasons == ("stripped",)


def test_a_genuine_signature_on_another_pdf() -> None:
    """The signature holds, on a document that is not ours."""
    assert look(paper(), sign(paper("Otro documento"))).reasons == ("other-file",)


def test_a_tool_that_writes_the_file_again() -> None:
    """It is said so, for a person to look at; it is never accepted."""
    again = outside.rewrite(paper())
    found = look(paper(), sign(again))
    assert (found.verdict, found.reasons, found.signed_at) == ("INDETERMINADO", ("rewritten",), MADE)
    assert "Documento firmado externamente" in found.sentences[0]


def test_who_signed_a_file_that_was_written_again_is_looked_at_all_the_same() -> None:
    """Another person's certificate, an authority nobody trusts, two signatures, something after them: no person is asked then."""
    again = outside.rewrite(paper())
    strange = authority.issue(authority.root("Autoridad ajena"), "PERSONA", f"PNOPE-{ANA}")
    wrong = {
        "other-person": sign(again, LUIS),
        "untrusted": sign(again, strange),
        "several": sign(sign(again, LUIS)),
        "after": sign(again) + b"\n%basura",
    }
    for reason, content in wrong.items():
        found = look(paper(), content)
        assert found.verdict == "NO VÁLIDO", reason
        assert reason in found.reasons
    assert look(paper(), sign(again), trusted=Trust((ROOT.der,))).reasons == ("rewritten", "no-revocation")


def test_a_file_written_again_is_signed_on_by_the_next() -> None:
    """Once a person has accepted it, the next signature is measured by it as by any other file."""
    one = sign(outside.rewrite(paper()))
    assert look(one, sign(one, LUIS), LUIS).verdict == "VÁLIDO"


def test_an_encrypted_pdf() -> None:
    """A PDF with a password cannot be the one that was downloaded."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper())) as pdf:
        pdf.save(made, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert look(paper(), made.getvalue()).reasons == ("encrypted",)


@pytest.mark.parametrize("content", [b"", b"hola", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"[" * 100_000, paper()[:-400]])
def test_a_broken_pdf(content: bytes) -> None:
    """Whatever it holds, an answer comes."""
    assert look(paper(), content).reasons == ("broken",)


def test_nothing_signed() -> None:
    """The file that was downloaded, or saved again without a signature."""
    assert look(paper(), paper()).reasons == look(paper(), grown(paper(), outside.cover)).reasons == ("unsigned",)


def test_fifty_megabytes() -> None:
    """A file too large is refused before anybody opens it."""
    assert check(paper(), b"%PDF" + b"\0" * 50_000_000, expected(), TRUST, NOW) == refused("too-large")


def test_an_expired_certificate() -> None:
    """A certificate that no longer holds signs nothing new."""
    old = authority.issue(ROOT, "PERSONA", f"PNOPE-{ANA}", (MADE - timedelta(days=900), MADE - timedelta(days=1)))
    assert look(paper(), sign(paper(), old, MADE - timedelta(days=9))).reasons == ("expired",)


def test_a_certificate_not_yet_valid() -> None:
    """Nor does one that does not hold yet."""
    early = authority.issue(ROOT, "PERSONA", f"PNOPE-{ANA}", (NOW + timedelta(days=1), NOW + timedelta(days=900)))
    assert look(paper(), sign(paper(), early)).reasons == ("not-yet-valid",)


def test_an_untrusted_authority() -> None:
    """One of the same name with another key is another one: what counts is the fingerprint."""
    other = authority.issue(authority.root("Autoridad ajena"), "PERSONA", f"PNOPE-{ANA}")
    assert look(paper(), sign(paper(), other)).reasons == ("untrusted",)
    twin = authority.Holder(authority.root("Autoridad de las pruebas").certificate, person(LUIS).key)
    assert look(paper(), sign(paper(), authority.issue(twin, "PERSONA", f"PNOPE-{ANA}"))).reasons == ("untrusted",)


def test_a_revoked_certificate() -> None:
    """The authority took it back."""
    trusted = Trust((ROOT.der,), (), (authority.revocations(ROOT, [person(ANA)]),))
    assert look(paper(), sign(paper()), trusted=trusted).reasons == ("revoked",)


def test_revocation_unknown() -> None:
    """Without a list, or with one out of date, nobody can say: neither valid nor invalid."""
    stale = authority.revocations(ROOT, (), (MADE - timedelta(days=60), MADE - timedelta(days=30)))
    for lists in ((), (stale,)):
        found = look(paper(), sign(paper()), trusted=Trust((ROOT.der,), (), lists))
        assert (found.verdict, found.reasons) == ("INDETERMINADO", ("no-revocation",))
    assert look(paper(), sign(paper()), trusted=Trust()).reasons == ("no-roots",)


def test_an_earlier_signature_revoked_since() -> None:
    """Every signature must hold; an earlier one that does not any more leaves the file undecided."""
    trusted, one = Trust((ROOT.der,), (), (authority.revocations(ROOT, [person(ANA)]),)), sign(paper())
    found = look(one, sign(one, LUIS), LUIS, trusted)
    assert (found.verdict, found.reasons) == ("INDETERMINADO", ("earlier",))


def test_a_certificate_for_something_else() -> None:
    """Non-repudiation is asked for: a certificate for signing in is not one for signing."""
    other = authority.issue(ROOT, "PERSONA", f"PNOPE-{ANA}", usage=("digital_signature",))
    assert look(paper(), sign(paper(), other)).reasons == ("key-usage",)


def test_a_time_still_to_come() -> None:
    """The clock of the signer is not believed beyond now."""
    assert look(paper(), sign(paper(), at=NOW + timedelta(days=1))).reasons == ("future",)


def test_the_same_signature_is_the_same_bytes() -> None:
    """The demo is the same in every run."""
    assert sign(paper()) == sign(paper())


def test_trust_is_read_from_a_folder(tmp_path: Path) -> None:
    """Roots, certificates between and lists, in either encoding; a file that cannot be read stops everything."""
    (tmp_path / "raiz.crt").write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "otra.cer").write_bytes(person(ANA).der)
    (tmp_path / "lista.crl").write_bytes(TRUST.lists[0])
    (tmp_path / "LEAME.txt").write_text("nada")
    assert trust.load(tmp_path) == Trust((ROOT.der,), (person(ANA).der,), TRUST.lists)
    (tmp_path / "rota.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nno\n")
    with pytest.raises(trust.Unreadable, match=r"rota\.pem"):
        trust.load(tmp_path)


def test_each_reason_is_a_sentence() -> None:
    """Whatever the reason, a person can read it and knows what to do."""
    for code, reason in REASONS.items():
        assert reason.sentence[0].isupper(), code
        assert reason.sentence.endswith("."), code
        assert refused(code).verdict == reason.verdict
    assert refused("no-roots", "altered").verdict == "NO VÁLIDO"
    assert datetime.now(UTC) > MADE

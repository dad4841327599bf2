"""The files of a commitment's reports: attached with the word, handed out to who may read them, counted among what is verified."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.cli import run_command
from tests.conftest import TestDatabase
from tests.first_quarter import STREAM, live
from tests.house import House, open_house
from tests.papers import PDF, png


@pytest.fixture
def house(house_database: TestDatabase, tmp_path: Path) -> Iterator[House]:
    """The running service with a place for files."""
    with open_house(house_database.service_url, documents=str(tmp_path)) as opened:
        yield opened


def sent(content: bytes) -> dict[str, tuple[str, bytes, str]]:
    """A file as a browser sends it, with a name and a kind that nobody believes."""
    return {"archivo": ("informe.html", content, "text/html")}


def test_a_report_carries_its_file_and_a_declaration_may_rest_on_one(house: House) -> None:
    """The kind is told by the content; before the verification its unit, the DRE and auditors read it, then everybody."""
    href = live(house, "signed").href
    head, dre, other = house.browser("ugel.jefe"), house.browser("dre.especialista"), house.browser("satipo.director")
    assert head.post(f"{href}/informes", {"text": "Va la mitad."}, files=sent(PDF)).status_code == 303
    assert head.post(f"{href}/declaracion", {"fulfilled": "si", "text": "Hecho."}, files=sent(png())).status_code == 303
    page = dre.get(href).text
    for words in ("Descargar PDF", "Descargar PNG", "evidencia: archivo PDF"):
        assert words in page
    events = [r.fact.event for r in house.ledger.facts(STREAM) if getattr(r.fact.event, "digest", "")]
    report, declaration = (f"{href}/archivos/{event.digest}" for event in events[-2:])
    assert dre.get(report).content == PDF
    answer = house.browser("auditor").get(declaration)
    assert (answer.content, answer.headers["content-type"]) == (png(), "image/png")
    assert answer.headers["content-disposition"].startswith('attachment; filename="compromiso-')
    assert other.get(report).status_code == 403
    assert "Descargar PDF," not in other.get(href).text
    assert dre.get(f"{href}/archivos/{'a' * 64}").status_code == 404
    assert dre.post(f"{href}/verificacion", {"accepted": "si", "text": "Se vio."}).status_code == 303
    assert other.get(report).content == PDF


@pytest.mark.parametrize(
    ("content", "status"), [(b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422), (PDF + bytes(10_000_000), 413)]
)
def test_a_file_that_is_not_accepted_is_said_beside_its_field(house: House, content: bytes, status: int) -> None:
    """What was typed stays, nothing is recorded."""
    href = live(house, "signed").href
    head, before = house.browser("ugel.jefe"), house.ledger.memo(STREAM).version
    answer = head.post(f"{href}/informes", {"text": "Va la mitad."}, files=sent(content))
    assert answer.status_code == status
    assert 'id="informes-archivo-error"' in answer.text
    assert "Va la mitad." in answer.text
    assert house.ledger.memo(STREAM).version == before


def test_a_hash_typed_into_the_form_names_no_file(house: House) -> None:
    """Only what was sent is a file: a declaration with an invented one lacks its proof."""
    href = live(house, "signed").href
    typed = {"fulfilled": "si", "text": "Hecho.", "digest": "a" * 64, "media": "application/pdf", "size": "9"}
    answer = house.browser("ugel.jefe").post(f"{href}/declaracion", typed)
    assert answer.status_code == 409
    assert "adjunte el archivo" in answer.text


def test_verify_names_the_commitment_whose_file_is_lost(
    house: House,
    house_database: TestDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As those of a quarter's evidence."""
    href = live(house, "signed").href
    house.browser("ugel.jefe").post(f"{href}/informes", {"text": "Va."}, files=sent(PDF))
    monkeypatch.setenv("QUIPU_DATABASE_URL", house_database.service_url)
    monkeypatch.setenv("QUIPU_DOCUMENTS", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "250")
    assert run_command(("verify",)) == 0
    assert "Archivos de evidencia: 1" in capsys.readouterr().out
    (path,) = (each for each in tmp_path.rglob("*") if each.is_file())
    path.unlink()
    assert run_command(("verify",)) == 1
    assert f"{STREAM}, compromiso 1: falta el archivo {path.name}" in capsys.readouterr().out

"""The pages of evidence: attaching, replacing, reviewing, downloading, and who may read what."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.aggregates import evidence as e
from service.aggregates import quarter as q
from service.cli import run_command
from service.projections import evidence_page
from tests.conftest import TestDatabase
from tests.first_quarter import PLACE, STREAM, YEAR, live
from tests.house import Browser, House, open_house
from tests.papers import PDF, office, png

LIST = f"{PLACE}/t1/evidencias"
T2 = f"{LIST}/2"


@pytest.fixture
def house(house_database: TestDatabase, tmp_path: Path) -> Iterator[House]:
    """The running service with its staff, a reported quarter and a place for files."""
    with open_house(house_database.service_url, documents=str(tmp_path)) as opened:
        live(opened, "reported")
        yield opened


def attach(browser: Browser, content: bytes = PDF, name: str = "acta.pdf", **fields: str) -> Any:
    """Send the form of the second task, as a browser does."""
    return browser.post(T2, fields, files={"archivo": (name, content, "application/octet-stream")})


def send_quarter(house: House) -> None:
    """The director sends the quarter."""
    house.do("ugel.director", STREAM, q.SubmitQuarter(quarter=1, reason="Falta mesa de partes."))


def test_a_file_is_attached_reviewed_and_downloaded(house: House) -> None:
    """The file comes back as it was sent, to be saved, with a name of ours and the kind of its content."""
    ugel, dre = house.browser("ugel.especialista"), house.browser("dre.especialista")
    sent = attach(ugel, name="x.html", reference="SGD 77", title="Acta del taller")
    assert (sent.status_code, sent.headers["location"]) == (303, T2)
    page = ugel.get(T2).text
    for words in ("Acta del taller", "SGD 77", "Descargar PDF", "Por revisar"):
        assert words in page
    send_quarter(house)
    review = f"{PLACE}/evidencias/1/revision"
    assert dre.post(review, {"verdict": "correction", "reason": ""}).status_code == 409
    assert dre.post(review, {}).status_code == 422
    assert dre.post(review, {"verdict": "correction", "reason": "Falta la firma."}).status_code == 303
    assert "Falta la firma." in ugel.get(T2).text
    assert attach(ugel, png(), replaces="1").status_code == 303
    both = ugel.get(T2).text
    assert "Reemplazada" in both
    assert "La reemplazó la" in both
    file = dre.get(f"{PLACE}/evidencias/1/archivo")
    assert (file.content, file.headers["content-type"]) == (PDF, "application/pdf")
    assert file.headers["content-disposition"].startswith('attachment; filename="evidencia-120005-')
    assert file.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in file.headers["content-security-policy"]
    assert dre.get(f"{PLACE}/evidencias/2/archivo").content == png()


def test_a_file_is_named_by_nobody_but_the_service(house: House) -> None:
    """A hash that was typed into the form, another unit's or an invented one, makes no evidence of a file that was not sent."""
    ugel = house.browser("ugel.especialista")
    typed = {"digest": "a" * 64, "media": "application/pdf", "size": "12"}
    assert ugel.post(T2, typed).status_code == 409
    assert ugel.post(T2, typed | {"reference": "SGD 78"}).status_code == 303
    assert "SGD 78" in ugel.get(T2).text
    assert ugel.get(f"{PLACE}/evidencias/1/archivo").status_code == 404


def test_under_review_it_is_read_by_its_unit_the_dre_and_auditors(house: House) -> None:
    """Another UGEL sees that there is one; what it is, once it was approved."""
    attach(house.browser("ugel.especialista"), title="Lista reservada")
    send_quarter(house)
    other, address = house.browser("satipo.especialista"), f"{PLACE}/evidencias/1/archivo"
    for usuario in ("ugel.jefe", "dre.jefe", "auditor"):
        assert house.browser(usuario).get(address).status_code == 200, usuario
    for path in (T2, LIST):
        text = other.get(path).text
        assert "Evidencia n.º 1" in text
        assert "Lista reservada" not in text
    assert other.get(address).status_code == 403
    assert "Lista reservada" not in other.get(f"{PLACE}/historial").text
    house.do("dre.especialista", STREAM, e.ReviewEvidence(evidence=1, verdict="observed", reason="Faltan tres firmas"))
    file = f"{PLACE}/historial?formato=csv"
    for path in (T2, LIST, f"{PLACE}/historial", file, f"/reproducir/120005/{YEAR}"):
        assert "Faltan tres firmas" not in other.get(path).text, path
    assert "observó la evidencia 1" in other.get(f"{PLACE}/historial").text
    for usuario in ("ugel.jefe", "dre.jefe", "auditor"):
        assert all("Faltan tres firmas" in house.browser(usuario).get(path).text for path in (T2, LIST)), usuario
    house.do("dre.especialista", STREAM, e.ReviewEvidence(evidence=1, verdict="approved"))
    assert other.get(address).status_code == 200
    assert "Lista reservada" in other.get(T2).text


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "no se acepta"),
        (office("xl/workbook.xml", "xl/vbaProject.bin"), 422, "macros"),
        (PDF + bytes(10_000_000), 413, "más de 10 MB"),
        (PDF + bytes(12_000_000), 413, "El límite es de 10 MB"),
    ],
)
def test_what_is_not_accepted_is_said_beside_the_field(house: House, content: bytes, status: int, words: str) -> None:
    """The kind is that of the content; what was typed stays, nothing is recorded."""
    answer = attach(house.browser("ugel.especialista"), content, reference="SGD 5")
    assert answer.status_code == status
    assert words in answer.text
    assert "SGD 5" in answer.text or status == 413
    with house.app.state.database.snapshot() as connection:
        assert evidence_page.of_quarter(connection, 10**9, STREAM, 1) == []


def test_nothing_at_all_is_refused_in_words(house: House) -> None:
    """Neither a file nor a number: 409, the form open."""
    answer = house.browser("ugel.especialista").post(T2, {"title": "Acta"})
    assert answer.status_code == 409
    assert "Adjunte un archivo o escriba" in answer.text


def test_a_second_click_attaches_once(house: House) -> None:
    """The form carries its command id."""
    ugel = house.browser("ugel.especialista")
    for _ in range(2):
        assert attach(ugel, command_id="clic").status_code == 303
    assert ugel.get(T2).text.count("Descargar PDF") == 1


def test_a_past_page_shows_what_stood_then(house: House) -> None:
    """Before the review it waits, before it was attached there is none; no forms in the past."""
    done = house.do("ugel.especialista", STREAM, e.AttachEvidence(quarter=1, task=2, reference="SGD 9"))
    send_quarter(house)
    house.do("dre.especialista", STREAM, e.ReviewEvidence(evidence=1, verdict="observed", reason="Ilegible"))
    dre = house.browser("dre.especialista")
    then = dre.get(f"{T2}?hasta={done.last}").text
    assert "Por revisar" in then
    assert "Ilegible" not in then
    assert "Registrar revisión" not in then
    assert "SGD 9" not in dre.get(f"{T2}?hasta={done.last - 1}").text
    assert "Ilegible" in dre.get(T2).text
    assert "Observada" in dre.get(f"{LIST}?ver=observed").text
    assert "Nada que mostrar" in dre.get(f"{LIST}?ver=approved").text


def test_a_file_that_was_altered_is_not_handed_out(house: House, tmp_path: Path) -> None:
    """409 with whom to tell; a missing one too."""
    ugel = house.browser("ugel.especialista")
    attach(ugel)
    (path,) = (each for each in tmp_path.rglob("*") if each.is_file())
    path.write_bytes(b"otra cosa")
    answer = ugel.get(f"{PLACE}/evidencias/1/archivo")
    assert answer.status_code == 409
    assert "ya no coincide con su huella" in answer.text
    path.unlink()
    assert "no está donde se guardan" in ugel.get(f"{PLACE}/evidencias/1/archivo").text
    assert ugel.get(f"{PLACE}/evidencias/2/archivo").status_code == 404


def test_the_row_of_the_quarter_leads_to_its_evidence(house: House) -> None:
    """How many there are and what stands of them; the warning goes away."""
    ugel = house.browser("ugel.especialista")
    before = ugel.get(f"{PLACE}/t1").text
    assert f'href="{T2}"' in before
    attach(ugel)
    after = ugel.get(f"{PLACE}/t1").text
    assert after.count("Sin evidencia") == before.count("Sin evidencia") - 1
    assert "Por revisar" in after


def test_verify_reports_missing_and_altered_files(
    house: House,
    house_database: TestDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each evidence whose file is not what was attached is named with its hash; the exit code says that something is wrong."""
    monkeypatch.setenv("QUIPU_DATABASE_URL", house_database.service_url)
    monkeypatch.setenv("QUIPU_DOCUMENTS", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "250")
    attach(house.browser("ugel.especialista"))
    assert run_command(("verify",)) == 0
    assert "Archivos de evidencia: 1" in capsys.readouterr().out
    (path,) = (each for each in tmp_path.rglob("*") if each.is_file())
    for spoil, words in ((lambda: path.write_bytes(b"?"), "el archivo cambió"), (path.unlink, "falta el archivo")):
        spoil()
        assert run_command(("verify",)) == 1
        assert f"{STREAM}, evidencia 1: {words} {path.name}" in capsys.readouterr().out


def test_inicio_says_what_to_review_and_what_to_replace(house: House) -> None:
    """The DRE is led to what waits, the unit to what was objected to, until the quarter is closed."""
    attach(house.browser("ugel.especialista"))
    dre, ugel = house.browser("dre.especialista"), house.browser("ugel.especialista")
    assert "evidencias?ver=" not in dre.get("/").text, "nothing is reviewed before the quarter is sent"
    send_quarter(house)
    assert f"{LIST}?ver=pending" in dre.get("/").text
    assert "evidencias?ver=" not in ugel.get("/").text
    house.do("dre.especialista", STREAM, e.ReviewEvidence(evidence=1, verdict="correction", reason="Falta la firma"))
    assert "evidencias?ver=" not in dre.get("/").text
    assert f"{LIST}?ver=correction" in ugel.get("/").text
    assert "evidencias?ver=" not in house.browser("satipo.especialista").get("/").text

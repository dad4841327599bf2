"""A commitment signed with a tool of one's own: the PDF is taken, signed, brought back; what the page answers, what is kept."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from httpx import Response

from service import outside, people
from service.aggregates.commitment_review import OutsideFileAccepted
from service.aggregates.commitment_signing import CommitmentSignedOutside, OutsideFileRefused
from service.aggregates.receipt import code_of, grouped
from service.cli import run_command
from service.demo import trust as demo_trust
from service.demo.cast import Member
from service.pades import Expected, rule, trust
from service.pades.shapes import Asked
from service.settings import DEMO_ROOTS, SIGNER_ID
from service.web import outside as web
from tests.conftest import TestDatabase
from tests.first_quarter import DIRECTOR, STREAM, YEAR, live
from tests.house import JAUJA, House, open_house
from tests.outside import ANA, LUIS, PATTERN, ROOT, TRUST, rewrite, sign

HREF = f"/compromisos/{JAUJA}-{YEAR}-1"
ROOM = f"{HREF}/firma-de-fuera"
SIGNERS = {"ugel.director": ANA, "ugel.jefe": LUIS}


@pytest.fixture
def house(house_database: TestDatabase, tmp_path: Path) -> Iterator[House]:
    """The running service, with an authority it trusts, a place for files and two directors with a DNI."""
    (tmp_path / "raiz.crt").write_bytes(ROOT.der)
    (tmp_path / "lista.crl").write_bytes(TRUST.lists[0])
    settings: dict[str, Any] = {"trust_roots": tmp_path, "signer_id": PATTERN, "documents": str(tmp_path / "documentos")}
    with open_house(house_database.service_url, **settings) as opened:
        with opened.app.state.database.connection() as connection:
            for usuario, dni in SIGNERS.items():
                outside.set_dni(connection, opened.ids[usuario], dni)
        live(opened, "proposed")
        yield opened


def take(house: House, usuario: str) -> bytes:
    """Download the PDF as it stands."""
    return house.browser(usuario).get(f"{ROOM}/documento.pdf").content


def bring(house: House, usuario: str, content: bytes, version: str = "1") -> Response:
    """Upload a file from the page."""
    browser = house.browser(usuario)
    browser.get(ROOM)
    return browser.post(ROOM, {"version": version}, files={"archivo": ("firmado.pdf", content, "application/pdf")})


def said(answer: Response) -> str:
    """The sentence of a refusal."""
    return answer.text.partition("No se pudo hacer</h2>")[2].partition("<p>")[2].partition("</p>")[0]


def now(content: bytes, dni: str) -> bytes:
    """The file, signed at this moment."""
    return sign(content, dni, datetime.now(UTC))


def last(house: House) -> Any:
    """What happened last in the unit's year."""
    return list(house.ledger.facts(STREAM))[-1].fact.event


def test_two_people_sign_one_file_in_turn(house: House) -> None:
    """Each takes the newest file and brings it back signed, an old copy is told so; the last puts the commitment into force."""
    paper = take(house, "ugel.director")
    one = now(paper, ANA)
    done = bring(house, "ugel.director", one)
    result = house.browser("ugel.director").get(done.headers["location"]).text
    assert "Resultado: VÁLIDO" in result
    assert f"PERSONA DE PRUEBA {ANA}" in result
    first = last(house)
    assert isinstance(first, CommitmentSignedOutside)
    assert (first.charge, first.complete) == (DIRECTOR, False)
    assert (first.paper, first.previous, first.file) == tuple(hashlib.sha256(each).hexdigest() for each in (paper, paper, one))
    late = bring(house, "ugel.jefe", now(paper, LUIS))
    assert (late.status_code, said(late)) == (409, web.OLD)
    assert f"{ROOM}/documento.pdf" in late.text
    assert last(house) == first
    assert take(house, "ugel.jefe") == one
    two = now(one, LUIS)
    assert bring(house, "ugel.jefe", two).status_code == 303
    second = last(house)
    assert (second.previous, second.complete) == (first.file, True)
    assert house.app.state.documents.read(second.file) == two
    address = f"/verificar/{grouped(code_of(second.document))}"
    for content, words in (
        (two, "Es el documento firmado fuera"),
        (one, "Es el documento firmado fuera"),
        (paper, "Es el PDF que Quipu"),
    ):
        told = house.browser()._ask("POST", address, files={"archivo": ("hoja.pdf", content)}).text
        assert words in told
        assert "Contratar la movilidad" in told
    told = house.browser()._ask("POST", address, files={"archivo": ("hoja.pdf", two + b" ")}).text
    assert "No es este documento" in told
    assert "Contratar la movilidad" not in told
    page = house.browser("dre.director").get(HREF).text
    assert "Firma digital hecha fuera de Quipu, con certificado" in page
    assert "Descargar el PDF con sus firmas digitales" in page
    reader, given = house.browser("auditor"), [each for each in house.ledger.facts(STREAM) if each.fact.event in (first, second)]
    for signature, content in zip(given, (one, two), strict=True):
        seen = f"{HREF}/firmas/{signature.position}"
        assert f'href="{seen}/documento.pdf"' in reader.get(seen).text
        assert reader.get(f"{seen}/documento.pdf").content == content
    assert all("PERSONA DE PRUEBA" not in str(each.fact.event) for each in house.ledger.facts(STREAM))


@pytest.mark.parametrize(("usuario", "dni"), [("ugel.director", ANA), ("ugel.jefe", LUIS)])
def test_of_two_uploads_at_once_one_is_accepted(house: House, monkeypatch: pytest.MonkeyPatch, usuario: str, dni: str) -> None:
    """While a file is being checked the same one, or another signatory's, arrives and is accepted: the first is told so."""
    paper, checked, inner = take(house, "ugel.director"), web.checked, list[Response]()

    def meanwhile(state: Any, person: str, previous: bytes, content: bytes) -> Any:
        monkeypatch.setattr(web, "checked", checked)
        inner.append(bring(house, usuario, now(paper, dni)))
        return checked(state, person, previous, content)

    monkeypatch.setattr(web, "checked", meanwhile)
    outer = bring(house, "ugel.director", now(paper, ANA))
    assert [each.status_code for each in inner] == [303]
    words = "Su cargo ya firmó" if dni == ANA else "Otra persona firmó el documento después"
    assert (outer.status_code, said(outer).startswith(words)) == (409, True)
    signed = [r.fact.event for r in house.ledger.facts(STREAM) if isinstance(r.fact.event, CommitmentSignedOutside)]
    assert len(signed) == 1


def test_a_refused_file_is_a_fact_and_may_be_tried_again(house: House) -> None:
    """Another person's certificate: the verdict, its sentence, a fact with codes and no names, the file kept; then the right one."""
    paper = take(house, "ugel.director")
    wrong = now(paper, LUIS)
    done = bring(house, "ugel.director", wrong)
    result = house.browser("ugel.director").get(done.headers["location"]).text
    assert "Resultado: NO VÁLIDO" in result
    assert "El certificado es de otra persona" in result
    refused = last(house)
    assert isinstance(refused, OutsideFileRefused)
    assert (refused.verdict, refused.reasons) == ("NO VÁLIDO", ("other-person",))
    assert house.app.state.documents.read(refused.file) == wrong
    assert "El certificado es de otra persona" in house.browser("dre.director").get(ROOM).text
    assert house.browser("dre.director").get(done.headers["location"]).status_code == 404
    with house.app.state.database.connection() as connection:
        outside.set_dni(connection, house.ids["ugel.director"], "")
    assert "Su DNI no está en el directorio" in house.browser("ugel.director").get(ROOM).text
    with house.app.state.database.connection() as connection:
        outside.set_dni(connection, house.ids["ugel.director"], ANA)
    again = bring(house, "ugel.director", now(paper, ANA))
    assert "VÁLIDO" in house.browser("ugel.director").get(again.headers["location"]).text
    assert isinstance(last(house), CommitmentSignedOutside)


def test_a_file_that_its_tool_wrote_again_is_accepted_by_another_person(house: House) -> None:
    """INDETERMINADO; the DRE finds it on Inicio, takes it, accepts it with a reason; it is never said to be VÁLIDO."""
    paper = take(house, "ugel.director")
    again = now(rewrite(paper), ANA)
    done = bring(house, "ugel.director", again)
    result = house.browser("ugel.director").get(done.headers["location"]).text
    assert "Resultado: INDETERMINADO" in result
    assert "La DRE puede revisarlo" in result
    file = hashlib.sha256(again).hexdigest()
    fields = {"version": "1", "file": file, "reason": "Validado con el software acreditado; el texto es el mismo."}
    assert house.browser("ugel.director").post(f"{ROOM}/aceptacion", fields).status_code == 403
    reviewer = house.browser("dre.especialista")
    assert f'href="{ROOM}"' in reviewer.get("/").text
    assert "espera a que otra persona lo revise" in house.browser("ugel.director").get(HREF).text
    assert "Revisar el PDF firmado" in reviewer.get(HREF).text
    assert reviewer.get(f"{ROOM}/archivos/{file}").content == again
    assert house.browser("satipo.director").get(f"{ROOM}/archivos/{file}").status_code == 403
    assert reviewer.get(f"{ROOM}/archivos/{'0' * 64}").status_code == 404
    blank = reviewer.post(f"{ROOM}/aceptacion", fields | {"reason": ""})
    assert (blank.status_code, 'id="aceptar-' in blank.text, "reason" in blank.text) == (422, True, True)
    assert reviewer.post(f"{ROOM}/aceptacion", fields).status_code == 303
    event = last(house)
    assert isinstance(event, OutsideFileAccepted)
    assert (event.charge, event.signatory, event.complete) == (DIRECTOR, house.ids["ugel.director"], False)
    page = house.browser("auditor").get(HREF).text
    assert "Documento firmado externamente, aceptado por otra persona" in page
    assert fields["reason"] in page
    assert "Firma digital hecha fuera" not in page
    assert "espera a que otra persona lo revise" not in page
    seen = house.browser("auditor").get(f"{HREF}/firmas/{list(house.ledger.facts(STREAM))[-1].position}")
    assert "La huella del texto guardado es la que consta en la firma." in seen.text
    told = house.browser().get(f"/verificar/{grouped(code_of(event.document))}").text
    assert "Documento firmado externamente, aceptado por otra persona" in told
    assert "VÁLIDO" not in told
    assert f'href="{ROOM}"' not in reviewer.get("/").text
    assert take(house, "ugel.jefe") == again
    assert bring(house, "ugel.jefe", now(again, LUIS)).status_code == 303
    signed = last(house)
    assert isinstance(signed, CommitmentSignedOutside)
    assert (signed.previous, signed.complete) == (file, True)


def test_the_page_tells_how_it_stands_and_only_what_the_reader_can_do(house: House) -> None:
    """Who signs has the three steps; who reviews has the file and its decision; who only reads has where each signatory stands."""
    ways = {"ugel.director": "Firmar con firma digital de fuera", "auditor": "Firma digital de fuera"}
    for usuario, title in ways.items():
        page = house.browser(usuario).get(ROOM).text
        assert f">{title}</h1>" in page
        assert page.count("Falta firmar") == 2
        assert ("Subir el PDF firmado" in page) == (usuario == "ugel.director"), usuario
    again = now(rewrite(take(house, "ugel.director")), ANA)
    bring(house, "ugel.director", again)
    waiting, position = house.browser("auditor").get(ROOM).text, list(house.ledger.facts(STREAM))[-1].position
    assert "Su archivo espera revisión" in waiting
    assert "Archivos que esperan revisión" in waiting
    assert "Otros archivos que se subieron" not in waiting
    assert "Aceptar el archivo" not in waiting
    reviewer = house.browser("dre.especialista")
    page = reviewer.get(ROOM).text
    assert ">Revisar un documento firmado externamente</h1>" in page
    assert ("Aceptar el archivo" in page, "Subir el PDF firmado" in page) == (True, False)
    fields = {"version": "1", "file": hashlib.sha256(again).hexdigest(), "reason": "Validado con el software acreditado."}
    reviewer.post(f"{ROOM}/aceptacion", fields)
    once_more = reviewer.post(f"{ROOM}/aceptacion", fields)
    assert (once_more.status_code, said(once_more)) == (409, "Quien subió el archivo ya firmó este compromiso.")
    page = house.browser("auditor").get(ROOM).text
    assert "INDETERMINADO</span><small>Documento firmado externamente, aceptado por otra persona" in page
    assert f"n.º {position + 1:,}".replace(",", "\u00a0") in page
    assert "esperan revisión" not in page


def test_what_cannot_be_brought(house: House) -> None:
    """No file, one too large, another version, who does not sign: each is answered in words, and nothing is recorded."""
    before = last(house)
    paper = take(house, "ugel.director")
    empty = bring(house, "ugel.director", b"")
    assert (empty.status_code, "Elija el PDF que firmó" in empty.text) == (422, True)
    large = bring(house, "ugel.director", paper + b"\0" * 10_000_000)
    assert (large.status_code, "pasa de 10 MB" in large.text) == (413, True)
    other = bring(house, "ugel.director", now(paper, ANA), "2")
    assert (other.status_code, said(other).startswith("El texto cambió")) == (409, True)
    stranger = bring(house, "dre.especialista", now(paper, ANA))
    assert (stranger.status_code, said(stranger)) == (409, "Todavía no lo firman todos los cargos que deben hacerlo.")
    assert bring(house, "auditor", now(paper, ANA)).status_code == 403
    assert last(house) == before


def test_the_administrator_enters_the_dni(house: House) -> None:
    """It is shown to the administrator alone, is one person's, and has eight digits."""
    admin, person = house.browser("admin"), house.ids["ugel.especialista"]
    where = f"/administrar/personas/{person}"
    assert admin.post(f"{where}/dni", {"dni": "40111222"}).status_code == 303
    assert 'value="40111222"' in admin.get(where).text
    for wrong, sentence in (("12", "8 cifras"), (ANA, "otra persona")):
        answer = admin.post(f"{where}/dni", {"dni": wrong})
        assert (answer.status_code, sentence in answer.text) == (422, True)
    assert house.browser("ugel.jefe").post(f"{where}/dni", {"dni": "40111222"}).status_code == 403
    with house.app.state.database.connection() as connection:
        assert outside.dni(connection, person) == "40111222"
        assert people.names(connection, [person])[person]


def test_a_demo_has_an_authority_of_its_own(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each account gets a DNI and a certificate that the demo's folder leads to, and a command that signs with it; a second start changes nothing."""
    member = Member(house.ids["ugel.especialista"], "ugel.especialista", "Rosa Demo", "especialista-ugel", JAUJA)
    folder, address = tmp_path / "autoridad", house.app.state.settings.database_url
    for _ in range(2):
        demo_trust.furnish(address, folder, [member])
    with house.app.state.database.connection() as connection:
        dni = outside.dni(connection, member.id)
    holder, paper = demo_trust.holder(member, 1), take(house, "ugel.director")
    asked = Asked(paper, sign(paper, holder, datetime.now(UTC)), Expected(dni, SIGNER_ID), trust.load(folder), datetime.now(UTC))
    assert rule.apply(asked).verdict == "VÁLIDO"
    paper_file = tmp_path / "compromiso.pdf"
    paper_file.write_bytes(paper)
    monkeypatch.setenv("QUIPU_DATA", str(tmp_path))
    (tmp_path / DEMO_ROOTS).symlink_to(folder)
    assert run_command(("demo-sign", str(paper_file), "--as", member.usuario)) == 0
    signed = (tmp_path / "compromiso-ugel.especialista.pdf").read_bytes()
    assert rule.apply(msgspec.structs.replace(asked, upload=signed)).verdict == "VÁLIDO"
    again, stranger = str(tmp_path / "compromiso-ugel.especialista.pdf"), "dre.director"
    for file, usuario in ((again, member.usuario), (str(paper_file), stranger), (str(folder / "LEAME.txt"), member.usuario)):
        assert run_command(("demo-sign", file, "--as", usuario)) == 1, file


def test_a_chain_knows_its_old_copies() -> None:
    """What grew from the last file is not old, nor is a stranger's file; what grew from one before is."""
    chain = web.Chain(("0", b"papel"), (("1", b"papel uno"), ("2", b"papel uno dos")))
    assert not chain.outdated(b"papel uno dos tres")
    assert chain.outdated(b"papel uno y otro")
    assert chain.outdated(b"papel")
    assert not chain.outdated(b"otra cosa")

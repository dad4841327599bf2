"""A commitment signed with a certificate: downloaded, signed by a tool, brought back, on a telephone too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import expect

from service import outside, people
from tests.browsing import NARROW, Site, serving
from tests.outside import ANA, PATTERN, ROOT, TRUST, sign
from tests.test_journeys_commitment import propose

pytestmark = pytest.mark.browser


def test_a_pdf_is_downloaded_signed_and_brought_back(site: Site, tmp_path: Path) -> None:
    """The director sees the three steps, brings the PDF back signed, and reads VÁLIDO, at 360 px and by keyboard."""
    (tmp_path / "raiz.crt").write_bytes(ROOT.der)
    (tmp_path / "lista.crl").write_bytes(TRUST.lists[0])
    with psycopg.connect(site.database.service_url, autocommit=True) as connection:
        person = people.find_by_usuario(connection, "ugel.director")
        assert person
        outside.set_dni(connection, person.id, ANA)
    with serving(site.database, QUIPU_TRUST_ROOTS=str(tmp_path), QUIPU_SIGNER_ID=PATTERN) as address:
        there = Site(address, site.database, site.browser, site.visitors)
        overseer, director = (there.visitor(name, at="/salir") for name in ("dre.especialista", "ugel.director"))
        path = propose(overseer, director, "Los materiales llegaron tarde.")
        director.main().get_by_role("link", name="Firmar con firma digital de fuera").click()
        expect(director.page.get_by_role("heading", level=1)).to_have_text("Firmar con firma digital de fuera")
        director.check()
        director.page.set_viewport_size(NARROW)
        with director.page.expect_download() as download:
            director.main().get_by_role("link", name="Descargar el PDF", exact=True).click()
        signed = tmp_path / "firmado.pdf"
        content = Path(download.value.path()).read_bytes()
        with ThreadPoolExecutor() as elsewhere:  # the tool runs a loop of its own, as the browser does here
            signed.write_bytes(elsewhere.submit(sign, content, ANA, datetime.now(UTC)).result())
        director.page.get_by_label("PDF firmado", exact=True).set_input_files(signed)
        director.tab_to(director.main().get_by_role("button", name="Subir el PDF firmado"))
        director.page.keyboard.press("Enter")
        expect(director.page.get_by_role("heading", level=1)).to_have_text("Resultado: VÁLIDO")
        expect(director.main()).to_contain_text(f"PERSONA DE PRUEBA {ANA}")
        director.fits()
        director.check()
        director.open(path)
        expect(director.main()).to_contain_text("Firma digital hecha fuera de Quipu, con certificado")
        director.fits()

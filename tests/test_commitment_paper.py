"""A commitment on paper: one file for each version, whatever is signed later; a sheet for the signatures; no text that cannot be set."""

import io
from datetime import UTC, datetime

import pikepdf

from service.aggregates.finding import RecordFinding
from service.projections.commitment_page import Signature
from service.web.commitment_paper import _signature
from tests.first_quarter import PLACE, PROPOSAL, STREAM, live
from tests.house import House


def test_the_file_that_is_signed_is_made_once(house: House) -> None:
    """Its bytes stay while others sign; it is PDF/A for anybody's archive, and the state of the signatures is another sheet."""
    href = live(house, "proposed").href
    reader = house.browser("ugel.jefe")
    first = reader.get(f"{href}/compromiso.pdf")
    assert first.headers["content-type"] == "application/pdf"
    assert 'filename="compromiso-120005' in first.headers["content-disposition"]
    with pikepdf.open(io.BytesIO(first.content)) as pdf, pdf.open_metadata() as told:
        assert told.pdfa_status == "2A"
    unsigned = reader.get(f"{href}/firmas.pdf").content
    live_on = house.browser("dre.director").get(f"{href}/compromiso.pdf").content
    assert live_on == first.content
    assert unsigned != first.content
    assert reader.get(f"{href[:-1]}9/compromiso.pdf").status_code == 404


def test_a_signature_is_told_with_its_day_and_hour_once() -> None:
    """The hour of Lima, after its day; who has not signed says so."""
    at = datetime(2026, 11, 28, 22, 16, tzinfo=UTC)
    done = Signature("unit/120005/2026", 1, "x", "ana", at, "signed", "", "", "quipu", "clave y código", "", "", None, 8344)
    line = _signature("Director(a)", done, {"ana": "Ana"})
    assert (line["name"], line["at"].replace("\xa0", " ")) == ("Ana", "28 nov 2026, 17:16")
    assert _signature("Director(a)", None, {})["state"] == "○ Falta firmar"


def test_a_text_that_cannot_be_set_is_not_offered_for_signature(house: House) -> None:
    """An emoji has no letter in the fonts of a paper: the form says so beside the field, and nothing is recorded."""
    live(house, "found")
    head = house.browser("ugel.jefe")
    answer = head.post(f"{PLACE}/hallazgos/1/compromisos", PROPOSAL | {"target": "10 de 10 👍"})
    assert answer.status_code == 422
    assert "«👍» no se puede imprimir" in answer.text
    assert "10 de 10 👍" in answer.text
    knot = RecordFinding(quarter=1, kind="nudo crítico", text="Faltan visitas a 漢字.", cause="Sin movilidad.", activity=1)
    house.do("dre.especialista", STREAM, knot)
    answer = head.post(f"{PLACE}/hallazgos/2/compromisos", PROPOSAL)
    assert answer.status_code == 422
    assert "El hallazgo dice «漢», que no se puede imprimir" in answer.text
    assert head.post(f"{PLACE}/hallazgos/1/compromisos", PROPOSAL).status_code == 303

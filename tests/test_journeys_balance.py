"""The balance of a year, and what it asks of the next, through the pages."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from service.aggregates.quarter import CloseQuarter, ScoreQuarter, SubmitQuarter, ValidateQuarter
from service.ledger import stream_of
from tests.browsing import Site

pytestmark = pytest.mark.browser

BALANCE = "/balance/2026/120005"
REASON = "El trimestre se cierra antes de tiempo."


def close_the_year(site: Site) -> None:
    """The last two quarters of UGEL Jauja, closed without the browser."""
    stream = stream_of("120005", 2026)
    site.do("dre.director", stream, CloseQuarter(quarter=3))
    site.do("ugel.director", stream, SubmitQuarter(quarter=4, reason=REASON))
    site.do("dre.especialista", stream, ValidateQuarter(quarter=4), ScoreQuarter(quarter=4))
    site.do("dre.director", stream, CloseQuarter(quarter=4))


def test_a_balance_is_submitted_approved_and_closed(site: Site) -> None:
    """Specialist, director of the UGEL, director of the DRE; then its figures are fixed and can be taken along."""
    close_the_year(site)
    specialist = site.visitor("ugel.jefe", at=BALANCE)
    page = specialist.page
    page.get_by_label("Logros").fill("Los materiales llegaron a tiempo.")
    page.get_by_label("Dificultades").fill("Quedaron plazas sin adjudicar.")
    page.get_by_label("Recomendaciones").fill("Publicar las plazas desde enero.")
    specialist.press("Enviar balance")
    expect(specialist.main()).to_contain_text("Enviado")
    director = site.visitor("ugel.director", at=BALANCE)
    director.check()
    director.press("Sí, aprobar balance", director.unfold("Aprobar balance"))
    expect(director.main()).to_contain_text("Aprobado")
    authority = site.visitor("dre.director", at=BALANCE)
    authority.press("Sí, cerrar balance", authority.unfold("Cerrar balance"))
    expect(authority.notice()).to_contain_text("sus cifras ya no cambian")
    authority.check()
    with authority.page.expect_download() as workbook:
        authority.main().get_by_role("link", name="XLSX").or_(authority.main().get_by_role("link", name="Excel")).first.click()
    assert Path(workbook.value.path()).read_bytes().startswith(b"PK")

    director.open("/ugel/120005/2027")
    director.press("Abrir el año 2027", director.unfold("Abrir el año 2027"))
    expect(director.notice()).to_contain_text("El año quedó abierto")
    director.open("/ugel/120005/2027/pendientes")
    director.check()
    undecided = director.main().locator("form.q-form")
    waiting = undecided.count()
    assert waiting, "there must be something left open for this journey to mean anything"
    undecided.first.get_by_label("Continuar").check()
    director.press("Registrar decisión", undecided.first)
    expect(undecided).to_have_count(waiting - 1)


@pytest.mark.long
def test_home_leads_each_person_to_the_next_thing(site: Site) -> None:
    """Inicio greets by name and charge, and the first thing to do is one press away."""
    for usuario, name in (("ugel.jefe", "Julio Mallqui"), ("dre.especialista", "Luis Cóndor"), ("dre.director", "Carmen Inga")):
        visitor = site.visitor(usuario)
        expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(name)
        first = visitor.main().locator(".q-first a")
        address = first.get_attribute("href")
        first.click()
        visitor.page.wait_for_url(f"**{address}")
        expect(visitor.main().get_by_role("heading", level=1)).to_be_visible()

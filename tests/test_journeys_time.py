"""Past, present and others: replay, as of a moment, refusals, and what somebody else records meanwhile."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import Site

pytestmark = pytest.mark.browser

REPLAY = "/reproducir/120005/2026"


def test_an_auditor_replays_a_year_with_the_keyboard(site: Site) -> None:
    """The slider moves with the arrows and says where it is; the address can be handed on; the fact's exact bytes are there."""
    auditor = site.visitor("auditor", at=f"{REPLAY}?paso=10")
    page = auditor.page
    slider = page.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^Hecho 10 de \d+"))
    expect(auditor.main().locator("form[method=post]")).to_have_count(0)
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^Hecho 11 de \d+"))
    expect(slider).to_be_focused()
    expect(page).to_have_url(re.compile(r"hasta=\d+"))
    again = site.visitor("auditor", at="/salir")
    again.open(page.url.removeprefix(site.address))
    expect(again.page.get_by_role("slider")).to_have_attribute("aria-valuetext", re.compile("^Hecho 11 de"))
    page.get_by_text("Ver JSON").click()
    expect(auditor.main()).to_contain_text('"type"')
    with page.expect_download() as raw:
        page.get_by_role("link", name="Descargar los bytes exactos").click()
    assert raw.value.path().read_bytes().startswith(b"{")
    auditor.check()


@pytest.mark.long
def test_who_is_no_auditor_replays_without_the_raw_facts(site: Site) -> None:
    """Everybody may replay; raw facts are for auditors alone."""
    specialist = site.visitor("ugel.especialista", at=f"{REPLAY}?paso=10")
    expect(specialist.page.get_by_role("slider")).to_be_visible()
    expect(specialist.page.get_by_text("Ver JSON")).to_have_count(0)


@pytest.mark.long
@pytest.mark.parametrize("path", ["/ugel/120005/2026", "/ugel/120005/2026/actividades/3", "/ugel/120005/2026/t1", "/seguimiento"])
def test_a_page_as_of_a_day_has_a_banner_and_no_forms(site: Site, path: str) -> None:
    """The state of a past day says so on top, offers the way back, and nothing to change."""
    visitor = site.visitor("ugel.director", at="/salir")
    visitor.open(f"{path}?anio=2026&al=2026-04-10")
    banner = visitor.page.get_by_label("Momento que está viendo")
    expect(banner).to_contain_text("Está viendo el estado al")
    expect(visitor.main().locator("form[method=post]")).to_have_count(0)
    banner.get_by_role("link", name="Volver a hoy").click()
    expect(banner).to_have_count(0)


@pytest.mark.long
def test_another_units_form_is_refused_with_a_sentence(site: Site) -> None:
    """Satipo sees Jauja's page without forms; a forged form gets 403 and a sentence, in the frame of every page."""
    visitor = site.visitor("satipo.director", at="/ugel/120005/2026/actividades/3?t=4")
    expect(visitor.page.get_by_role("button", name="Registrar avance")).to_have_count(0)
    visitor.open("/ugel/120007/2026/actividades/3?t=4")
    visitor.page.locator("form[action$='/avance/4']").evaluate("form => form.action = form.action.replace('120007', '120005')")
    visitor.press("Registrar avance")
    expect(visitor.main()).to_contain_text("Usted solo puede hacer esto en su propia unidad.")
    visitor.check()


def test_what_one_records_changes_on_the_others_screen(site: Site) -> None:
    """The board's cell of a UGEL follows what is recorded there, without loading the page again."""
    watcher = site.visitor("dre.director", at="/seguimiento?anio=2026")
    page = watcher.page
    page.evaluate("window.here = true")
    row = page.get_by_role("row").filter(has_text="UGEL Satipo")
    before = row.inner_text()
    specialist = site.visitor("satipo.director", at="/ugel/120007/2026/actividades/4?t=4")
    for field in specialist.page.get_by_label("Ejecutado").all():
        field.fill("1")
    specialist.press("Registrar avance")
    expect(specialist.notice()).to_contain_text("avance quedó registrado")
    expect(row).not_to_have_text(before)
    assert page.evaluate("window.here"), "the page was loaded again"
    watcher.check()


@pytest.mark.long
def test_what_somebody_is_typing_outlives_a_live_update(site: Site) -> None:
    """While a form is open the page waits; what the others recorded is there once it is sent."""
    director = site.visitor("ugel.director", at="/ugel/120005/2026/t4")
    form = director.unfold("Enviar trimestre")
    form.get_by_label("Por qué faltan").fill("Todavía está en curso.")
    specialist = site.visitor("ugel.especialista", at="/ugel/120005/2026/actividades/2?t=4")
    with director.page.expect_response(lambda answer: "/t4" in answer.url and answer.request.resource_type == "xhr"):
        specialist.page.get_by_label("Ejecutado").first.fill("2")
        specialist.press("Registrar avance")
    expect(form.get_by_label("Por qué faltan")).to_have_value("Todavía está en curso.")
    director.press("Sí, enviar trimestre", form)
    expect(director.notice()).to_contain_text("quedó enviado a la DRE")

"""A quarter, from the first figure to its closing, through the pages."""

import re

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browsing import Site, Visitor

pytestmark = pytest.mark.browser

JAUJA = "/ugel/120005/2026"


def said(visitor: Visitor, sentence: str) -> None:
    """The page says what was done."""
    expect(visitor.notice()).to_contain_text(sentence)


def test_a_specialist_records_progress_with_the_keyboard_alone(site: Site) -> None:
    """Sign-in, skip link, figure, evidence, button: nothing needs a mouse; the percentage follows what is typed."""
    visitor = site.visitor()
    page, keyboard = visitor.page, visitor.page.keyboard
    visitor.open(f"{JAUJA}/actividades/5?t=4")
    visitor.tab_to(page.get_by_label("Usuario"))
    keyboard.type("ugel.especialista")
    keyboard.press("Tab")
    keyboard.type("quipu-demo-2026")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Redistribuir los materiales excedentes entre instituciones")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#contenido$"))
    visitor.tab_to(page.get_by_label("Ejecutado"))
    keyboard.type("1")
    expect(page.locator("output").first).to_have_text("50,00\u00a0%")
    keyboard.press("Tab")
    keyboard.type("Informe 300-2026")
    visitor.tab_to(page.get_by_role("button", name="Registrar avance"))
    keyboard.press("Enter")
    said(visitor, "avance quedó registrado")
    expect(visitor.main()).to_contain_text("Informe 300-2026")


@pytest.mark.long
def test_a_figure_that_makes_no_sense_comes_back_with_a_sentence(site: Site) -> None:
    """What was typed stays, the sentence stands beside the field and on top, where the focus is; nothing was written."""
    visitor = site.visitor("ugel.especialista", at=f"{JAUJA}/actividades/3?t=4")
    page = visitor.page
    page.get_by_label("Ejecutado").first.fill("doce")
    visitor.press("Registrar avance")
    expect(page.locator(".q-errors")).to_be_focused()
    expect(page.get_by_label("Ejecutado").first).to_have_value("doce")
    expect(page.get_by_label("Ejecutado").first).to_have_attribute("aria-invalid", "true")
    visitor.check()


@pytest.mark.long
def test_without_javascript_a_specialist_records_progress_all_the_same(site: Site) -> None:
    """A page without scripts sends its form and says what was done."""
    visitor = site.visitor("ugel.especialista", at=f"{JAUJA}/actividades/9?t=4", java_script_enabled=False)
    visitor.page.get_by_label("Ejecutado").first.fill("2")
    visitor.press("Registrar avance")
    said(visitor, "avance quedó registrado")
    assert visitor.page.get_by_label("Ejecutado").first.input_value() == "2"


@pytest.mark.long
def test_a_form_outlives_its_session(site: Site) -> None:
    """Who typed for longer than the session lasted signs in again and finds what was typed, ready to be sent."""
    visitor = site.visitor("ugel.especialista", at=f"{JAUJA}/actividades/10?t=4")
    page = visitor.page
    page.get_by_label("Ejecutado").first.fill("7")
    with psycopg.connect(site.database.service_url) as connection:
        connection.execute("update people.sign_in set expires_at = now() - interval '1 minute'")
    visitor.press("Registrar avance")
    expect(page.get_by_text("Lo que escribió se conserva")).to_be_visible()
    page.fill("[name=usuario]", "ugel.especialista")
    page.fill("[name=clave]", "quipu-demo-2026")
    visitor.press("Ingresar")
    expect(page).to_have_url(re.compile("/ingresar/pendiente[?]forma="))
    visitor.check()
    page.locator("main form").first.get_by_role("button").first.click()
    said(visitor, "avance quedó registrado")


def test_a_validated_figure_is_corrected_in_sight(site: Site) -> None:
    """One person asks for the correction, another approves it, and the first figure stays, struck through."""
    third = f"{JAUJA}/t3"
    specialist = site.visitor("ugel.especialista", at=third)
    form = specialist.unfold("Pedir rectificación")
    form.get_by_label("Tarea").select_option(index=2)
    form.get_by_label("Cifra correcta").fill("1")
    form.get_by_label("Motivo").fill("Se contó el acta dos veces.")
    specialist.press("Pedir rectificación", form)
    said(specialist, "otra persona debe aprobarla")
    overseer = site.visitor("dre.especialista", at=third)
    overseer.check()
    overseer.press("Sí, aprobar", overseer.unfold("Aprobar rectificación"))
    said(overseer, "la cifra nueva rige")
    expect(overseer.main().locator("del").first).to_be_visible()
    expect(overseer.main()).to_contain_text("Se contó el acta dos veces.")

"""From a closed quarter's finding to a proposed commitment and the printed plan."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import Site

pytestmark = pytest.mark.browser

PLACE = "/ugel/120005/2026"


def test_a_finding_of_a_closed_quarter_ends_in_the_printed_plan(site: Site) -> None:
    """The head adds a measure without JavaScript, proposes its commitment, and prints the plan: one document, no buttons on it."""
    plain = site.visitor("ugel.jefe", at=f"{PLACE}/hallazgos/2", java_script_enabled=False)
    answered = plain.page.locator("section").filter(has=plain.page.get_by_role("heading", name="Medidas del plan de mejora"))
    answered.get_by_role("link").first.click()
    form = plain.unfold("Agregar una medida")
    form.get_by_label("Medida", exact=True).fill("Capacitar a la mesa de partes en el registro digital.")
    plain.press("Agregar una medida", form)
    expect(plain.main()).to_contain_text("Elija al menos un hallazgo")
    form = plain.unfold("Agregar una medida")
    expect(form.get_by_label("Medida", exact=True)).to_have_value("Capacitar a la mesa de partes en el registro digital.")
    for number in (2, 4):
        form.get_by_label(re.compile(rf"^n.º {number} ")).check()
    plain.press("Agregar una medida", form)
    expect(plain.notice()).to_contain_text("La medida quedó en el plan de mejora")
    head = site.visitor("ugel.jefe", at=f"{PLACE}/mejora")
    measure = head.page.locator(".q-measure").filter(has_text="Capacitar a la mesa de partes")
    expect(measure).to_contain_text("Responde a los hallazgos 2 y 4. Compromisos: sin compromisos todavía.")
    head.check()
    measure.get_by_role("link", name="Proponer compromiso").click()
    form = head.main().locator("form[method=post]")
    form.get_by_label("Acción").fill("Capacitar a dos personas de mesa de partes.")
    form.get_by_label("Cargo responsable").select_option("jefe-area/120005/AGP")
    form.get_by_label("Vence el").fill("2027-03-31")
    form.get_by_label("Indicador").fill("Personas capacitadas")
    form.get_by_label("Meta").fill("2 de 2")
    form.get_by_label("Medio de verificación").fill("Constancias")
    head.check()
    head.press("Proponer compromiso", form)
    expect(head.notice()).to_contain_text("ya se puede firmar")
    head.main().get_by_role("link", name="Ver la cadena desde la calificación").click()
    expect(head.main()).to_contain_text("Capacitar a la mesa de partes")
    expect(head.main()).to_contain_text("Calificación del II trimestre")
    head.check()
    head.open(f"{PLACE}/mejora")
    expect(measure).to_contain_text("1 por firmar")
    with head.page.expect_download() as paper:
        head.main().get_by_role("link", name="Descargar el plan (PDF)").click()
    assert paper.value.suggested_filename == "mejora-120005-2026.pdf"
    head.page.emulate_media(media="print")
    expect(measure).to_be_visible()
    for name in ("Agregar una medida", "Descargar el plan (PDF)"):
        expect(head.main().get_by_text(name, exact=True).first).to_be_hidden()
    expect(measure.get_by_role("link", name="Proponer compromiso")).to_be_hidden()
    expect(head.page.get_by_text("Cambios del plan")).to_be_hidden()

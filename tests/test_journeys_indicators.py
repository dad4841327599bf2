"""An indicator from the text of a plan to its achievement, with keys alone, before the browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import Site

pytestmark = pytest.mark.browser

PAGE = "/ugel/120005/2026/indicadores"
SHEET = "/ugel/120005/2026/t4/indicadores"


def test_a_value_is_written_with_keys_and_its_achievement_is_worked_out(site: Site) -> None:
    """Tab by tab to the value of a falling indicator; the page tells the working in words; axe and a narrow screen find nothing."""
    unit = site.visitor("ugel.especialista", at=SHEET)
    row = unit.page.locator("tr", has_text="Días promedio para atender un expediente")
    unit.tab_to(row.get_by_label(re.compile("^Valor,")))
    unit.page.keyboard.type("11,5")
    unit.page.keyboard.press("Tab")
    unit.page.keyboard.type("Reporte 12")
    unit.check()
    unit.page.keyboard.press("Enter")
    expect(unit.notice()).to_contain_text("Los valores quedaron registrados.")
    expect(row).to_contain_text("50,00")
    row.get_by_role("link", name="Días promedio").click()
    expect(unit.main()).to_contain_text("(11,5 − 14) ÷ (9 − 14) × 100 = 50,00")
    unit.check()
    unit.open(f"{PAGE}?declarar=1")
    form = unit.unfold("Declarar indicador")
    expect(form.get_by_label("Nombre")).to_have_value("Porcentaje de directivos que conocen el plan")
    form.get_by_label(re.compile("Creciente")).check()
    form.get_by_label("Fórmula, en palabras").fill("Directivos que responden bien ÷ directivos encuestados × 100")
    form.get_by_label("Unidad de medida").fill("%")
    form.get_by_label("Meta, IV trimestre").fill("80")
    form.get_by_label("Motivo").fill("La UGEL lo mide desde este trimestre")
    unit.check()
    unit.press("Proponer cambio", form)
    expect(unit.notice()).to_contain_text("El cambio quedó propuesto")
    office = site.visitor("dre.especialista", at="/")
    expect(office.main()).to_contain_text("de indicadores")
    office.open(PAGE)
    office.press("Sí, aprobar", office.unfold("Aprobar cambio"))
    expect(office.notice()).to_contain_text("El cambio quedó aprobado")
    expect(office.main()).to_contain_text("Porcentaje de directivos que conocen el plan")

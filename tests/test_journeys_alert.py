"""The life of a case in the browser: found in the list, attended by its unit, closed by somebody else with evidence."""

import pytest
from playwright.sync_api import expect

from tests.browsing import Site
from tests.first_quarter import SOON

pytestmark = pytest.mark.browser

JAUJA = "/ugel/120005/2026"


def test_a_case_goes_through_two_persons(site: Site) -> None:
    """The head finds the escalated case by its filter and answers with a measure; the DRE closes it, not without evidence."""
    chief, overseer = (site.visitor(name, at="/salir") for name in ("ugel.jefe", "dre.especialista"))
    chief.open(f"{JAUJA}/alertas")
    chief.check()
    chief.main().get_by_label("Estado").select_option("escalated")
    chief.main().get_by_label("Regla").select_option("compromiso-vencido")
    chief.press("Filtrar")
    expect(chief.page).to_have_url(f"{chief.address}{JAUJA}/alertas?regla=compromiso-vencido&estado=escalated&trimestre=")
    chief.main().get_by_role("link", name="Compromiso vencido").click()
    expect(chief.main()).to_contain_text("pasa a la agenda de la siguiente sesión")
    path = chief.page.url.removeprefix(chief.address).partition("?")[0]
    form = chief.unfold("Registrar medida")
    form.get_by_label("Medida correctiva").fill("Declarar el resultado y regularizar las actas.")
    form.get_by_label("Cargo responsable").select_option("director-ugel/120005")
    form.get_by_label("Hasta").fill("2020-01-01")
    chief.press("Registrar medida", form)
    expect(chief.main()).to_contain_text("La fecha de la medida no puede ser anterior a hoy.")
    form = chief.unfold("Registrar medida")
    expect(form.get_by_label("Medida correctiva")).to_have_value("Declarar el resultado y regularizar las actas.")
    form.get_by_label("Hasta").fill(SOON.isoformat())
    chief.press("Registrar medida", form)
    expect(chief.main()).to_contain_text("La DRE debe comprobar la medida y cerrar la alerta.")
    chief.check()
    overseer.open(path)
    form = overseer.unfold("Cerrar alerta")
    form.get_by_label("Qué se comprobó").fill("Se vio la declaración.")
    overseer.press("Cerrar alerta", form)
    expect(overseer.main()).to_contain_text("Indique la evidencia o el expediente")
    form = overseer.unfold("Cerrar alerta")
    overseer.tab_to(form.get_by_label("Evidencia o expediente"))
    overseer.page.keyboard.type("Informe 31-2026")
    overseer.page.keyboard.press("Enter")
    expect(overseer.main()).to_contain_text("Cerrada")
    expect(overseer.main()).to_contain_text("Informe 31-2026")
    overseer.check()

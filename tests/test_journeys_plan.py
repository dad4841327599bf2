"""The plan of a new year: from a workbook to the director's approval, through the pages."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import workbooks
from tests.browsing import Site

pytestmark = pytest.mark.browser

NEXT = "/ugel/120005/2027"


def test_a_workbook_becomes_the_plan_of_2027(site: Site, tmp_path: Path) -> None:
    """Spoilt file, sound file, dry run, confirmation; alignment in bulk; submission; approval by the DRE's director."""
    spoilt, sound = tmp_path / "con-errores.xlsx", tmp_path / "plan.xlsx"
    spoilt.write_bytes(workbooks.ceplan(22, {(5, "MAR "): "tres"}))
    sound.write_bytes(workbooks.ceplan(22))
    specialist = site.visitor("ugel.especialista", at=f"{NEXT}/importar")
    page = specialist.page
    page.get_by_label("Archivo del plan").set_input_files(spoilt)
    specialist.press("Revisar archivo")
    expect(page.get_by_role("cell", name="tres", exact=True)).to_be_visible()
    specialist.check()
    specialist.open(f"{NEXT}/importar")
    page.get_by_label("Archivo del plan").set_input_files(sound)
    specialist.press("Revisar archivo")
    expect(specialist.main()).to_contain_text("Filas omitidas")
    specialist.check()
    page.get_by_role("button", name="Importar 20 tareas").click()
    expect(specialist.notice()).to_contain_text("El archivo quedó importado: 20 tareas")

    while page.get_by_text("Alinear en bloque").count():
        form = page.locator("form[action$='/alineamientos']")
        page.get_by_text("Alinear en bloque").click()
        specialist.press("Alinear actividades", form)
    director = site.visitor("ugel.director", at=NEXT)
    director.press("Enviar plan", director.unfold("Enviar plan a la DRE"))
    expect(director.notice()).to_contain_text("El plan quedó enviado a la DRE.")
    authority = site.visitor("dre.director", at=NEXT)
    form = authority.unfold("Aprobar plan")
    form.get_by_label("Resolución", exact=True).fill("R.D. 1-2027")
    form.get_by_label("Fecha de la resolución").fill("2026-11-20")
    authority.press("Aprobar plan", form)
    expect(authority.notice()).to_contain_text("aprobado como versión 1")
    authority.check()


@pytest.mark.long
def test_a_change_of_an_approved_plan_is_proposed_and_decided(site: Site) -> None:
    """A change of an approved plan waits for the DRE, with what it was and what it would be, and then it holds."""
    activity = "/ugel/120005/2026/actividades/5"
    chief = site.visitor("ugel.jefe", at=activity)
    form = chief.unfold("Cambiar datos de la actividad")
    form.get_by_label("Nombre", exact=True).fill("Redistribuir los materiales que sobran")
    form.get_by_label("Motivo del cambio").fill("Así lo nombra la norma nueva.")
    chief.press("Proponer cambio", form)
    expect(chief.notice()).to_contain_text("propuest")
    authority = site.visitor("dre.director", at="/ugel/120005/2026")
    authority.page.get_by_role("link", name="Modificación 2").click()
    expect(authority.main()).to_contain_text("Redistribuir los materiales que sobran")
    authority.check()
    form = authority.unfold("Aprobar modificación")
    form.get_by_label("Resolución", exact=True).fill("R.D. 1200-2026")
    form.get_by_label("Fecha de la resolución").fill("2026-11-20")
    authority.press("Aprobar modificación", form)
    expect(authority.notice()).to_contain_text("La modificación quedó aprobada.")
    chief.open(activity)
    expect(chief.page.get_by_role("heading", level=1)).to_have_text("Redistribuir los materiales que sobran")

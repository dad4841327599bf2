"""From a finding to a verified commitment, through the pages."""

import re

import pytest
from playwright.sync_api import expect

from service import demo
from tests.browsing import Site, Visitor

pytestmark = pytest.mark.browser

JAUJA = "/ugel/120005/2026"


def sign(visitor: Visitor, password: str = demo.PASSWORD) -> None:
    """Sign what the page shows."""
    visitor.page.get_by_label("Su clave").fill(password)
    visitor.press("Firmar compromiso")


def propose(overseer: Visitor, director: Visitor, text: str) -> str:
    """Record a finding as the DRE, answer it with a commitment as the UGEL; returns its address."""
    overseer.open(f"{JAUJA}/hallazgos/nuevo?trimestre=3")
    form = overseer.main().locator("form")
    form.get_by_label("Nudo crítico").check()
    form.get_by_label("Qué se encontró").fill(text)
    form.get_by_label("Causa raíz").fill("No hay relación actualizada de plazas.")
    form.get_by_label("Se apoya en la actividad").select_option("6")
    overseer.press("Registrar hallazgo")
    expect(overseer.notice()).to_contain_text("El hallazgo quedó registrado.")
    director.open(overseer.page.url.removeprefix(overseer.address).partition("?")[0])
    form = director.unfold("Proponer compromiso")
    form.get_by_label("Acción").fill("Publicar cada lunes las plazas desiertas.")
    form.get_by_label("Cargo responsable").select_option("jefe-area/120005/AGP")
    form.get_by_label("Vence el").fill("2027-03-31")
    form.get_by_label("Indicador").fill("Plazas adjudicadas")
    form.get_by_label("Meta").fill("15 de 15")
    form.get_by_label("Medio de verificación").fill("Acta de adjudicación")
    for charge in ("director-ugel/120005", "jefe-area/120005/AGP"):
        form.locator(f"[name=signatories][value='{charge}']").check()
    director.press("Proponer compromiso", form)
    expect(director.notice()).to_contain_text("ya se puede firmar")
    return director.page.url.removeprefix(director.address).partition("?")[0]


def test_a_finding_ends_in_a_commitment_that_another_verifies(site: Site) -> None:
    """Two persons sign with their password, the responsible declares, somebody of the DRE verifies; each sees the own step."""
    overseer, director, chief = (site.visitor(name, at="/salir") for name in ("dre.especialista", "ugel.director", "ugel.jefe"))
    path = propose(overseer, director, "Quedaron plazas sin adjudicar.")
    director.check()
    sign(director, "otra clave cualquiera")
    expect(director.page.locator(".q-errors")).to_contain_text("no se firmó nada")
    sign(director)
    expect(director.notice()).to_contain_text("firm")
    expect(director.page.get_by_label("Su clave")).to_have_count(0)
    overseer.open(path)
    expect(overseer.page.get_by_label("Su clave")).to_have_count(0)
    chief.open(path)
    sign(chief)
    expect(chief.main()).to_contain_text("En ejecución")
    form = chief.unfold("Declarar cumplimiento")
    form.get_by_label("Cumplido", exact=True).check()
    form.get_by_label(re.compile("Qué se logró")).fill("Se adjudicaron las quince plazas.")
    chief.press("Declarar cumplimiento", form)
    expect(chief.main()).to_contain_text("Indique el medio de verificación.")
    chief.check()
    form = chief.unfold("Declarar cumplimiento")
    form.get_by_label("Medio de verificación").fill("Acta 31-2026")
    chief.press("Declarar cumplimiento", form)
    expect(chief.notice()).to_contain_text("declara")
    expect(chief.main().get_by_text("Verificar", exact=True)).to_have_count(0)
    overseer.open(path)
    form = overseer.unfold("Verificar")
    form.get_by_label("Se comprueba").check()
    overseer.press("Verificar", form)
    expect(overseer.main()).to_contain_text("Verificado")
    overseer.check()


def test_a_signatory_may_decline_with_a_reason(site: Site) -> None:
    """Declining is a fact like signing: the reason stays in sight."""
    overseer, director, chief = (site.visitor(name, at="/salir") for name in ("dre.especialista", "ugel.director", "ugel.jefe"))
    path = propose(overseer, director, "Las plazas se publicaron tarde.")
    chief.open(path)
    form = chief.unfold("Rechazar firma")
    form.get_by_label("Motivo").fill("El plazo no alcanza.")
    chief.press("Rechazar firma", form)
    expect(chief.main()).to_contain_text("El plazo no alcanza.")
    director.open(path)
    expect(director.page.get_by_label("Su clave")).to_have_count(0)

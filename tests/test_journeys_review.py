"""The review of a quarter: from the unit's director to the closing by the DRE's, through the pages."""

import pytest
from playwright.sync_api import expect

from tests.browsing import Site

pytestmark = pytest.mark.browser

JAUJA = "/ugel/120005/2026"
FOURTH = f"{JAUJA}/t4"


def test_a_quarter_is_submitted_observed_corrected_validated_scored_and_closed(site: Site) -> None:
    """Director, specialist of the DRE, specialist of the UGEL, director of the DRE: each finds the own step and only that."""
    director, overseer, authority = (
        site.visitor(name, at=FOURTH) for name in ("ugel.director", "dre.especialista", "dre.director")
    )
    expect(overseer.main().get_by_text("Validar", exact=True)).to_have_count(0)
    form = director.unfold("Enviar trimestre")
    director.press("Sí, enviar trimestre", form)
    expect(director.page.locator(".q-errors")).to_contain_text("explique por qué")
    director.check()
    director.page.get_by_label("Por qué faltan").fill("El cuarto trimestre todavía está en curso.")
    director.press("Sí, enviar trimestre")
    expect(director.notice()).to_contain_text("El IV trimestre quedó enviado a la DRE.")

    overseer.open(FOURTH)
    form = overseer.unfold("Observar")
    form.get_by_label("Qué debe corregir la unidad").fill("Adjunte el acta de la primera tarea.")
    form.get_by_label("Qué observa").select_option(index=1)
    overseer.press("Observar", form)
    expect(overseer.notice()).to_contain_text("La observación quedó registrada")

    specialist = site.visitor("ugel.especialista", at=FOURTH)
    expect(specialist.main()).to_contain_text("Adjunte el acta de la primera tarea.")
    specialist.check()
    specialist.open(f"{JAUJA}/actividades/1?t=4")
    specialist.page.get_by_label("Ejecutado").first.fill("1")
    specialist.page.get_by_label("Medio de verificación").first.fill("Acta 9-2026")
    specialist.press("Registrar avance")
    expect(specialist.notice()).to_contain_text("avance quedó registrado")

    director.open(FOURTH)
    form = director.unfold("Enviar trimestre")
    form.get_by_label("Por qué faltan").fill("El cuarto trimestre todavía está en curso.")
    director.press("Sí, enviar trimestre", form)
    expect(director.notice()).to_contain_text("El IV trimestre quedó enviado a la DRE.")
    overseer.open(FOURTH)
    for button, yes, sentence in (
        ("Validar", "Sí, validar", "quedó validado"),
        ("Calificar", "Sí, calificar", "quedó calificado"),
    ):
        overseer.press(yes, overseer.unfold(button))
        expect(overseer.notice()).to_contain_text(sentence)
    authority.open(FOURTH)
    authority.press("Sí, cerrar trimestre", authority.unfold("Cerrar trimestre"))
    expect(authority.notice()).to_contain_text("ya no admite cambios")
    expect(authority.main()).to_contain_text("Cerrado")
    authority.check()

"""A session in the browser: two persons in the room at once, each sees what the other does; the acta is closed and downloaded."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import Site

pytestmark = pytest.mark.browser

AT = "/ugel/120005/2026/sesiones/3"


def test_two_in_the_room_and_an_acta(site: Site) -> None:
    """What one takes up and agrees is seen by the other without a reload, who keeps what he is writing; then votes, end, acta, PDF."""
    rosa, luis = site.visitor("ugel.director", at=AT), site.visitor("dre.especialista", at=AT)
    room = site.visitor("ugel.especialista", at=f"{AT}/proyectar")
    for visitor in (rosa, room):
        visitor.check()
    notes = luis.unfold("Escribir notas")
    notes.get_by_label("Notas").fill("Lo que Luis está escribiendo")

    rosa.page.get_by_role("button", name=re.compile("^Tratar el punto 2")).click()
    expect(rosa.notice()).to_contain_text("sus cifras quedaron fijas")
    expect(luis.page.locator("#orden tr", has_text="Se trata ahora").locator("th")).to_contain_text("alerta")
    expect(room.page.locator("#sala h2").first).to_contain_text("alerta")
    expect(notes.get_by_label("Notas")).to_have_value("Lo que Luis está escribiendo")
    luis.press("Guardar notas", notes)
    expect(luis.notice()).to_contain_text("Las notas quedaron guardadas")

    form = rosa.unfold("Escribir acuerdo")
    form.get_by_label("Acuerdo", exact=True).fill("Verificar la entrega en campo antes de fin de mes")
    rosa.check()
    rosa.press("Escribir acuerdo", form)
    agreed = luis.page.locator("#acuerdos li", has_text="Verificar la entrega en campo")
    expect(agreed).to_contain_text("Sin votación")
    expect(room.page.locator("#sala")).to_contain_text("Verificar la entrega en campo")

    chief = site.visitor("ugel.jefe", at=AT)
    mine = chief.page.locator("#acuerdos li", has_text="Verificar la entrega en campo")
    mine.locator("summary", has_text=re.compile("^Votar$")).click()
    mine.get_by_label("En contra").check()
    mine.get_by_label("Motivo").first.fill("No hay movilidad en noviembre")
    mine.get_by_role("button", name="Registrar voto").click()
    expect(agreed).to_contain_text("No hay movilidad en noviembre")

    end = rosa.unfold("Levantar sesión")
    end.get_by_label(re.compile("^Por qué quedan puntos")).fill("Se acabó el tiempo")
    rosa.press("Levantar sesión", end)
    expect(luis.page.locator("#estado")).to_contain_text("Acta en borrador")

    boss = site.visitor("dre.director", at=f"{AT}/acta")
    boss.check()
    closing = boss.unfold("Cerrar acta")
    expect(closing).to_contain_text("Después ya no cambia")
    expect(closing).to_contain_text("con sus votos")
    boss.press("Cerrar acta", closing)
    expect(boss.notice()).to_contain_text("El acta quedó cerrada")
    expect(luis.page.locator("#estado")).to_contain_text("Acta cerrada")
    with boss.page.expect_download() as got:
        boss.page.get_by_role("link", name="Descargar acta (PDF)").click()
    assert got.value.suggested_filename == "acta-120005-2026-3.pdf"
    assert got.value.path().read_bytes().startswith(b"%PDF-")
    boss.check()


@pytest.mark.long
def test_the_agenda_is_filled_by_keyboard(site: Site) -> None:
    """A head convenes nothing; the director does with the keyboard alone, finds what waits on the agenda, and adds to it."""
    visitor = site.visitor("satipo.director", at="/sesiones?anio=2026")
    visitor.check()
    link = visitor.page.get_by_role("link", name="Convocar sesión de UGEL Satipo")
    visitor.tab_to(link)
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_label("Ordinaria", exact=True).check()
    visitor.page.get_by_label("Trimestre que evalúa").select_option("3")
    visitor.page.get_by_label("Fecha").fill("2026-12-04")
    visitor.page.get_by_label("Lugar o enlace").fill("Sala de la UGEL")
    visitor.check()
    visitor.press("Convocar sesión")
    expect(visitor.notice()).to_contain_text("La sesión quedó convocada")
    rows = visitor.page.locator("#orden tbody tr")
    expect(rows.first).to_contain_text("resultado del III trimestre")
    expect(rows.nth(1)).to_contain_text("elevada a sesión")
    form = visitor.unfold("Agregar puntos")
    visitor.check()
    form.get_by_label("Otro punto").fill("Varios")
    visitor.press("Agregar a la agenda", form)
    expect(rows.last).to_contain_text("Varios")
    visitor.check()

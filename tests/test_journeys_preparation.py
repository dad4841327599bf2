"""How a plan is prepared: a UGEL diagnoses, links an activity and aligns it, and sees what is covered."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from service.aggregates import plan as p
from service.aggregates.plan_versions import OpenYear
from tests.browsing import Site

pytestmark = pytest.mark.browser

SATIPO = "/ugel/120007/2027"


def test_a_unit_diagnoses_links_and_aligns(site: Site) -> None:
    """Territory, who took part and a problem; an activity answers it; objectives by a few letters; the matrix shows it."""
    task = p.NewTask(name="Visitar aulas", unit="Visita", months=(Decimal(1),) * 12)
    line = p.AddLine(code="M3", kind="misional", name="Monitoreo y acompañamiento pedagógico")
    added = p.AddActivity(line="M3", name="Acompañar aulas multigrado", tasks=(task,))
    site.do("satipo.director", "unit/120007/2027", OpenYear(year=2027), line, added)
    director = site.visitor("satipo.director", at=f"{SATIPO}/diagnostico")
    page = director.page
    form = director.unfold("Registrar diagnóstico")
    form.get_by_label("Selva central").check()
    form.get_by_label("Lengua 1").fill("asháninka")
    form.get_by_label("Actores").first.select_option("autoridades comunales")
    form.get_by_label("Personas").first.fill("14")
    form.get_by_label("Papel").first.fill("Priorización de problemas")
    director.check()
    director.press("Guardar diagnóstico", form)
    expect(director.notice()).to_contain_text("El diagnóstico quedó registrado.")
    form = director.unfold("Agregar problema")
    form.get_by_label("Problema", exact=True).fill("Pocas visitas a las aulas multigrado")
    director.press("Agregar problema", form)
    expect(page.get_by_text("Sin respuesta")).to_be_visible()
    director.check()

    director.open(f"{SATIPO}/actividades/1")
    form = director.unfold("Indicar problemas que atiende")
    form.get_by_label("Pocas visitas a las aulas multigrado").check()
    director.press("Guardar problemas", form)
    page.get_by_role("link", name="Alinear a objetivos").click()
    page.get_by_role("searchbox", name="Buscar objetivos").press_sequentially("inclusion EQUIDAD")
    expect(page.locator(".q-chips-found > li")).to_have_count(1)
    page.get_by_role("link", name=re.compile("Agregar PEN-2")).click()
    expect(page.get_by_text("1 objetivo elegido")).to_be_visible()
    director.check()
    director.press("Guardar alineamiento")
    expect(director.notice()).to_contain_text("El alineamiento quedó registrado.")

    director.open(f"{SATIPO}/alineamiento")
    expect(page.get_by_role("link", name=re.compile("1.actividad: PEN-2, Monitoreo"))).to_be_visible()
    expect(director.main()).to_contain_text("objetivos que nadie atiende")
    director.check()
    director.open(SATIPO)
    expect(page.get_by_text("Problemas sin respuesta")).to_have_count(0)

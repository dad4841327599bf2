"""How a plan is prepared: a UGEL diagnoses and aligns, the DRE rewords its catalogue, and supports the UGEL in a session."""

import re
from contextlib import suppress
from decimal import Decimal

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Route, expect

from service.aggregates import plan as p
from service.aggregates.plan_versions import OpenYear
from tests.browsing import Site

pytestmark = pytest.mark.browser

SATIPO = "/ugel/120007/2027"


def test_what_is_chosen_while_a_search_is_under_way_stays_chosen(site: Site) -> None:
    """On a slow line the answer to the last letters comes after the choice, and does not take it away."""
    task = p.NewTask(name="Visitar aulas", unit="Visita", months=(Decimal(1),) * 12)
    line = p.AddLine(code="M3", kind="misional", name="Monitoreo y acompañamiento pedagógico")
    added = p.AddActivity(line="M3", name="Acompañar aulas", tasks=(task,))
    site.do("satipo.director", "unit/120007/2028", OpenYear(year=2028), line, added)
    director, held = (
        site.visitor("satipo.director", at="/ugel/120007/2028/actividades/1/alineamiento?buscar=equidad"),
        list[Route](),
    )
    page, search = director.page, re.compile(r"buscar=(?!equidad(&|$))(?!.*elegido)")

    def hold(route: Route) -> None:
        held.append(route)

    page.route(search, hold)
    with page.expect_request(search):
        page.get_by_role("searchbox", name="Buscar objetivos").press_sequentially(" e")
    page.get_by_role("link", name=re.compile("Agregar PEN-2")).click()
    expect(page.get_by_text("1 objetivo elegido")).to_be_visible()
    with suppress(PlaywrightError):  # nobody waits for it any more
        held[0].continue_()
    page.wait_for_timeout(300)
    expect(page.get_by_text("1 objetivo elegido")).to_be_visible()
    assert all("Abort" in each or "afterRequest" in each for each in director.told()), "only the search that was given up"


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


@pytest.mark.long
def test_the_dre_rewords_its_catalogue(site: Site) -> None:
    """Edited in the draft, seen in words, published with a reason: a UGEL reads the new text, its closed quarter the old one."""
    office = site.visitor("dre.director", at="/catalogo/borrador")
    page = office.page
    page.get_by_role("link", name="Cambiar ON4").click()
    old, new = "Garantizar una sociedad justa", "Texto precisado por la DRE para esta prueba"
    form = page.locator("#forma details[open] form")
    expect(form.get_by_label("Texto")).to_have_value(re.compile(old))
    form.get_by_label("Texto").fill(new)
    office.press("Guardar en el borrador", form)
    changes = page.get_by_role("region", name="Qué cambia con esta versión")
    expect(changes).to_contain_text(new)
    office.check()
    unit = site.visitor("ugel.director", at="/ugel/120005/2026/actividades/1?t=4")
    expect(unit.main()).to_contain_text(old)
    form = office.unfold("Publicar versión 4")
    form.get_by_label("Motivo").fill("Precisión de la directiva")
    office.press("Publicar versión 4", form)
    expect(office.notice()).to_contain_text("versión 4")
    unit.page.reload()
    expect(unit.main()).to_contain_text(new)
    unit.open("/ugel/120005/2026/actividades/1?t=1")
    expect(unit.main()).to_contain_text(old)
    expect(unit.main()).not_to_contain_text(new)


def test_a_session_is_held_and_what_a_unit_took_on_is_verified(site: Site) -> None:
    """Programme, attendance, what the unit took on, its report from «Por hacer», the verification; and the year told again."""
    office = site.visitor("dre.especialista", at="/apoyo?anio=2026")
    page = office.page
    page.get_by_role("link", name="Convocar jornada").click()
    page.get_by_label("Asistencia técnica especializada").check()
    page.get_by_label("Título").first.fill("Cómo cerrar bien el año")
    page.get_by_label("Fecha").fill("2026-11-20")
    page.get_by_label("Lugar o enlace").fill("Sala de la DRE")
    page.get_by_label("Punto 1").fill("Qué falta reportar")
    office.press("Convocar jornada")
    expect(office.notice()).to_contain_text("La jornada quedó convocada.")
    form = office.unfold("Registrar asistencia")
    form.get_by_label(re.compile("Director.*UGEL Jauja")).check()
    office.check()
    office.press("Guardar asistencia", form)
    row = page.get_by_role("row", name=re.compile("UGEL Jauja"))
    row.locator("summary", has_text="Registrar lo asumido").click()
    row.get_by_label("Qué hará la UGEL").fill("Enviar las evidencias de diciembre")
    row.get_by_label("Plazo").fill("2026-12-15")
    office.press("Registrar lo asumido", row)
    expect(office.notice()).to_contain_text("Lo asumido quedó registrado.")
    where = page.url.removeprefix(site.address)

    head = site.visitor("ugel.jefe")
    head.page.get_by_role("link", name="Cumplir e informar: Enviar las evidencias de diciembre").click()
    form = head.unfold("Informar que se hizo")
    form.get_by_label("Qué se hizo y dónde consta").fill("Informe 90-2026")
    head.press("Informar que se hizo", form)
    expect(head.notice()).to_contain_text("Quedó informado")
    office.open(where)
    form = office.unfold("Verificar")
    form.get_by_label("Se comprueba: cumplido").check()
    office.press("Verificar", form)
    expect(office.notice()).to_contain_text("La verificación quedó registrada.")
    office.open("/reproducir/region/2026")
    expect(page.get_by_role("row", name=re.compile("Enviar las evidencias de diciembre"))).to_contain_text("Cumplido")
    page.get_by_role("link", name="Anterior").click()
    expect(page.get_by_role("row", name=re.compile("Enviar las evidencias de diciembre"))).to_contain_text("Por verificar")


@pytest.mark.long
def test_the_board_is_one_printed_sheet(site: Site) -> None:
    """Landscape A4, however many targets were amended."""
    visitor = site.visitor("dre.director", at="/seguimiento?anio=2026")
    printed = visitor.page.pdf(prefer_css_page_size=True)
    (size,) = re.findall(rb"/Type\s*/Page\b[^s].*?/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed, re.DOTALL)
    assert [round(float(each)) for each in size] == [842, 595]


@pytest.mark.long
def test_charts_are_printed_with_their_tables(site: Site) -> None:
    """Those of the trends and of a unit's lines: folded on screen, unfolded on paper."""
    for address, many in (("/seguimiento/tendencias?anio=2026", 16), ("/ugel/120005/2026", 1)):
        page = site.visitor("dre.director", at=address).page
        tables = page.locator(".q-printed table")
        expect(tables).to_have_count(many)
        expect(tables.last).not_to_be_visible()
        page.emulate_media(media="print")
        for n in range(many):
            expect(tables.nth(n)).to_be_visible()
            assert (tables.nth(n).bounding_box() or {"height": 0})["height"] > 20

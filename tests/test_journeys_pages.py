"""Every page of the product on a telephone every day; with axe a dozen of them, and in the long run all, at a desk and on a telephone."""

import re

import pytest
from litestar.routes import HTTPRoute
from playwright.sync_api import ViewportSize

from service.demo.cast import Cast
from tests.browsing import NARROW, WIDE, Site, Visitor
from tests.conftest import TestDatabase
from tests.house import open_house

pytestmark = pytest.mark.browser

UNIT = "/ugel/{code}/{year}"
ELENA = Cast("quipu").members["ugel.especialista"].id
PAGES: dict[str, list[tuple[str, str]]] = {
    "/": [("ugel.jefe", "/"), ("dre.especialista", "/"), ("auditor", "/")],
    "/ingresar": [("", "/ingresar?volver=/balance/2025")],
    "/salir": [("auditor", "/salir")],
    "/patrones": [("auditor", "/patrones")],
    "/seguimiento": [("dre.especialista", "/seguimiento?anio=2026"), ("auditor", "/seguimiento?anio=2026&hasta=3000")],
    "/seguimiento/mapa": [
        ("dre.especialista", "/seguimiento/mapa?anio=2026&por=linea"),
        ("auditor", "/seguimiento/mapa?anio=2025"),
    ],
    "/seguimiento/tendencias": [("dre.especialista", "/seguimiento/tendencias?anio=2026&linea=M1")],
    "/seguimiento/pantalla": [
        ("dre.director", f"/seguimiento/pantalla?anio=2026&pausa=1&lamina={n}") for n in (1, 6, 15, 16, 17)
    ],
    "/seguimiento/calculo": [("auditor", "/seguimiento/calculo?anio=2026&trimestre=3")],
    UNIT: [("ugel.jefe", "/ugel/120005/2026"), ("ugel.jefe", "/ugel/120005/2027")],
    f"{UNIT}/actividades/{{activity}}": [
        ("ugel.jefe", "/ugel/120005/2026/actividades/3?t=4"),
        ("auditor", "/ugel/120005/2026/actividades/6?t=1"),
    ],
    f"{UNIT}/historial": [("ugel.jefe", "/ugel/120005/2026/historial?tipo=compromisos")],
    "/dre/historial": [("auditor", "/dre/historial?tipo=reglas")],
    f"{UNIT}/importar": [("ugel.jefe", "/ugel/120005/2027/importar")],
    f"{UNIT}/modificaciones/{{amendment}}": [("auditor", "/ugel/120005/2026/modificaciones/1")],
    f"{UNIT}/versiones": [("auditor", "/ugel/120007/2026/versiones")],
    f"{UNIT}/versiones/{{first}}/{{second}}": [("auditor", "/ugel/120007/2026/versiones/1/m2")],
    f"{UNIT}/revision": [("dre.especialista", "/ugel/120006/2027/revision"), ("auditor", "/ugel/120006/2027/revision?ver=todo")],
    f"{UNIT}/actividades/{{activity}}/cambios": [("auditor", "/ugel/120005/2026/actividades/7/cambios")],
    f"{UNIT}/alertas": [("ugel.jefe", "/ugel/120005/2026/alertas")],
    f"{UNIT}/alertas/{{alert}}": [("dre.especialista", "/ugel/120005/2026/alertas/1")],
    f"{UNIT}/hallazgos": [("dre.especialista", "/ugel/120005/2026/hallazgos")],
    f"{UNIT}/hallazgos/nuevo": [("dre.especialista", "/ugel/120005/2026/hallazgos/nuevo?trimestre=3")],
    f"{UNIT}/hallazgos/{{finding}}": [("ugel.jefe", "/ugel/120005/2026/hallazgos/1")],
    "/mejora": [("dre.especialista", "/mejora?anio=2026")],
    f"{UNIT}/mejora": [("ugel.jefe", "/ugel/120005/2026/mejora"), ("auditor", "/ugel/120011/2026/mejora")],
    f"{UNIT}/mejora/medidas/{{measure}}/compromiso": [("ugel.jefe", "/ugel/120005/2026/mejora/medidas/1/compromiso")],
    "/compromisos/{commitment}/cadena": [("auditor", "/compromisos/120005-2026-1/cadena")],
    "/compromisos": [("ugel.jefe", "/compromisos?ugel=120005&anio=2026")],
    "/compromisos/{commitment}": [("ugel.jefe", "/compromisos/120005-2026-1"), ("auditor", "/compromisos/120005-2025-1")],
    f"{UNIT}/hallazgos/{{finding}}/compromisos/nuevo": [
        ("ugel.jefe", "/ugel/120005/2026/hallazgos/1/compromisos/nuevo?tipo=mejora")
    ],
    "/compromisos/{commitment}/versiones/{version}": [("auditor", "/compromisos/120005-2026-1/versiones/1")],
    "/compromisos/{commitment}/revision": [("ugel.jefe", "/compromisos/120005-2026-1/revision")],
    "/catalogo/firmantes": [("dre.director", "/catalogo/firmantes?editar=mejora"), ("auditor", "/catalogo/firmantes")],
    "/por-firmar": [("ugel.director", "/por-firmar")],
    "/compromisos/{commitment}/firma-de-fuera": [("ugel.director", "/compromisos/120005-2026-4/firma-de-fuera")],
    f"{UNIT}/indicadores": [("ugel.jefe", "/ugel/120005/2026/indicadores"), ("auditor", "/ugel/120007/2026/indicadores")],
    f"{UNIT}/indicadores/{{indicator}}": [("dre.especialista", "/ugel/120005/2026/indicadores/1")],
    f"{UNIT}/t4/indicadores": [("ugel.jefe", "/ugel/120005/2026/t4/indicadores")],
    "/reproducir/{code}/{year}": [("auditor", "/reproducir/120005/2026?al=2026-06-30")],
    f"{UNIT}/pendientes": [("auditor", "/ugel/120003/2026/pendientes")],
    "/balance/{year}": [("dre.especialista", "/balance/2025")],
    "/balance/{year}/{code}": [("ugel.jefe", "/balance/2026/120005"), ("auditor", "/balance/2025/120003")],
    f"{UNIT}/t1": [("auditor", "/ugel/120008/2026/t1?al=2026-04-20")],
    f"{UNIT}/t4": [("dre.especialista", "/ugel/120009/2026/t4?ver=avisos")],
    f"{UNIT}/t1/calificacion": [
        ("auditor", "/ugel/120003/2025/t1/calificacion"),
        ("ugel.jefe", "/ugel/120005/2026/t1/calificacion?linea=M3"),
    ],
    f"{UNIT}/diagnostico": [("ugel.jefe", "/ugel/120005/2026/diagnostico"), ("auditor", "/ugel/120014/2026/diagnostico")],
    f"{UNIT}/alineamiento": [("ugel.jefe", "/ugel/120005/2026/alineamiento")],
    f"{UNIT}/actividades/{{activity}}/alineamiento": [("ugel.jefe", "/ugel/120005/2026/actividades/3/alineamiento?q=inclusion")],
    f"{UNIT}/actividades/{{activity}}/conversacion": [("dre.especialista", "/ugel/120005/2026/actividades/4/conversacion")],
    f"{UNIT}/plan": [("ugel.jefe", "/ugel/120005/2026/plan"), ("auditor", "/ugel/120005/2026/plan?hasta=5000")],
    f"{UNIT}/plan/actividades/{{activity}}": [("ugel.jefe", "/ugel/120005/2026/plan/actividades/3")],
    f"{UNIT}/plan/tareas/{{task}}": [("ugel.jefe", "/ugel/120005/2026/plan/tareas/7")],
    f"{UNIT}/plan/anterior": [("auditor", "/ugel/120006/2027/plan/anterior")],
    "/alineamiento": [("dre.especialista", "/alineamiento?anio=2026")],
    "/alineamiento/actividades": [("auditor", "/alineamiento/actividades?anio=2026&objetivo=ON1&linea=M1")],
    "/apoyo": [("ugel.jefe", "/apoyo?anio=2026"), ("dre.especialista", "/apoyo?anio=2026")],
    "/apoyo/{year}/{support}": [("ugel.jefe", "/apoyo/2026/2"), ("dre.especialista", "/apoyo/2026/2")],
    "/apoyo/{year}/nueva": [("dre.especialista", "/apoyo/2026/nueva")],
    "/apoyo/{year}/{support}/cambiar": [("dre.especialista", "/apoyo/2026/2/cambiar")],
    "/apoyo/{year}/historial": [("auditor", "/apoyo/2026/historial")],
    "/alertas": [("dre.especialista", "/alertas?anio=2026&estado=pendientes")],
    "/nudos": [("dre.especialista", "/nudos?anio=2026")],
    "/nudos/{year}/{knot}": [("dre.especialista", "/nudos/2026/1")],
    "/reproducir/region/{year}": [("auditor", "/reproducir/region/2026")],
    "/sesiones": [("dre.director", "/sesiones?anio=2026")],
    "/sesiones/{year}/nueva": [("dre.director", "/sesiones/2026/nueva")],
    "/sesiones/{year}/{number}": [("dre.especialista", "/sesiones/2026/2"), ("auditor", "/sesiones/2026/1")],
    "/sesiones/{year}/{number}/acta": [("dre.director", "/sesiones/2026/1/acta")],
    "/sesiones/{year}/{number}/cambiar": [("dre.director", "/sesiones/2026/2/cambiar")],
    "/sesiones/{year}/{number}/proyectar": [("dre.especialista", "/sesiones/2026/1/proyectar")],
    f"{UNIT}/sesiones/nueva": [("ugel.director", "/ugel/120005/2026/sesiones/nueva")],
    f"{UNIT}/sesiones/{{number}}": [("ugel.jefe", "/ugel/120005/2026/sesiones/3"), ("ugel.jefe", "/ugel/120005/2026/sesiones/1")],
    f"{UNIT}/sesiones/{{number}}/acta": [("ugel.director", "/ugel/120005/2026/sesiones/3/acta")],
    f"{UNIT}/t4/avance": [("ugel.jefe", "/ugel/120005/2026/t4/avance"), ("auditor", "/ugel/120005/2026/t4/avance")],
    f"{UNIT}/t3/evidencias": [("dre.especialista", "/ugel/120005/2026/t3/evidencias")],
    f"{UNIT}/t4/evidencias/{{task}}": [("ugel.jefe", "/ugel/120005/2026/t4/evidencias/5")],
    "/catalogo": [
        ("ugel.jefe", "/catalogo"),
        *(("auditor", f"/catalogo?ver={part}") for part in ("lineas", "areas", "medidas", "calendario", "escala", "alertas")),
    ],
    "/catalogo/quorum": [("ugel.jefe", "/catalogo/quorum"), ("dre.director", "/catalogo/quorum?editar=region/ordinaria")],
    "/catalogo/borrador": [("dre.director", "/catalogo/borrador")],
    "/catalogo/borrador/efecto": [("dre.director", "/catalogo/borrador/efecto?anio=2026")],
    "/catalogo/importar": [("dre.director", "/catalogo/importar")],
    "/catalogo/versiones/{number}": [("auditor", "/catalogo/versiones/2")],
    "/verificar": [("", "/verificar")],
    "/cuenta/firma": [("ugel.director", "/cuenta/firma")],
    "/cuenta/firma/llaves/{key}": [("ugel.director", "/cuenta/firma/llaves/1")],
    "/cuenta/firma/codigos": [("ugel.jefe", "/cuenta/firma/codigos")],
    "/administrar": [("admin", "/administrar")],
    "/administrar/personas/{person}": [("admin", f"/administrar/personas/{ELENA}")],
    "/administrar/privilegios": [("admin", "/administrar/privilegios")],
}
OTHER_SUBJECTS = ("compromisos/{number}", "hallazgos/{finding}", "trimestres/{number}")
THE_SAME = {*(f"{UNIT}/{subject}/conversacion" for subject in OTHER_SUBJECTS)} | {
    f"{UNIT}/t2",
    f"{UNIT}/t3",
    *(f"{UNIT}/t{n}/avance" for n in (1, 2, 3)),
    *(f"{UNIT}/t{n}/evidencias" for n in (1, 2, 4)),
    *(f"{UNIT}/t{n}/evidencias/{{task}}" for n in (1, 2, 3)),
    f"{UNIT}/sesiones/{{number}}/cambiar",
    f"{UNIT}/sesiones/{{number}}/proyectar",
    *(f"{UNIT}/t{n}/calificacion" for n in (2, 3, 4)),
    *(f"{UNIT}/t{n}/indicadores" for n in (1, 2, 3)),
}
DAILY = {
    "/",
    "/ingresar?volver=/balance/2025",
    "/patrones",
    "/seguimiento?anio=2026",
    "/ugel/120005/2026",
    "/ugel/120005/2026/plan",
    "/ugel/120005/2026/t4/avance",
    "/sesiones/2026/1",
    "/compromisos/120005-2026-1",
    "/reproducir/120005/2026?al=2026-06-30",
    "/balance/2026/120005",
    "/administrar",
}
NO_PAGES = {
    f"{UNIT}/importar/{{upload}}": "of who sent the file alone: the journey of a workbook goes through it",
    f"{UNIT}/importar/{{upload}}/columnas": "the same",
    "/compromisos/{commitment}/firmas/{fact}": "of a fact's number: the journey of a commitment goes through it",
    "/compromisos/{commitment}/firma-de-fuera/{check}": "of who sent the file alone: the journey of a PDF signed outside ends there",
    "/verificar/{code}": "the journey of a signature ends there",
    "/salud": "for machines",
    "/en-vivo": "a stream",
    "/borradores": "for the script that keeps what is typed",
    "/personas": "for the list of who may be mentioned",
    "/alineamiento/{name}": "files",
    "/alertas/{name}": "files",
    "/sesiones/acuerdos": "files",
    f"{UNIT}/presencia": "a part of the unit's page",
    f"{UNIT}/actividades/{{activity}}/presencia": "a part of the activity's page",
    f"{UNIT}/plan/filas": "rows of the plan that come while scrolling",
    f"{UNIT}/plan/cambios": "what the plan's rows look at when others write",
    "/ingresar/pendiente": "only after a sign-in ended: the journey of a specialist goes through it",
}
FILE = re.compile(r"\.(xlsx|csv|json|jsonl|pdf)$|/archivo$|/archivos/\{file\}$|/hecho/\{name\}$|/exportar|/documento$")


Windows = dict[str, Visitor]


@pytest.fixture(scope="module")
def windows() -> Windows:
    """One window per person: nobody changes anything here."""
    return {}


EVERY = [each for known in PAGES.values() for each in known]
LOOKED_AT = [
    pytest.param(usuario, path, size, marks=() if size is WIDE and path in DAILY else pytest.mark.long)
    for size in (WIDE, NARROW)
    for usuario, path in EVERY
]


def _window(site: Site, windows: Windows, usuario: str) -> Visitor:
    if usuario not in windows:
        windows[usuario] = site.visitor(usuario, at="/salir")
    return windows[usuario]


@pytest.mark.parametrize(("usuario", "path"), EVERY)
def test_a_page_fits_a_telephone(calm_site: Site, windows: Windows, usuario: str, path: str) -> None:
    """The page answers, is read on a telephone without scrolling sideways, and breaks no rule of the browser."""
    visitor = _window(calm_site, windows, usuario)
    visitor.page.set_viewport_size(NARROW)
    assert visitor.open(path).status == 200
    visitor.fits()
    assert visitor.told() == []


@pytest.mark.parametrize(("usuario", "path", "size"), LOOKED_AT)
def test_a_page_is_for_everybody(calm_site: Site, windows: Windows, usuario: str, path: str, size: ViewportSize) -> None:
    """The page can be read with a screen reader, by keyboard and with weak eyes, at its desk and on a telephone."""
    visitor = _window(calm_site, windows, usuario)
    visitor.page.set_viewport_size(size)
    visitor.open(path)
    visitor.audit()


def test_the_pages_that_say_no_are_for_everybody(site: Site) -> None:
    """An unknown address and an address that makes no sense get a sentence, within the frame, as accessible as the others."""
    visitor = site.visitor("ugel.especialista")
    for path, status in (("/no-existe", 404), ("/seguimiento?hasta=manana", 422)):
        assert visitor.open(path).status == status
        visitor.check()


def test_the_pages_of_every_day_are_pages() -> None:
    """A page that was renamed does not fall out of the daily look."""
    assert {path for _, path in EVERY} >= DAILY


def test_every_page_is_in_this_list(house_database: TestDatabase) -> None:
    """A page that nobody looks at in the browser does not get into the product."""
    with open_house(house_database.service_url) as house:
        routes = [route for route in house.app.routes if isinstance(route, HTTPRoute) and "GET" in route.methods]
    read = {re.sub(r":\w+", "", route.path) for route in routes}
    pages = {path for path in read if not path.startswith("/estatico/") and not FILE.search(path)} - set(NO_PAGES) - THE_SAME
    assert pages == set(PAGES)

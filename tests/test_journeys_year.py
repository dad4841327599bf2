"""A whole year of a UGEL, lived by five roles at once, each in a window of their own: from opening it to its closed balance."""

import re

import pytest
from playwright.sync_api import expect

from service.demo.cast import Cast
from tests.browsing import Site, Visitor
from tests.first_quarter import SOON
from tests.test_journeys_commitment import offered, sign

pytestmark = [pytest.mark.browser, pytest.mark.long]

YEAR = 2024  # one that the demo has not opened, and that lies behind: its quarters have begun
UNIT = f"/ugel/120005/{YEAR}"
FIRST, BALANCE = f"{UNIT}/t1", f"/balance/{YEAR}/120005"
MEMBERS = Cast("quipu").members
ACTIVITIES = (("Visitar aulas", "Visitar aulas de primaria"), ("Distribuir cuadernos", "Distribuir cuadernos de primaria"))


def tell(visitor: Visitor, button: str, yes: str = "", **typed: str) -> None:
    """Unfold the form under a button, fill it in by its labels, and send it."""
    form = visitor.unfold(button)
    for label, text in typed.items():
        form.get_by_label(re.compile(f"^{label.replace('_', ' ')}")).fill(text)
    visitor.press(yes or button, form)


def written(specialist: Visitor) -> None:
    """A line of action and its two activities, each aligned to an objective and with its task, month by month."""
    form = specialist.unfold("Agregar línea de acción").last
    form.get_by_label("Código").fill("M1")
    form.get_by_label("Tipo").select_option("misional")
    form.get_by_label("Nombre de la línea").fill("Monitoreo pedagógico")
    specialist.press("Agregar línea", form)
    for number, (name, task) in enumerate(ACTIVITIES, start=1):
        form = specialist.unfold("Agregar actividad")
        form.get_by_label("Línea de acción").select_option("M1")
        form.get_by_label("Nombre de la actividad").fill(name)
        form.get_by_label("Área responsable").fill("AGP")
        specialist.press("Agregar actividad", form)
        specialist.open(f"{UNIT}/actividades/{number}")
        form = specialist.unfold("Agregar tarea")
        form.get_by_label("Tarea", exact=True).fill(task)
        form.get_by_label("Unidad de medida").fill("Acción")
        for month in form.locator("[name^=months-]").all():
            month.fill("10")
        specialist.press("Agregar tarea", form)
        expect(specialist.notice()).to_contain_text("La tarea quedó agregada")
        specialist.open(f"{UNIT}/actividades/{number}/alineamiento?buscar=ON1")
        specialist.page.get_by_role("link", name="Agregar ON1", exact=True).click()
        expect(specialist.main()).to_contain_text("1 objetivo elegido")
        specialist.press("Guardar alineamiento")
        specialist.open(UNIT)


def planned(specialist: Visitor, director: Visitor, boss: Visitor) -> None:
    """The specialist opens the year, the director sends its plan, the DRE approves it; each sees it without a reload."""
    specialist.open(UNIT)
    director.open(UNIT)
    boss.open(UNIT)
    tell(specialist, f"Abrir el año {YEAR}")
    expect(specialist.notice()).to_contain_text("El año quedó abierto")
    written(specialist)
    expect(director.main()).to_contain_text("Distribuir cuadernos")
    tell(director, "Enviar plan a la DRE", "Enviar plan")
    tell(boss, "Aprobar plan", Resolución="R.D. 7-2024", Fecha_de_la_resolución="2024-01-15")
    expect(specialist.main()).to_contain_text("R.D. 7-2024")


def evaluated(specialist: Visitor, chief: Visitor, director: Visitor, overseer: Visitor, boss: Visitor) -> None:
    """The first quarter: figures, sent, observed, corrected, sent again, validated, scored; the board follows by itself."""
    boss.open(f"/seguimiento?anio={YEAR}")
    cell = boss.page.locator("#ugel-120005 td").first
    for visitor in (chief, director, overseer):
        visitor.open(FIRST)
    specialist.open(f"{FIRST}/avance")
    rows = specialist.page.locator("tr[data-row]")
    for row, figure in ((rows.nth(0), "12"), (rows.nth(1), "30")):
        row.get_by_label(re.compile("^Ejecutado")).fill(figure)
        row.get_by_label(re.compile("^Evidencia")).fill("Acta 5-2024")
    specialist.press("Registrar avances")
    expect(specialist.notice()).to_contain_text("2 filas quedaron registradas")
    expect(chief.main()).to_contain_text("Acta 5-2024")
    tell(director, "Enviar trimestre", "Sí, enviar trimestre")
    expect(cell).to_contain_text("Enviado")
    tell(overseer, "Observar", Qué_debe_corregir_la_unidad="Revise las visitas de marzo.")
    expect(chief.main()).to_contain_text("Revise las visitas de marzo.")
    specialist.open(f"{FIRST}/avance")
    rows.nth(0).get_by_label(re.compile("^Ejecutado")).fill("15")
    specialist.press("Registrar avances")
    expect(specialist.notice()).to_contain_text("1 fila quedó registrada")
    tell(director, "Enviar trimestre", "Sí, enviar trimestre")
    expect(overseer.main()).to_contain_text("Cambió desde la observación")
    tell(overseer, "Validar", "Sí, validar")
    tell(overseer, "Calificar", "Sí, calificar")
    expect(cell).to_contain_text("75,00")
    expect(cell).to_contain_text("Calificado")


def answered(chief: Visitor, overseer: Visitor) -> None:
    """The alert of the low activity: the head takes a measure, the DRE closes it; who looks on sees both."""
    alert = f"{UNIT}/alertas/1"
    chief.open(alert)
    overseer.open(alert)
    form = chief.unfold("Registrar medida")
    form.get_by_label("Medida correctiva").fill("Reprogramar las visitas de abril.")
    form.get_by_label("Cargo responsable").select_option(index=1)
    form.get_by_label("Hasta").fill(SOON.isoformat())
    chief.press("Registrar medida", form)
    expect(overseer.main()).to_contain_text("Reprogramar las visitas de abril.")
    tell(overseer, "Cerrar alerta", Qué_se_comprobó="Se vieron las actas.", Evidencia_o_expediente="Informe 8-2024")
    expect(chief.main()).to_contain_text("Informe 8-2024")


def agreed(specialist: Visitor, chief: Visitor, director: Visitor, overseer: Visitor, boss: Visitor) -> None:
    """The session of the quarter with its agreement and acta; then the quarter is closed."""
    director.open(f"{UNIT}/sesiones/nueva")
    director.page.get_by_label("Ordinaria", exact=True).check()
    director.page.get_by_label("Trimestre que evalúa").select_option("1")
    director.page.get_by_label("Fecha").fill(f"{YEAR + 1}-02-05")  # the demo has charges since then
    director.page.get_by_label("Lugar o enlace").fill("Sala de la UGEL")
    director.press("Convocar sesión")
    expect(director.notice()).to_contain_text("La sesión quedó convocada")
    here = f"{UNIT}/sesiones/1"
    for visitor in (specialist, chief, overseer):
        visitor.open(here)
    expect(director.page.locator("#orden tbody tr").first).to_contain_text("resultado del I trimestre")
    tell(specialist, "Agregar puntos", "Agregar a la agenda", Otro_punto="Varios")
    expect(director.page.locator("#orden tbody tr").last).to_contain_text("Varios")
    for member in (MEMBERS[name] for name in ("ugel.director", "ugel.jefe", "dre.especialista")):
        present = director.page.locator(f"[id='presente-{member.id}-{member.charge}']")
        present.click()
        expect(present).to_contain_text("✓ Asiste")
    expect(chief.page.locator("#estado")).to_contain_text("Hay quórum")
    tell(director, "Abrir sesión")
    overseer.page.get_by_role("button", name=re.compile("^Tratar el punto 1")).click()
    expect(chief.page.locator("#orden")).to_contain_text("Se trata ahora")
    form = specialist.unfold("Escribir acuerdo")
    form.get_by_label("Acuerdo", exact=True).fill("Reprogramar lo pendiente del trimestre.")
    specialist.press("Escribir acuerdo", form)
    agreement = chief.page.locator("#acuerdos li", has_text="Reprogramar lo pendiente")
    agreement.locator("summary", has_text=re.compile("^Votar$")).click()
    agreement.get_by_label("A favor").check()
    agreement.get_by_role("button", name="Registrar voto").click()
    expect(director.page.locator("#acuerdos")).to_contain_text("1 a favor")
    tell(director, "Levantar sesión", Por_qué_quedan_puntos_sin_tratar="Faltó tiempo.")
    expect(director.notice()).to_contain_text("La sesión quedó levantada")
    boss.open(f"{here}/acta")
    tell(boss, "Cerrar acta")
    expect(overseer.page.locator("#estado")).to_contain_text("Acta cerrada")
    boss.open(FIRST)
    tell(boss, "Cerrar trimestre", "Sí, cerrar trimestre")
    expect(boss.main()).to_contain_text("Cerrado")


def improved(chief: Visitor, director: Visitor, overseer: Visitor, boss: Visitor) -> None:
    """What the quarter showed: a finding, the measure that answers it, and a commitment that three people sign with password and code."""
    overseer.open(f"{UNIT}/hallazgos/nuevo?trimestre=1")
    overseer.page.get_by_label("Nudo crítico").check()
    overseer.page.get_by_label("Qué se encontró").fill("La mitad de las visitas no se hizo.")
    overseer.page.get_by_label("Causa raíz").fill("La movilidad se contrató tarde.")
    overseer.page.get_by_label("Se apoya en la actividad").select_option("1")
    overseer.press("Registrar hallazgo")
    expect(overseer.notice()).to_contain_text("El hallazgo quedó registrado")
    chief.open(f"{UNIT}/mejora")
    tell(chief, "Abrir el plan de mejora", Objetivo="Que cada aula reciba su visita.")
    form = chief.unfold("Agregar una medida")
    form.get_by_label("Medida", exact=True).fill("Contratar la movilidad en enero.")
    form.get_by_label(re.compile("^n.º 1 ")).check()
    chief.press("Agregar una medida", form)
    director.open(f"{UNIT}/mejora")
    director.page.get_by_role("link", name=re.compile("^Proponer compromiso")).first.click()
    here = offered(director, "Contratar la movilidad del año.")
    for signatory in (director, chief, boss):
        signatory.open(here)
        sign(signatory)
    expect(boss.main()).to_contain_text("En ejecución")


def repeated(number: int, specialist: Visitor, director: Visitor, overseer: Visitor, boss: Visitor) -> None:
    """Another quarter, fulfilled: figures, sent, validated, scored, closed."""
    here = f"{UNIT}/t{number}"
    specialist.open(f"{here}/avance")
    rows = specialist.page.locator("tr[data-row]")
    for row in (rows.nth(0), rows.nth(1)):
        row.get_by_label(re.compile("^Ejecutado")).fill("30")
        row.get_by_label(re.compile("^Evidencia")).fill(f"Acta {number}-{YEAR}")
    specialist.press("Registrar avances")
    expect(specialist.notice()).to_contain_text("2 filas quedaron registradas")
    for visitor in (director, overseer, boss):
        visitor.open(here)
    tell(director, "Enviar trimestre", "Sí, enviar trimestre")
    expect(overseer.main()).to_contain_text("Enviado")
    tell(overseer, "Validar", "Sí, validar")
    tell(overseer, "Calificar", "Sí, calificar")
    expect(boss.main()).to_contain_text("100,00")
    tell(boss, "Cerrar trimestre", "Sí, cerrar trimestre")
    expect(boss.main()).to_contain_text("Cerrado")


def balanced(specialist: Visitor, director: Visitor, boss: Visitor, chief: Visitor) -> None:
    """The balance: written, approved, closed; then the year says on every page that it is."""
    specialist.open(BALANCE)
    for label in ("Logros", "Dificultades", "Recomendaciones"):
        specialist.page.get_by_label(re.compile(f"^{label}")).fill(f"{label} del año 2024.")
    specialist.press("Enviar balance")
    expect(specialist.main()).to_contain_text("Enviado")
    director.open(BALANCE)
    tell(director, "Aprobar balance", "Sí, aprobar balance")
    chief.open(BALANCE)
    boss.open(BALANCE)
    tell(boss, "Cerrar balance", "Sí, cerrar balance")
    expect(boss.notice()).to_contain_text("sus cifras ya no cambian")
    chief.open(BALANCE)
    expect(chief.main()).to_contain_text("Logros del año 2024.")
    expect(chief.main()).to_contain_text("Cerrado")


def test_a_whole_year_by_five_roles_at_once(site: Site) -> None:
    """Five windows stay open from the opening of the year to its balance; what one does the others see without a reload."""
    specialist, chief, director = (site.visitor(f"ugel.{who}") for who in ("especialista", "jefe", "director"))
    overseer, boss = site.visitor("dre.especialista"), site.visitor("dre.director")
    planned(specialist, director, boss)
    evaluated(specialist, chief, director, overseer, boss)
    answered(chief, overseer)
    agreed(specialist, chief, director, overseer, boss)
    improved(chief, director, overseer, boss)
    for number in (2, 3, 4):
        repeated(number, specialist, director, overseer, boss)
    boss.open(f"/seguimiento?anio={YEAR}")
    expect(boss.page.locator("#ugel-120005")).to_contain_text(re.compile("(Cerrado.*){4}", re.DOTALL))
    balanced(specialist, director, boss, chief)

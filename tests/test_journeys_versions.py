"""A plan under review and its versions, by the people who write, observe, correct, approve and amend it."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from service.aggregates import plan as p
from service.aggregates import plan_versions as v
from tests.browsing import Site

pytestmark = pytest.mark.browser

EACH = (Decimal(10),) * 12


def submitted(site: Site, year: int) -> str:
    """Three activities of one task each, sent to the DRE; the stream."""
    stream = f"unit/120005/{year}"
    activities = [
        p.AddActivity(line="M3", name=name, objectives=("ON1",), tasks=(p.NewTask(name=f"{name} hoy", unit="Acta", months=EACH),))
        for name in ("Visitar aulas", "Distribuir cuadernos", "Publicar informes")
    ]
    line = p.AddLine(code="M3", kind="misional", name="Monitoreo y acompañamiento pedagógico")
    site.do("ugel.especialista", stream, v.OpenYear(year=year), line, *activities)
    site.do("ugel.director", stream, v.SubmitPlan())
    return stream


def test_rows_are_observed_corrected_and_approved(site: Site) -> None:
    """The DRE observes two rows, the UGEL corrects and answers, the reviewer sees only that, and the plan is approved."""
    place = "/ugel/120005/2027"
    submitted(site, 2027)
    reviewer = site.visitor("dre.especialista", at=f"{place}/revision")
    page = reviewer.page
    for row, text in (("tarea-1", "La meta es baja"), ("actividad-2", "Falta el indicador")):
        page.locator(f"#{row} summary", has_text="Observar").click()
        page.locator(f"#ob-{row}").fill(text)
    reviewer.check()
    reviewer.press("Enviar observaciones")
    expect(reviewer.notice()).to_contain_text("Las observaciones quedaron registradas")

    specialist = site.visitor("ugel.especialista", at=f"{place}/revision")
    expect(specialist.main()).not_to_contain_text("Publicar informes")
    specialist.page.locator("#actividad-2").get_by_role("link", name="Corregir").click()
    form = specialist.unfold("Cambiar datos de la actividad")
    form.get_by_label("Indicador", exact=False).fill("Cuadernos entregados")
    specialist.press("Guardar cambio", form)
    specialist.open(f"{place}/revision")
    for number, answer in ((1, "Se sustenta en el informe 12"), (2, "Se agregó el indicador")):
        beside = specialist.page.locator(f"#observacion-{number}")
        beside.locator("summary").click()
        beside.get_by_label("Qué se hizo").fill(answer)
        beside.get_by_role("button", name="Marcar como atendida").click()
        expect(specialist.page.locator(f"#observacion-{number}")).to_contain_text("Atendida")
    specialist.check()
    director = site.visitor("ugel.director", at=f"{place}/revision")
    director.press("Enviar plan", director.unfold("Enviar plan a la DRE"))
    expect(director.notice()).to_contain_text("El plan quedó enviado a la DRE.")

    reviewer.open(f"{place}/revision")
    expect(reviewer.main()).to_contain_text("Cuadernos entregados")
    expect(reviewer.main()).to_contain_text("Se sustenta en el informe 12")
    expect(reviewer.main()).not_to_contain_text("Publicar informes")
    page.get_by_role("link", name="Todo el plan").click()
    expect(reviewer.main()).to_contain_text("Publicar informes")
    authority = site.visitor("dre.director", at=f"{place}/revision")
    form = authority.unfold("Aprobar plan")
    form.get_by_label("Resolución", exact=True).fill("R.D. 1-2027")
    form.get_by_label("Fecha de la resolución").fill("2026-11-20")
    authority.press("Aprobar plan", form)
    expect(authority.notice()).to_contain_text("aprobado como versión 1")


@pytest.mark.long
def test_an_amendment_is_compared_and_approved(site: Site) -> None:
    """What is proposed is read beside what stands, approved as version 2, and found again in the row's own history."""
    place = "/ugel/120005/2028"
    stream = submitted(site, 2028)
    site.do("dre.director", stream, v.ApprovePlan(resolution="R.D. 1-2027", resolution_date=date(2026, 11, 20)))
    change = p.ChangeTask(task=1, name="Visitar aulas hoy", unit="Acta", months=(Decimal(8),) * 12)
    site.do("ugel.jefe", stream, v.ProposeAmendment(changes=(change,), reason="Menos movilidad"))
    authority = site.visitor("dre.director", at=f"{place}/versiones")
    authority.page.get_by_role("link", name="Comparar con lo vigente").click()
    expect(authority.main()).to_contain_text("Cambia la tarea 1")
    expect(authority.main()).to_contain_text("Menos movilidad")
    authority.check()
    authority.page.get_by_role("link", name="Ver la modificación").click()
    form = authority.unfold("Aprobar modificación")
    form.get_by_label("Resolución", exact=True).fill("R.D. 2-2027")
    form.get_by_label("Fecha de la resolución").fill("2026-11-20")
    authority.press("Aprobar modificación", form)
    expect(authority.notice()).to_contain_text("La modificación quedó aprobada.")
    authority.open(f"{place}/versiones/1/2")
    expect(authority.main()).to_contain_text("R.D. 2-2027")
    authority.check()
    authority.open(place)
    authority.page.get_by_role("link", name="Ver sus cambios de la actividad 1").click()
    opened = authority.page.locator("#cambios-1")
    expect(opened).to_contain_text("cambió la tarea 1")
    expect(opened.locator("summary").first).to_be_focused()
    opened.locator("summary").first.click()
    expect(opened.get_by_text("cambió la tarea 1")).to_be_hidden()

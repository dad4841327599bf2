"""Two people at once, each in a browser of their own: presence, drafts, a conflict, a mention."""

import re
import time
from decimal import Decimal

import psycopg
import pytest
from playwright.sync_api import Route, expect

from service.aggregates.quarter_progress import Entry, RecordProgress
from service.ledger import stream_of
from tests.browsing import Site

pytestmark = pytest.mark.browser

DRAFTS = re.compile(r"/borradores([?]|$)")
PART = re.compile(r"/ugel/120005/2026/t4[?]ver=")
ACTIVITY = "/ugel/120005/2026/actividades/3?t=4"


def test_two_people_on_one_activity(site: Site) -> None:
    """The second sees who is writing, and at sending both figures side by side; keeps one, corrects the other, in one sending."""
    rosa, luis = site.visitor("ugel.especialista", at=ACTIVITY), site.visitor("ugel.jefe", at=ACTIVITY)
    plan = site.visitor("dre.especialista", at="/ugel/120005/2026")
    luis.page.get_by_label("Ejecutado").first.fill("7")
    expect(rosa.page.locator("#presencia")).to_contain_text("está editando esta actividad")
    expect(plan.page.locator('[data-actividad="3"] .q-writing')).to_contain_text("está editando")
    rosa.check()
    rosa.page.get_by_label("Ejecutado").first.fill("8")
    rosa.page.get_by_label("Medio de verificación").first.fill("Acta 90")
    luis.page.get_by_label("Medio de verificación").first.fill("Acta 70")
    luis.press("Registrar avance")
    expect(luis.notice()).to_contain_text("quedó registrado")
    rosa.press("Registrar avance")
    clash = rosa.page.locator(".q-conflict")
    expect(clash).to_contain_text("Otra persona cambió lo mismo")
    expect(clash).to_contain_text("Julio Mallqui Demo")
    rosa.check()
    clash.get_by_label(re.compile("^Conservar «7»")).check()
    clash.get_by_label(re.compile("^Corregir con lo suyo: «Acta 90»")).check()
    rosa.press("Registrar avance")
    expect(rosa.notice()).to_contain_text("quedó registrado")
    expect(rosa.page.get_by_label("Ejecutado").first).to_have_value("7")
    expect(rosa.page.get_by_label("Medio de verificación").first).to_have_value("Acta 90")
    expect(plan.page.locator("#presencia li")).to_have_count(0)


@pytest.mark.long
def test_a_fact_that_comes_while_another_is_being_fetched_is_seen(site: Site) -> None:
    """The answer to the first is on its way, and without the second, when the second is recorded: the page ends with both."""

    def record(task: int, paper: str) -> None:
        entry = Entry(task=task, executed=Decimal(1), evidence=paper, reason="Es una parte")
        site.do("ugel.especialista", stream_of("120005", 2026), RecordProgress(quarter=4, entries=(entry,)))

    def late(route: Route) -> None:
        answer = route.fetch()
        record(8, "Acta 902")
        time.sleep(1)
        route.fulfill(response=answer)

    visitor = site.visitor("dre.especialista", at="/ugel/120005/2026/t4")
    page = visitor.page
    expect(visitor.main()).not_to_contain_text("Acta 902")
    page.route(PART, late, times=1)
    record(5, "Acta 901")
    expect(visitor.main()).to_contain_text("Acta 901")
    expect(visitor.main()).to_contain_text("Acta 902")


def test_what_was_typed_outlives_the_browser(site: Site) -> None:
    """Saved at a pause, said beside the field; after the browser dies it is in the form again, until discarded or sent."""
    address = "/ugel/120005/2026/actividades/4?t=4"
    first = site.visitor("ugel.especialista", at=address)
    first.page.locator("#av-reason").fill("Faltan dos actas")
    expect(first.page.locator(".q-draft").first).to_contain_text("Guardado")
    first.page.context.close()
    site.visitors.remove(first)
    again = site.visitor("ugel.especialista", at=address)
    note = again.page.locator(".q-draft-note")
    expect(note).to_contain_text("Tiene un borrador de las")
    expect(again.page.locator("#av-reason")).to_have_value("Faltan dos actas")
    again.check()
    again.tab_to(note.get_by_role("button"))
    again.page.keyboard.press("Enter")
    expect(note).to_have_count(0)
    expect(again.page.locator("#av-reason")).to_have_value("")
    again.open(address)
    with again.page.expect_response("**/borradores?*"):
        again.page.reload()
    expect(again.page.locator(".q-draft-note")).to_have_count(0)


@pytest.mark.long
def test_what_could_not_be_saved_waits_and_leaves_with_the_person(site: Site) -> None:
    """Without a line, or refused, the field says so and survives a reload of the page; signing out takes away what waits here."""
    address = "/ugel/120005/2026/actividades/5?t=4"
    visitor = site.visitor("ugel.especialista", at=address)
    page = visitor.page
    page.route(DRAFTS, lambda route: route.abort())
    page.locator("#av-reason").fill("Sin línea")
    expect(page.locator(".q-draft").first).to_contain_text("Pendiente: sin conexión")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.reload()
    expect(page.locator("#av-reason")).to_have_value("Sin línea")
    expect(page.locator(".q-draft").first).to_contain_text("Pendiente")
    page.unroute(DRAFTS)
    page.route(DRAFTS, lambda route: route.fulfill(status=422))
    page.reload()
    expect(page.locator("#av-reason")).to_have_value("Sin línea")
    expect(page.locator(".q-draft").first).to_contain_text("Error: no se guardó")
    page.unroute(DRAFTS)
    page.reload()
    expect(page.locator("#av-reason")).to_have_value("Sin línea")
    expect(page.locator(".q-draft").first).to_contain_text("Guardado")
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.route(DRAFTS, lambda route: route.abort())
    page.locator("#av-reason").fill("Sin línea otra vez")
    expect(page.locator(".q-draft").first).to_contain_text("Pendiente")
    page.get_by_role("button", name="Salir").click()
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.unroute(DRAFTS)
    visitor.open("/ingresar")
    assert all("ERR_FAILED" in each or "422" in each for each in visitor.told()), (
        "only what was kept from the line may be complained of"
    )


def test_what_was_sent_at_once_is_no_draft(site: Site) -> None:
    """Typed and sent before it could be saved: the form that comes after is empty, and nothing is put back into it."""
    visitor = site.visitor("ugel.especialista", at="/ugel/120005/2026/actividades/8?t=4")
    page = visitor.page
    page.get_by_label("Comentario", exact=True).fill("Dicho y hecho")
    with page.expect_response("**/borradores?*"):
        page.get_by_role("button", name="Comentar").click()
    expect(page.locator(".q-said-text").last).to_have_text("Dicho y hecho")
    page.wait_for_timeout(300)
    expect(page.get_by_label("Comentario", exact=True)).to_have_value("")
    expect(page.locator(".q-draft-note")).to_have_count(0)


def test_a_large_sheet_is_kept_whole(site: Site) -> None:
    """More cells than go at once are saved in slices, until nothing waits in the browser."""
    address = "/ugel/120005/2026/actividades/6?t=4"
    visitor = site.visitor("ugel.especialista", at=address)
    page = visitor.page

    def fill(name: str) -> None:
        page.evaluate(
            """(name) => {
              const form = document.querySelector("#av-reason").form;
              for (let n = 0; n < 450; n += 1) {
                const cell = Object.assign(document.createElement("input"), { name: `${name}-${n}`, value: n });
                form.append(cell);
                cell.dispatchEvent(new Event("input", { bubbles: true }));
              }
            }""",
            name,
        )

    def count(name: str) -> int:
        with psycopg.connect(site.database.service_url) as connection:
            found = connection.execute("select count(*) from people.draft where field like %s", [f"{name}-%"]).fetchone()
        return found[0] if found else 0

    def waiting() -> int:
        return int(page.evaluate("Object.keys(localStorage).length"))

    fill("directo")
    patience = time.monotonic() + 15
    while waiting() and time.monotonic() < patience:
        page.wait_for_timeout(100)
    assert count("directo") == 450


@pytest.mark.long
def test_a_mention_is_chosen_from_the_list_and_read_on_inicio(site: Site) -> None:
    """By keyboard; the mentioned person finds it on Inicio and reads it at its place."""
    rosa = site.visitor("ugel.especialista", at="/ugel/120005/2026/actividades/2")
    said = rosa.page.locator("#conversacion")
    area = said.get_by_label("Comentario", exact=True)
    area.press_sequentially("Mire esto, @ugel.di")
    expect(rosa.page.get_by_role("option")).to_have_count(1)
    rosa.check()
    rosa.page.keyboard.press("Enter")
    expect(area).to_have_value("Mire esto, @ugel.director ")
    said.get_by_role("button", name="Comentar").click()
    expect(said.locator(".q-mention").last).to_contain_text("@Rosa Quispe")
    expect(said.get_by_label("Comentario", exact=True)).to_have_value("")
    director = site.visitor("ugel.director")
    mentioned = director.page.locator("#menciones")
    expect(mentioned).to_contain_text("Mire esto")
    director.check()
    mentioned.get_by_role("button").first.click()
    expect(director.page).to_have_url(re.compile(r"/actividades/2#comentario-\d+$"))
    expect(director.page.locator("#conversacion")).to_contain_text("Mire esto")
    director.check()
    director.open("/")
    expect(director.page.locator("#menciones")).not_to_contain_text("Mire esto")

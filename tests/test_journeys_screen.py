"""The screen of the meeting room: it turns by itself, stops when asked to, and shows what changes."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from service.aggregates.quarter_progress import Entry, RecordProgress
from service.ledger import stream_of
from tests.browsing import Site

pytestmark = pytest.mark.browser

SCREEN = "/seguimiento/pantalla?anio=2026&cada=10"


def test_the_room_looks_while_pages_turn(site: Site) -> None:
    """Ten seconds and the next slide is there; keys and buttons turn and pause; a change comes in without anybody's doing."""
    visitor = site.visitor("dre.especialista", at="/salir")
    page = visitor.page
    page.clock.install()
    visitor.open(SCREEN)
    where, foot = page.locator("#pantalla .q-kicker").first, page.locator(".q-screen-foot")
    expect(where).to_have_text("Lámina 1 de 17")
    page.clock.run_for(10_500)
    expect(where).to_have_text("Lámina 2 de 17")
    expect(page).to_have_url(re.compile("lamina=2"))
    page.keyboard.press("ArrowLeft")
    expect(where).to_have_text("Lámina 1 de 17")
    page.keyboard.press("ArrowLeft")
    expect(where).to_have_text("Lámina 17 de 17")
    page.locator("body").press(" ")
    expect(page.get_by_role("link", name="Continuar")).to_be_visible()
    page.clock.run_for(30_000)
    expect(where).to_have_text("Lámina 17 de 17")
    entry = RecordProgress(quarter=4, activity=1, entries=(Entry(task=1, executed=Decimal(1), evidence="Acta 9"),))
    done = site.do("ugel.especialista", stream_of("120005", 2026), entry)
    page.clock.resume()
    expect(foot).to_contain_text(f"n.º {done.last:,}".replace(",", "\u00a0"))
    visitor.audit()


def test_who_asked_for_less_motion_turns_by_hand(site: Site) -> None:
    """Nothing turns until the button says so; without a script the slides are pages that ask to be turned."""
    visitor = site.visitor("auditor", at="/salir", reduced_motion="reduce")
    visitor.open(SCREEN)
    expect(visitor.page.get_by_role("link", name="Continuar")).to_be_visible()
    plain = site.visitor("auditor", at="/salir", java_script_enabled=False)
    plain.open(SCREEN)
    assert "lamina=2" in (plain.page.locator("meta[http-equiv=refresh]").get_attribute("content") or "")
    plain.page.get_by_role("link", name="Pausar").click()
    expect(plain.page.locator("meta[http-equiv=refresh]")).to_have_count(0)

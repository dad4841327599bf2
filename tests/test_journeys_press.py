"""A room that moves: no message is lost, however soon it follows another; what one brings during a press waits until that is over."""

import re

import pytest
from playwright.sync_api import Route, expect

from service.aggregates.session_attendance import MarkAttendance
from service.ledger import stream_of
from tests.browsing import Site

pytestmark = pytest.mark.browser

AT = "/ugel/120005/2026/sesiones/3"
ABSENT, PRESENT = "Marcar asistencia", "✓ Asiste"


def test_a_press_is_not_lost_when_the_room_moves_under_it(site: Site) -> None:
    """While the button is held down somebody else marks another person: the press counts, and then both marks are seen."""
    visitor = site.visitor("ugel.director", at=AT)
    absent = visitor.page.locator("#asistencia button", has_text=ABSENT)
    mine, other = (absent.nth(n).get_attribute("id") or "" for n in (0, 1))
    marked = visitor.page.locator(f'[id="{other}"]', has_text=PRESENT)
    form = visitor.page.locator("#asistencia form").filter(has=visitor.page.locator(f'[id="{other}"]'))
    person, charge = (form.locator(f"[name={name}]").input_value() for name in ("person", "charge"))

    visitor.page.locator(f'[id="{mine}"]').hover()
    visitor.page.mouse.down()
    with visitor.page.expect_response(re.compile("parte=asistencia")):
        marking = MarkAttendance(session=3, person=person, charge=charge, present=True)
        site.do("dre.especialista", stream_of("120005", 2026), marking)
    visitor.page.wait_for_timeout(200)
    expect(marked).to_have_count(0)
    visitor.page.mouse.up()
    expect(visitor.page.locator(f'[id="{mine}"]')).to_contain_text(PRESENT)
    expect(marked).to_have_count(1)

    visitor.page.locator(f'[id="{mine}"]').focus()
    visitor.page.keyboard.press("Space")
    expect(visitor.page.locator(f'[id="{mine}"]')).to_contain_text(ABSENT)
    expect(visitor.page.locator(f'[id="{mine}"]')).to_be_focused()


def test_what_was_held_back_for_a_press_is_shown_when_the_press_fails(site: Site) -> None:
    """The line drops while a mark is on its way and somebody else marks a person: that mark is seen all the same."""
    visitor, held = site.visitor("ugel.director", at=AT), list[Route]()
    absent = visitor.page.locator("#asistencia button", has_text=ABSENT)
    mine, other = (absent.nth(n).get_attribute("id") or "" for n in (0, 1))
    marked = visitor.page.locator(f'[id="{other}"]', has_text=PRESENT)
    form = visitor.page.locator("#asistencia form").filter(has=visitor.page.locator(f'[id="{other}"]'))
    person, charge = (form.locator(f"[name={name}]").input_value() for name in ("person", "charge"))

    def hold(route: Route) -> None:
        held.append(route)

    visitor.page.route("**/asistencia", hold)
    with visitor.page.expect_request(re.compile("/asistencia$")):
        visitor.page.locator(f'[id="{mine}"]').click()
    with visitor.page.expect_response(re.compile("parte=asistencia")):
        marking = MarkAttendance(session=3, person=person, charge=charge, present=True)
        site.do("dre.especialista", stream_of("120005", 2026), marking)
    visitor.page.wait_for_timeout(300)
    expect(marked).to_have_count(0)
    held[0].abort()
    expect(visitor.notice()).to_contain_text("No hay conexión")
    expect(marked).to_have_count(1, timeout=10_000)  # the clock of the service would show it within a minute
    assert visitor.told()


def test_the_second_of_two_marks_is_seen_however_soon_it_follows(site: Site) -> None:
    """The time between them sweeps over the fetching, the exchange and the settling of what the first one brought."""
    visitor, stream = site.visitor("dre.especialista", at=AT), stream_of("120005", 2026)
    absent, marks = visitor.page.locator("#asistencia button", has_text=ABSENT), list[tuple[str, str, str]]()
    for name in (absent.nth(n).get_attribute("id") or "" for n in (0, 1)):
        form = visitor.page.locator("#asistencia form").filter(has=visitor.page.locator(f'[id="{name}"]'))
        person, charge = (form.locator(f"[name={field}]").input_value() for field in ("person", "charge"))
        marks.append((name, person, charge))
    for round_, pause in enumerate(range(0, 260, 10)):
        present = round_ % 2 == 0
        for name, person, charge in marks:
            site.do("ugel.director", stream, MarkAttendance(session=3, person=person, charge=charge, present=present))
            if name == marks[0][0]:
                visitor.page.wait_for_timeout(pause)
        for name, *_ in marks:
            button = visitor.page.locator(f'[id="{name}"]')
            expect(button, f"{pause} ms").to_contain_text(PRESENT if present else ABSENT, timeout=10_000)

"""Two people on one activity, task or report: silent where they touch different fields, side by side where they touch the same."""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import TestDatabase
from tests.first_quarter import PLACE, STREAM, approve_plan
from tests.house import Browser, House, open_house
from tests.lived import Cycle

DRAFTED = "/ugel/120005/2026/actividades/1"


@pytest.fixture(scope="module")
def house(make_database: Callable[[str], TestDatabase], _furnished: str) -> Iterator[House]:
    """One house: a plan being drafted for 2026, an approved one for the year before."""
    with open_house(make_database(_furnished).service_url) as opened:
        Cycle(opened).drafted()
        approve_plan(opened)
        yield opened


def form(browser: Browser, page: str, action: str) -> dict[str, str]:
    """The form as the page shows it now."""
    body = browser.get(page).text.partition(f'action="{action}"')[2].partition("</form>")[0]
    inputs = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', body)
    kept = {name: value for name, value in inputs if name not in {"_csrf_token", "command_id"}}
    return kept | dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', body))


def test_different_fields_of_one_activity_merge_silently(house: House) -> None:
    """Each changes what he touched; neither puts the other's field back."""
    rosa, juan, action = house.browser("ugel.especialista"), house.browser("ugel.jefe"), f"{DRAFTED}/datos"
    mine, theirs = form(rosa, DRAFTED, action), form(juan, DRAFTED, action)
    assert mine["base"] == theirs["base"] != "0"
    assert juan.post(action, theirs | {"area": "AGI"}).status_code == 303
    assert rosa.post(action, mine | {"indicator": "Aulas visitadas"}).status_code == 303
    now = form(rosa, DRAFTED, action)
    assert (now["area"], now["indicator"]) == ("AGI", "Aulas visitadas")


def test_the_same_field_is_shown_with_before_other_and_own_and_one_chooses(house: House) -> None:
    """Who, when and in which charge; keep one, correct the other, in one sending; what did not clash comes along."""
    rosa, juan, action = house.browser("ugel.especialista"), house.browser("ugel.jefe"), f"{DRAFTED}/datos"
    start = form(rosa, DRAFTED, action)
    assert juan.post(action, start | {"name": "Visitar aulas rurales", "code": "A-1", "area": "AGA"}).status_code == 303
    mine = start | {"name": "Visitar aulas urbanas", "code": "A-2", "verification": "Actas"}
    answer = rosa.post(action, mine)
    assert answer.status_code == 409
    assert answer.text.count("Lo cambió Juan Huamán (Jefe(a) de área · AGP)") == 2
    assert "Antes: «Visitar aulas»" in answer.text
    assert "Conservar «Visitar aulas rurales», de Juan Huamán" in answer.text
    assert "Corregir con lo suyo: «Visitar aulas urbanas»" in answer.text
    body = answer.text.partition(f'action="{action}"')[2].partition("</form>")[0]
    again = {
        n: v for n, v in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', body) if not n.startswith(("_", "elegir"))
    }
    assert again["area"] == "AGA", "what only the other touched is shown as it stands"
    assert again["base"] != start["base"]
    assert rosa.post(action, again | {"elegir-name": "conservar", "elegir-code": "corregir"}).status_code == 303
    now = form(rosa, DRAFTED, action)
    assert (now["name"], now["code"], now["area"], now["verification"]) == ("Visitar aulas rurales", "A-2", "AGA", "Actas")


def test_a_third_change_in_between_is_shown_too(house: House) -> None:
    """To have looked at one change is not to have looked at the next."""
    rosa, juan, action = house.browser("ugel.especialista"), house.browser("ugel.jefe"), f"{DRAFTED}/tareas/1/metas"
    start = form(rosa, DRAFTED, action)
    assert juan.post(action, start | {"months-2": "21"}).status_code == 303
    clash = rosa.post(action, start | {"months-2": "22", "months-3": "5"})
    assert clash.status_code == 409
    assert "Meta de marzo" in clash.text
    assert "Meta de abril" not in clash.text
    body = clash.text.partition(f'action="{action}"')[2].partition("</form>")[0]
    base = re.search(r'name="base" value="(\d+)"', body)
    assert base
    assert juan.post(action, form(juan, DRAFTED, action) | {"months-2": "23"}).status_code == 303
    second = rosa.post(action, start | {"base": base[1], "months-2": "22", "months-3": "5", "elegir-months-2": "corregir"})
    assert second.status_code == 409
    assert "Conservar «23»" in second.text


def test_reports_of_one_quarter_clash_by_task_and_field(house: House) -> None:
    """Different tasks merge; the same figure is shown with the other's; what was kept is no change of one's own."""
    rosa, juan, page = house.browser("ugel.especialista"), house.browser("ugel.jefe"), f"{PLACE}/actividades/1?t=1"
    action = f"{PLACE}/actividades/1/avance/1"
    start = form(rosa, page, action)
    assert start["base"] == "0"
    assert juan.post(action, start | {"entries-0-executed": "4", "entries-0-evidence": "Acta 1"}).status_code == 303
    assert rosa.post(action, start | {"entries-1-executed": "2", "entries-1-evidence": "Acta 2"}).status_code == 303
    mine = start | {"entries-0-executed": "6", "entries-0-evidence": "Acta 1"}
    clash = rosa.post(action, mine)
    assert clash.status_code == 409
    assert "Antes: «sin dato»" in clash.text
    assert "Conservar «4», de Juan Huamán" in clash.text
    body = clash.text.partition(f'action="{action}"')[2].partition("</form>")[0]
    base = re.search(r'name="base" value="(\d+)"', body)
    assert base
    facts = len(list(house.ledger.facts(STREAM)))
    kept = mine | {"base": base[1], "elegir-entries-0-executed": "conservar"}
    assert rosa.post(action, kept).status_code == 303
    assert len(list(house.ledger.facts(STREAM))) == facts
    assert rosa.post(action, mine | {"base": base[1], "elegir-entries-0-executed": "corregir"}).status_code == 303
    assert form(rosa, page, action)["entries-0-executed"] == "6"


def test_a_clash_in_an_approved_plan_is_seen_before_anything_is_proposed(house: House) -> None:
    """A proposal on an older version of the item is not made unseen."""
    page, action = f"{PLACE}/actividades/2", f"{PLACE}/actividades/2/datos"
    rosa = house.browser("ugel.especialista")
    start = form(rosa, page, action)
    assert rosa.post(action, start | {"name": "Distribuir cuadernos", "reason": "Más claro"}).status_code == 303
    day = {"resolution": "RD 2", "resolution_date": "2025-02-01"}
    assert house.browser("dre.director").post(f"{PLACE}/modificaciones/1/aprobacion", day).status_code == 303
    clash = rosa.post(action, start | {"name": "Distribuir libros", "reason": "Otro nombre"})
    assert clash.status_code == 409
    assert "Conservar «Distribuir cuadernos», de" in clash.text


def test_a_base_that_is_none_checks_nothing_more_than_the_rules(house: House) -> None:
    """Whatever a stranger to our forms sends as base: an answer in words, never a failure."""
    rosa, action = house.browser("ugel.especialista"), f"{DRAFTED}/datos"
    start = form(rosa, DRAFTED, action)
    for base in ("", "x", "-1", "9" * 40, "99999999"):
        answer = rosa.post(action, start | {"base": base, "seen": "{}", "indicator": f"I {base[:3]}", "elegir-name": "conservar"})
        assert answer.status_code in {303, 409}, base

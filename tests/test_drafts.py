"""Drafts: what was typed stays, privately, through reload, expiry, two tabs and sign-out, until its form is sent."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service import private
from service.web import drafts
from tests.conftest import TestDatabase
from tests.first_quarter import PLACE, approve_plan
from tests.house import Browser, House, open_house

FORM = f"{PLACE}/actividades/1/comentarios"


@pytest.fixture(scope="module")
def _house(make_database: Callable[[str], TestDatabase], _furnished: str) -> Iterator[House]:
    with open_house(make_database(_furnished).service_url) as opened:
        approve_plan(opened)
        yield opened


@pytest.fixture
def house(_house: House) -> House:
    """The house, in which nobody has a draft."""
    with _house.app.state.database.connection() as connection:
        connection.execute("delete from people.draft")
    _house.app.state.pop("pace", None)
    return _house


def save(browser: Browser, form: str = FORM, **fields: Any) -> Any:
    """Save what is typed, as the page does at a pause."""
    return browser.post("/borradores", {"forma": form, "campos": json.dumps({n: [v] for n, v in fields.items()})})


def kept(browser: Browser, form: str = FORM) -> dict[str, list[str]]:
    """The draft of a form, as the page finds it."""
    found = browser.get("/borradores", params={"forma": form}).json()
    return dict(found[form]["campos"]) if form in found else {}


def test_what_is_typed_is_found_on_the_next_visit_by_its_author_alone(house: House) -> None:
    """Field by field, with the time it was saved; nobody else sees it, and the record knows nothing of it."""
    rosa = house.browser("ugel.especialista")
    assert save(rosa, text="Falta la mov").json()["hecho"] is False
    save(rosa, text="Falta la movilidad", command_id="c-1")
    assert kept(rosa) == {"text": ["Falta la movilidad"], "command_id": ["c-1"]}
    told = rosa.get("/borradores", params={"forma": FORM}).json()[FORM]["cuando"]
    assert told.startswith("de las ")
    for usuario in ("ugel.jefe", "dre.director", "auditor", "admin"):
        assert kept(house.browser(usuario)) == {}
    assert house.browser().get("/borradores", params={"forma": FORM}).status_code == 303
    assert "Falta la mov" not in rosa.get(f"{PLACE}/actividades/1").text


def test_two_tabs_write_one_draft_field_by_field(house: House) -> None:
    """The last word in each field holds."""
    one, other = house.browser("ugel.especialista"), house.browser("ugel.especialista")
    form = f"{PLACE}/actividades/1/datos"
    save(one, form, name="Visitar aulas", area="AGP")
    save(other, form, area="AGI")
    assert kept(one, form) == {"name": ["Visitar aulas"], "area": ["AGI"]}


def test_a_draft_survives_sign_out_on_the_service_and_is_gone_once_sent(house: House) -> None:
    """It waits for its author on any computer; sent successfully it is gone; refused it stays."""
    rosa = house.browser("ugel.especialista")
    save(rosa, text="@nadie.nunca mire")
    rosa.post("/salir")
    rosa = house.browser("ugel.especialista")
    assert rosa.post(FORM, {"text": "@nadie.nunca mire"}).status_code == 422
    assert kept(rosa)
    assert rosa.post(FORM, {"text": "Mire"}).status_code == 303
    assert kept(rosa) == {}


def test_a_draft_whose_command_is_in_the_record_is_gone_whatever_crashed(house: House) -> None:
    """A save that arrives after the form was sent, or a service that died in between, leaves no ghost."""
    rosa = house.browser("ugel.especialista")
    assert rosa.post(FORM, {"text": "Dicho", "command_id": "enviado-1"}).status_code == 303
    assert save(rosa, text="Dicho", command_id="enviado-1").json()["hecho"] is True
    with house.app.state.database.connection() as connection:
        for field, value in (("text", '["Dicho"]'), ("command_id", '["enviado-1"]')):
            connection.execute(
                "insert into people.draft (person, form, field, value) values (%s, %s, %s, %s)",
                [house.ids["ugel.especialista"], FORM, field, value],
            )
    assert kept(rosa) == {}


def test_a_form_sent_after_the_sign_in_expired_is_the_same_draft(house: House) -> None:
    """What was typed before at pauses and what was sent at last are one draft, offered after signing in."""
    rosa = house.browser("ugel.especialista")
    save(rosa, text="Falta")
    with house.app.state.database.connection() as connection:
        connection.execute("update people.sign_in set expires_at = now()")
    sent = rosa.post(FORM, {"text": "Falta la movilidad", "command_id": "c-2", "_csrf_token": "vieja"})
    assert "pendiente" in sent.headers["location"]
    rosa = house.browser("ugel.especialista")
    assert kept(rosa) == {"text": ["Falta la movilidad"], "command_id": ["c-2"]}
    review = rosa.get(f"/ingresar/pendiente?forma={FORM}").text
    assert f'action="{FORM}"' in review
    assert 'value="Falta la movilidad"' in review


def test_an_autosave_without_a_sign_in_is_told_so_and_is_no_form_of_its_own(house: House) -> None:
    """The page hears 401 and goes on waiting; nothing is kept under the address of the drafts themselves."""
    rosa = house.browser("ugel.especialista")
    csrf = rosa.csrf
    with house.app.state.database.connection() as connection:
        connection.execute("update people.sign_in set expires_at = now()")
    fields = {"forma": FORM, "campos": '{"text": ["x"]}', "_csrf_token": csrf}
    answer = rosa.post("/borradores", fields, headers={"hx-request": "true"})
    assert (answer.status_code, "hx-redirect" in answer.headers) == (401, False)
    with house.app.state.database.connection() as connection:
        assert connection.execute("select count(*) from people.draft").fetchone() == (0,)


def test_a_draft_needs_the_secret_of_the_session_and_has_bounds(house: House) -> None:
    """Forged, malformed, elsewhere, too large, too many: refused, and nothing is kept; passwords never are."""
    rosa = house.browser("ugel.especialista")
    assert rosa.post("/borradores", {"_csrf_token": "", "forma": FORM, "campos": "{}"}).status_code == 403
    for form in ("https://otro.pe/", "//otro.pe/x?y", "", "/" + "a" * 400):
        assert save(rosa, form, text="x").status_code == 422, form
    assert rosa.post("/borradores", {"forma": FORM, "campos": "[1]"}).status_code == 422
    assert save(rosa, text="x" * 300_000).status_code == 422
    assert save(rosa, **{f"n{n}": "x" for n in range(500)}).status_code == 422
    assert kept(rosa) == {}
    save(rosa, clave="quipu-demo-2026", _csrf_token="t", text="a\x00b")
    assert kept(rosa) == {"text": ["ab"]}


def test_a_form_that_runs_wild_is_asked_to_wait(house: House) -> None:
    """So many saves a minute, for each person apart; the page tries again later."""
    pace = drafts.Pace()
    assert all(pace.allows("rosa", n / 1000) for n in range(drafts.MOST_A_MINUTE))
    assert not pace.allows("rosa", 1)
    assert pace.allows("juan", 1)
    assert pace.allows("rosa", 61)
    house.app.state["pace"] = type("Never", (), {"allows": lambda *_: False})()
    assert save(house.browser("ugel.especialista"), text="x").status_code == 429


def test_a_draft_is_discarded_by_its_author(house: House) -> None:
    """Only the own one."""
    rosa, juan = house.browser("ugel.especialista"), house.browser("ugel.jefe")
    save(rosa, text="x")
    juan.post("/borradores/descarte", {"forma": FORM})
    assert kept(rosa)
    rosa.post("/borradores/descarte", {"forma": FORM})
    assert kept(rosa) == {}


def test_forms_of_one_address_have_drafts_of_their_own(house: House) -> None:
    """What tells the forms apart travels with them, also when the sign-in had expired."""
    rosa, form = house.browser("ugel.director"), f"{PLACE}/pendientes/decisiones"
    save(rosa, f"{form}#alerta/1", reason="Ya se atendió")
    save(rosa, f"{form}#alerta/2", reason="Sigue")
    assert kept(rosa, f"{form}#alerta/2") == {"reason": ["Sigue"]}
    with house.app.state.database.connection() as connection:
        connection.execute("update people.sign_in set expires_at = now()")
    rosa.post(form, {"reason": "Sigue igual", "_borrador": "alerta/2"})
    rosa = house.browser("ugel.director")
    assert kept(rosa, f"{form}#alerta/2")["reason"] == ["Sigue igual"]
    assert kept(rosa, f"{form}#alerta/1") == {"reason": ["Ya se atendió"]}


def test_what_nobody_comes_back_to_is_forgotten(house: House) -> None:
    """After three months; the time of an older day is told with its day."""
    rosa = house.browser("ugel.especialista")
    save(rosa, text="viejo")
    with house.app.state.database.connection() as connection:
        connection.execute("update people.draft set saved_at = now() - interval '91 days'")
        private.drop_draft(connection, house.ids["ugel.especialista"], "/otra")
    assert kept(rosa) == {}
    assert drafts.when(datetime(2026, 3, 5, 15, 42, tzinfo=UTC)) == "del 5\u00a0mar, 10:42"
    assert drafts.when(datetime.now(UTC) - timedelta(seconds=1)).startswith(("de las", "del "))

"""What is meant to keep the service busy keeps only its sender waiting."""

import asyncio
import threading
import time
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from service import people
from service.aggregates.plan import AddLine
from service.letters import piled
from service.web import account, import_desk, live
from service.web.form import read
from service.workbook import WorkbookError, check
from tests.house import JAUJA, House
from tests.workbooks import ceplan, replaced

PILE = "a" + "\u0301" * 40_000 + "\u0327" * 40_000
URLENCODED = {"content-type": "application/x-www-form-urlencoded"}


def test_a_crowd_at_the_door_keeps_nobody_inside_waiting(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords take time to check: those who wait hold neither a thread nor a connection, and past a limit are told to come back."""
    monkeypatch.setattr(account, "LONGEST_QUEUE", 50)

    def slow(*_: object) -> bool:
        time.sleep(0.1)
        return False

    monkeypatch.setattr(people, "check_password", slow)
    answers = list[int]()
    stranger, inside = house.browser(), house.browser("auditor")

    def knock(number: int) -> None:
        data = {"usuario": f"nadie{number}", "clave": "x"}
        answers.append(stranger.client.request("POST", "/ingresar", data=data, follow_redirects=False).status_code)

    crowd = [threading.Thread(target=knock, args=(number,)) for number in range(55)]
    for each in crowd:
        each.start()
    time.sleep(0.5)
    begin = time.monotonic()
    assert inside.get("/salir").status_code == 200
    waited = time.monotonic() - begin
    for each in crowd:
        each.join()
    assert waited < 1.5
    assert set(answers) <= {422, 503}
    assert answers.count(422) >= 50


def test_workbooks_are_checked_one_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends the second large one waits, and is told to come back when it takes too long."""
    monkeypatch.setattr(import_desk, "PATIENCE", 0.1)
    browser = house.browser("ugel.especialista")
    sent: dict[str, Any] = {"data": {"_csrf_token": browser.csrf}, "files": {"archivo": ("plan.xlsx", ceplan(5))}}
    with import_desk._turn:
        answer = browser._ask("POST", f"/ugel/{JAUJA}/2026/importar", **sent)
    assert answer.status_code == 409
    assert "vuelva a enviar el suyo" in answer.text
    assert browser._ask("POST", f"/ugel/{JAUJA}/2026/importar", **sent).status_code == 200


def test_an_address_that_is_none_is_not_believed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What claims to be forwarded for garbage counts as what it is; many accounts from one place are stopped all the same."""
    monkeypatch.setattr(people, "check_password", lambda *_: False)
    answers = []
    for number in range(62):
        data = {"usuario": f"nadie{number}", "clave": "x"}
        headers = {"x-forwarded-for": f"{'x' * 3000}{number}"}
        answers.append(house.browser()._ask("POST", "/ingresar", data=data, headers=headers).status_code)
    assert answers[:60] == [422] * 60
    assert answers[60:] == [429] * 2
    with house.app.state.database.connection() as connection:
        assert connection.execute("select max(length(address)) < 50 from people.attempt").fetchone() == (True,)


def test_a_stream_ends_with_its_sign_in_however_much_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes that never pause do not keep a stream open for somebody who has left."""
    monkeypatch.setattr(live, "BEAT", 0.05)
    monkeypatch.setattr(live, "_signed_in", lambda _: False)
    hub = live.Hub("")
    app, far = SimpleNamespace(state=SimpleNamespace(hub=hub)), "9" * 5000
    request: Any = SimpleNamespace(app=app, headers={"last-event-id": far}, query_params={"desde": far})

    async def talk() -> None:
        for number in range(1, 500):
            hub.tell(number, "unit/120005/2026")
            await asyncio.sleep(0.01)

    async def listen() -> int:
        talking = asyncio.create_task(talk())
        heard = [message async for message in live._stream(request)]
        talking.cancel()
        return len(heard)

    assert asyncio.run(asyncio.wait_for(listen(), 3)) < 100


def test_marks_piled_on_a_letter_are_refused_at_once() -> None:
    """To normalise them takes the square of their number; thirty are more than any language writes."""
    begin = time.process_time()
    form = read(AddLine, {"code": ["M1"], "kind": ["misional"], "name": [PILE]})
    assert form.errors["name"].startswith("El texto tiene caracteres")
    assert piled("\u0f73" * 31), "a vowel sign that is made of two marks"
    assert not piled("a" + "\u0301" * 30)
    assert not piled("Ñahui, ǝ́, wañuy, ashéninka " * 1000)
    assert time.process_time() - begin < 1


@pytest.mark.parametrize("text", ["a" + "\u0301" * 16_000 + "\u0327" * 16_000, "x" * 40_000, "(" * 32_000])
def test_a_cell_that_no_spreadsheet_would_keep(text: str) -> None:
    """A workbook with such a cell is refused, or read, in no time."""
    shown = ceplan(20, {(2, "TAREAS_V2"): "MARCA", (3, "UM_TAREA"): "MARCA", (4, "NRO"): "MARCA"})
    changed = replaced(shown, "xl/sharedStrings.xml", b"MARCA", text.encode())
    begin = time.process_time()
    with suppress(WorkbookError):
        check(changed, "plan.xlsx")
    assert time.process_time() - begin < 3


def test_a_form_of_texts_is_small(house: House) -> None:
    """A megabyte is more than any form; only a file may be larger."""
    big, browser = b"a=" + b"x" * 1_000_000, house.browser("ugel.especialista")
    assert browser._ask("POST", "/ingresar", content=big, headers=URLENCODED).status_code == 413
    assert browser._ask("POST", f"/ugel/{JAUJA}/2026/lineas", content=big, headers=URLENCODED).status_code == 413
    sent: dict[str, Any] = {
        "data": {"_csrf_token": browser.csrf},
        "files": {"archivo": ("plan.xlsx", b"PK\x03\x04" + b"x" * 9_000_000)},
    }
    assert browser._ask("POST", f"/ugel/{JAUJA}/2026/importar", **sent).status_code == 422
    sent["files"] = {"archivo": ("plan.xlsx", b"PK\x03\x04" + b"x" * 12_000_000)}
    assert browser._ask("POST", f"/ugel/{JAUJA}/2026/importar", **sent).status_code == 413

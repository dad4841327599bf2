"""Forms that no page ever made: nothing is written, nothing falls over, the answer says what is wrong."""

import secrets
import time
from collections.abc import Iterator
from typing import Any

import pytest

from service import people
from service.aggregates.plan import AddTask
from service.aggregates.plan_review import ObservedRow
from service.aggregates.plan_versions import ObservePlan
from service.web.form import read
from tests.conftest import TestDatabase
from tests.house import JAUJA, House, open_house
from tests.lived import Cycle

HUGE = "9" * 15
UNIT = f"/ugel/{JAUJA}/2026"
NEXT = f"/ugel/{JAUJA}/2027"
ACTIVITY = f"{UNIT}/actividades/1"
URLENCODED = {"content-type": "application/x-www-form-urlencoded"}
TASK = {"name": "Visitar", "unit": "Acción"}


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """The house, with an approved plan and its first quarter scored."""
    with open_house(house_database.service_url) as made:
        Cycle(made).approved().scored(1)
        yield made


def head(house: House) -> int:
    """The last position of the record."""
    with house.app.state.database.connection() as connection:
        row = connection.execute("select max(notification_id) from ledger.event").fetchone()
    return int(row[0]) if row else 0


def test_values_beyond_all_limits_write_nothing(house: House) -> None:
    """Numbers no column holds, days no calendar has, ids of nothing, inputs sent twice: refused with a sentence."""
    before = head(house)
    attempts: list[tuple[str, str, dict[str, Any], set[int]]] = [
        ("ugel.especialista", f"/ugel/{JAUJA}/99999/apertura", {}, {404}),
        ("ugel.especialista", f"/ugel/{JAUJA}/0/apertura", {}, {404}),
        ("ugel.especialista", f"/ugel/{JAUJA}/{HUGE}/apertura", {}, {404}),
        ("ugel.especialista", f"{ACTIVITY}/avance/9", {}, {404}),
        ("ugel.especialista", f"{ACTIVITY}/avance/2", {"entries-0-task": HUGE, "entries-0-executed": "1"}, {409}),
        ("ugel.especialista", f"{ACTIVITY}/avance/2", {"entries-0-task": "2", "entries-0-executed": "1"}, {409}),
        ("ugel.especialista", f"{ACTIVITY}/avance/2", {"entries-0-task": "1", "entries-0-executed": "1e999"}, {422}),
        ("ugel.especialista", f"{ACTIVITY}/avance/2", {"entries-0-task": "1", "entries-0-executed": "-1"}, {422}),
        (
            "ugel.especialista",
            f"{ACTIVITY}/avance/2",
            {"entries-0-task": "1", "entries-0-executed": "1", "on": "0001-01-01"},
            {422},
        ),
        (
            "ugel.especialista",
            f"{ACTIVITY}/avance/2",
            {"entries-0-task": "1", "entries-0-executed": "1", "on": "31/12/9999"},
            {422},
        ),
        (
            "ugel.especialista",
            f"{ACTIVITY}/avance/2",
            {"entries-0-task": "1", "entries-0-executed": "1", "on": "2100-01-01"},
            {409},
        ),
        ("ugel.especialista", f"{ACTIVITY}/tareas", TASK | {"reason": "x" * 4001}, {422}),
        ("ugel.especialista", f"{ACTIVITY}/tareas", TASK | {"reason": "a\x00b"}, {422}),
        ("ugel.especialista", f"{ACTIVITY}/tareas", TASK | {"months-0": "Infinity"}, {422}),
        ("ugel.especialista", f"{ACTIVITY}/alineamiento", {"objectives": ["ON1"] * 101}, {422}),
        ("ugel.especialista", f"{ACTIVITY}/alineamiento", {"objectives": "x" * 301}, {422}),
        ("ugel.especialista", f"{UNIT}/t1/rectificaciones", {"task": HUGE, "executed": "1", "reason": "x"}, {409}),
        ("dre.especialista", f"{UNIT}/hallazgos", {"quarter": "1", "kind": "logro", "text": "x", "activity": HUGE}, {409}),
        ("dre.especialista", f"{UNIT}/hallazgos", {"quarter": HUGE, "kind": "logro", "text": "x", "activity": "1"}, {422}),
        ("dre.especialista", f"{UNIT}/t2/observacion", {"text": "x", "task": HUGE}, {409}),
        ("dre.director", f"{UNIT}/modificaciones/{HUGE}/aprobacion", {}, {404}),
        ("dre.director", f"{UNIT}/t1/rectificaciones/{HUGE}/aprobacion", {}, {404}),
        ("dre.director", f"{UNIT}/alertas/{HUGE}/cierre", {"text": "x"}, {404}),
        ("ugel.director", f"/compromisos/{JAUJA}-9999-1/informes", {"text": "x"}, {404}),
        ("ugel.director", "/compromisos/%00/informes", {"text": "x"}, {404}),
        ("ugel.especialista", f"{NEXT}/importar/%00/confirmacion", {}, {404}),
    ]
    wrong = [
        (usuario, path, str(data)[:60], status)
        for usuario, path, data, wanted in attempts
        if (status := house.browser(usuario).post(path, data).status_code) not in wanted
    ]
    assert wrong == []
    assert head(house) == before


def test_a_plan_is_observed_in_a_row_it_has(house: House) -> None:
    """An observation names no row that does not exist; an input no page has says nothing."""
    Cycle(house, year=2027).drafted().submitted()
    reviewer = house.browser("dre.director")
    for name in ("actividad-99", "tarea-99", "actividad-0", f"tarea-{HUGE}", "tarea--1", "tarea-1-2"):
        assert reviewer.post(f"{NEXT}/observacion", {name: "Falta"}).status_code == 409, name
    form = read(ObservePlan, {"text": ["Falta"], "rows-0-text": ["Meta"], "rows-0-task": ["1"]})
    assert form.command == ObservePlan(text="Falta", rows=(ObservedRow(task=1, text="Meta"),))


def test_inputs_sent_twice(house: House) -> None:
    """One input with two values is not a reason to fall over."""
    finding = {"quarter": "1", "kind": "nudo crítico", "text": "Lluvias", "cause": "Lluvias", "activity": "1"}
    place = house.browser("dre.especialista").post(f"{UNIT}/hallazgos", finding).headers["location"]
    twice = {name: ["a", "b"] for name in ("responsible", "signatories", "action", "due", "indicator", "target", "verification")}
    assert house.browser("dre.especialista").post(f"{place}/compromisos", twice).status_code == 422


@pytest.mark.parametrize("command_id", ["\x00", "\u202eabc", "x" * 65, "z" * 9000, "bootstrap:escala", "é"])
def test_a_command_id_that_no_page_gave(house: House, command_id: str) -> None:
    """It enters no record: the form is refused, with a sentence."""
    before = head(house)
    answer = house.browser("ugel.especialista").post(f"{ACTIVITY}/tareas", TASK | {"reason": "x", "command_id": command_id})
    assert answer.status_code == 422
    assert "llegó dañado" in answer.text
    assert head(house) == before


def test_somebody_elses_command_id_tells_nothing(house: House) -> None:
    """The id of another person's command leads neither to its result nor to a second change."""
    chosen, form = secrets.token_hex(16), TASK | {"reason": "Falta"}
    assert house.browser("ugel.especialista").post(f"{ACTIVITY}/tareas", form | {"command_id": chosen}).status_code == 303
    before = head(house)
    answer = house.browser("ugel.jefe").post(f"{ACTIVITY}/tareas", form | {"command_id": chosen})
    assert answer.status_code == 409
    assert "ya se envió con otros datos" in answer.text
    assert head(house) == before


def test_a_repeated_command_with_another_day_is_not_the_same(house: House) -> None:
    """The day it happened is part of what was asked."""
    chosen, figure = secrets.token_hex(16), {"entries-0-task": "1", "entries-0-executed": "1"}
    form = figure | {"command_id": chosen, "on": "2026-04-01"}
    browser = house.browser("ugel.especialista")
    assert browser.post(f"{ACTIVITY}/avance/2", form).status_code == 303
    assert browser.post(f"{ACTIVITY}/avance/2", form).status_code == 303
    assert browser.post(f"{ACTIVITY}/avance/2", form | {"on": "2026-04-02"}).status_code == 409


def test_thousands_of_rows_take_no_time() -> None:
    """Each input is looked at once: a form of many rows is read in proportion to its length."""
    raw = {f"tasks-{row}-{field}": ["x"] for row in range(8800, 10_200) for field in ("name", "unit", "basura")}
    start = time.process_time()
    from service.aggregates.plan import AddActivity  # noqa: PLC0415 — only here

    form = read(AddActivity, {"line": ["M1"], "name": ["x"]} | raw)
    assert time.process_time() - start < 5
    assert form.command is not None
    assert len(form.command.tasks) == 1200, "a row number has four digits at most"


def test_row_numbers_that_are_none() -> None:
    """Letters, other scripts' digits and thousands of digits do not name a row."""
    raw = {"line": ["M1"], "name": ["x"], f"tasks-{'9' * 5000}-name": ["x"], "tasks-٣-name": ["x"], "tasks--1-name": ["x"]}
    from service.aggregates.plan import AddActivity  # noqa: PLC0415 — only here

    form = read(AddActivity, raw)
    assert form.command == AddActivity(line="M1", name="x")
    assert "reason" in AddTask.__struct_fields__


BODIES = [
    (b"usuario=%00&clave=x", URLENCODED),
    (b"usuario=x\x00&clave=y", URLENCODED),
    (b"usuario=%ff&clave=%ff", URLENCODED),
    (b"usuario=%ed%a0%80&clave=%ed%a0%80&volver=%ed%a0%80", URLENCODED),
    (b"usuario=x&clave=%00", URLENCODED),
    (b"usuario=x&clave=y&volver=//%5B", URLENCODED),
    (b"\xff\xfe", URLENCODED),
    (b'{"usuario": "x", "clave": "y"}', {"content-type": "application/json"}),
    (b"{", {"content-type": "application/json"}),
    (b"\xc1", {"content-type": "application/msgpack"}),
    (b"usuario=x", {"content-type": "application/x-www-form-urlencoded; charset=utf-99"}),
    (b"x", {"content-type": "multipart/form-data"}),
    (b"--x\r\n", {"content-type": "multipart/form-data; boundary=x"}),
    (
        b'--x\r\nContent-Disposition: form-data; name="usuario"\r\n\r\n\xff\xfe\r\n--x--\r\n',
        {"content-type": "multipart/form-data; boundary=x"},
    ),
    (
        b'--x\r\nContent-Type: text/plain; charset=zz\r\nContent-Disposition: form-data; name="usuario"\r\n\r\nab\r\n--x--\r\n',
        {"content-type": "multipart/form-data; boundary=x"},
    ),
    (
        b'--x\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name="usuario"\r\n\r\n{bad\r\n--x--\r\n',
        {"content-type": "multipart/form-data; boundary=x"},
    ),
]


@pytest.mark.parametrize(("body", "headers"), BODIES)
def test_bodies_that_are_no_forms(house: House, body: bytes, headers: dict[str, str]) -> None:
    """At the sign-in, at a form, and where a sign-in has ended: refused, whoever sends them."""
    signed = house.browser("ugel.especialista")
    secret = {"x-csrftoken": signed.csrf}
    assert house.browser()._ask("POST", "/ingresar", content=body, headers=headers).status_code in {400, 422}
    assert signed._ask("POST", f"{ACTIVITY}/tareas", content=body, headers=headers | secret).status_code in {400, 422}
    with house.app.state.database.connection() as connection:
        people.sign_out(connection, signed.token)
    assert signed._ask("POST", f"{ACTIVITY}/tareas", content=body, headers=headers | secret).status_code in {303, 400}


def test_what_is_kept_for_later_holds_no_password(house: House) -> None:
    """A signature sent after the sign-in had ended keeps neither the password nor what the database cannot hold."""
    browser = house.browser("ugel.director")
    with house.app.state.database.connection() as connection:
        people.sign_out(connection, browser.token)
    answer = browser.post(f"/compromisos/{JAUJA}-2026-1/firma", {"clave": "quipu-demo-2026", "document": "a\x00b"})
    assert answer.headers["location"].startswith("/ingresar?volver=/ingresar/pendiente")
    with house.app.state.database.connection() as connection:
        kept = connection.execute("select string_agg(value::text, ' ') from people.draft").fetchone()
    assert kept
    assert "quipu-demo" not in kept[0]
    assert "ab" in kept[0]


def test_only_the_last_uploads_of_a_person_are_kept(house: House) -> None:
    """Nobody fills the database with files that are never confirmed; names with nulls are names without."""
    browser = house.browser("ugel.especialista")
    content = browser.get(f"{UNIT}/plan.xlsx").content
    for number in range(8):
        sent = browser._ask(
            "POST",
            f"{UNIT}/importar",
            data={"_csrf_token": browser.csrf},
            files={"archivo": (f"plan\x00{number}.xlsx", content)},
        )
        assert sent.status_code == 200, sent.text
    with house.app.state.database.connection() as connection:
        names = connection.execute("select filename from people.upload order by created_at").fetchall()
    assert len(names) == 5
    assert names[-1][0].startswith("plan")

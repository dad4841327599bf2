import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from litestar import Request
from litestar.testing import RequestFactory

from service.aggregates.alert import CloseAlert
from service.aggregates.balance import DisposeItem
from service.aggregates.catalogue import PublishScale
from service.aggregates.commitment import ProposeCommitment
from service.aggregates.commitment_life import DeclareCommitment
from service.aggregates.dre import AssignCharge
from service.aggregates.plan import AddLine, AddTask
from service.aggregates.plan_alignment import AlignActivity
from service.aggregates.plan_review import AttendObservation
from service.aggregates.plan_versions import ApprovePlan
from service.aggregates.quarter_progress import Entry, RecordProgress
from service.web.form import Form, read
from service.web.incoming import fields, form_of
from service.web.typed import day, number

PROGRESS = {"quarter": 2, "activity": 1}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234,5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567,8", "1234567.8"),
        ("−3", "-3"),
    ],
)
def test_numbers_as_people_write_them(written: str, value: str) -> None:
    """Decimal comma or point, with or without thousands."""
    assert number(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", "doce", "1,2,3", "1.2.3", "NaN", "Infinity", "1e9", "12 %", "٣", "9" * 16])
def test_what_is_not_one_number_is_refused(written: str) -> None:
    """What can be read in two ways, or in none, is not guessed."""
    with pytest.raises(ValueError, match="number"):
        number(written)


def test_days_from_the_browser_and_from_people() -> None:
    """A date input sends ISO; people write day/month/year."""
    assert day("2026-12-31") == day("31/12/2026") == date(2026, 12, 31)


def test_a_form_becomes_its_command() -> None:
    """Rows of inputs become a list of structs; the address gives what the form may not."""
    raw = {
        "entries-0-task": ["3"],
        "entries-0-executed": ["12,5"],
        "entries-1-task": ["4"],
        "entries-1-executed": ["0"],
        "activity": ["9"],
    }
    form = read(RecordProgress, raw, **PROGRESS)
    entries = (Entry(task=3, executed=Decimal("12.5")), Entry(task=4, executed=Decimal(0)))
    assert form.command == RecordProgress(quarter=2, activity=1, entries=entries)
    assert form.status == 200


def test_a_row_left_blank_is_left_out() -> None:
    """The hidden number of a row does not make it a row: something must be typed."""
    raw = {"entries-0-task": ["3"], "entries-0-executed": [" "], "entries-1-task": ["4"], "entries-1-executed": ["7"]}
    form = read(RecordProgress, raw, **PROGRESS)
    assert form.command
    assert [entry.task for entry in form.command.entries] == [4]


def test_all_errors_come_at_once_with_what_was_typed() -> None:
    """Each wrong field has its own Spanish sentence; nothing typed is lost; nothing is built."""
    raw = {
        "entries-0-task": ["3"],
        "entries-0-executed": ["-1"],
        "entries-1-task": ["4"],
        "entries-1-executed": ["mucho"],
        "entries-2-task": ["5"],
        "entries-2-evidence": ["Acta 3"],
    }
    form = read(RecordProgress, raw, **PROGRESS)
    assert form.command is None
    assert form.status == 422
    assert form.errors == {
        "entries-0-executed": "Escriba un número mayor o igual a 0 (use coma o punto decimal).",
        "entries-1-executed": "Escriba un número mayor o igual a 0 (use coma o punto decimal).",
        "entries-2-executed": "Falta este dato: complételo.",
    }
    assert form["entries-1-executed"] == "mucho"


def test_a_list_that_needs_one_says_so() -> None:
    """No row at all gets the sentence of the list."""
    assert read(RecordProgress, {"entries-0-task": ["3"]}, **PROGRESS).errors == {"entries": "Escriba al menos un avance."}
    assert "signatories" in read(ProposeCommitment, {}, findings=(1,)).errors


def test_twelve_months_one_by_one() -> None:
    """A blank month is 0; a wrong one is named."""
    raw = {"name": ["Tarea"], "unit": ["Informe"], "months-0": ["1,5"], "months-11": ["2"]}
    form = read(AddTask, raw, activity=1)
    assert form.command
    assert form.command.months == (Decimal("1.5"), *[Decimal(0)] * 10, Decimal(2))
    assert set(read(AddTask, raw | {"months-3": ["x"]}, activity=1).errors) == {"months-3"}


def test_a_repeated_input_is_a_list() -> None:
    """Checked boxes of one name become the tuple, blanks left out."""
    form = read(AlignActivity, {"objectives": ["ON1", "", "ON2"]}, activity=1)
    assert form.command
    assert form.command.objectives == ("ON1", "ON2")


@pytest.mark.parametrize(("value", "fulfilled"), [("si", True), ("sí", True), ("1", True), ("no", False)])
def test_yes_and_no(value: str, fulfilled: bool) -> None:  # noqa: FBT001 — the expected value
    """A radio of sí and no."""
    form = read(DeclareCommitment, {"fulfilled": [value], "text": ["Hecho"], "evidence": ["Acta"]}, commitment=1)
    assert form.command
    assert form.command.fulfilled is fulfilled


def test_no_answer_is_not_a_no() -> None:
    """A question that must be answered is never taken as «no»."""
    assert set(read(DeclareCommitment, {"text": ["Hecho"]}, commitment=1).errors) == {"fulfilled"}


def test_an_unchecked_box_is_its_default() -> None:
    """Optional fields may be missing altogether."""
    raw = {"holder": ["p1"], "role": ["admin"], "unit": ["120000"], "since": ["2026-01-01"], "until": [""]}
    form = read(AssignCharge, raw)
    assert form.command
    assert (form.command.acting, form.command.until, form.command.area) == (False, None, "")


def test_choices_dates_and_bounds_have_their_sentences() -> None:
    """One of the options, a valid date, a percentage: each in words."""
    assert read(AddLine, {"code": ["1"], "kind": ["otro"], "name": ["x"]}).errors == {"kind": "Elija una de las opciones."}
    errors = read(ApprovePlan, {"resolution": ["RD 1"], "resolution_date": ["31/02/2026"]}).errors
    assert errors == {"resolution_date": "Escriba una fecha válida: día/mes/año."}
    scale = {"fulfilled": ["120"], "in_progress": ["70"], "label": ["x"]}
    assert read(PublishScale, scale).errors == {"fulfilled": "Escriba un porcentaje entre 0 y 100."}
    assert read(DisposeItem, {"item": ["alerta/1"], "decision": [""]}).errors == {"decision": "Falta este dato: complételo."}
    assert read(AttendObservation, {"text": ["x"], "observation": ["1,5"]}).errors == {"observation": "Escriba un número entero."}


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_text_that_is_needed(text: str) -> None:
    """Spaces are no text; the sentence is the field's own."""
    assert read(CloseAlert, {"text": [text]}, alert=1).errors == {"text": "Escriba un texto de 1 a 4000 caracteres."}


def test_a_text_that_is_too_long() -> None:
    """Four thousand characters, not one more; line ends count once."""
    assert read(CloseAlert, {"text": ["a\r\n" * 2000]}, alert=1).command
    assert "text" in read(CloseAlert, {"text": ["a" * 4001]}, alert=1).errors


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u200b", "\ufeff", "\x00", "\x1b", "\u2066", "\u00ad", "\u061c", "\u2028", "\ue000"]
)
def test_what_a_screen_would_not_show_is_refused(hidden: str) -> None:
    """Invisible, bidirectional and control characters never reach the record."""
    assert "caracteres invisibles" in read(CloseAlert, {"text": [f"uno{hidden}dos"]}, alert=1).errors["text"]


def test_each_letter_has_one_spelling() -> None:
    """Composed and decomposed accents are the same text, Quechua and Asháninka letters pass."""
    form = read(CloseAlert, {"text": ["an\u0303o, ñuqayku, kantsi"]}, alert=1)
    assert form.command
    assert form.command.text == "año, ñuqayku, kantsi"


def test_a_fresh_form_has_its_own_id() -> None:
    """Each form that is shown can be done once."""
    assert Form.fresh().command_id != Form.fresh().command_id
    assert read(CloseAlert, {"text": ["x"], "command_id": ["abc"]}, alert=1).command_id == "abc"


def test_a_form_that_arrives_in_pieces_is_read_once_by_all_who_ask() -> None:
    """Its texts and its file are asked for at the same time, while the network still brings it."""
    sent = b'--x\r\nContent-Disposition: form-data; name="huella"\r\n\r\nabc\r\n--x--\r\n'
    pieces = [sent[:20], sent[20:50], sent[50:]]
    scope: Any = RequestFactory().post("/").scope
    scope |= {"state": {}, "headers": [(b"content-type", b"multipart/form-data; boundary=x")]}

    async def receive() -> Any:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": pieces.pop(0) if pieces else b"", "more_body": bool(pieces)}

    async def both() -> list[dict[str, list[str]]]:
        request = Request[Any, Any, Any](scope, receive=receive)
        forms = await asyncio.wait_for(asyncio.gather(form_of(request), form_of(request)), 5)
        return [fields(form) for form in forms]

    assert asyncio.run(both()) == [{"huella": ["abc"]}] * 2


def test_a_sheet_as_long_as_a_real_plan_keeps_every_row() -> None:
    """A real plan has 1,701 tasks: none is left out without a word."""
    raw = {f"entries-{n}-task": [str(n + 1)] for n in range(1701)} | {f"entries-{n}-executed": ["2"] for n in range(1701)}
    form = read(RecordProgress, raw, quarter=1, activity=0)
    assert form.command
    assert [entry.task for entry in form.command.entries] == list(range(1, 1702))

"""One activity: what was planned beside what was done, its form for the quarter, its changes and its history."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import targets
from service.aggregates import Command
from service.aggregates.diagnosis import AnswerProblems
from service.aggregates.plan import AddTask, ChangeActivity, ChangeTask, RemoveActivity, RemoveTask
from service.aggregates.plan_changes import Change
from service.aggregates.plan_versions import ProposeAmendment
from service.aggregates.quarter_progress import RecordProgress
from service.ledger import stream_of
from service.projections import board, catalogue_page, diagnosis_page, indicator_page, scales
from service.projections import unit as read
from service.settings import LIMA
from service.web import conflict, conversation, presence
from service.web.catalogued import doubt
from service.web.form import Form, Raw, first
from service.web.page import Moment, Req, page, redirect
from service.web.story import story
from service.web.typed import day

PLACE = "/ugel/{code:str}/{year:int}/actividades/{activity:int}"
UNTITLED = "Modificación propuesta desde la página de la actividad"


class Activity(msgspec.Struct):
    """All that the page of an activity shows; `done` by task and quarter, `words` the states of the quarters as told."""

    unit: board.Unit
    head: read.Head
    it: read.Activity
    line: read.Line
    tasks: list[read.Task]
    done: dict[tuple[int, int], read.Done]
    quarter: int
    states: dict[int, str]
    words: dict[int, str]
    objectives: list[read.Objective]
    named: dict[str, catalogue_page.Named]
    scale: scales.Scale
    problems: list[diagnosis_page.Problem]

    @property
    def recordable(self) -> bool:
        """Whether progress of the quarter may still be recorded."""
        return self.head.plan_version > 0 and self.states.get(self.quarter, "draft") in {"draft", "observed"}

    @property
    def reported_at(self) -> int:
        """The position that the figures of the quarter hold from; 0 when there are none."""
        return max((done.position for (_, quarter), done in self.done.items() if quarter == self.quarter), default=0)

    @property
    def correctable(self) -> bool:
        """Whether a figure of the quarter can only be corrected."""
        return self.states.get(self.quarter) in {"validated", "scored"}


def read_activity(connection: Connection[Any], code: str, year: int, number: int, at: int, quarter: int) -> Activity:
    """Read an activity at a position.

    Raises:
        NotFoundException: it did not exist then.
    """
    stream = stream_of(code, year)
    head = read.head(connection, at, stream)
    found = read.activities(connection, at, stream, number)
    if head is None or not found:
        raise NotFoundException
    known = {each.code: each for each in board.units(connection, at, year)}
    lines = {line.code: line for line in read.lines(connection, at, stream)}
    official = board.officials(connection, at, [stream])
    states = {each.quarter: each.status for each in official}
    quarter = quarter or _current(year, states)
    return Activity(
        known[code],
        head,
        found[0],
        lines[found[0].line],
        read.tasks(connection, at, stream, number),
        {(each.task, each.quarter): each for each in read.done(connection, at, stream, number)},
        quarter,
        states,
        {each.quarter: each.word for each in official},
        read.objectives(connection, at),
        catalogue_page.objectives(connection, catalogue_page.words_at(connection, at, stream, quarter), found[0].objectives),
        scales.scale(connection, at),
        diagnosis_page.problems(connection, at, stream),
    )


def _current(year: int, states: dict[int, str]) -> int:
    """The quarter a person most likely comes for: the first begun one that is not sent yet."""
    today = datetime.now(UTC).astimezone(LIMA).date()
    begun = [n for n in range(1, 5) if date(year, 3 * n - 2, 1) <= today] or [1]
    return next((n for n in begun if states.get(n, "draft") in {"draft", "observed"}), begun[-1])


def draw(
    request: Req, moment: Moment | None = None, *, form: Form[Any] | None = None, sent: str = "", quarter: int = 0
) -> Response[str]:
    """Draw the page of the address, with what became of the form `sent` where there is one."""
    code, year, number = (request.path_params[name] for name in ("code", "year", "activity"))
    read_at = moment or Moment()
    asked = request.query_params.get("t", "")
    quarter = quarter or (int(asked) if asked in {"1", "2", "3", "4"} else 0)
    with request.app.state.database.snapshot() as connection:
        shown = read_activity(connection, code, year, number, read_at.position, quarter)
        talk = conversation.read(request, connection, read_at, stream_of(code, year), "activity", number)
        measured = indicator_page.indicators(connection, read_at.position, stream_of(code, year), number)
        amended = targets.moved(connection, read_at.position, stream_of(code, year), number)
        past = story(connection, read_at.position, stream_of(code, year), activity=number)
        present = presence.writers(connection, stream_of(code, year), request.user.id, number)
        clash = conflict.lay_out(connection, stream_of(code, year), form) if form and form.clash else []
    form = form or Form.fresh()
    return page(
        request,
        "actividad.html",
        part="_actividad.html",
        status=form.status,
        moment=read_at,
        a=shown,
        form=form,
        sent=sent,
        history=past,
        moved=amended,
        indicators=[each for each in measured if not each.dropped],
        talk=talk,
        clash=clash,
        writers=present,
        presence=presence.part(code, year, number),
    )


@get(PLACE, sync_to_thread=True)
def show(
    request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int], activity: FromPath[int]
) -> Response[str]:
    """Show an activity."""
    return draw(request, moment)


@post(PLACE + "/avance/{quarter:int}", opt={"command": RecordProgress}, sync_to_thread=True)
def record(
    request: Req,
    raw: NamedDependency[Raw],
    code: FromPath[str],
    year: FromPath[int],
    activity: FromPath[int],
    quarter: FromPath[int],
) -> Response[Any]:
    """Record the progress of the activity's tasks in a quarter, with the day it happened."""
    if quarter not in range(1, 5):
        raise NotFoundException
    try:
        on = day(first(raw, "on")) if first(raw, "on") else None
    except ValueError:
        form = Form[RecordProgress](typed={n: v[0] for n, v in raw.items()}, command_id=first(raw, "command_id"), status=422)
        form.errors["on"] = "Escriba la fecha como 30/09/2026."
        return draw(request, form=form, sent="avance", quarter=quarter)
    form = conflict.send(request, raw, RecordProgress, stream_of(code, year), on=on, quarter=quarter, activity=activity)
    if form.done:
        notice = "El avance quedó registrado." if form.done.facts else "No había nada nuevo que registrar."
        return redirect(request, f"/ugel/{code}/{year}/actividades/{activity}?t={quarter}", notice)
    return draw(request, form=form, sent="avance", quarter=quarter)


def _change(kind: type[Command], noun: str, notice: str, *, back_to_plan: bool = False) -> Any:
    """A route that changes the plan: at once in a draft, as a proposed amendment once the plan is approved."""
    address = PLACE + (f"/tareas/{{task:int}}/{noun}" if kind in {ChangeTask, RemoveTask} else f"/{noun}")
    proposable = kind is not AnswerProblems
    wanted = [kind, ProposeAmendment] if proposable else [kind]

    @post(address, opt={"command": wanted}, sync_to_thread=True, name=f"activity-{kind.__name__}")
    def carry(
        request: Req,
        raw: NamedDependency[Raw],
        code: FromPath[str],
        year: FromPath[int],
        activity: FromPath[int],
    ) -> Response[Any]:
        stream = stream_of(code, year)
        with request.app.state.database.snapshot() as connection:
            head = read.head(connection, Moment().position, stream)
        proposed = proposable and head is not None and head.plan_status == "approved"
        fixed = {name: request.path_params[name] for name in ("activity", "task") if name in kind.__struct_fields__}

        def propose(change: Command) -> Command:
            assert isinstance(change, Change)  # noqa: S101 — `proposable` says so
            return ProposeAmendment(changes=(change,), reason=getattr(change, "reason", "") or UNTITLED)

        form = conflict.send(request, raw, kind, stream, wrap=propose if proposed else None, **fixed)
        place = f"/ugel/{code}/{year}"
        if not form.done:
            return draw(request, form=form, sent=f"{noun}-{request.path_params.get('task', '')}".rstrip("-"))
        if proposed and form.done.facts:
            return redirect(request, place, "La modificación quedó propuesta: espera la aprobación de la DRE.")
        said = notice + doubt(request.user.dre.catalogue.content, form.command)
        return redirect(request, place if back_to_plan else f"{place}/actividades/{activity}", said)

    return carry


ROUTES = (
    show,
    record,
    _change(ChangeActivity, "datos", "La actividad quedó cambiada."),
    _change(AnswerProblems, "problemas", "Los problemas que atiende la actividad quedaron registrados."),
    _change(AddTask, "tareas", "La tarea quedó agregada."),
    _change(ChangeTask, "metas", "La tarea quedó cambiada."),
    _change(RemoveTask, "retiro", "La tarea quedó retirada."),
    _change(RemoveActivity, "retiro", "La actividad quedó retirada.", back_to_plan=True),
)

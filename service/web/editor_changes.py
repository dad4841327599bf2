"""What the plan's editor sends: a cell, a row, a pasted block, a selection, a move, a copy, undo and redo.

A part asked for by the grid is answered with the activities that changed; a plain form goes back to the page. In an
approved plan the same changes are proposed, with their reason.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.aggregates import Command
from service.aggregates.merging import flat
from service.aggregates.plan import (
    ACTIVITY_FIELDS,
    TASK_FIELDS,
    AddActivity,
    AddLine,
    AddTask,
    Change,
    ChangeActivity,
    ChangeTask,
    RemoveActivity,
    RemoveTask,
)
from service.aggregates.plan_copies import CopyActivity
from service.aggregates.plan_editing import ChangeMany, ChangeSelected
from service.aggregates.plan_places import MoveActivity, MoveTask
from service.aggregates.plan_undo import RedoChange, UndoChange
from service.aggregates.plan_versions import AmendmentProposed
from service.ledger import stream_of
from service.projections import editor
from service.web.editor import PLACE, blocks, draw, draw_row, whole
from service.web.editor_sheet import Sheet, read_sheet
from service.web.form import Form, Raw, first, number, read
from service.web.page import Moment, Req, give, identity, page, redirect, send, wants_part

PROPOSED = "La modificación quedó propuesta: espera la aprobación de la DRE."
NOTHING = "No había nada nuevo que guardar."
STALE = "Otra persona cambió esta celda mientras usted escribía: ahora dice «{}»."


def standing(sheet: Sheet, kind: type[Command], item: int) -> dict[str, Any]:
    """What a row says now; nothing where the row is gone."""
    every = [block for line in sheet.lines for block in line.blocks]
    if kind is ChangeActivity:
        activity = next((block.it for block in every if block.it.activity == item), None)
        return {name: getattr(activity, name) for name in ACTIVITY_FIELDS} if activity else {}
    task = next((each for block in every for each in block.tasks if each.task == item), None)
    return {name: getattr(task, name) for name in TASK_FIELDS} | {"months": tuple(task.months)} if task else {}


def typed(values: dict[str, Any]) -> dict[str, list[str]]:
    """The same as a form would send it."""
    return {name: [f"{value:f}" if isinstance(value, Decimal) else value] for name, value in flat(values).items()}


def _sheet(request: Req, code: str, year: int) -> Sheet:
    with request.app.state.database.snapshot() as connection:
        return read_sheet(connection, code, year, Moment().position)


def _same(one: str, other: str) -> bool:
    """Whether two texts of a cell say the same, figures by their value."""
    try:
        return one == other or number(one or "0") == number(other or "0")
    except ValueError:
        return False


def _stale(raw: Raw, now: dict[str, list[str]]) -> str:
    """The sentence for a cell that no longer says what it said when somebody began to type."""
    field = first(raw, "campo")
    if not field or "antes" not in raw or field not in now:
        return ""
    says, typed = now[field][0], first(raw, field)
    return "" if _same(says, first(raw, "antes")) or _same(says, typed) else STALE.format(says)


def answer(request: Req, form: Form[Any], failed: Callable[[], Response[str]], back: str, notice: str) -> Response[Any]:
    """The changed rows for the grid, the way back for a plain form; errors as sentences, or the page with what was typed."""
    code, year = request.path_params["code"], request.path_params["year"]
    if not form.done:
        if not wants_part(request):
            return failed()
        return page(request, "_editor_errores.html", status=form.status, form=form)
    facts = form.done.facts
    proposed = any(isinstance(each.fact.event, AmendmentProposed) for each in facts)
    if wants_part(request):
        return blocks(request, code, year, editor.of(facts))
    return redirect(request, back, PROPOSED if proposed else notice if facts else NOTHING)


def _row(kind: type[Command], place: str, notice: str) -> Any:
    """The route that saves a row, or only the cell that was typed: what a form leaves out stays as it is."""
    name = place.rpartition("{")[2].partition(":")[0]

    @post(PLACE + place, opt={"command": [kind, ChangeMany]}, sync_to_thread=True, name=f"editor-{kind.__name__}")
    def carry(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
        sheet, item = _sheet(request, code, year), request.path_params[name]
        values = standing(sheet, kind, item)
        now = typed(values)
        stale = _stale(raw, now)
        if stale:
            form = Form[Any](typed={key: values[0] for key, values in raw.items()}, command_id=identity(raw))
            form.refuse(stale)
        else:
            form = send(
                request,
                {**now, **raw},
                kind,
                stream_of(code, year),
                wrap=_proposal if sheet.proposes else None,
                **{name: item},
                seen=values or None,
            )
        return answer(
            request, form, lambda: draw_row(request, form=form, sent="fila"), f"{sheet.base}/{place.split('/')[1]}/{item}", notice
        )

    return carry


def _proposal(change: Command) -> Command:
    assert isinstance(change, Change)  # noqa: S101 — the rows and their children are changes
    return ChangeMany(changes=(change,), reason=getattr(change, "reason", ""))


def _step(kind: type[Command], place: str, notice: str, *, home: bool = False) -> Any:
    """A route that changes one item or, without one, the plan; with `home` the way back is the whole page."""
    names = [part.partition(":")[0] for part in place.split("{")[1:]]
    proposable = kind in {AddTask, RemoveTask, RemoveActivity, AddActivity}
    noun = place.rpartition("/")[2]

    @post(
        PLACE + place,
        opt={"command": [kind, ChangeMany] if proposable else kind},
        sync_to_thread=True,
        name=f"editor-{kind.__name__}",
    )
    def carry(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
        fixed = {name: request.path_params[name] for name in names}
        proposes = proposable and _sheet(request, code, year).proposes
        form = send(request, raw, kind, stream_of(code, year), wrap=_proposal if proposes else None, **fixed)
        base = f"/ugel/{code}/{year}/plan"

        def failed() -> Response[str]:
            if names:
                return draw_row(request, form=form, sent=noun)
            return draw(request, code, year, form=form, sent=noun)

        back = base if home or not names else f"{base}/{place.split('/')[1]}/{request.path_params[names[0]]}"
        return answer(request, form, failed, back, notice)

    return carry


def _block(sheet: Sheet, raw: Raw) -> Form[ChangeMany]:
    """The command of a pasted block or a basket: rows `tarea-7-months-3`, `actividad-2-name`, new ones `nueva-1-…`."""
    form = Form[ChangeMany](typed={key: values[0] for key, values in raw.items()}, command_id=identity(raw))
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for key, values in raw.items():
        kind, _, rest = key.partition("-")
        digits, _, field = rest.partition("-")
        if kind in KINDS and whole(digits) and field:
            rows.setdefault((kind, whole(digits)), {})[field] = values
    changes = list[Change]()
    for (kind, item), sent in rows.items():
        command, named = KINDS[kind]
        now = standing(sheet, command, item) if named else {}
        fixed = {named: item, "seen": now or None} if named else {}
        one = read(command, {**typed(now), **sent}, **fixed)
        form.errors |= {f"{kind}-{item}-{field}": sentence for field, sentence in one.errors.items()}
        if one.command is not None:
            assert isinstance(one.command, Change)  # noqa: S101 — KINDS holds changes
            changes.append(one.command)
    if form.errors:
        form.status = 422
    else:
        form.command = ChangeMany(changes=tuple(changes), reason=first(raw, "reason"))
    return form


KINDS: dict[str, tuple[type[Command], str]] = {
    "tarea": (ChangeTask, "task"),
    "actividad": (ChangeActivity, "activity"),
    "nueva": (AddTask, ""),
}


def _together(place: str, command: type[Command], make: Callable[[Sheet, Raw], Form[Any]], notice: str) -> Any:
    """A route that changes many rows with one command."""
    noun = place.removeprefix("/")

    @post(PLACE + place, opt={"command": command}, sync_to_thread=True, name=f"editor-{noun}")
    def carry(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
        sheet = _sheet(request, code, year)
        form = make(sheet, raw)
        if form.command is not None:
            give(request, form, form.command, stream_of(code, year))
        return answer(request, form, lambda: draw(request, code, year, form=form, sent=noun), sheet.base, notice)

    return carry


def _selection(_: Sheet, raw: Raw) -> Form[ChangeSelected]:
    """The command of the chosen rows, which a form names as often as there are rows."""
    chosen = {name: tuple(whole(text) for text in raw.get(name, ())) for name in ("activities", "tasks")}
    form = read(ChangeSelected, raw, **chosen)
    form.command_id = identity(raw)
    return form


ROUTES = (
    _row(ChangeTask, "/tareas/{task:int}", "La tarea quedó guardada."),
    _row(ChangeActivity, "/actividades/{activity:int}", "La actividad quedó guardada."),
    _step(AddLine, "/lineas", "La línea de acción quedó agregada."),
    _step(AddActivity, "/actividades", "La actividad quedó agregada."),
    _step(AddTask, "/actividades/{activity:int}/tareas", "La tarea quedó agregada."),
    _step(RemoveTask, "/tareas/{task:int}/retiro", "La tarea quedó retirada.", home=True),
    _step(RemoveActivity, "/actividades/{activity:int}/retiro", "La actividad quedó retirada con sus tareas.", home=True),
    _step(MoveTask, "/tareas/{task:int}/lugar", "La tarea cambió de lugar."),
    _step(MoveActivity, "/actividades/{activity:int}/lugar", "La actividad cambió de lugar."),
    _step(CopyActivity, "/actividades/{activity:int}/copia", "La actividad quedó copiada con sus tareas, debajo de la original."),
    _step(UndoChange, "/deshecho", "Su último cambio quedó deshecho."),
    _step(RedoChange, "/rehecho", "El cambio quedó hecho de nuevo."),
    _together("/seleccion", ChangeSelected, _selection, "Las filas elegidas quedaron cambiadas."),
    _together("/bloque", ChangeMany, _block, "Los cambios quedaron guardados."),
)

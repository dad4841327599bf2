"""What the plan's editor sends: a cell, a row, a pasted block, a selection, a move, a copy, undo and redo.

A part asked for by the grid is answered with the activities that changed; a plain form goes back to the page. In an
approved plan the same changes are proposed, with their reason.
"""

from collections.abc import Callable
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg import Connection

from service.aggregates import Command
from service.aggregates.plan import AddActivity, AddLine, AddTask, ChangeActivity, ChangeTask, RemoveActivity, RemoveTask
from service.aggregates.plan_changes import Change
from service.aggregates.plan_copies import CopyActivity
from service.aggregates.plan_editing import ChangeMany, ChangeSelected
from service.aggregates.plan_places import MoveActivity, MoveTask
from service.aggregates.plan_undo import RedoChange, UndoChange
from service.aggregates.plan_versions import AmendmentProposed
from service.ledger import stream_of
from service.projections import LATEST, editor, seen, unit
from service.web.editor import PLACE, blocks, draw, draw_row, whole
from service.web.editor_block import block, typed
from service.web.form import Form, Raw, first, read
from service.web.page import Req, give, identity, page, redirect, send, wants_part
from service.web.typed import number

PROPOSED = "La modificación quedó propuesta: espera la aprobación de la DRE."
NOTHING = "No había nada nuevo que guardar."
STALE = "Otra persona cambió esta celda mientras usted escribía: ahora dice «{}»."


def _proposes(connection: Connection[Any], stream: str) -> bool:
    """Whether changes of the plan are proposed instead of made."""
    head = unit.head(connection, LATEST, stream)
    return head is not None and head.plan_status == "approved"


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
        stream, item = stream_of(code, year), request.path_params[name]
        with request.app.state.database.snapshot() as connection:
            values, proposes = seen.values(connection, LATEST, stream, name, item)[0], _proposes(connection, stream)
        now = typed(values or {})
        stale = _stale(raw, now)
        if stale:
            form = Form[Any](typed={key: values[0] for key, values in raw.items()}, command_id=identity(raw))
            form.refuse(stale)
        else:
            form = send(
                request,
                {**now, **raw},
                kind,
                stream,
                wrap=_proposal(raw) if proposes else None,
                **{name: item},
                seen=values,
            )
        back = f"/ugel/{code}/{year}/plan/{place.split('/')[1]}/{item}"
        return answer(request, form, lambda: draw_row(request, form=form, sent="fila"), back, notice)

    return carry


def _proposal(raw: Raw) -> Callable[[Command], ChangeMany]:
    """The change of a form as a modification of its own, with the reason of the form."""

    def wrap(change: Command) -> ChangeMany:
        assert isinstance(change, Change)  # noqa: S101 — rows, their children and their places are changes
        return ChangeMany(changes=(change,), reason=first(raw, "reason"))

    return wrap


def _step(kind: type[Command], place: str, notice: str, *, home: bool = False) -> Any:
    """A route that changes one item or, without one, the plan; with `home` the way back is the whole page."""
    names = [part.partition(":")[0] for part in place.split("{")[1:]]
    proposable = kind in {AddTask, RemoveTask, RemoveActivity, AddActivity, MoveTask, MoveActivity}
    noun = place.rpartition("/")[2]

    @post(
        PLACE + place,
        opt={"command": [kind, ChangeMany] if proposable else kind},
        sync_to_thread=True,
        name=f"editor-{kind.__name__}",
    )
    def carry(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
        fixed = {name: request.path_params[name] for name in names}
        stream = stream_of(code, year)
        with request.app.state.database.snapshot() as connection:
            proposes = proposable and _proposes(connection, stream)
        form = send(request, raw, kind, stream, wrap=_proposal(raw) if proposes else None, **fixed)
        base = f"/ugel/{code}/{year}/plan"

        def failed() -> Response[str]:
            if names:
                return draw_row(request, form=form, sent=noun)
            return draw(request, code, year, form=form, sent=noun)

        back = base if home or not names else f"{base}/{place.split('/')[1]}/{request.path_params[names[0]]}"
        return answer(request, form, failed, back, notice)

    return carry


def _together(place: str, command: type[Command], make: Callable[[Connection[Any], str, Raw], Form[Any]], notice: str) -> Any:
    """A route that changes many rows with one command."""
    noun = place.removeprefix("/")

    @post(PLACE + place, opt={"command": command}, sync_to_thread=True, name=f"editor-{noun}")
    def carry(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
        stream = stream_of(code, year)
        with request.app.state.database.snapshot() as connection:
            form = make(connection, stream, raw)
        if form.command is not None:
            give(request, form, form.command, stream)
        return answer(request, form, lambda: draw(request, code, year, form=form, sent=noun), f"/ugel/{code}/{year}/plan", notice)

    return carry


def _selection(_: Connection[Any], __: str, raw: Raw) -> Form[ChangeSelected]:
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
    _together("/bloque", ChangeMany, block, "Los cambios quedaron guardados."),
)

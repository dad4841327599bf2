"""The plan like a spreadsheet: lines > activities > tasks with twelve months. The page, its rows in parts, one row as a form."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.ledger import stream_of
from service.projections import editor
from service.projections import unit as read
from service.web.catalogued import Doubts
from service.web.editor_sheet import read_sheet, window
from service.web.form import Form
from service.web.page import Moment, Req, page

PLACE = "/ugel/{code:str}/{year:int}/plan"
COLUMNS = 19


def whole(text: str | None) -> int:
    """A number of the address; anything else is 0."""
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 10 else 0  # noqa: PLR2004 — fits an int


def doubts(request: Req) -> Doubts:
    """What to look at in the words of a plan, by the catalogue in force."""
    return Doubts(request.user.dre.catalogue.content)


def draw(
    request: Req, code: str, year: int, moment: Moment | None = None, form: Form[Any] | None = None, sent: str = ""
) -> Response[str]:
    """Draw the page, with what became of the form `sent` where there is one."""
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        sheet = read_sheet(connection, code, year, moment.position)
        objectives = read.objectives(connection, moment.position) if sheet.proposes else []
    window(sheet, request.query_params.get("linea", ""), whole(request.query_params.get("desde")))
    form = form or Form.fresh()
    return page(
        request,
        "editor.html",
        status=form.status,
        moment=moment,
        sheet=sheet,
        objectives=objectives,
        writes=sheet.writes(request, moment),
        form=form,
        sent=sent,
        columns=COLUMNS,
        doubts=doubts(request),
    )


@get(PLACE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the plan to edit."""
    return draw(request, code, year, moment)


@get(PLACE + "/filas", sync_to_thread=True)
def more(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """The next rows of a line; `con` names an activity that must be among them."""
    query = request.query_params
    with request.app.state.database.snapshot() as connection:
        sheet = read_sheet(connection, code, year, moment.position)
    wanted = query.get("linea", "")
    window(sheet, wanted, whole(query.get("desde")), whole(query.get("con")))
    line = next((each for each in sheet.lines if each.it.code == wanted), None)
    if line is None:
        raise NotFoundException
    writes = sheet.writes(request, moment)
    return page(
        request,
        "_editor_filas.html",
        moment=moment,
        sheet=sheet,
        line=line,
        writes=writes,
        columns=COLUMNS,
        doubts=doubts(request),
    )


def blocks(request: Req, code: str, year: int, changed: editor.Touched) -> Response[str]:
    """The activities that changed as they stand now, and which are gone: what a page needs to be right again."""
    with request.app.state.database.snapshot() as connection:
        sheet = read_sheet(connection, code, year, Moment().position, sorted(changed.activities))
    found = [block for line in sheet.lines for block in line.blocks if block.it.activity in changed.activities]
    gone = sorted(changed.activities - {block.it.activity for block in found})
    writes = sheet.writes(request)
    return page(
        request,
        "_editor_bloques.html",
        sheet=sheet,
        blocks=found,
        gone=gone,
        whole=changed.all,
        writes=writes,
        doubts=doubts(request),
    )


@get(PLACE + "/cambios", sync_to_thread=True)
def changes(request: Req, code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """What changed after the version a page shows."""
    with request.app.state.database.snapshot() as connection:
        changed = editor.since(connection, stream_of(code, year), whole(request.query_params.get("desde")))
    return blocks(request, code, year, changed)


def draw_row(request: Req, moment: Moment | None = None, form: Form[Any] | None = None, sent: str = "") -> Response[str]:
    """Draw one row of the address as a form: a task, or an activity with its tasks."""
    code, year = request.path_params["code"], request.path_params["year"]
    task, activity = (request.path_params.get(name, 0) for name in ("task", "activity"))
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        sheet = read_sheet(connection, code, year, moment.position)
        objectives = read.objectives(connection, moment.position)
    every = [block for line in sheet.lines for block in line.blocks]
    block = next((b for b in every if b.it.activity == activity or any(t.task == task for t in b.tasks)), None)
    if block is None:
        raise NotFoundException
    form = form or Form.fresh()
    return page(
        request,
        "editor_fila.html",
        status=form.status,
        moment=moment,
        sheet=sheet,
        block=block,
        task=next((each for each in block.tasks if each.task == task), None),
        siblings=[b.it.activity for b in every if b.it.line == block.it.line],
        every=every,
        objectives=objectives,
        writes=sheet.writes(request, moment),
        doubts=doubts(request),
        form=form,
        sent=sent,
    )


@get(PLACE + "/tareas/{task:int}", sync_to_thread=True)
def show_task(
    request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int], task: FromPath[int]
) -> Response[str]:
    """Show one task as a form."""
    return draw_row(request, moment)


@get(PLACE + "/actividades/{activity:int}", sync_to_thread=True)
def show_activity(
    request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int], activity: FromPath[int]
) -> Response[str]:
    """Show one activity as a form, with its tasks."""
    return draw_row(request, moment)


ROUTES = (show, more, changes, show_task, show_activity)

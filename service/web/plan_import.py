"""Spreadsheets of the plan: a file is sent and checked first, written only when confirmed; template and export."""

import threading
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import exchange, people, workbook
from service.aggregates import Refused
from service.aggregates.plan import ImportPlan
from service.aggregates.plan_versions import AmendmentProposed
from service.ledger import stream_of
from service.projections import LATEST, board, unit
from service.web.form import Form, Raw
from service.web.incoming import form_of
from service.web.page import Moment, Req, identity, page, redirect
from service.web.session import Session
from service.web.words import numero

PLACE = "/ugel/{code:str}/{year:int}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200
PATIENCE = 20
_desk = threading.Lock()
LARGEST_BODY = 11_000_000  # a file of 10 MB, and what surrounds it in the form


def sheet(content: bytes, name: str) -> Response[bytes]:
    """A workbook to download."""
    return Response(content, media_type=XLSX, headers={"content-disposition": f'attachment; filename="{name}"'})


def _checked(content: bytes, name: str) -> workbook.DryRun:
    """Check a workbook, one at a time: many large ones at once would leave nothing to anybody else.

    Raises:
        Refused: too many are waiting.
        WorkbookError: it cannot be read.

    """
    if not _desk.acquire(timeout=PATIENCE):
        message = "Se están revisando otros archivos. Espere un momento y vuelva a enviar el suyo."
        raise Refused(message)
    try:
        return workbook.check(content, name)
    finally:
        _desk.release()


def _draw(
    request: Req,
    code: str,
    year: int,
    *,
    dry: workbook.DryRun | None = None,
    upload: str = "",
    form: Form[ImportPlan] | None = None,
) -> Response[str]:
    with request.app.state.database.snapshot() as connection:
        known = next((each for each in board.units(connection, LATEST, year) if each.code == code), None)
        head = unit.head(connection, LATEST, stream_of(code, year))
    if known is None:
        raise NotFoundException
    form = form or Form.fresh()
    return page(
        request,
        "importar.html",
        part="_importar.html",
        status=form.status,
        unit=known,
        year=year,
        head=head,
        dry=dry,
        upload=upload,
        form=form,
        shown=SHOWN,
    )


@get(PLACE + "/importar", sync_to_thread=True)
def ask(request: Req, code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Ask for the file."""
    return _draw(request, code, year)


async def file_sent(request: Request[Any, Any, Any]) -> tuple[str, bytes]:
    """The name and the bytes of the file of the form, both empty when none was chosen."""
    sent = (await form_of(request)).get("archivo")
    return (sent.filename.replace("\0", ""), await sent.read()) if isinstance(sent, UploadFile) else ("", b"")


@post(PLACE + "/importar", opt={"command": ImportPlan}, sync_to_thread=True, request_max_body_size=LARGEST_BODY)
def check(
    request: Req,
    session: NamedDependency[Session],
    archivo: NamedDependency[tuple[str, bytes]],
    code: FromPath[str],
    year: FromPath[int],
) -> Response[str]:
    """Check the file and keep it until it is confirmed; nothing is written to the record."""
    form, (name, content) = Form[ImportPlan].fresh(), archivo
    if not content:
        form.errors["archivo"], form.status = "Elija un archivo de Excel (.xlsx).", 422
        return _draw(request, code, year, form=form)
    try:
        dry = _checked(content, name)
    except workbook.WorkbookError as error:
        form.errors["archivo"], form.status = error.message, 413 if error.kind == "too-large" else 422
        return _draw(request, code, year, form=form)
    if not dry.importable:
        form.status = 422
        return _draw(request, code, year, dry=dry, form=form)
    with request.app.state.database.connection() as connection:
        upload = people.keep_upload(connection, session.id, code, year, name, content)
    return _draw(request, code, year, dry=dry, upload=upload, form=form)


@post(PLACE + "/importar/{upload:str}/confirmacion", opt={"command": ImportPlan}, sync_to_thread=True)
def confirm(
    request: Req,
    session: NamedDependency[Session],
    raw: NamedDependency[Raw],
    code: FromPath[str],
    year: FromPath[int],
    upload: FromPath[str],
) -> Response[Any]:
    """Write the checked file, whole or not at all."""
    with request.app.state.database.connection() as connection:
        kept = people.find_upload(connection, upload, session.id)
        objectives = {each.code for each in unit.objectives(connection, LATEST)}
    if kept is None or (kept.unit, kept.year) != (code, year):
        raise NotFoundException
    dry = _checked(kept.bytes, kept.filename)
    form = Form[ImportPlan](command_id=identity(raw))
    command = exchange.import_command(dry, code, year, objectives)
    try:
        done = request.app.state.ledger.carry_out(session.id, stream_of(code, year), command, command_id=form.command_id)
    except Refused as refused:
        form.refuse(refused.sentence, refused.items)
        return _draw(request, code, year, dry=dry, upload=upload, form=form)
    return redirect(request, f"/ugel/{code}/{year}", _notice(len(dry.tasks), done.facts))


def _notice(tasks: int, facts: tuple[Any, ...]) -> str:
    if not facts:
        return "El archivo dice lo mismo que el plan: 0 cambios."
    if any(isinstance(each.fact.event, AmendmentProposed) for each in facts):
        return "El plan ya estaba aprobado: la importación quedó propuesta como modificación."
    return f"El archivo quedó importado: {numero(tasks)} tareas. Ahora alinee sus actividades y envíe el plan a la DRE."


@get("/plantilla.xlsx", sync_to_thread=True)
def template(request: Req) -> Response[bytes]:
    """Our own template, empty."""
    return sheet(workbook.template(), "plantilla-pat.xlsx")


@get(PLACE + "/plan.xlsx", sync_to_thread=True)
def export(
    request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]
) -> Response[bytes]:
    """The plan at the moment, in our own template: importing it again changes nothing."""
    with request.app.state.database.snapshot() as connection:
        if unit.head(connection, moment.position, stream_of(code, year)) is None:
            raise NotFoundException
        content = exchange.plan_workbook(connection, code, year, moment.position)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"exportó {request.url.path}?{request.url.query}")
    suffix = f"-hecho-{moment.position}" if moment.past else ""
    return sheet(content, f"pat-{code}-{year}{suffix}.xlsx")


ROUTES = (ask, check, confirm, template, export)

"""Spreadsheets of the plan: a file is sent and checked first, written only when confirmed; template and export."""

from collections.abc import Collection
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import exchange, people, uploads, workbook
from service.aggregates import Refused, plan_import
from service.aggregates.plan import ImportPlan
from service.aggregates.plan_versions import AmendmentProposed
from service.ledger import stream_of
from service.projections import LATEST, unit
from service.web import import_desk as desk
from service.web.form import Form, Raw, first
from service.web.import_preview import preview
from service.web.import_problems import by_kind, reasons
from service.web.incoming import LARGEST_BODY, form_of
from service.web.page import Moment, Req, identity, page, redirect
from service.web.session import Session
from service.web.words import plural

CELL = "celda-"
ATTEMPTS = 3


def _draw(
    request: Req,
    code: str,
    year: int,
    *,
    reading: workbook.Reading | None = None,
    upload: str = "",
    form: Form[ImportPlan] | None = None,
    take: Collection[str] = (),
) -> Response[str]:
    place = desk.place(request, code, year)
    with request.app.state.database.snapshot() as connection:
        head = unit.head(connection, LATEST, stream_of(code, year))
    form = form or Form.fresh()
    reading = _folded(request, reading) if reading else None
    dry = reading.dry if reading else None
    return page(
        request,
        "importar.html",
        part="_importar.html",
        status=form.status,
        unit=place,
        year=year,
        head=head,
        reading=reading,
        dry=dry,
        errors=by_kind(dry.errors) if dry else (),
        warnings=by_kind(dry.warnings) if dry else (),
        reasons=reasons(dry.skipped) if dry else (),
        preview=preview(request, (code, year), reading, take) if reading and dry and dry.importable else None,
        take=take,
        saved=desk.saved_by(request, code, reading) if reading else ("", None),
        upload=upload,
        form=form,
    )


def _folded(request: Req, reading: workbook.Reading) -> workbook.Reading:
    """The reading with the units of measure as the catalogue in force writes them."""
    measures = request.app.state.ledger.standing().catalogue.content.measures
    return msgspec.structs.replace(reading, dry=reading.dry and exchange.fold(reading.dry, measures))


@get(desk.PLACE + "/importar", sync_to_thread=True)
def ask(request: Req, code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Ask for the file."""
    return _draw(request, code, year)


async def file_sent(request: Request[Any, Any, Any]) -> tuple[str, bytes]:
    """The name and the bytes of the file of the form, both empty when none was chosen."""
    sent = (await form_of(request)).get("archivo")
    return (sent.filename.replace("\0", ""), await sent.read()) if isinstance(sent, UploadFile) else ("", b"")


@post(desk.PLACE + "/importar", opt={"command": ImportPlan}, sync_to_thread=True, request_max_body_size=LARGEST_BODY)
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
        empty = "El archivo está vacío. Elija el que contiene el plan." if name else "Elija un archivo: .xlsx, .xls, .ods o .csv."
        form.errors["archivo"], form.status = empty, 422
        return _draw(request, code, year, form=form)
    try:
        reading = desk.read(content, name, None, desk.known(request, code))
    except workbook.WorkbookError as error:
        form.errors["archivo"], form.status = error.message, 413 if error.kind == "too-large" else 422
        return _draw(request, code, year, form=form)
    with request.app.state.database.connection() as connection:
        upload = uploads.keep(connection, session.id, code, year, name, content)
        uploads.note_reading(connection, upload, reading)
    if reading.dry is None:
        return redirect(request, f"/ugel/{code}/{year}/importar/{upload}/columnas")
    if not reading.dry.importable:
        form.status = 422
    return _draw(request, code, year, reading=reading, upload=upload, form=form)


@get(desk.PLACE + "/importar/{upload:str}", sync_to_thread=True)
def show(request: Req, code: FromPath[str], year: FromPath[int], upload: FromPath[str]) -> Response[str]:
    """Show what a sent file would do."""
    _, reading = desk.kept(request, code, year, upload)
    if reading.dry is None:
        return redirect(request, f"/ugel/{code}/{year}/importar/{upload}/columnas")
    return _draw(request, code, year, reading=reading, upload=upload)


@get(desk.PLACE + "/importar/{upload:str}/marcado.xlsx", sync_to_thread=True)
def marked(request: Req, code: FromPath[str], year: FromPath[int], upload: FromPath[str]) -> Response[bytes]:
    """The sent file again, with what is wrong in its cells written beside them."""
    file, reading = desk.kept(request, code, year, upload)
    if reading.dry is None:
        raise NotFoundException
    return desk.sheet(desk.mark(file, reading.dry), f"revisado-{code}-{year}.xlsx")


@post(desk.PLACE + "/importar/{upload:str}/confirmacion", opt={"command": ImportPlan}, sync_to_thread=True)
def confirm(
    request: Req,
    session: NamedDependency[Session],
    raw: NamedDependency[Raw],
    code: FromPath[str],
    year: FromPath[int],
    upload: FromPath[str],
) -> Response[Any]:
    """Write the checked file, whole or not at all."""
    file, reading = desk.kept(request, code, year, upload)
    reading = _folded(request, reading)
    if file.confirmed_at:
        return redirect(request, f"/ugel/{code}/{year}", "Este archivo ya estaba importado: no se escribió de nuevo.")
    form = Form[ImportPlan](command_id=identity(raw))
    if reading.dry is None or not reading.dry.importable:
        form.refuse("El archivo tiene errores: corríjalos y envíelo de nuevo.")
        return _draw(request, code, year, reading=reading, upload=upload, form=form)
    shown = {name.removeprefix(CELL): first(raw, name) for name in raw if name.startswith(CELL)}
    take = {key for key, choice in shown.items() if choice == "mio"}
    done = None
    for _ in range(ATTEMPTS):
        found = preview(request, (code, year), reading, take)
        if not found.keys <= set(shown):
            form.refuse(plan_import.MOVED)
            return _draw(request, code, year, reading=reading, upload=upload, form=form, take=take)
        try:
            done = request.app.state.ledger.carry_out(
                session.id, stream_of(code, year), found.command, command_id=form.command_id
            )
            break
        except Refused as refused:
            form.refuse(refused.sentence, refused.items)
            if refused.sentence != plan_import.MOVED:
                break
    if done is None:
        return _draw(request, code, year, reading=reading, upload=upload, form=form, take=take)
    with request.app.state.database.connection() as connection:
        uploads.note_confirmed(connection, upload)
    return redirect(request, f"/ugel/{code}/{year}", _notice(len(reading.dry.tasks), done.facts))


def _notice(tasks: int, facts: tuple[Any, ...]) -> str:
    if not facts:
        return "El archivo dice lo mismo que el plan: 0 cambios."
    if any(isinstance(each.fact.event, AmendmentProposed) for each in facts):
        return "El plan ya estaba aprobado: la importación quedó propuesta como modificación."
    return (
        f"El archivo quedó importado: {plural(tasks, 'tarea', 'tareas')}. Ahora alinee sus actividades y envíe el plan a la DRE."
    )


@get("/plantilla.xlsx", sync_to_thread=True)
def template(request: Req) -> Response[bytes]:
    """Our own template, empty."""
    return desk.sheet(workbook.template(), "plantilla-pat.xlsx")


@get(desk.PLACE + "/plan.xlsx", sync_to_thread=True)
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
    return desk.sheet(content, f"pat-{code}-{year}{suffix}.xlsx")


ROUTES = (ask, check, show, marked, confirm, template, export)

"""A catalogue's file: read first as a dry run with errors by cell and what would change in words, then put into the draft."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from service import catalogue_draft as drafts
from service import catalogue_file, people
from service.aggregates import DRE
from service.aggregates import catalogue_content as cc
from service.aggregates.catalogue import PublishCatalogue
from service.aggregates.catalogue_check import doubts, problems
from service.catalogue_file import apart
from service.web.catalogue import PREPARES
from service.web.catalogue_words import compared
from service.web.form import Form
from service.web.incoming import LARGEST_BODY
from service.web.page import Req, page, redirect
from service.web.session import Session
from service.workbook import WorkbookError

PLACE = "/catalogo/importar"


def draw(
    request: Req, *, form: Form[Any] | None = None, found: catalogue_file.Read | None = None, name: str = ""
) -> Response[str]:
    """Draw the page, with what a file would change where one was read."""
    current = request.app.state.ledger.standing().catalogue.content
    with request.app.state.database.connection() as connection:
        draft = drafts.read(connection, current).content
    after = cc.applied(draft, found.change) if found else draft
    form = form or Form.fresh()
    return page(
        request,
        "catalogo_importar.html",
        status=form.status,
        form=form,
        found=found,
        name=name,
        groups=compared(draft, after),
        faults=list(problems(after)),
        doubts=list(doubts(after)),
    )


@get(PLACE, sync_to_thread=True)
def ask(request: Req, session: NamedDependency[Session]) -> Response[str]:
    """Ask for the file."""
    if not any(session.may(command, DRE) for command in PREPARES):
        people.choose(session.charges, PublishCatalogue, DRE)
    return draw(request)


@post(PLACE, opt={"command": PREPARES}, sync_to_thread=True, request_max_body_size=LARGEST_BODY)
def check(request: Req, session: NamedDependency[Session], archivo: NamedDependency[tuple[str, bytes]]) -> Response[str]:
    """Check the file and keep what it says until it is confirmed; nothing is written."""
    form, (name, content) = Form[Any].fresh(), archivo
    if not content:
        form.errors["archivo"], form.status = "Elija un archivo de Excel (.xlsx) o CSV.", 422
        return draw(request, form=form)
    try:
        found = apart.read(content, request.app.state.ledger.standing().catalogue.content)
    except WorkbookError as error:
        form.errors["archivo"], form.status = error.message, 413 if error.kind == "too-large" else 422
        return draw(request, form=form)
    if found.errors:
        form.status = 422
    else:
        with request.app.state.database.connection() as connection:
            drafts.keep_upload(connection, session.id, name, found.change)
    return draw(request, form=form, found=found, name=name)


@post(PLACE + "/confirmacion", opt={"command": PREPARES}, sync_to_thread=True)
def confirm(request: Req, session: NamedDependency[Session]) -> Response[Any]:
    """Put what the file says into the draft."""
    current = request.app.state.ledger.standing().catalogue.content
    with request.app.state.database.connection() as connection:
        change = drafts.take_upload(connection, session.id)
        if change is None:
            return redirect(request, PLACE, "Ese archivo ya no está: envíelo de nuevo.")
        drafts.edit(connection, current, session.id, lambda content: cc.applied(content, change))
    return redirect(request, "/catalogo/borrador", "Lo que trae el archivo quedó en el borrador: revíselo y publíquelo.")


ROUTES = (ask, check, confirm)

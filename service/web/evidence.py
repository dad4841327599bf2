"""The evidence of a task in a quarter: a file, a record's number or both; its review; its file, to who may read it.

While nobody approved it, an evidence is read by its own unit, the DRE and auditors alone.
"""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import filetypes, people
from service.aggregates import Refused
from service.aggregates.evidence import AttachEvidence, ReviewEvidence
from service.documents import Unkept
from service.ledger import stream_of
from service.permits import OFFICE, Forbidden
from service.projections import LATEST, evidence_page, quarter_page, quarter_rows
from service.projections.evidence_page import Evidence
from service.web import sheet
from service.web.corner import circumstances, find_place
from service.web.form import Form, Raw, first
from service.web.page import Moment, Req, page, redirect, send
from service.web.plan_import import LARGEST_BODY
from service.web.quarter import four, number_of
from service.web.session import Session
from service.web.words import numero

GONE = {
    "missing": "El archivo de esta evidencia no está donde se guardan. Avise a su administrador.",
    "altered": "El archivo guardado ya no coincide con su huella: no se entrega. Avise a su administrador.",
}
CLOSED = "Esta evidencia está en revisión: la leen su unidad, la DRE y los auditores."
FILTERS = {"": "Todas", "pending": "Por revisar", "observed": "Observadas", "correction": "Por corregir", "approved": "Aprobadas"}


def may_read(session: Session, code: str, evidence: Evidence) -> bool:
    """Whether this reader may open an evidence: anybody once it is approved, before that its unit, the DRE and auditors."""
    inside = any(charge.unit == code or charge.role in {*OFFICE, "auditor"} for charge in session.charges)
    return inside or evidence.state == "approved"


def sized(size: int) -> str:
    """A size in words: «120 KB», «1,4 MB»."""
    return f"{numero(size / 1_000_000, 1)} MB" if size >= 1_000_000 else f"{numero(max(size / 1000, 1), 0)} KB"  # noqa: PLR2004 — a megabyte


def _shared(request: Req, moment: Moment, found: list[Evidence], code: str, number: int) -> dict[str, Any]:
    """What both pages of evidence are given."""
    session: Session = request.user
    with request.app.state.database.snapshot() as connection:
        names = people.names(connection, {each.author for each in found} | {e.reviewer for e in found if e.reviewer})
        present = evidence_page.of_quarter(connection, LATEST, stream_of(code, request.path_params["year"]), number)
    return {
        "found": found,
        "names": names,
        "open_to_me": {each.evidence for each in present if may_read(session, code, each)},
        "KINDS": filetypes.KINDS,
        "sized": sized,
        **circumstances(request, moment),
    }


def draw(request: Req, number: int, task: int, moment: Moment | None = None, form: Form[Any] | None = None) -> Response[str]:
    """Draw the evidence of a task in a quarter, with what became of a form where there is one."""
    moment, params = moment or Moment(), request.path_params
    code, year = params["code"], params["year"]
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        tasks = quarter_rows.tasks(connection, moment.position, place.stream, number)
        known = next((each for each in tasks if each.task == task), None)
        if known is None:
            raise NotFoundException
        quarter = quarter_page.quarter(connection, moment.position, place.stream, number)
        found = evidence_page.of_quarter(connection, moment.position, place.stream, number, task)
    status = quarter.status if quarter else "draft"
    again = quarter is not None and quarter.reopened_until is not None and status != "closed"
    covered = not again or (quarter is not None and task in quarter.reopened_tasks)
    return page(
        request,
        "evidencia.html",
        part="_evidencia.html",
        status=form.status if form else 200,
        moment=moment,
        place=place,
        number=number,
        row=sheet.row(known, [], found),
        state=status,
        form=form or Form.fresh(),
        attaches=covered and request.user.may(AttachEvidence, code),
        editable=status in {"draft", "observed"} or again,
        reviews=request.user.may(ReviewEvidence, code) and status not in {"draft", "closed"},
        accepted=filetypes.ACCEPTED,
        **_shared(request, moment, found, code, number),
    )


def show(
    request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int], task: FromPath[int]
) -> Response[str]:
    """Show the evidence of a task."""
    return draw(request, number_of(request), task, moment)


def everything(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """List the evidence of the quarter, by what stands of it."""
    number, chosen = number_of(request), request.query_params.get("ver", "")
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        found = evidence_page.of_quarter(connection, moment.position, place.stream, number)
        tasks = {each.task: each for each in quarter_rows.tasks(connection, moment.position, place.stream, number)}
    wanted = [each for each in found if not each.successor and chosen in {"", each.state}]
    return page(
        request,
        "evidencias.html",
        moment=moment,
        place=place,
        number=number,
        tasks=tasks,
        chosen=chosen if chosen in FILTERS else "",
        filters=FILTERS,
        waiting=sum(each.state == "pending" for each in found),
        **_shared(request, moment, wanted, code, number),
    )


def attach(
    request: Req,
    raw: NamedDependency[Raw],
    archivo: NamedDependency[tuple[str, bytes]],
    code: FromPath[str],
    year: FromPath[int],
    task: FromPath[int],
) -> Response[Any]:
    """Attach an evidence: the file is kept first, then the fact that names it."""
    number, (_, content) = number_of(request), archivo
    file: dict[str, Any] = {"media": "", "size": 0, "digest": ""}  # never what a form says
    try:
        if content:
            file = {
                "media": filetypes.media_of(content),
                "size": len(content),
                "digest": request.app.state.documents.keep(content),
            }
    except filetypes.Unfit as unfit:
        form = Form[AttachEvidence](typed={name: values[0] for name, values in raw.items() if values})
        form.errors["archivo"], form.status, form.command_id = (
            unfit.sentence,
            413 if unfit.large else 422,
            first(raw, "command_id"),
        )
        return draw(request, number, task, form=form)
    form = send(request, raw, AttachEvidence, stream_of(code, year), quarter=number, task=task, **file)
    if not form.done:
        return draw(request, number, task, form=form)
    return redirect(request, f"/ugel/{code}/{year}/t{number}/evidencias/{task}", "La evidencia quedó adjunta.")


@post("/ugel/{code:str}/{year:int}/evidencias/{evidence:int}/revision", opt={"command": ReviewEvidence}, sync_to_thread=True)
def review(
    request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int], evidence: FromPath[int]
) -> Response[Any]:
    """Say what an evidence is worth."""
    found = _numbered(request, code, year, evidence)
    form = send(request, raw, ReviewEvidence, stream_of(code, year), evidence=evidence)
    if not form.done:
        form.typed["evidence"] = str(evidence)
        return draw(request, found.quarter, found.task, form=form)
    back = f"/ugel/{code}/{year}/t{found.quarter}/evidencias/{found.task}"
    return redirect(request, back, "La revisión de la evidencia quedó registrada.")


def _numbered(request: Req, code: str, year: int, evidence: int, at: int = LATEST) -> Evidence:
    with request.app.state.database.snapshot() as connection:
        found = evidence_page.numbered(connection, at, stream_of(code, year), evidence)
    if found is None:
        raise NotFoundException
    return found


@get("/ugel/{code:str}/{year:int}/evidencias/{evidence:int}/archivo", sync_to_thread=True)
def download(
    request: Req,
    session: NamedDependency[Session],
    moment: NamedDependency[Moment],
    code: FromPath[str],
    year: FromPath[int],
    evidence: FromPath[int],
) -> Response[bytes]:
    """Hand out the file of an evidence, to be saved and never shown in place.

    Raises:
        Refused: the reader may not open it yet, or the file is not what was attached.

    """
    found = _numbered(request, code, year, evidence, moment.position)
    if not found.digest:
        raise NotFoundException
    if not may_read(session, code, _numbered(request, code, year, evidence)):
        raise Forbidden(CLOSED)
    try:
        content = request.app.state.documents.read(found.digest)
    except Unkept as unkept:
        raise Refused(GONE[unkept.state]) from unkept
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"descargó {request.url.path}")
    name = f"evidencia-{code}-{year}-{evidence}.{filetypes.KINDS[found.media].ending}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "x-content-type-options": "nosniff"}
    return Response(content, media_type=found.media, headers=headers)


ROUTES = [
    *four(get, "/evidencias", everything),
    *four(get, "/evidencias/{task:int}", show),
    *four(post, "/evidencias/{task:int}", attach, opt={"command": AttachEvidence}, request_max_body_size=LARGEST_BODY),
    review,
    download,
]

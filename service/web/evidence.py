"""The evidence of a task in a quarter: a file, a record's number or both; its review; its file, to who may read it.

While nobody approved it, an evidence is read by its own unit, the DRE and auditors alone.
"""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import filetypes, people
from service.aggregates.evidence import AttachEvidence, ReviewEvidence
from service.ledger import stream_of
from service.permits import Forbidden
from service.projections import LATEST, evidence_page, quarter_page, quarter_rows
from service.projections.evidence_page import Evidence
from service.web import attached, sheet
from service.web.corner import circumstances, find_place
from service.web.form import Form, Raw
from service.web.incoming import LARGEST_BODY
from service.web.page import Moment, Req, page, redirect, send
from service.web.quarter import four, number_of
from service.web.session import Session

CLOSED = "Esta evidencia está en revisión: la leen su unidad, la DRE y los auditores."
FILTERS = {"": "Todas", "pending": "Por revisar", "observed": "Observadas", "correction": "Por corregir", "approved": "Aprobadas"}


def may_read(session: Session, code: str, evidence: Evidence) -> bool:
    """Whether this reader may open an evidence: anybody once it is approved, before that its unit, the DRE and auditors."""
    return attached.inside(session, code) or evidence.state == "approved"


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
        "sized": attached.sized,
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
    try:
        file = attached.keep(request, content)
    except filetypes.Unfit as error:
        return draw(request, number, task, form=attached.unfit(raw, error))
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
    return attached.hand_out(request, found.digest, found.media, f"evidencia-{code}-{year}-{evidence}")


ROUTES = [
    *four(get, "/evidencias", everything),
    *four(get, "/evidencias/{task:int}", show),
    *four(post, "/evidencias/{task:int}", attach, opt={"command": AttachEvidence}, request_max_body_size=LARGEST_BODY),
    review,
    download,
]

"""Commitments: the register of all, and each as a paper that is read, signed, carried out, declared and verified."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import people
from service.aggregates import Command
from service.aggregates.commitment import (
    DeclareCommitment,
    DeclineCommitment,
    ReportCommitment,
    SignCommitment,
    Terms,
    VerifyCommitment,
    WithdrawCommitment,
    document,
)
from service.projections import followup_page as read
from service.web import agreements, conversation, story
from service.web.commitment_paper import ROUTES as PAPERS
from service.web.commitment_place import ONE, place_of
from service.web.corner import circumstances, day_of, forms, held, whole
from service.web.findings import SIGN
from service.web.form import Form, Raw
from service.web.form import read as read_form
from service.web.incoming import address
from service.web.page import Moment, Req, page, redirect, send
from service.web.reader import reader
from service.web.session import Session

PER_PAGE = 25
ALIVE = {"proposed", "signed", "declared"}


@get("/compromisos", sync_to_thread=True)
def show_all(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the commitments that the filters of the address leave, the most urgent first."""
    query, day = request.query_params, day_of(request, moment)
    unit, year, state = query.get("ugel", ""), whole(query.get("anio")), query.get("estado", "")
    unit = unit if unit in request.user.dre.units else ""
    with request.app.state.database.snapshot() as connection:
        found = read.commitments(connection, moment.position, unit, year or None)
    shown = sorted((each for each in found if _fits(each, state, day)), key=_urgency)
    pages = max(1, -(-len(shown) // PER_PAGE))
    number = min(max(1, whole(query.get("pagina"))), pages)
    years = sorted({each.year for each in found} | {day.year, *((year,) if year else ())}, reverse=True)
    return page(
        request,
        "compromisos.html",
        part="_compromisos.html",
        moment=moment,
        commitments=shown[(number - 1) * PER_PAGE : number * PER_PAGE],
        total=len(shown),
        number=number,
        pages=pages,
        overdue=sum(each.overdue(day) for each in found),
        unit=unit,
        year=year,
        state=state,
        years=years,
        **circumstances(request, moment),
    )


def _urgency(it: read.Commitment) -> tuple[bool, int]:
    """Those that wait for somebody first, the nearest day first; then those that ended, the latest first."""
    ended = it.status not in ALIVE or bool(it.carried_to)
    return ended, -it.due.toordinal() if ended else it.due.toordinal()


def _fits(it: read.Commitment, state: str, day: date) -> bool:
    if state == "vivos":
        return it.status in ALIVE and not it.carried_to
    return it.state(day) == state if state else True


def draw(
    request: Req, commitment: str, moment: Moment | None = None, sent: str = "", form: Form[Any] | None = None
) -> Response[str]:
    """Draw one commitment, with what became of a form where there is one."""
    moment = moment or Moment()
    code, stream, number = place_of(commitment)
    with request.app.state.database.snapshot() as connection:
        found = read.commitment(connection, moment.position, stream, number)
        if found is None:
            raise NotFoundException
        signatures = read.signatures(connection, moment.position, stream, number)
        if found.origin:
            signatures |= read.signatures(connection, moment.position, found.root, found.first)
        history = story.story(connection, moment.position, stream, commitment=number)
        talk = conversation.read(request, connection, moment, stream, "commitment", number)
        agreed = agreements.about(connection, moment.position, code, found.year, "commitment", number)
        day = day_of(request, moment)
        holders = held(request.user.dre, day, code, SIGN)
        ids = {each.person for each in signatures.values() if each.person}
        ids |= {each.holder for charge in (*found.signatories, found.responsible) for each in holders.get(charge, [])}
        names = people.names(connection, ids)
    return page(
        request,
        "compromiso.html",
        part="_compromiso.html",
        status=form.status if form else 200,
        moment=moment,
        it=found,
        agreed=agreed,
        signatures=signatures,
        history=history,
        talk=talk,
        names=names,
        holders={charge: [names[each.holder] for each in group if each.holder in names] for charge, group in holders.items()},
        reader=reader(found, signatures, request.user, moment),
        forms=forms(sent, form, *STEPS, "firma"),
        **circumstances(request, moment),
    )


@get(ONE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str]) -> Response[str]:
    """Show one commitment."""
    return draw(request, commitment, moment)


@get(f"{ONE}/documento", sync_to_thread=True)
def paper(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str]) -> Response[bytes]:
    """The exact bytes that are signed: whoever has them can compute the hash that stands in every signature."""
    _, stream, number = place_of(commitment)
    with request.app.state.database.snapshot() as connection:
        found = read.commitment(connection, moment.position, stream, number)
    if found is None:
        raise NotFoundException
    values = {name: getattr(found, name) for name in Terms.__struct_fields__}
    terms = Terms(**values | {"signatories": tuple(found.signatories)})
    headers = {"content-disposition": f'inline; filename="compromiso-{commitment}.json"'}
    return Response(document(found.root, found.first, terms), media_type="application/json", headers=headers)


@post(f"{ONE}/firma", opt={"command": SignCommitment}, sync_to_thread=True)
def sign(request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw], commitment: FromPath[str]) -> Response[Any]:
    """Sign exactly the text that was on screen, with one's own password given at this moment."""
    _, stream, number = place_of(commitment)
    form = read_form(SignCommitment, raw, commitment=number, method="contraseña")
    password = next(iter(raw.get("clave", ())), "")
    form.typed.pop("clave", None)
    try:
        with request.app.state.database.connection() as connection:
            people.step_up(connection, session.id, session.usuario, password, address(request))
    except people.PeopleError as reason:
        form.errors["clave"] = str(reason) if password else "Escriba su clave."
        form.status = 429 if isinstance(reason, people.TooManyTries) else 422
        return draw(request, commitment, sent="firma", form=form)
    form = send(
        request, raw, SignCommitment, stream, charge=_charge(request, commitment, "signs"), commitment=number, method="contraseña"
    )
    form.typed.pop("clave", None)
    if not form.done:
        return draw(request, commitment, sent="firma", form=form)
    return redirect(request, f"/compromisos/{commitment}", "Usted firmó el compromiso.")


def _charge(request: Req, commitment: str, acting: str) -> str | None:
    """The charge in which the reader takes this step, among those held today; None leaves the choice to the record."""
    _, stream, number = place_of(commitment)
    with request.app.state.database.snapshot() as connection:
        found = read.commitment(connection, Moment().position, stream, number)
        if found is None:
            raise NotFoundException
        signatures = read.signatures(connection, Moment().position, stream, number)
    return getattr(reader(found, signatures, request.user, Moment()), acting, "") or None


STEPS: dict[str, tuple[type[Command], str, str]] = {
    "rechazo": (DeclineCommitment, "signs", "Su rechazo quedó registrado con el motivo."),
    "retiro": (WithdrawCommitment, "", "El compromiso quedó retirado."),
    "informes": (ReportCommitment, "", "El avance quedó informado."),
    "declaracion": (DeclareCommitment, "answers", "El resultado quedó declarado: la DRE debe verificarlo."),
    "verificacion": (VerifyCommitment, "verifies", "La verificación quedó registrada."),
}


def _step(noun: str, kind: type[Command], acting: str, notice: str) -> Any:
    """The changing route of one step; its noun is its address."""

    @post(f"{ONE}/{noun}", opt={"command": kind}, sync_to_thread=True, name=f"commitment-{noun}")
    def carry(request: Req, raw: NamedDependency[Raw], commitment: FromPath[str]) -> Response[Any]:
        _, stream, number = place_of(commitment)
        form = send(request, raw, kind, stream, charge=_charge(request, commitment, acting), commitment=number)
        if not form.done:
            return draw(request, commitment, sent=noun, form=form)
        return redirect(request, f"/compromisos/{commitment}", notice)

    return carry


ROUTES = [*PAPERS, show_all, show, paper, sign, *(_step(noun, *step) for noun, step in STEPS.items())]

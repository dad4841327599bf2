"""A commitment as a paper that is read, signed, carried out, declared and verified; the steps of its life are routes."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import people
from service.aggregates import Command
from service.aggregates.commitment import WithdrawCommitment
from service.aggregates.commitment_life import (
    DeclareCommitment,
    GrantExtension,
    RejectExtension,
    ReportCommitment,
    RequestExtension,
    VerifyCommitment,
)
from service.aggregates.commitment_signing import DeclineCommitment
from service.papers.code import from_digest
from service.projections import commitment_page as read
from service.web import agreements, conversation, story, ways
from service.web.commitment_document import changes, kind_name, shown
from service.web.commitment_paper import ROUTES as PAPERS
from service.web.commitment_place import ONE, place_of
from service.web.corner import circumstances, day_of, forms, held
from service.web.form import Form, Raw
from service.web.page import Moment, Req, page, redirect, send
from service.web.proposing import SIGN
from service.web.reader import Paper, reader


def read_paper(connection: Connection[Any], at: int, commitment: str) -> Paper:
    """Everything there is of a commitment at a position.

    Raises:
        NotFoundException: there is no such commitment then.

    """
    _, stream, number = place_of(commitment)
    found = read.commitment(connection, at, stream, number)
    if found is None:
        raise NotFoundException
    told = read.versions(connection, at, found), read.signatures(connection, at, found), read.extensions(connection, at, found)
    return Paper(found, *told)


def draw(
    request: Req, commitment: str, moment: Moment | None = None, sent: str = "", form: Form[Any] | None = None
) -> Response[str]:
    """Draw one commitment, with what became of a form where there is one."""
    moment = moment or Moment()
    code, stream, number = place_of(commitment)
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, moment.position, commitment)
        found = paper.it
        history = story.story(connection, moment.position, stream, commitment=number)
        talk = conversation.read(request, connection, moment, stream, "commitment", number)
        agreed = agreements.about(connection, moment.position, code, found.year, "commitment", number)
        day = day_of(request, moment)
        holders = held(request.user.dre, day, code, SIGN)
        text, other = paper.text, paper.versions[found.version]
        ids = {each.person for signed in paper.signatures.values() for each in signed.values() if each.person}
        ids |= {person for each in paper.extensions for person in (each.asker, each.answerer) if person}
        ids |= {each.holder for charge in (*text.signatories, found.responsible) for each in holders.get(charge, [])}
        names = people.names(connection, ids)
        able = reader(paper, request.user, moment)
        signing = ways.of(request, connection) if able.main == "firma" or sent == "firma" else ways.Ways()
    return page(
        request,
        "compromiso.html",
        part="_compromiso.html",
        status=form.status if form else 200,
        moment=moment,
        it=found,
        paper=paper,
        sitting=bool(request.query_params.get("sentada") or (form and form["sentada"])),
        text=text,
        doc=shown(text.canonical, request.user.dre),
        bytes_at=f"{found.href}/versiones/{text.version}/documento",
        differing=changes(other, text, request.user.dre) if text is not other else [],
        kind_name=kind_name(request.user.dre, found.kind),
        agreed=agreed,
        signatures=paper.signed,
        history=history,
        talk=talk,
        names=names,
        holders={charge: [names[each.holder] for each in group if each.holder in names] for charge, group in holders.items()},
        reader=able,
        ways=signing,
        letters=from_digest(text.document),
        forms=forms(sent, form, *STEPS, "firma", "resolucion"),
        **circumstances(request, moment),
    )


@get(ONE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str]) -> Response[str]:
    """Show one commitment."""
    return draw(request, commitment, moment)


def charge_of(request: Req, commitment: str, acting: str) -> str | None:
    """The charge in which the reader takes this step, among those held today; None leaves the choice to the record."""
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, Moment().position, commitment)
    return getattr(reader(paper, request.user, Moment()), acting, "") or None


STEPS: dict[str, tuple[type[Command], str, str]] = {
    "rechazo": (DeclineCommitment, "signs", "Su rechazo quedó registrado con el motivo."),
    "retiro": (WithdrawCommitment, "", "El retiro quedó registrado."),
    "informes": (ReportCommitment, "", "El avance quedó informado."),
    "prorroga": (RequestExtension, "answers", "La prórroga quedó pedida: otra persona de la DRE la resuelve."),
    "concesion": (GrantExtension, "verifies", "La prórroga quedó concedida."),
    "denegacion": (RejectExtension, "verifies", "La prórroga quedó rechazada con su motivo."),
    "declaracion": (DeclareCommitment, "answers", "El resultado quedó declarado: la DRE debe verificarlo."),
    "verificacion": (VerifyCommitment, "verifies", "La verificación quedó registrada."),
}


def _step(noun: str, kind: type[Command], acting: str, notice: str) -> Any:
    """The changing route of one step; its noun is its address."""

    @post(f"{ONE}/{noun}", opt={"command": kind}, sync_to_thread=True, name=f"commitment-{noun}")
    def carry(request: Req, raw: NamedDependency[Raw], commitment: FromPath[str]) -> Response[Any]:
        _, stream, number = place_of(commitment)
        form = send(request, raw, kind, stream, charge=charge_of(request, commitment, acting), commitment=number)
        if not form.done:
            return draw(request, commitment, sent=noun, form=form)
        return redirect(request, f"/compromisos/{commitment}", notice)

    return carry


ROUTES = [*PAPERS, show, *(_step(noun, *step) for noun, step in STEPS.items())]

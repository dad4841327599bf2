"""A commitment as a paper that is read, signed, carried out, declared and verified; the steps of its life are routes."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.types import Empty
from psycopg import Connection

from service import filetypes, people
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
from service.permits import Forbidden
from service.projections import commitment_files, outside_page
from service.projections import commitment_page as read
from service.web import agreements, attached, commitment_life, conversation, printed, ways
from service.web.commitment_document import changes, kind_name, shown
from service.web.commitment_paper import ROUTES as PAPERS
from service.web.commitment_place import ONE, place_of
from service.web.corner import circumstances, day_of, forms, held
from service.web.form import Form, Raw
from service.web.incoming import LARGEST_BODY
from service.web.page import Moment, Req, page, redirect, send
from service.web.proposing import SIGN
from service.web.reader import Paper, reader, reviews
from service.web.session import Session

CLOSED = "Mientras nadie verifica el compromiso, este archivo lo leen su unidad, la DRE y los auditores."


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
    return Paper(found, *told, commitment_files.of(connection, at, found))


def may_open(session: Session, it: read.Commitment) -> bool:
    """Whether this reader may open the files of its reports: anybody once it is verified, before that its unit, the DRE and auditors."""
    return it.status == "verified" or attached.inside(session, it.code)


def draw(
    request: Req, commitment: str, moment: Moment | None = None, sent: str = "", form: Form[Any] | None = None
) -> Response[str]:
    """Draw one commitment, with what became of a form where there is one."""
    moment = moment or Moment()
    code, stream, number = place_of(commitment)
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, moment.position, commitment)
        found = paper.it
        history = commitment_life.told(connection, moment.position, paper, request.user.dre)
        talk = conversation.read(request, connection, moment, stream, "commitment", number)
        agreed = agreements.about(connection, moment.position, code, found.year, "commitment", number)
        waiting = outside_page.to_review(connection, moment.position, stream, number)
        onward, day = read.onward(connection, moment.position, found), day_of(request, moment)
        holders = held(request.user.dre, day, code, SIGN)
        text, other = paper.text, paper.versions[found.version]
        ids = {each.person for signed in paper.signatures.values() for each in signed.values() if each.person}
        ids |= {person for each in paper.extensions for person in (each.asker, each.answerer) if person}
        ids |= {each.author for each in paper.files}
        ids |= {each.holder for charge in (*text.signatories, found.responsible) for each in holders.get(charge, [])}
        names = people.names(connection, ids)
        able, seal = reader(paper, request.user, moment), printed.of_text(request, connection, moment, paper, text)
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
        kind_name=kind_name(request.user.dre.rules.signing, found.kind),
        agreed=agreed,
        onward=onward,
        to_review=waiting,
        reviews=not moment.past and reviews(paper, request.user),
        signatures=paper.signed,
        history=history,
        talk=talk,
        names=names,
        holders={charge: [names[each.holder] for each in group if each.holder in names] for charge, group in holders.items()},
        reader=able,
        ways=signing,
        KINDS=filetypes.KINDS,
        accepted=filetypes.ACCEPTED,
        sized=attached.sized,
        opens=may_open(request.user, found),
        seal=seal,
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
    "informes": (ReportCommitment, "reports", "El avance quedó informado."),
    "prorroga": (RequestExtension, "asks", "La prórroga quedó pedida: otra persona de la DRE la resuelve."),
    "concesion": (GrantExtension, "verifies", "La prórroga quedó concedida."),
    "denegacion": (RejectExtension, "verifies", "La prórroga quedó rechazada con su motivo."),
    "declaracion": (DeclareCommitment, "answers", "El resultado quedó declarado: la DRE debe verificarlo."),
    "verificacion": (VerifyCommitment, "verifies", "La verificación quedó registrada."),
}


def _step(noun: str, kind: type[Command], acting: str, notice: str) -> Any:
    """The changing route of one step; its noun is its address."""
    files = "digest" in kind.__struct_fields__
    most = LARGEST_BODY if files else Empty

    @post(f"{ONE}/{noun}", opt={"command": kind}, sync_to_thread=True, name=f"commitment-{noun}", request_max_body_size=most)
    def carry(
        request: Req,
        raw: NamedDependency[Raw],
        archivo: NamedDependency[tuple[str, bytes]],
        commitment: FromPath[str],
    ) -> Response[Any]:
        _, stream, number = place_of(commitment)
        try:
            file = attached.keep(request, archivo[1]) if files else {}
        except filetypes.Unfit as error:
            return draw(request, commitment, sent=noun, form=attached.unfit(raw, error))
        form = send(request, raw, kind, stream, charge=charge_of(request, commitment, acting), commitment=number, **file)
        if not form.done:
            return draw(request, commitment, sent=noun, form=form)
        return redirect(request, f"/compromisos/{commitment}", notice)

    return carry


@get(f"{ONE}/archivos/{{file:str}}", sync_to_thread=True)
def download(
    request: Req,
    session: NamedDependency[Session],
    moment: NamedDependency[Moment],
    commitment: FromPath[str],
    file: FromPath[str],
) -> Response[bytes]:
    """Hand out a file of its reports.

    Raises:
        Forbidden: the reader may not open it yet.

    """
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, moment.position, commitment)
    known = next((each for each in paper.files if each.file == file), None)
    if known is None:
        raise NotFoundException
    if not may_open(session, paper.it):
        raise Forbidden(CLOSED)
    return attached.hand_out(request, file, known.media, f"compromiso-{commitment}-{file[:8]}")


ROUTES = [*PAPERS, show, download, *(_step(noun, *step) for noun, step in STEPS.items())]

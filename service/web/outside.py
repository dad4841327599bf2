"""To sign a commitment with a digital signature from outside: take the PDF, sign it with one's own tool, bring it back."""

from pathlib import Path
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import outside, pades, papers, people
from service.aggregates.commitment_review import AcceptOutsideFile
from service.aggregates.commitment_signing import REWRITTEN, RefuseOutsideFile, SignOutside
from service.documents import Unkept
from service.pades import trust
from service.projections import outside_page
from service.settings import DEMO_ROOTS
from service.web import commitment_paper
from service.web.commitment import read_paper
from service.web.commitment_place import ONE, place_of
from service.web.corner import circumstances
from service.web.form import Form, Raw, first
from service.web.incoming import LARGEST_BODY
from service.web.page import Invalid, Moment, Req, give, identity, page, redirect
from service.web.paper import PDF
from service.web.reader import Paper, reader, reviews
from service.web.session import Session

ROOM = f"{ONE}/firma-de-fuera"
OLD = "Otra persona firmó el documento después de que usted lo descargó: descargue el PDF más nuevo y firme ese."


class Chain(msgspec.Struct, frozen=True):
    """The PDF that Quipu made of a version, and each file accepted after it; hash and content."""

    paper: tuple[str, bytes]
    files: tuple[tuple[str, bytes], ...]

    @property
    def last(self) -> tuple[str, bytes]:
        return self.files[-1] if self.files else self.paper

    def outdated(self, content: bytes) -> bool:
        """Whether a file grew from an older copy than the last one."""
        older = [each for _, each in (self.paper, *self.files)[:-1]]
        return not content.startswith(self.last[1]) and any(content.startswith(each) for each in older)


def chain(state: State, commitment: str, version: int) -> Chain:
    """The files of a version in turn.

    Raises:
        Invalid: a file of the chain cannot be had.

    """
    _, stream, number = place_of(commitment)
    documents = state.documents
    with state.database.snapshot() as connection:
        named = outside_page.files(connection, Moment().position, stream, number, version)
    try:
        _, made = commitment_paper.made(state, commitment, version)
        return Chain((documents.keep(made), made), tuple((each, documents.read(each)) for each in named))
    except papers.Unprintable as error:
        message = "Este compromiso tiene texto que no se puede imprimir: fírmelo en Quipu."
        raise Invalid(message) from error
    except Unkept as error:
        message = "El último archivo firmado no está como se guardó: avise a su administrador."
        raise Invalid(message) from error


def draw(
    request: Req, commitment: str, form: Form[Any] | None = None, reviewed: dict[str, Form[Any]] | None = None
) -> Response[str]:
    """Draw the document, how each signatory stands, and the steps of this reader, with what became of the form or of a file's review."""
    moment, session = Moment(), request.user
    code, stream, number = place_of(commitment)
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, moment.position, commitment)
        text = paper.text
        found = outside_page.refused(connection, moment.position, stream, number, text.version)
        signed = outside_page.files(connection, moment.position, stream, number, text.version)
        signers = {each.person for each in paper.signed.values() if each.person}
        names = people.names(connection, signers | {each.person for each in found})
        known = bool(outside.dni(connection, session.id))
    able, done = reader(paper, session, moment), paper.signed
    waits = [
        each for each in found if each.by_hand and paper.waiting and each.charge in text.signatories and each.charge not in done
    ]
    return page(
        request,
        "firma_de_fuera.html",
        status=next((each.status for each in (reviewed or {}).values()), form.status if form else 200),
        it=paper.it,
        text=text,
        able=able,
        signs=able.signs if "firma" in able.steps else "",
        signed=len(signed),
        done=done,
        waits=waits,
        refused=[each for each in found if each not in waits],
        names=names,
        known=known,
        trusted=_folder(request.app.state) is not None,
        accepted={each.file: each for each in done.values() if each.verdict == "INDETERMINADO"},
        may_take=session.may(AcceptOutsideFile, code) or session.has("auditor"),
        reviews=reviews(paper, session),
        review=reviewed or {},
        fresh=Form.fresh(),
        reasons=pades.REASONS,
        form=form or Form.fresh(),
        **circumstances(request, moment),
    )


@get(ROOM, sync_to_thread=True)
def show(request: Req, commitment: FromPath[str]) -> Response[str]:
    """Show how to sign with a signature from outside."""
    return draw(request, commitment)


@get(f"{ROOM}/documento.pdf", sync_to_thread=True)
def newest(request: Req, session: NamedDependency[Session], commitment: FromPath[str]) -> Response[bytes]:
    """The PDF as it stands: with every signature so far."""
    version = _paper(request, commitment).text.version
    digest, content = chain(request.app.state, commitment, version).last
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"descargó {request.url.path} {digest[:16]}")
    name = f"compromiso-{commitment}-v{version}.pdf"
    return Response(content, media_type=PDF, headers={"content-disposition": f'attachment; filename="{name}"'})


@post(ROOM, opt={"command": [SignOutside, RefuseOutsideFile]}, sync_to_thread=True, request_max_body_size=LARGEST_BODY)
def bring(
    request: Req,
    session: NamedDependency[Session],
    raw: NamedDependency[Raw],
    archivo: NamedDependency[tuple[str, bytes]],
    commitment: FromPath[str],
) -> Response[Any]:
    """Check a signed file and record what came of it; the file is kept either way."""
    code, stream, _ = place_of(commitment)
    people.choose(session.charges, SignOutside, code)
    form, content, paper = Form[Any](command_id=identity(raw)), archivo[1], _paper(request, commitment)
    able, text = reader(paper, session, Moment()), paper.text
    if "firma" not in able.steps:
        form.refuse(able.waiting or "Usted no figura entre quienes pueden firmar ahora este compromiso.")
    elif first(raw, "version") != str(text.version):
        form.refuse("El texto cambió desde que usted abrió esta página: vuelva a leerlo antes de firmar.")
    elif not content:
        form.errors["archivo"], form.status = "Elija el PDF que firmó.", 422
    if form.errors:
        return draw(request, commitment, form)
    so_far = chain(request.app.state, commitment, text.version)
    if so_far.outdated(content):
        form.refuse(OLD)
        return draw(request, commitment, form)
    verdict = checked(request.app.state, session.id, so_far.last[1], content)
    if "too-large" in verdict.reasons:
        form.errors["archivo"], form.status = verdict.sentences[0], 413
        return draw(request, commitment, form)
    file = request.app.state.documents.keep(content)
    give(request, form, told(paper, so_far, file, verdict), stream, charge=able.signs)
    if not form.done:
        return draw(request, commitment, form)
    with request.app.state.database.connection() as connection:
        made = outside.note(connection, session.id, commitment, file, verdict)
    return redirect(request, f"/compromisos/{commitment}/firma-de-fuera/{made}")


def told(paper: Paper, so_far: Chain, file: str, verdict: pades.Verdict) -> SignOutside | RefuseOutsideFile:
    """What the record is told: the files by their hashes and the verdict, nothing of who signed."""
    number, text = paper.it.commitment, paper.text
    if verdict.verdict != "VÁLIDO":
        return RefuseOutsideFile(
            commitment=number, version=text.version, file=file, verdict=verdict.verdict, reasons=verdict.reasons
        )
    assert verdict.signed_at is not None  # noqa: S101 — a valid file says when
    return SignOutside(
        commitment=number,
        version=text.version,
        document=text.document,
        paper=so_far.paper[0],
        previous=so_far.last[0],
        file=file,
        signed_at=verdict.signed_at,
    )


def checked(state: State, person: str, previous: bytes, content: bytes) -> pades.Verdict:
    """What the check says of a file that this person brings, by the roots and the pattern of the settings.

    Raises:
        Invalid: the folder of roots holds what cannot be read.

    """
    folder = _folder(state)
    with state.database.connection() as connection:
        expected = pades.Expected(outside.dni(connection, person), state.settings.signer_id)
    try:
        trusted = trust.load(folder, fetch=state.settings.fetch_revocation) if folder else pades.Trust()
    except trust.Unreadable as error:
        raise Invalid(str(error)) from error
    return pades.check(previous, content, expected, trusted, state.ledger.clock())


def _folder(state: State) -> Path | None:
    """Where the trusted authorities are; a demo has one of its own."""
    own = state.settings.data / DEMO_ROOTS
    return state.settings.trust_roots or (own if state.demo and own.is_dir() else None)


def _paper(request: Req, commitment: str) -> Paper:
    with request.app.state.database.snapshot() as connection:
        return read_paper(connection, Moment().position, commitment)


@get(f"{ROOM}/{{check:str}}", sync_to_thread=True)
def outcome(request: Req, session: NamedDependency[Session], commitment: FromPath[str], check: FromPath[str]) -> Response[str]:
    """Show what the check of a file said, to who sent it."""
    with request.app.state.database.connection() as connection:
        found = outside.find(connection, check, session.id, commitment)
    if found is None:
        raise NotFoundException
    it = _paper(request, commitment).it
    return page(
        request,
        "firma_de_fuera_resultado.html",
        it=it,
        found=found,
        by_hand=tuple(found.reasons) == REWRITTEN,
        reasons=pades.REASONS,
        **circumstances(request, Moment()),
    )


ROUTES = (show, newest, bring, outcome)

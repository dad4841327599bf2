"""The texts of a commitment: each version with its signatures, what each signatory saw, the exact bytes; at any moment."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import people
from service.aggregates.commitment_review import OutsideFileAccepted
from service.aggregates.commitment_signing import CommitmentSigned, CommitmentSignedOutside
from service.aggregates.commitment_terms import digest
from service.projections import commitment_page as read
from service.projections import replay
from service.projections.signing_kinds import signing_kinds
from service.web import attached, printed
from service.web.commitment import read_paper
from service.web.commitment_document import changes, shown
from service.web.commitment_place import ONE
from service.web.corner import circumstances, day_of, held
from service.web.page import Moment, Req, page
from service.web.paper import PDF
from service.web.proposing import SIGN
from service.web.reader import Paper

VERSION, SEEN = f"{ONE}/versiones/{{version:int}}", f"{ONE}/firmas/{{fact:int}}"


def _json(name: str, canonical: str) -> Response[bytes]:
    headers = {"content-disposition": f'inline; filename="compromiso-{name}.json"'}
    return Response(canonical.encode(), media_type="application/json", headers=headers)


def _version(paper: Paper, number: int) -> read.Version:
    if number not in paper.versions:
        raise NotFoundException
    return paper.versions[number]


@get(VERSION, sync_to_thread=True)
def show_version(
    request: Req, moment: NamedDependency[Moment], commitment: FromPath[str], version: FromPath[int]
) -> Response[str]:
    """Show one version with its signatures, and what it changed."""
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, moment.position, commitment)
        text, done = _version(paper, version), paper.signatures.get(version, {})
        holders = held(request.user.dre, day_of(request, moment), paper.it.code, SIGN)
        ids = {text.proposer, *(each.person for each in done.values() if each.person)}
        ids |= {each.holder for charge in text.signatories for each in holders.get(charge, [])}
        names, kinds = people.names(connection, ids), signing_kinds(connection, text.from_pos)
        seal = printed.of_text(request, connection, moment, paper, text)
    before = paper.versions.get(version - 1)
    return page(
        request,
        "compromiso_version.html",
        moment=moment,
        it=paper.it,
        paper=paper,
        text=text,
        doc=shown(text.canonical, request.user.dre, kinds),
        bytes_at=f"{paper.it.href}/versiones/{version}/documento",
        differing=changes(before, text, request.user.dre) if before else [],
        done=done,
        seal=seal,
        names=names,
        holders={charge: [names[each.holder] for each in group if each.holder in names] for charge, group in holders.items()},
        **circumstances(request, moment),
    )


@get(f"{VERSION}/documento", sync_to_thread=True)
def version_bytes(
    request: Req, moment: NamedDependency[Moment], commitment: FromPath[str], version: FromPath[int]
) -> Response[bytes]:
    """The exact bytes of a version: whoever has them can compute the hash that stands in every signature."""
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, moment.position, commitment)
    return _json(f"{commitment}-v{version}", _version(paper, version).canonical)


@get(f"{ONE}/documento", sync_to_thread=True)
def current_bytes(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str]) -> Response[bytes]:
    """The exact bytes of the text that waits for signatures, else of the one in force."""
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, moment.position, commitment)
    return _json(commitment, paper.text.canonical)


def _seen(connection: Connection[Any], at: int, commitment: str, fact: int) -> tuple[Paper, read.Signature, str]:
    """A signature and the text that its own fact keeps; those of the first releases kept its hash alone.

    Raises:
        NotFoundException: that fact is no signature of this commitment.

    """
    paper = read_paper(connection, at, commitment)
    given = (each for signed in paper.signatures.values() for each in signed.values())
    signature = next((each for each in given if each.from_pos == fact and each.status == "signed" and each.kind), None)
    if signature is None:
        raise NotFoundException
    event = replay.event(connection, signature.stream, fact)
    kept = isinstance(event, CommitmentSigned | CommitmentSignedOutside | OutsideFileAccepted)
    return paper, signature, event.canonical if kept else _version(paper, signature.version).canonical


@get(SEEN, sync_to_thread=True)
def show_seen(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str], fact: FromPath[int]) -> Response[str]:
    """Show what a signatory saw, drawn again from the bytes that the signature keeps."""
    with request.app.state.database.snapshot() as connection:
        paper, signature, canonical = _seen(connection, moment.position, commitment, fact)
        names, kinds = people.names(connection, {signature.person}), signing_kinds(connection, fact)
    return page(
        request,
        "compromiso_visto.html",
        moment=moment,
        it=paper.it,
        signature=signature,
        intact=digest(canonical.encode()) == signature.document,
        doc=shown(canonical, request.user.dre, kinds),
        bytes_at=f"{paper.it.href}/firmas/{fact}/documento",
        names=names,
        **circumstances(request, moment),
    )


@get(f"{SEEN}/documento", sync_to_thread=True)
def seen_bytes(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str], fact: FromPath[int]) -> Response[bytes]:
    """The exact bytes that a signature keeps."""
    with request.app.state.database.snapshot() as connection:
        _, _, canonical = _seen(connection, moment.position, commitment, fact)
    return _json(f"{commitment}-firma-{fact}", canonical)


@get(f"{SEEN}/documento.pdf", sync_to_thread=True)
def seen_paper(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str], fact: FromPath[int]) -> Response[bytes]:
    """The PDF as this signatory signed it with a tool from outside.

    Raises:
        NotFoundException: that signature was given in Quipu.

    """
    with request.app.state.database.snapshot() as connection:
        _, signature, _ = _seen(connection, moment.position, commitment, fact)
    if not signature.file:
        raise NotFoundException
    return attached.hand_out(request, signature.file, PDF, f"compromiso-{commitment}-firma-{fact}")


ROUTES = [show_version, version_bytes, current_bytes, show_seen, seen_bytes, seen_paper]

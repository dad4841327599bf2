"""A commitment on paper: the file that is signed, made once for each version, and the sheet that tells how its signatures stand.

Who needs the file calls `made(request, place)` outside any connection of its own; the bytes of a version never change.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import papers, people
from service.aggregates.commitment import ProposeCommitment
from service.papers import code
from service.projections import LATEST, history
from service.projections import followup_page as read
from service.web.commitment_place import ONE, place_of
from service.web.corner import ROMAN, office
from service.web.page import Invalid, Moment, Req
from service.web.paper import PDF, headed
from service.web.words import fecha, hora, numero

PROPOSED = ("commitment-proposed",)
METHODS = {"contraseña": "Firma electrónica con clave", "": "Firma del compromiso de origen"}
KINDS = (
    "La firma electrónica de esta hoja consta en el registro, ligada por su huella al texto que se firmó. "
    "Firma digital es solo la que se hace con un certificado de la IOFE."
)


def filled(request: Req, found: read.Commitment, cut: tuple[int, datetime]) -> dict[str, Any]:
    """The data of the file that is signed: what does not change while this version lasts."""
    dre, state = request.user.dre, request.app.state
    unit = dre.units[found.code].name if found.code in dre.units else found.code
    title = f"Compromiso de gestión n.º {found.first}"
    subject = f"{unit} · {found.root.rsplit('/', 1)[1]} · compromiso n.º {found.first}"
    since = f" ({ROMAN[found.quarter]} trimestre)" if found.quarter else ""
    return {
        **headed(state.settings, title, subject, cut, demo=state.demo, letters=code.from_digest(found.document)),
        "facts": [
            ["Unidad", unit],
            ["Hallazgo", f"n.º {found.finding}{since}. {found.finding_text}"],
            *([["Causa raíz", found.cause]] if found.cause else []),
        ],
        **_agreed(found, lambda charge: office(dre, charge)),
        "digest": found.document,
    }


def _agreed(terms: Any, named: Any) -> dict[str, Any]:
    """What is agreed and by whom, from the terms of a commitment or of a proposal."""
    clauses = [
        ["Acción", terms.action],
        ["Cargo responsable", named(terms.responsible)],
        ["Fecha límite", fecha(terms.due)],
        ["Indicador", terms.indicator],
        ["Meta", terms.target],
        ["Medio de verificación", terms.verification],
    ]
    return {
        "clauses": clauses,
        "figures": [],
        "signatories": [named(charge) for charge in terms.signatories],
        "signing": "Firma quien ejerza cada cargo el día de la firma.",
    }


def unprintable(request: Req, proposal: ProposeCommitment) -> dict[str, str]:
    """What of a proposal could not be printed to be signed, by field: its paper is set once, before it is recorded."""
    state, at = request.app.state, datetime(2000, 1, 1, tzinfo=UTC)
    frame = headed(state.settings, "Compromiso de gestión", "", (1, at), demo=state.demo)
    data = {**frame, "facts": [], **_agreed(proposal, lambda charge: office(request.user.dre, charge)), "digest": ""}
    try:
        papers.typeset("compromiso", data, at, exact=True)
    except papers.Unprintable as error:
        texts = {name: value for name, value in msgspec.structs.asdict(proposal).items() if isinstance(value, str)}
        at_fault = [name for name, text in texts.items() if set(error.letters) & set(text)] or ["action"]
        said = f"«{error.letters[:10]}» no se puede imprimir" if error.letters else "Este texto no se puede imprimir"
        return dict.fromkeys(at_fault, f"{said}: quítelo, porque el compromiso se firma también en papel.")
    return {}


def _proposed(connection: Any, found: read.Commitment) -> tuple[int, datetime]:
    """The fact that proposed the text, and when it was recorded."""
    wanted = history.Wanted(commitment=found.first, types=PROPOSED)
    deed = history.find(connection, LATEST, found.root, wanted, 1)[0]
    return deed.position, deed.at


def _find(request: Req, commitment: str, moment: Moment) -> tuple[read.Commitment, tuple[int, datetime]]:
    _, stream, number = place_of(commitment)
    with request.app.state.database.snapshot() as connection:
        found = read.commitment(connection, moment.position, stream, number)
        if found is None:
            raise NotFoundException
        return found, _proposed(connection, found)


def made(request: Req, commitment: str) -> tuple[str, bytes]:
    """The name of the file that is signed and its bytes: of one version always the same.

    Raises:
        NotFoundException: there is no such commitment.
        Unprintable: it was proposed before papers were, with letters that no font has.

    """
    found, cut = _find(request, commitment, Moment())
    name = f"compromiso-{found.root.removeprefix('unit/').replace('/', '-')}-{found.first}-v1"
    with request.app.state.database.connection() as connection:
        return name, papers.keep(
            connection, name, lambda: papers.typeset("compromiso", filled(request, found, cut), cut[1], exact=True)
        )


def _answer(request: Req, name: str, content: bytes) -> Response[bytes]:
    with request.app.state.database.connection() as connection:
        people.note_access(connection, request.user.id, f"descargó {name}")
    return Response(content, media_type=PDF, headers={"content-disposition": f'attachment; filename="{name}.pdf"'})


@get(f"{ONE}/compromiso.pdf", sync_to_thread=True)
def paper(request: Req, commitment: FromPath[str]) -> Response[bytes]:
    """The commitment as the file that is signed.

    Raises:
        Invalid: it cannot be printed.

    """
    try:
        name, content = made(request, commitment)
    except papers.Unprintable as error:
        message = "Este compromiso tiene texto que no se puede imprimir; en pantalla está completo."
        raise Invalid(message) from error
    return _answer(request, name, content)


@get(f"{ONE}/firmas.pdf", sync_to_thread=True)
def sheet(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str]) -> Response[bytes]:
    """How the signatures stand, on a sheet of its own: the file that is signed is never stamped."""
    found, _ = _find(request, commitment, moment)
    dre, state = request.user.dre, request.app.state
    with state.database.snapshot() as connection:
        done = read.signatures(connection, moment.position, found.stream, found.commitment)
        names = people.names(connection, {each.person for each in done.values() if each.person})
        last = history.head(connection, moment.position)
    cut = last.position, last.at or state.ledger.clock()
    unit = dre.units[found.code].name if found.code in dre.units else found.code
    title, subject = f"Firmas del compromiso n.º {found.commitment}", f"{unit} · {found.year}"
    data = {
        **headed(state.settings, title, subject, cut, demo=state.demo, letters=code.from_digest(found.document)),
        "facts": [["Unidad", unit], ["Compromiso", found.action], ["Fecha límite", fecha(found.due)]],
        "signatures": [_signature(office(dre, charge), done.get(charge), names) for charge in found.signatories],
        "reasons": [f"Motivo del rechazo: {each.reason}" for each in done.values() if each.status == "declined"],
        "kinds": KINDS,
        "digest": found.document,
    }
    return _answer(request, f"firmas-{commitment}", papers.typeset("firmas", data, cut[1]))


def _signature(charge: str, done: read.Signature | None, names: dict[str, str]) -> dict[str, str]:
    """A signatory's line, as text; who has not signed yet says so."""
    if done is None:
        return {"charge": charge, "name": "—", "state": "○ Falta firmar", "at": "—", "position": "—"}
    states = {"signed": f"✓ {METHODS.get(done.method, done.method)}", "declined": "✕ Rechazó firmar"}
    return {
        "charge": charge,
        "name": names.get(done.person, "—"),
        "state": states[done.status],
        "at": f"{fecha(done.at)}, {hora(done.at)}",
        "position": numero(done.from_pos),
    }


ROUTES = (paper, sheet)

"""A commitment on paper: the file that is signed, made once for each version, and the sheet that tells how its signatures stand.

Who needs the file calls `made(state, commitment)` outside any connection of its own; the bytes of a version never change.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import papers, people
from service.aggregates import ROMAN
from service.aggregates.commitment_first import said
from service.aggregates.commitment_terms import Terms, Wording
from service.aggregates.dre import Dre
from service.papers import code
from service.projections import commitment_page as read
from service.projections import history
from service.web.commitment_place import ONE, place_of
from service.web.corner import office
from service.web.kinds import way
from service.web.lights import moved
from service.web.page import Invalid, Moment, Req
from service.web.paper import PDF, headed
from service.web.words import fecha, numero

KINDS = (
    "La firma electrónica de esta hoja consta en el registro, ligada por su huella al texto que se firmó. "
    "Firma digital es solo la que se hace con un certificado de la IOFE."
)


def filled(state: State, found: read.Commitment, version: read.Version) -> dict[str, Any]:
    """The data of the file that is signed: what does not change while this version lasts."""
    dre, terms = state.ledger.standing(), said(version.canonical).terms
    unit = dre.name_of(found.code)
    title = _title(dre, terms, f"n.º {found.first}" + (f", versión {version.version}" if version.version > 1 else ""))
    subject = f"{unit} · {found.root.rsplit('/', 1)[1]} · compromiso n.º {found.first}"
    since = f" ({ROMAN[found.quarter]} trimestre)" if found.quarter else ""
    cut, others = (version.from_pos, version.at), ", ".join(f"n.º {each}" for each in terms.findings[1:])
    return {
        **headed(state.settings, title, subject, cut, demo=state.demo, letters=code.from_digest(version.document)),
        "facts": [
            ["Unidad", unit],
            ["Hallazgo", f"n.º {found.finding}{since}. {found.finding_text}"],
            *([["Causa raíz", found.cause]] if found.cause else []),
            *([["Otros hallazgos", others]] if others else []),
            *([["Medida", f"n.º {terms.measure} del plan de mejora"]] if terms.measure else []),
        ],
        **_agreed(terms, lambda charge: office(dre, charge)),
        "digest": version.document,
    }


def _title(dre: Dre, terms: Terms | Wording, which: str) -> str:
    kind = dre.rules.signing.of(terms.kind)
    return f"{kind.name if kind else 'Compromiso'} {which}".rstrip()


def _agreed(terms: Terms | Wording, named: Callable[[str], str]) -> dict[str, Any]:
    """What is agreed and by whom, from the terms of a commitment or of a proposal."""
    clauses = [
        ["Acción", terms.action],
        ["Cargo responsable", named(terms.responsible)],
        ["Fecha límite", fecha(terms.due)],
        ["Indicador", terms.indicator],
        ["Meta", terms.target],
        ["Medio de verificación", terms.verification],
        *([["Presupuesto", terms.budget]] if terms.budget else []),
    ]
    order = " Se firma en este orden." if terms.ordered else ""
    return {
        "clauses": clauses,
        "figures": [
            {"label": each.label, "value": each.value, "fact": numero(each.fact)} for each in getattr(terms, "figures", ())
        ],
        "signatories": [named(charge) for charge in terms.signatories],
        "signing": f"Firma quien ejerza cada cargo el día de la firma.{order}",
    }


def unprintable(request: Req, proposal: Wording, finding: tuple[str, ...]) -> dict[str, str]:
    """What of a proposal, or of the finding it answers, could not be printed to be signed, by field.

    Its paper is set once, before it is recorded.
    """
    state, dre, at = request.app.state, request.user.dre, datetime(2000, 1, 1, tzinfo=UTC)
    frame = headed(state.settings, _title(dre, proposal, ""), "", (1, at), demo=state.demo)
    data = {
        **frame,
        "facts": [["Hallazgo", text] for text in finding],
        **_agreed(proposal, lambda charge: office(dre, charge)),
        "digest": "",
    }
    try:
        papers.typeset("compromiso", data, at, exact=True)
    except papers.Unprintable as error:
        texts = {name: value for name, value in msgspec.structs.asdict(proposal).items() if isinstance(value, str)}
        said = f"«{error.letters[:10]}» no se puede imprimir" if error.letters else "Este texto no se puede imprimir"
        if set(error.letters) & set("".join(finding)):
            return {"": f"El hallazgo dice «{error.letters[:10]}», que no se puede imprimir: registre otro sin esas letras."}
        at_fault = [name for name, text in texts.items() if set(error.letters) & set(text)] or ["action"]
        return dict.fromkeys(at_fault, f"{said}: quítelo, porque el compromiso se firma también en papel.")
    return {}


def _find(state: State, commitment: str, moment: Moment, version: int = 0) -> tuple[read.Commitment, read.Version]:
    """A commitment and one of its texts; 0 for the one that waits for signatures, else the one in force."""
    _, stream, number = place_of(commitment)
    with state.database.snapshot() as connection:
        found = read.commitment(connection, moment.position, stream, number)
        texts = read.versions(connection, moment.position, found) if found else {}
    if found is None or (version or found.waiting or found.version) not in texts:
        raise NotFoundException
    return found, texts[version or found.waiting or found.version]


def made(state: State, commitment: str, version: int = 0) -> tuple[str, bytes]:
    """The name of the file that is signed and its bytes: of one version always the same.

    Raises:
        NotFoundException: there is no such commitment.
        Unprintable: it was proposed before papers were, with letters that no font has.

    """
    found, text = _find(state, commitment, Moment(), version)
    name = f"compromiso-{found.root.removeprefix('unit/').replace('/', '-')}-{found.first}-v{text.version}"
    with state.database.connection() as connection:
        return name, papers.keep(
            connection, name, lambda: papers.typeset("compromiso", filled(state, found, text), text.at, exact=True)
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
        name, content = made(request.app.state, commitment)
    except papers.Unprintable as error:
        message = "Este compromiso tiene texto que no se puede imprimir; en pantalla está completo."
        raise Invalid(message) from error
    return _answer(request, name, content)


@get(f"{ONE}/firmas.pdf", sync_to_thread=True)
def sheet(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str]) -> Response[bytes]:
    """How the signatures stand, on a sheet of its own: the file that is signed is never stamped."""
    dre, state = request.user.dre, request.app.state
    found, text = _find(state, commitment, moment)
    with state.database.snapshot() as connection:
        done = read.signatures(connection, moment.position, found).get(text.version, {})
        names = people.names(connection, {each.person for each in done.values() if each.person})
        last = history.head(connection, moment.position)
    cut = last.position, last.at or state.ledger.clock()
    unit = dre.name_of(found.code)
    title, subject = f"Firmas del compromiso n.º {found.commitment}", f"{unit} · {found.year}"
    data = {
        **headed(state.settings, title, subject, cut, demo=state.demo, letters=code.from_digest(text.document)),
        "facts": [
            ["Unidad", unit],
            ["Compromiso", found.action],
            ["Fecha límite", fecha(found.due) + (f" ({moved(found)})" if moved(found) else "")],
        ],
        "signatures": [_signature(office(dre, charge), done.get(charge), names) for charge in text.signatories],
        "reasons": [f"Motivo del rechazo: {each.reason}" for each in done.values() if each.status == "declined"],
        "kinds": KINDS,
        "digest": text.document,
    }
    return _answer(request, f"firmas-{commitment}", papers.typeset("firmas", data, cut[1]))


def _signature(charge: str, done: read.Signature | None, names: dict[str, str]) -> dict[str, str]:
    """A signatory's line, as text; who has not signed yet says so."""
    if done is None:
        return {"charge": charge, "name": "—", "state": "○ Falta firmar", "at": "—", "position": "—"}
    states = {"signed": f"✓ {way(done)[0]}", "declined": "✕ Rechazó firmar"}
    return {
        "charge": charge,
        "name": names.get(done.person, "—"),
        "state": states[done.status],
        "at": fecha(done.at),
        "position": numero(done.from_pos),
    }


ROUTES = (paper, sheet)

"""`/verificar`: whoever holds a paper's code sees, without an account, what was signed, by whom, when, how, and what became of it.

The text itself is shown only to who brings it: a document whose hash is the one that was signed.
"""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from service import people
from service.aggregates.receipt import grouped, typed
from service.papers.code import qr
from service.projections import receipt_page as read
from service.settings import LIMA
from service.web import proofs
from service.web.commitment_document import kind_name, shown
from service.web.corner import office
from service.web.form import Raw, first
from service.web.incoming import LARGEST_BODY, address
from service.web.kinds import METHODS, way
from service.web.page import Req, page, redirect

HOME = "/verificar"
STATES = {
    "waiting": ("Espera firmas", "Todavía no rige: faltan firmas.", "wait"),
    "proposed": ("Espera firmas", "Todavía no rige: faltan firmas.", "wait"),
    "signed": ("Rige", "Todos firmaron: está en ejecución.", "done"),
    "declared": ("Rige", "El responsable declaró el resultado; falta verificarlo.", "done"),
    "verified": ("Terminado", "Se verificó su resultado.", "done"),
    "replaced": ("Reemplazado", "Hay una versión posterior firmada: esta ya no rige.", "rest"),
    "ended": ("Sin efecto", "Se propuso, pero no llegó a regir.", "rest"),
    "declined": ("Rechazado", "Un firmante lo rechazó: no rige.", "attention"),
    "withdrawn": ("Retirado", "Quien lo propuso lo retiró: no rige.", "rest"),
}


@get(HOME, opt={"public": True}, sync_to_thread=True)
def ask(request: Req) -> Response[str]:
    """Ask for the code of a paper, or go to what it leads to."""
    sent = request.query_params.get("codigo", "").strip()
    if typed(sent):
        return redirect(request, f"{HOME}/{grouped(typed(sent))}")
    wrong = "El código tiene dieciséis letras y números, en cuatro grupos de cuatro." if sent else ""
    return page(request, "verificar.html", status=422 if wrong else 200, found=None, sent=sent, wrong=wrong, missed="")


@get(f"{HOME}/{{code:str}}", opt={"public": True}, sync_to_thread=True)
def show(request: Req, code: FromPath[str]) -> Response[str]:
    """Show what a code leads to."""
    return draw(request, code)


@post(f"{HOME}/{{code:str}}", opt={"public": True, "draft": False}, sync_to_thread=True, request_max_body_size=LARGEST_BODY)
def compare(
    request: Req, raw: NamedDependency[Raw], archivo: NamedDependency[tuple[str, bytes]], code: FromPath[str]
) -> Response[str]:
    """Compare the document that the reader holds, or its hash, with what was signed; nothing of it is kept."""
    _, content = archivo
    digest = hashlib.sha256(content).hexdigest() if content else "".join(first(raw, "huella").split()).lower()
    return draw(request, code, digest, held=bool(content))


def draw(request: Req, code: str, digest: str | None = None, *, held: bool = False) -> Response[str]:
    """Draw what a code leads to; `digest` is that of the document the reader brings."""
    plain, database = typed(code), request.app.state.database
    with database.snapshot() as connection:
        found = read.find(connection, plain) if plain else None
        told: read.Text | read.Acta | None = None
        if found:
            told = read.text(connection, found) if found.kind == "commitment" else read.acta(connection, found)
        given = _given(request, connection, told) if told else {}
    if told is None:
        return _missed(request, code)
    verdict = ""
    if digest is not None:
        known = given["hashes"].get(digest, "")
        verdict = "empty" if not digest else known or "other"
    holds = held and verdict in {"document", "paper", "signed", "accepted"}
    dre = request.app.state.ledger.standing()
    doc = shown(told.text.canonical, dre) if holds and isinstance(told, read.Text) else None
    here = f"{request.app.state.settings.site}{HOME}/{grouped(plain)}"
    picture = "data:image/svg+xml;base64," + b64encode(qr(here).encode()).decode()
    return page(
        request,
        "verificar.html",
        status=422 if verdict == "empty" else 200,
        found=found,
        told=told,
        code=grouped(plain),
        here=here,
        picture=picture,
        verdict=verdict,
        doc=doc,
        today=datetime.now(UTC).astimezone(LIMA),
        **given,
    )


def _given(request: Req, connection: Any, told: read.Text | read.Acta) -> dict[str, Any]:
    """Names, units and what is compared: hash → what it is of."""
    dre = request.app.state.ledger.standing()
    if isinstance(told, read.Text):
        persons = [each.person for each in told.signatures]
        hashes = {told.text.document: "document"} | {
            each.file: "signed" if each.verdict == "VÁLIDO" else "accepted" for each in told.signatures if each.file
        }
        paper, unit, state = proofs.paper_of(told), told.first.code, STATES[told.state]
    else:
        persons, hashes, unit = [told.person], dict[str, str](), told.it.code
        paper, state = (
            proofs.acta_of(told),
            ("Cerrada", "Un acta cerrada no cambia; lo que se corrige va en una fe de erratas.", "done"),
        )
    made = read.paper(connection, paper)
    hashes |= {made: "paper"} if made else {}
    return {
        "names": people.names(connection, persons),
        "unit": dre.name_of(unit),
        "office": lambda charge: office(dre, charge),
        "kind_name": kind_name(dre.rules.signing, told.it.kind) if isinstance(told, read.Text) else "",
        "hashes": hashes,
        "made": made,
        "state": state,
        "ways": {each.charge: way(each) for each in told.signatures} if isinstance(told, read.Text) else {},
        "KEYED": METHODS["llave de acceso"],
    }


def _missed(request: Req, code: str) -> Response[str]:
    """The code leads nowhere; who only guesses is asked to wait."""
    wait = proofs.guessed(request, address(request))
    sentence = (
        "Demasiados códigos que no existen desde esta conexión. Espere unos minutos y vuelva a intentarlo."
        if wait
        else "Ningún documento tiene ese código. Revíselo en el papel: puede haber una letra distinta."
    )
    return page(request, "verificar.html", status=429 if wait else 404, found=None, sent=code[:40], wrong="", missed=sentence)


@get(f"{HOME}/{{code:str}}/firmas.json", opt={"public": True}, sync_to_thread=True)
def proof(request: Req, code: FromPath[str]) -> Response[bytes]:
    """The passkeys' answers with all that is needed to verify them far from here.

    Raises:
        HTTPException: the code leads to no text with such a signature (404).

    """
    with request.app.state.database.snapshot() as connection:
        found = read.find(connection, typed(code))
        told = read.text(connection, found) if found and found.kind == "commitment" else None
    given = proofs.given(request, told) if told else []
    if not given:
        raise HTTPException(status_code=404)
    headers = {"content-disposition": f'attachment; filename="firmas-{typed(code)}.json"'}
    return Response(msgspec.json.format(msgspec.json.encode(given)), media_type="application/json", headers=headers)


ROUTES = [ask, show, compare, proof]

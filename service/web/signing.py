"""The moment of signing: a proof is asked for each signature, a passkey's answer first, else password and code.

A passkey's answer is verified here before the command goes to the record, which checks once more what it was given to.
"""

from typing import Any

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service import people
from service.aggregates import Refused
from service.aggregates.assertion import Assertion, Encoded, challenge, encoded, statement
from service.aggregates.commitment_signing import Method, SignCommitment
from service.signing import SigningError, codes, proof, questions
from service.web import to_sign, ways
from service.web.commitment import charge_of, draw, read_paper
from service.web.commitment_place import ONE, place_of
from service.web.form import Form, Raw, first
from service.web.form import read as read_form
from service.web.incoming import address
from service.web.page import Moment, Req, redirect, send
from service.web.session import Session

PATIENCE = 120_000
BROKEN = "La respuesta de la llave llegó dañada: intente de nuevo. No se firmó nada."
UNKNOWN = "Esa llave no está registrada a su nombre, o falta confirmarla, o está revocada. No se firmó nada."
MISSING = {"clave": "Escriba su clave.", "codigo": "Escriba el código que muestra su aplicación."}
SECRETS = ("clave", "codigo", "respuesta", "nonce")


class _Response(msgspec.Struct, frozen=True, rename={"client_data": "clientDataJSON", "authenticator_data": "authenticatorData"}):
    client_data: Encoded
    authenticator_data: Encoded
    signature: Encoded


class _Answer(msgspec.Struct, frozen=True):
    """What the browser posts of a passkey's answer."""

    id: Encoded
    response: _Response


def _asked(request: Req, raw: Raw, commitment: str) -> tuple[str, dict[str, Any]]:
    """The purpose of a question, and what the signature would say: the text on screen, the reader, the charge held now."""
    _, stream, number = place_of(commitment)
    form = read_form(SignCommitment, raw, commitment=number, method="llave de acceso", proof=None)
    charge = charge_of(request, commitment, "signs")
    if form.command is None or charge is None:
        raise Refused("Este texto ya no espera su firma: vuelva a abrir la página.")
    said: dict[str, Any] = {"document": form.command.document, "signatory": request.user.id, "charge": charge}
    said |= {"stream": stream, "commitment": number, "version": form.command.version}
    return "/".join(map(str, said.values())), said


@post(f"{ONE}/firma/pregunta", opt={"command": SignCommitment, "draft": False}, sync_to_thread=True)
def question(
    request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw], commitment: FromPath[str]
) -> Response[dict[str, Any]]:
    """The question that the browser passes on to the reader's passkey: its challenge is the text, the charge and the version."""
    purpose, said = _asked(request, raw, commitment)
    keys = ways.usable(session, ways.site(request))
    if not keys:
        raise Refused("Usted no tiene una llave confirmada que valga en esta dirección.")
    with request.app.state.database.connection() as connection:
        nonce = questions.ask(connection, session.id, purpose)
    options = {
        "challenge": encoded(challenge(statement(**said, nonce=nonce))),
        "rpId": keys[0].site,
        "allowCredentials": [{"type": "public-key", "id": each.credential} for each in keys if each.site == keys[0].site],
        "userVerification": "required",
        "timeout": PATIENCE,
    }
    return Response({"nonce": nonce, "options": options})


@post(f"{ONE}/firma", opt={"command": SignCommitment}, sync_to_thread=True)
def sign(request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw], commitment: FromPath[str]) -> Response[Any]:
    """Sign exactly the text that was on screen, with a proof given at this moment."""
    _, stream, number = place_of(commitment)
    if _done(request, session, raw, commitment):  # the same form twice, or its answer lost: the proof has served already
        return _signed(request, raw, commitment)
    by: Method = "llave de acceso" if "respuesta" in raw else "clave y código"
    form = read_form(SignCommitment, raw, commitment=number, method=by, proof=None)
    given = None
    try:
        if by == "llave de acceso":
            given = _answered(request, session, raw, commitment)
        else:
            _stepped_up(request, session, raw, form)
    except (people.PeopleError, SigningError) as reason:
        missing = by == "clave y código" and {name: said for name, said in MISSING.items() if not first(raw, name)}
        field = "" if by == "llave de acceso" else "codigo" if isinstance(reason, SigningError) else "clave"
        form.errors |= missing or {field: str(reason)}
        form.status = 429 if isinstance(reason, people.TooManyTries) else 422
    if not form.errors:
        charge = charge_of(request, commitment, "signs")
        form = send(request, raw, SignCommitment, stream, charge=charge, commitment=number, method=by, proof=given)
    if form.done:
        return _signed(request, raw, commitment)
    for name in SECRETS:
        form.typed.pop(name, None)
    return draw(request, commitment, sent="firma", form=form)


def _signed(request: Req, raw: Raw, commitment: str) -> Response[Any]:
    if first(raw, "sentada"):
        return to_sign.onward(request, commitment)
    return redirect(request, f"/compromisos/{commitment}", "Usted firmó el compromiso. Su recibo está al pie de la página.")


def _done(request: Req, session: Session, raw: Raw, commitment: str) -> bool:
    """Whether the reader has signed the version of this form already."""
    with request.app.state.database.snapshot() as connection:
        given = read_paper(connection, Moment().position, commitment).signatures
    signed = {
        str(version) for version, each in given.items() for s in each.values() if (s.person, s.status) == (session.id, "signed")
    }
    return first(raw, "version") in signed


def _stepped_up(request: Req, session: Session, raw: Raw, form: Form[Any]) -> None:
    """Password and code, as they were typed."""
    if form.errors:
        return
    password, code = next(iter(raw.get("clave", ())), ""), first(raw, "codigo")
    with request.app.state.database.connection() as connection:
        codes.step_up(connection, session.id, session.usuario, password, code, address(request))


def _answered(request: Req, session: Session, raw: Raw, commitment: str) -> Assertion:
    """The passkey's answer, verified, to a question that was put to this reader for this signature and serves once."""
    purpose, _ = _asked(request, raw, commitment)
    nonce = first(raw, "nonce")
    try:
        answer = msgspec.json.decode(first(raw, "respuesta"), type=_Answer)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise SigningError(BROKEN) from error
    with request.app.state.database.connection() as connection:
        questions.answered(connection, nonce, session.id, purpose)
    key = next((each for each in ways.usable(session, ways.site(request)) if each.credential == answer.id), None)
    if key is None:
        raise SigningError(UNKNOWN)
    told = msgspec.structs.asdict(answer.response)
    given = Assertion(key=key.key, credential=key.credential, public_key=key.public_key, nonce=nonce, **told)
    proof.verify(given, key.site)
    return given


ROUTES = [question, sign]

"""«Cómo firmo»: a person's passkeys and app of codes, and the keys of others that wait to be confirmed."""

from base64 import b64encode
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import people
from service.aggregates import DRE
from service.aggregates.signing_key import ConfirmKey, Device, EnrolKey, RevokeKey
from service.ledger import STANDING
from service.papers.code import qr
from service.projections.keys_page import Key, keys
from service.signing import SigningError, codes, enrolment, questions
from service.web.corner import day_of, office
from service.web.form import Form, Raw, first
from service.web.form import read as read_form
from service.web.incoming import address
from service.web.page import Moment, Req, give, identity, page, redirect, send
from service.web.session import Session
from service.web.ways import site

HOME = "/cuenta/firma"
ENROLS = "registrar una llave"
LABELS: tuple[tuple[Device, str], ...] = (
    ("computadora", "Esta computadora"),
    ("celular o tableta", "Un celular o una tableta"),
    ("llave de seguridad", "Una llave de seguridad USB o NFC"),
)
STATES = {"enrolled": ("Falta confirmar", "wait"), "confirmed": ("Confirmada", "done"), "revoked": ("Revocada", "rest")}


class Other(msgspec.Struct, frozen=True):
    """Somebody else's key, the unit in whose name this reader answers for it, and what the reader may do."""

    key: Key
    unit: str
    charge: str
    confirms: bool


def others(session: Session, found: list[Key], today: Any) -> list[Other]:
    """The keys this reader answers for: of people of the own unit, or for the DRE of everybody."""
    made = list[Other]()
    for key in found:
        held = [each for each in session.dre.charges.values() if each.holder == key.holder]
        current = [each for each in held if each.holds(today)]
        of = next((each for each in (*current, *held) if session.may(ConfirmKey, each.unit)), None)
        if of and key.holder != session.id and key.living:
            made.append(Other(key, of.unit, of.charge, key.status == "enrolled" and of in current))
    return made


def draw(request: Req, form: Form[Any] | None = None, sent: str = "") -> Response[str]:
    """Draw the page, with what became of a form."""
    session, state = request.user, request.app.state
    with state.database.snapshot() as connection:
        found = keys(connection)
        known = {each.holder for each in found} | {each.confirmer for each in found if each.confirmer}
        names, coded = people.names(connection, known), codes.enrolled(connection, session.id)
    mine = [each for each in found if each.holder == session.id]
    answers = others(session, found, day_of(request, Moment()))
    drawn = {"llave", *(f"revocacion-{each.key}" for each in mine if each.living and session.unit)}
    drawn |= {f"revocacion-{each.key.key}" for each in answers} | {
        f"confirmacion-{each.key.key}" for each in answers if each.confirms
    }
    return page(
        request,
        "firma.html",
        status=form.status if form else 200,
        mine=mine,
        others=answers,
        apart=bool(sent) and sent not in drawn,
        names=names,
        coded=coded,
        site=site(request),
        labels=LABELS,
        states=STATES,
        office=lambda charge: office(session.dre, charge),
        unit=session.unit,
        may_enrol=session.may(EnrolKey, DRE),
        form=form or Form.fresh(),
        fresh=Form.fresh,
        sent=sent,
    )


@get(HOME, sync_to_thread=True)
def show(request: Req) -> Response[str]:
    """Show how the reader signs."""
    return draw(request)


@post(f"{HOME}/llaves/pregunta", opt={"own": True}, sync_to_thread=True)
def question(request: Req, session: NamedDependency[Session]) -> Response[dict[str, Any]]:
    """The question that the browser passes on to the device, to make a new key."""
    place, state = site(request), request.app.state
    with state.database.connection() as connection:
        known = [each.credential for each in session.dre.keys.values() if each.holder == session.id]
        nonce = questions.ask(connection, session.id, ENROLS)
    return Response(
        {"nonce": nonce, "options": enrolment.question(nonce, place, state.settings.entity, session.id, session.usuario, known)}
    )


@post(f"{HOME}/llaves", opt={"own": True}, sync_to_thread=True)
def enrol(request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw]) -> Response[Any]:
    """Register the key that answered the question."""
    form = Form[Any](typed={"label": first(raw, "label")}, command_id=identity(raw))
    place, nonce = site(request), first(raw, "nonce")
    try:
        with request.app.state.database.connection() as connection:
            questions.answered(connection, nonce, session.id, ENROLS)
        told = enrolment.enrolled(first(raw, "respuesta"), nonce, place)
    except SigningError as reason:
        form.errors["label"], form.status = str(reason).replace("No se firmó nada", "No se registró nada"), 422
        return draw(request, form, "llave")
    asked = read_form(EnrolKey, raw, credential=told.credential, public_key=told.public_key, site=place)
    form.errors |= asked.errors
    if asked.command is None:
        form.status = 422
        return draw(request, form, "llave")
    give(request, form, asked.command, STANDING)
    if not form.done:
        return draw(request, form, "llave")
    number = form.done.facts[0].fact.event.key
    return redirect(request, f"{HOME}/llaves/{number}", "La llave quedó registrada: falta que otra persona la confirme.")


@get(f"{HOME}/llaves/{{key:int}}", sync_to_thread=True)
def receipt(request: Req, session: NamedDependency[Session], key: FromPath[int]) -> Response[str]:
    """The receipt of an enrolment, for its holder: the code to read to who confirms."""
    with request.app.state.database.snapshot() as connection:
        it = next((each for each in keys(connection) if each.key == key and each.holder == session.id), None)
        if it is None:
            raise NotFoundException
        names = people.names(connection, filter(None, (it.holder, it.confirmer)))
    charges = [office(session.dre, each.charge) for each in session.charges]
    return page(request, "firma_recibo.html", it=it, names=names, charges=charges, states=STATES)


def _carry(noun: str, kind: type[ConfirmKey | RevokeKey], notice: str) -> Any:
    """The changing route of one step in the life of a key."""

    @post(f"/ugel/{{code:str}}/llaves/{{key:int}}/{noun}", opt={"command": kind}, sync_to_thread=True, name=f"key-{noun}")
    def carry(request: Req, raw: NamedDependency[Raw], code: FromPath[str], key: FromPath[int]) -> Response[Any]:
        form = send(request, raw, kind, STANDING, unit=code, key=key)
        if not form.done:
            return draw(request, form, f"{noun}-{key}")
        return redirect(request, HOME, notice)

    return carry


@get(f"{HOME}/codigos", sync_to_thread=True)
def show_codes(request: Req) -> Response[str]:
    """Show the secret that the app of codes reads, and ask for its first code."""
    return _draw_codes(request, Form.fresh())


def _draw_codes(request: Req, form: Form[Any]) -> Response[str]:
    session = request.user
    with request.app.state.database.connection() as connection:
        secret, coded = codes.pending(connection, session.id), codes.enrolled(connection, session.id)
    picture = "data:image/svg+xml;base64," + b64encode(qr(codes.uri(secret, session.usuario)).encode()).decode()
    return page(request, "firma_codigos.html", status=form.status, form=form, secret=secret, picture=picture, coded=coded)


@post(f"{HOME}/codigos", opt={"own": True, "draft": False}, sync_to_thread=True)
def confirm_codes(request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw]) -> Response[Any]:
    """Begin to use the app: with the own password and its first code."""
    form, password = Form[Any](), next(iter(raw.get("clave", ())), "")
    try:
        with request.app.state.database.connection() as connection:
            codes.set_up(connection, session.id, session.usuario, password, first(raw, "codigo"), address(request))
    except people.PeopleError as reason:
        form.errors["clave"], form.status = str(reason), 429 if isinstance(reason, people.TooManyTries) else 422
    except SigningError as reason:
        form.errors["codigo"], form.status = str(reason), 422
    if form.errors:
        return _draw_codes(request, form)
    return redirect(request, HOME, "La aplicación de códigos quedó lista: ya puede firmar con clave y código.")


ROUTES = (
    show,
    question,
    enrol,
    receipt,
    show_codes,
    confirm_codes,
    _carry("confirmacion", ConfirmKey, "La llave quedó confirmada: desde ahora firma."),
    _carry("revocacion", RevokeKey, "La llave quedó revocada: ya no firma. Lo que firmó antes se sigue verificando."),
)

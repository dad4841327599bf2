"""The administrator's page: persons, their accounts and charges, and who holds which privilege. No business is changed here."""

import secrets
from datetime import UTC, date, datetime
from typing import Any, get_args

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Rollback

from service import accounts, outside, people
from service.aggregates import DRE
from service.aggregates.dre import AssignCharge, ChargeAssigned, EndCharge, Role
from service.ledger import STANDING
from service.people import PeopleError, Person
from service.permits import PERMITS, SYSTEM, may
from service.settings import LIMA
from service.web.corner import office
from service.web.form import Form, Raw, first
from service.web.form import read as read_form
from service.web.page import Req, identity, page, redirect, send
from service.web.session import Session
from service.web.words import ROLES

HOME = "/administrar"
ONE = f"{HOME}/personas/{{person:str}}"
ASSIGNABLE = [role for role in get_args(Role) if role != SYSTEM.role]


def _only_admins(session: Session) -> None:
    """Refuse everybody else, who has nothing to read here either.

    Raises:
        Forbidden: no charge of the person is an administrator's.

    """
    if not session.may(AssignCharge, DRE):
        people.choose(session.charges, AssignCharge, DRE)


def _today() -> date:
    return datetime.now(UTC).astimezone(LIMA).date()


def _held(session: Session, day: date) -> dict[str, list[ChargeAssigned]]:
    """The charges of each person, those that hold on the day or later."""
    found: dict[str, list[ChargeAssigned]] = {}
    for charge in session.dre.charges.values():
        if charge.until is None or charge.until >= day:
            found.setdefault(charge.holder, []).append(charge)
    return found


def _frame(session: Session) -> dict[str, Any]:
    """What all these pages need."""
    units = sorted(session.dre.units.values(), key=lambda unit: (unit.kind, unit.code))
    return {
        "roles": [(role, ROLES[role]) for role in ASSIGNABLE],
        "units": units,
        "office": lambda charge: office(session.dre, charge),
        "today": _today(),
        "me": session.id,
    }


def draw(request: Req, form: Form[Any] | None = None) -> Response[str]:
    """Draw the list of persons, with what became of the form that enters one."""
    session, text = request.user, request.query_params.get("buscar", "").strip()
    with request.app.state.database.connection() as connection:
        found = accounts.search(connection, text)
    return page(
        request,
        "administrar.html",
        status=form.status if form else 200,
        persons=found,
        most=accounts.MOST,
        text=text,
        held=_held(session, _today()),
        form=form or Form.fresh(),
        sent=form is not None,
        **_frame(session),
    )


@get(HOME, sync_to_thread=True)
def show(request: Req, session: NamedDependency[Session]) -> Response[str]:
    """Show the persons of the directory, or those that `buscar` finds."""
    _only_admins(session)
    return draw(request)


@post(f"{HOME}/personas", opt={"command": AssignCharge}, sync_to_thread=True)
def enter(request: Req, raw: NamedDependency[Raw]) -> Response[Any]:
    """Enter a person with a first password and a first charge, all or nothing."""
    new, usuario = secrets.token_hex(8), first(raw, "usuario")
    form = read_form(AssignCharge, {name: values for name, values in raw.items() if name != "clave"}, holder=new)
    form.command_id = identity(raw)
    form.errors |= {field: "Falta este dato: complételo." for field in ("usuario", "name") if not first(raw, field)}
    if form.errors:
        form.status = 422
        return draw(request, form)
    try:
        form = _let_in(request, raw, new)
    except PeopleError as error:
        form.errors["clave" if "clave" in str(error) else "usuario"], form.status = str(error), 422
    if form.done:
        return redirect(request, f"{HOME}/personas/{new}", f"«{usuario}» ya puede ingresar con la clave que usted le dio.")
    form.typed.pop("clave", None)
    return draw(request, form)


def _let_in(request: Req, raw: Raw, new: str) -> Form[AssignCharge]:
    """The person, the password and the charge; where the charge is refused, none of them."""
    with request.app.state.database.connection() as connection, connection.transaction():
        people.add_person(connection, first(raw, "usuario"), first(raw, "name"), person=new)
        people.set_password(connection, new, first(raw, "clave"))
        people.note_access(connection, request.user.id, f"registró la cuenta {new}")
        form = send(request, raw, AssignCharge, STANDING, holder=new)
        if not form.done:
            raise Rollback
    return form


def draw_person(request: Req, person: str, form: Form[Any] | None = None, sent: str = "") -> Response[str]:
    """Draw a person with the charges held and the forms."""
    session = request.user
    it = find_person(request, person)
    with request.app.state.database.connection() as connection:
        dni = outside.dni(connection, person)
    charges = sorted(
        (charge for charge in session.dre.charges.values() if charge.holder == person), key=lambda charge: charge.since
    )
    return page(
        request,
        "administrar_persona.html",
        status=form.status if form else 200,
        it=it,
        dni=dni,
        charges=charges,
        form=form or Form.fresh(),
        sent=sent,
        **_frame(session),
    )


def find_person(request: Req, person: str) -> Person:
    """A person of the directory, or an unknown address."""
    with request.app.state.database.connection() as connection:
        found = accounts.find(connection, person)
    if found is None:
        raise NotFoundException
    return found


@get(ONE, sync_to_thread=True)
def show_person(request: Req, session: NamedDependency[Session], person: FromPath[str]) -> Response[str]:
    """Show one person."""
    _only_admins(session)
    return draw_person(request, person)


@post(f"{ONE}/cargos", opt={"command": AssignCharge}, sync_to_thread=True)
def assign(request: Req, raw: NamedDependency[Raw], person: FromPath[str]) -> Response[Any]:
    """Give a person one more charge."""
    form = send(request, raw, AssignCharge, STANDING, holder=find_person(request, person).id)
    if form.done:
        return redirect(request, f"{HOME}/personas/{person}", "El cargo quedó asignado.")
    return draw_person(request, person, form, "cargos")


@post(f"{HOME}/cargos/{{assignment:int}}/termino", opt={"command": EndCharge}, sync_to_thread=True)
def end(request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw], assignment: FromPath[int]) -> Response[Any]:
    """End a charge on a day."""
    charge = session.dre.charges.get(assignment)
    if charge is None:
        raise NotFoundException
    form = send(request, raw, EndCharge, STANDING, assignment=assignment)
    if form.done:
        return redirect(request, f"{HOME}/personas/{charge.holder}", "El cargo tiene ya su fecha de término.")
    return draw_person(request, charge.holder, form, f"termino-{assignment}")


@post(f"{ONE}/clave", opt={"command": AssignCharge}, sync_to_thread=True)
def password(request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw], person: FromPath[str]) -> Response[Any]:
    """Give a person a new password; whoever was signed in as that person is out."""
    it, form = find_person(request, person), Form[Any]()
    try:
        with request.app.state.database.connection() as connection, connection.transaction():
            people.set_password(connection, it.id, first(raw, "clave"))
            people.note_access(connection, session.id, f"puso una clave nueva a la cuenta {it.id}")
    except PeopleError as error:
        form.errors["clave"], form.status = str(error), 422
        return draw_person(request, person, form, "clave")
    return redirect(request, f"{HOME}/personas/{person}", "La clave quedó cambiada: entréguela a la persona.")


def _turn(noun: str, notice: str, *, active: bool) -> Any:
    """The route that lets an account in or keeps it out."""

    @post(f"{ONE}/{noun}", opt={"command": AssignCharge}, sync_to_thread=True, name=f"account-{noun}")
    def carry(request: Req, session: NamedDependency[Session], person: FromPath[str]) -> Response[Any]:
        it = find_person(request, person)
        if it.id == session.id:
            form = Form[Any]()
            form.refuse("Nadie desactiva su propia cuenta: pídalo a otro administrador.")
            return draw_person(request, person, form, noun)
        with request.app.state.database.connection() as connection:
            accounts.set_active(connection, it.id, session.id, active=active)
        return redirect(request, f"{HOME}/personas/{person}", notice)

    return carry


@get(f"{HOME}/privilegios", sync_to_thread=True)
def privileges(request: Req, session: NamedDependency[Session]) -> Response[str]:
    """Show who holds which charge today, and how many kinds of change each charge may make: to print and to file."""
    _only_admins(session)
    today = _today()
    charges = [charge for holder in _held(session, today).values() for charge in holder if charge.since <= today]
    with request.app.state.database.connection() as connection:
        names = people.names(connection, (charge.holder for charge in charges))
        active = {each.id: each.active for each in accounts.search(connection, "")}
    as_held = {role: ChargeAssigned(assignment=0, holder="", role=role, unit=DRE, since=today) for role in ASSIGNABLE}
    counts = {role: sum(may(charge, command, DRE) for command in PERMITS) for role, charge in as_held.items()}
    return page(
        request,
        "administrar_privilegios.html",
        charges=sorted(charges, key=lambda charge: (charge.unit, charge.role, names[charge.holder])),
        names=names,
        active=active,
        counts=counts,
        **_frame(session),
    )


ROUTES = (
    show,
    enter,
    show_person,
    assign,
    end,
    password,
    privileges,
    _turn("baja", "La cuenta quedó desactivada: ya no puede ingresar.", active=False),
    _turn("alta", "La cuenta quedó activa de nuevo.", active=True),
)

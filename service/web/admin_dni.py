"""The DNI of a person, which the administrator enters: it tells whose certificate signed a file; shown nowhere else."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service import outside, people
from service.aggregates.dre import AssignCharge
from service.people import PeopleError
from service.web.admin import HOME, ONE, draw_person, find_person
from service.web.form import Form, Raw, first
from service.web.page import Req, redirect
from service.web.session import Session


@post(f"{ONE}/dni", opt={"command": AssignCharge}, sync_to_thread=True)
def number(request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw], person: FromPath[str]) -> Response[Any]:
    """Enter the DNI by which certificates are known to be the person's."""
    it, form = find_person(request, person), Form[Any](typed={"dni": first(raw, "dni")})
    try:
        with request.app.state.database.connection() as connection, connection.transaction():
            outside.set_dni(connection, it.id, first(raw, "dni"))
            people.note_access(connection, session.id, f"puso el DNI de la cuenta {it.id}")
    except PeopleError as error:
        form.errors["dni"], form.status = str(error), 422
        return draw_person(request, person, form, "dni")
    return redirect(request, f"{HOME}/personas/{person}", "El DNI quedó registrado: solo se ve aquí.")


ROUTES = (number,)

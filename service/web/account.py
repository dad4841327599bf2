"""To come in and to go out."""

from typing import Any
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from psycopg import Connection

from service import people, private
from service.web.form import Raw, first
from service.web.incoming import address, local, split
from service.web.page import Req, page, redirect
from service.web.session import PENDING, Session, cookie, cookie_name

DEMO_ACCOUNTS = {
    "dre.director": "dirige la DRE",
    "dre.especialista": "evalúa en la DRE",
    "ugel.director": "dirige la UGEL Jauja",
    "ugel.jefe": "encabeza un área de la UGEL Jauja",
    "ugel.especialista": "registra en la UGEL Jauja",
    "satipo.director": "dirige la UGEL Satipo",
    "auditor": "lee todo, no cambia nada",
    "admin": "lleva cuentas y cargos",
}
AT_ONCE, LONGEST_QUEUE = 2, 100
Visit = Request[Any, Any, State]


def _page(request: Visit, back: str, usuario: str = "", errors: dict[str, str] | None = None, status: int = 200) -> Response[str]:
    back = local(back)
    return page(
        request,
        "ingresar.html",
        status=status,
        back=back,
        kept=back.startswith(PENDING),
        usuario=usuario,
        errors=errors or {},
        accounts=DEMO_ACCOUNTS,
    )


@get("/ingresar", opt={"public": True}, sync_to_thread=True)
def show(request: Visit) -> Response[str]:
    """Show the form."""
    return _page(request, request.query_params.get("volver", "/"))


@post("/ingresar", opt={"public": True})
async def enter(request: Visit, raw: NamedDependency[Raw]) -> Response[str]:
    """Check the password and go back to where the person wanted to go; who waits for that takes nothing from the others."""
    door: CapacityLimiter = request.app.state.door
    if door.statistics().tasks_waiting >= LONGEST_QUEUE:
        crowd = {"": "Muchas personas ingresan a la vez. Espere un momento y vuelva a intentarlo."}
        return await to_thread.run_sync(_page, request, first(raw, "volver"), first(raw, "usuario"), crowd, 503)
    return await to_thread.run_sync(_enter, request, raw, limiter=door)


def _enter(request: Visit, raw: Raw) -> Response[str]:
    usuario, password, back = first(raw, "usuario"), next(iter(raw.get("clave", ())), ""), local(first(raw, "volver") or "/")
    blank = {"usuario": "Escriba su usuario.", "clave": "Escriba su clave."}
    errors = {name: sentence for name, sentence in blank.items() if not {"usuario": usuario, "clave": password}[name]}
    if errors:
        return _page(request, back, usuario, errors, 422)
    settings = request.app.state.settings
    with request.app.state.database.connection() as connection:
        try:
            signed = people.sign_in(connection, usuario, password, address(request))
        except people.PeopleError as reason:
            return _page(request, back, usuario, {"": str(reason)}, 429 if isinstance(reason, people.TooManyTries) else 422)
        people.sign_out(connection, request.cookies.get(cookie_name(settings), ""))
        wanted = _kept(connection, signed.id, back) if back.startswith(PENDING) else None
    answer = redirect(request, back if wanted or not back.startswith(PENDING) else "/")
    answer.cookies.append(cookie(settings, signed.token))
    return answer


@get("/salir", sync_to_thread=True)
def ask(request: Req) -> Response[str]:
    """Ask before leaving, for who comes by the address."""
    return page(request, "salir.html")


@post("/salir", opt={"own": True}, sync_to_thread=True)
def leave(request: Req, session: NamedDependency[Session]) -> Response[str]:
    """End this sign-in."""
    with request.app.state.database.connection() as connection:
        people.sign_out(connection, session.token)
    answer = redirect(request, "/ingresar", "Su sesión terminó.")
    answer.cookies.append(cookie(request.app.state.settings, ""))
    return answer


def _kept(connection: Connection[Any], person: str, back: str) -> private.Draft | None:
    """The draft that the address of the review names."""
    form = dict(parse_qsl(split(back).query)).get("forma", "")
    return next(iter(private.drafts(connection, person, [form])), None)


@get(PENDING, sync_to_thread=True)
def review(request: Req, session: NamedDependency[Session]) -> Response[str]:
    """Show what was typed when the sign-in had ended, ready to be sent."""
    with request.app.state.database.connection() as connection:
        kept = _kept(connection, session.id, f"{PENDING}?{request.url.query}")
    if kept is None:
        return redirect(request, "/")
    hidden = {"command_id", "base"}
    shown = [(name, ", ".join(values)) for name, values in kept.fields.items() if name not in hidden and any(values)]
    path, _, which = kept.form.partition("#")
    return page(request, "pendiente.html", path=path, which=which, kept=kept, shown=shown)


@post(PENDING, opt={"own": True}, sync_to_thread=True)
def discard(request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw]) -> Response[str]:
    """Forget what was typed."""
    with request.app.state.database.connection() as connection:
        private.drop_draft(connection, session.id, first(raw, "forma"))
    return redirect(request, "/", "Lo que había escrito quedó descartado.")


ROUTES = [show, enter, ask, leave, review, discard]

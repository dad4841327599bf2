"""Every answer that is not the page asked for: in Spanish, in the same look, without needing a session or the database.

Here too what goes out with every answer, errors of the router included: the security headers and one line in the log.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import structlog
from litestar import MediaType, Request, Response
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import HTTPException
from psycopg import DataError, InterfaceError, OperationalError
from psycopg_pool import PoolClosed, PoolTimeout

from service.aggregates import Refused
from service.documents import Away
from service.permits import Forbidden
from service.web.incoming import local, split
from service.web.page import Invalid, frame, wants_part
from service.web.session import CSRF_FIELD, PENDING, NotSignedIn, typed

if TYPE_CHECKING:
    from litestar.types import ExceptionHandlersMap, Message, Scope

log = structlog.get_logger()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
WORDS = {
    400: ("No se entiende la solicitud", "Vuelva a la página y repita la acción."),
    401: ("Debe ingresar", "Ingrese con su usuario y su clave."),
    403: ("No está permitido", "Su cargo no permite esta acción."),
    404: ("Esta página no existe", "Revise la dirección: puede tener un error o la página cambió de lugar."),
    405: ("Esta dirección no admite esa acción", "Vuelva a la página y use sus botones."),
    409: ("No se pudo hacer", ""),
    413: (
        "El envío es demasiado grande",
        "El límite es de 10 MB para un archivo y de 1 MB para lo demás. Redúzcalo y envíelo de nuevo.",
    ),
    422: ("Hay un dato por corregir", "Revise la dirección o el formulario."),
    429: ("Demasiados intentos", "Espere unos minutos y vuelva a intentarlo."),
    500: ("Algo falló de nuestro lado", "No se guardó nada a medias. Intente de nuevo; si se repite, avise a su administrador."),
    503: ("El servicio no responde por ahora", "Sus datos no se han perdido. Intente de nuevo en un momento."),
}


def answer(
    request: Request[Any, Any, Any],
    status: int,
    sentence: str = "",
    items: tuple[str, ...] = (),
    again: dict[str, list[str]] | None = None,
) -> Response[str]:
    """The page of an error, or its part for htmx."""
    title, usual = WORDS.get(status, WORDS[500 if status >= 500 else 400])  # noqa: PLR2004 — server or client
    back = local(split(request.headers.get("referer", "")).path)
    values = frame(request) | {"title": title, "sentence": sentence or usual, "items": items, "back": back}
    values |= {"again": again, "path": request.url.path, "secret": "".join(request.state.get("typed", {}).get(CSRF_FIELD, ()))}
    name = "_error.html" if wants_part(request) else "error.html"
    text = request.app.state.templates.get_template(name).render(values)
    headers = {"vary": "HX-Request"} | ({"retry-after": "5"} if status == 503 else {})  # noqa: PLR2004 — unavailable
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=headers)


def _not_signed_in(request: Request[Any, Any, Any], reason: NotSignedIn) -> Response[str]:
    """To the sign-in and back; a part or a stream only hears 401, so that nothing being typed is navigated away."""
    target = f"/ingresar?volver={quote(reason.back, safe='/')}"
    if "text/event-stream" in request.headers.get("accept", ""):
        return Response("", status_code=401, media_type=MediaType.TEXT)
    if wants_part(request):
        told = answer(request, 401)
        if reason.back.startswith(PENDING):
            told.headers["hx-redirect"] = target
        return told
    return Response("", status_code=303, media_type=MediaType.TEXT, headers={"location": target})


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    """An error that has a page; the address of a form that was typed or reloaded leads to the page above it."""
    if error.status_code == 405 and request.method == "GET":  # noqa: PLR2004 — only for sending
        above = local(request.url.path.rpartition("/")[0] or "/")
        return Response("", status_code=303, media_type=MediaType.TEXT, headers={"location": above})
    if error.status_code >= 500:  # noqa: PLR2004 — ours
        log.error("failed", method=request.method, path=request.url.path, exc_info=error)
    return answer(request, error.status_code)


def _away(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """The page holds what was typed, so that it can be sent again; its command id makes sure it is done once."""
    log.warning("store away", method=request.method, path=request.url.path, error=type(error).__name__)
    return answer(request, 503, again=typed(request))


def _unfit(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """A value the database cannot hold: nothing was written; that no page said so first is worth a look."""
    log.error("unfit", method=request.method, path=request.url.path, exc_info=error)
    return answer(request, 422)


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    log.error("failed", method=request.method, path=request.url.path, exc_info=error)
    return answer(request, 500)


HANDLERS: "ExceptionHandlersMap" = {
    NotSignedIn: _not_signed_in,
    Forbidden: lambda request, reason: answer(request, 403, reason.sentence),
    Refused: lambda request, reason: answer(request, 409, reason.sentence, reason.items),
    Invalid: lambda request, reason: answer(request, 422, str(reason)),
    HTTPException: _http,
    **dict.fromkeys((OperationalError, InterfaceError, PoolTimeout, PoolClosed, Away), _away),
    DataError: _unfit,
    Exception: _failed,
}


async def before_send(message: "Message", scope: "Scope") -> None:
    """Add the security headers to whatever leaves, and write the line of the log: method, path, status, nothing more."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers[name] = value
    if not scope["litestar_app"].state.settings.insecure_http:
        headers["strict-transport-security"] = "max-age=31536000"
    if "cache-control" not in headers:
        headers["cache-control"] = "no-store"
    log.info("request", method=scope.get("method", ""), path=scope["path"], status=message["status"])

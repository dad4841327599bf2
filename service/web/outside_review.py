"""A file signed outside that no program here can check: another person takes it, looks at it, and accepts it with a reason."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.aggregates.commitment_review import AcceptOutsideFile
from service.permits import Forbidden
from service.projections import outside_page
from service.web import attached, outside
from service.web.commitment_place import ONE, place_of
from service.web.form import Raw, first
from service.web.page import Moment, Req, redirect, send
from service.web.paper import PDF
from service.web.session import Session

CLOSED = "Este archivo lo abren quien lo subió, la DRE y los auditores."


@get(f"{ONE}/firma-de-fuera/archivos/{{file:str}}", sync_to_thread=True)
def take(request: Req, session: NamedDependency[Session], commitment: FromPath[str], file: FromPath[str]) -> Response[bytes]:
    """Hand out a file that was not found valid, as it came.

    Raises:
        Forbidden: it is another person's, and the reader does not review it.

    """
    code, stream, number = place_of(commitment)
    with request.app.state.database.snapshot() as connection:
        brought = outside_page.refused(connection, Moment().position, stream, number)
    known = [each for each in brought if each.file == file]
    if not known:
        raise NotFoundException
    own = session.id in {each.person for each in known}
    if not own and not session.may(AcceptOutsideFile, code) and not session.has("auditor"):
        raise Forbidden(CLOSED)
    return attached.hand_out(request, file, PDF, f"compromiso-{commitment}-revisar-{file[:8]}")


@post(f"{ONE}/firma-de-fuera/aceptacion", opt={"command": AcceptOutsideFile}, sync_to_thread=True)
def accept(request: Req, raw: NamedDependency[Raw], commitment: FromPath[str]) -> Response[Any]:
    """Accept a file that only a person can judge."""
    _, stream, number = place_of(commitment)
    form = send(request, raw, AcceptOutsideFile, stream, commitment=number)
    if not form.done:
        return outside.draw(request, commitment, reviewed={first(raw, "file"): form})
    notice = "El documento quedó aceptado como firmado externamente, con su motivo y a su nombre."
    return redirect(request, f"/compromisos/{commitment}", notice)


ROUTES = (take, accept)

"""One sitting: the commitments that wait for the reader's signature, each read and signed by itself, one after the other."""

from litestar import Response, get
from litestar.di import NamedDependency

from service.projections import LATEST
from service.web.corner import day_of
from service.web.page import Moment, Req, page, redirect
from service.web.session import Session
from service.web.task import Todo
from service.web.todo import listed


def waiting(request: Req, session: Session) -> list[Todo]:
    """What waits for the reader's signature now, in the order of its days."""
    with request.app.state.database.snapshot() as connection:
        return listed(connection, LATEST, session, day_of(request, Moment()), "por-firmar")


@get("/por-firmar", sync_to_thread=True)
def show(request: Req, session: NamedDependency[Session]) -> Response[str]:
    """Show what waits, and lead to the first."""
    return page(request, "por_firmar.html", waiting=waiting(request, session))


def onward(request: Req, commitment: str) -> Response[str]:
    """After a signature in a sitting: the next commitment, or the list when nothing is left."""
    left = waiting(request, request.user)
    following = f"{left[0].href}?sentada=1" if left else "/por-firmar"
    rest = (
        "Queda uno por firmar." if len(left) == 1 else f"Quedan {len(left)} por firmar." if left else "No queda nada por firmar."
    )
    return redirect(request, following, f"Usted firmó el compromiso {commitment}. {rest}")


ROUTES = [show]

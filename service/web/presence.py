"""Who is writing about an activity just now: «Rosa Quispe está editando esta actividad», heard live, no part of the record.

A page in which somebody writes sends a heartbeat (`static/presencia.js`); each is one small row that lives half a minute. Only
an arrival and a leaving are told to open pages, over the one stream of `live`, in every process; whoever shows somebody looks
again by itself, so that a dead browser vanishes too.
"""

from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service import people, private
from service.aggregates import Command
from service.aggregates.plan import ChangeActivity
from service.aggregates.quarter_progress import RecordProgress
from service.ledger import stream_of
from service.web.page import Req, page
from service.web.session import Session
from service.web.words import cargo

if TYPE_CHECKING:
    from psycopg import Connection

PLACE = "/ugel/{code:str}/{year:int}"
ONE = f"{PLACE}/actividades/{{activity:int}}/presencia"
EDITING: list[type[Command]] = [ChangeActivity, RecordProgress]


class Writer(msgspec.Struct, frozen=True):
    """Somebody who is writing, as a page shows it."""

    activity: int
    who: str
    charge: str


def writers(connection: "Connection[Any]", stream: str, reader: str, activity: int = 0) -> list[Writer]:
    """Who else is writing in a unit's year, or about one of its activities."""
    found = [each for each in private.present(connection, stream, activity) if each.person != reader]
    names = people.names(connection, (each.person for each in found)) if found else {}
    return [Writer(each.activity, names[each.person], cargo(each.charge)) for each in found]


def draw(request: Req, code: str, year: int, activity: int = 0) -> Response[str]:
    """Draw the part that says who is writing; 0 for the whole plan."""
    with request.app.state.database.connection() as connection:
        found = writers(connection, stream_of(code, year), request.user.id, activity)
    return page(request, "_presencia.html", writers=found, presence=part(code, year, activity))


def part(code: str, year: int, activity: int = 0) -> dict[str, str]:
    """Where the part comes from, and what it listens to."""
    here = f"/ugel/{code}/{year}/presencia" if not activity else f"/ugel/{code}/{year}/actividades/{activity}/presencia"
    return {"here": here, "event": f"presencia-{code}-{year}"}


@get(f"{PLACE}/presencia", sync_to_thread=True)
def everywhere(request: Req, code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Who is writing in the plan."""
    return draw(request, code, year)


@get(ONE, sync_to_thread=True)
def show(request: Req, code: FromPath[str], year: FromPath[int], activity: FromPath[int]) -> Response[str]:
    """Who is writing about the activity."""
    return draw(request, code, year, activity)


@post(ONE, opt={"command": EDITING, "draft": False}, sync_to_thread=True)
def beat(
    request: Req, session: NamedDependency[Session], code: FromPath[str], year: FromPath[int], activity: FromPath[int]
) -> Response[None]:
    """Note that the reader is writing."""
    stream = stream_of(code, year)
    charge = people.choose(session.charges, next(kind for kind in EDITING if session.may(kind, code)), code)
    with request.app.state.database.connection() as connection:
        if private.arrive(connection, stream, activity, session.id, charge.charge):
            _tell(connection, code, year)
    return Response(None, status_code=204)


@post(f"{ONE}/fin", opt={"command": EDITING, "draft": False}, sync_to_thread=True)
def end(
    request: Req, session: NamedDependency[Session], code: FromPath[str], year: FromPath[int], activity: FromPath[int]
) -> Response[None]:
    """Note that the reader stopped."""
    with request.app.state.database.connection() as connection:
        if private.leave(connection, stream_of(code, year), activity, session.id):
            _tell(connection, code, year)
    return Response(None, status_code=204)


def _tell(connection: "Connection[Any]", code: str, year: int) -> None:
    """Wake the open pages of every process; position 0 says that the record did not move."""
    connection.execute("select pg_notify('quipu', %s)", [f"0 presencia/{code}/{year}"])


ROUTES = [everywhere, show, beat, end]

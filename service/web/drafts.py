"""Drafts: what is typed in a form is saved at each pause, privately, and put back into the form on the next visit.

`static/borradores.js` is the other half; without it forms work as they are. A draft goes away when its form is sent (`page.send`).
"""

import time
from collections import deque
from datetime import UTC, datetime

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency

from service import private
from service.settings import LIMA
from service.web.form import Raw, first
from service.web.page import Invalid, Req
from service.web.session import Session
from service.web.words import GAP, MONTHS, hora

MOST_A_MINUTE, MINUTE = 120, 60.0
MOST_PEOPLE = 10_000
Told = Response[dict[str, object]]


class Pace:
    """How often each person saved in the last minute, in this process: a form that runs wild is asked to wait."""

    def __init__(self) -> None:
        self._times: dict[str, deque[float]] = {}

    def allows(self, person: str, now: float) -> bool:
        """Count one more, unless there were too many."""
        if len(self._times) > MOST_PEOPLE:
            self._times.clear()
        times = self._times.setdefault(person, deque())
        while times and times[0] <= now - MINUTE:
            times.popleft()
        if len(times) >= MOST_A_MINUTE:
            return False
        times.append(now)
        return True


def when(saved: datetime) -> str:
    """«de las 10:42», with its day when that is not today."""
    day, today = saved.astimezone(LIMA).date(), datetime.now(UTC).astimezone(LIMA).date()
    return f"de las {hora(saved)}" if day == today else f"del {day.day}{GAP}{MONTHS[day.month - 1]}, {hora(saved)}"


@get("/borradores", sync_to_thread=True)
def show(request: Req, session: NamedDependency[Session]) -> Told:
    """The reader's own drafts of the forms asked for."""
    forms = request.query_params.getall("forma", [])[: private.MOST_FORMS]
    with request.app.state.database.connection() as connection:
        found = private.drafts(connection, session.id, forms)
    return Response({each.form: {"cuando": when(each.saved_at), "campos": each.fields} for each in found})


@post("/borradores", opt={"own": True, "draft": False}, sync_to_thread=True)
def keep(request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw]) -> Told:
    """Keep what was typed in some fields; `hecho` says that the form was carried out already.

    Raises:
        Invalid: it is no form of ours.
    """
    form = first(raw, "forma")
    try:
        fields = msgspec.json.decode(first(raw, "campos"), type=dict[str, list[str]])
    except msgspec.MsgspecError as error:
        message = "El borrador llegó dañado: no se guardó."
        raise Invalid(message) from error
    if not private.fit(form, fields):
        message = "El borrador es demasiado grande: no se guardó."
        raise Invalid(message)
    pace: Pace = request.app.state.setdefault("pace", Pace())
    if not pace.allows(session.id, time.monotonic()):
        return Response({"espere": MINUTE}, status_code=429)
    with request.app.state.database.connection() as connection:
        kept = private.keep_draft(connection, session.id, form, fields)
    return Response({"guardado": hora(datetime.now(UTC)), "hecho": not kept}, status_code=200)


@post("/borradores/descarte", opt={"own": True, "draft": False}, sync_to_thread=True)
def discard(request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw]) -> Told:
    """Forget a draft."""
    with request.app.state.database.connection() as connection:
        private.drop_draft(connection, session.id, first(raw, "forma"))
    return Response({"descartado": True}, status_code=200)


ROUTES = [show, keep, discard]

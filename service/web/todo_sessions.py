"""What waits from the sessions: those one is called to, votes that are missing, proposals to resolve, actas to close."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from psycopg import Connection

from service.aggregates import ROMAN
from service.aggregates.session import OpenSession
from service.aggregates.session_agreements import CastVote
from service.aggregates.session_minutes import AcceptWording, CloseMinutes
from service.aggregates.session_quorum import ATTENDING
from service.ledger import region_of
from service.projections import session_page as read
from service.web.task import Todo
from service.web.words import fecha, plural

if TYPE_CHECKING:
    from service.web.session import Session


def sessions(connection: Connection[Any], at: int, session: "Session", streams: Sequence[str], today: date) -> Iterator[Todo]:
    """The tasks of the reader in the sessions of these years and of the region's."""
    own = {charge.unit for charge in session.charges if charge.role in ATTENDING}
    regions = [region_of(year) for year in (today.year - 1, today.year, today.year + 1)]
    for it in read.sessions(connection, at, [*streams, *regions]):
        where = "regional" if it.regional else f"de {session.dre.units[it.code].name}"
        name = f"la sesión {where} del {ROMAN[it.quarter]} trimestre"
        if it.status == "convened" and it.day <= today and session.may(OpenSession, it.code):
            yield Todo(it.href, f"Abrir {name}", f"Se convocó para el {fecha(it.day)}", late=it.day < today)
        elif it.status == "convened" and it.day >= today and own & {*it.units, it.code}:
            yield Todo(it.href, f"Asistir a {name}", f"{fecha(it.day)} · {it.place}")
        elif it.status == "open":
            yield from _votes(connection, at, session, it, name)
        elif it.status == "ended":
            yield from _acta(connection, at, session, it, name)


def _votes(connection: Connection[Any], at: int, session: "Session", it: read.Session, name: str) -> Iterator[Todo]:
    """The agreements of an open session which the reader attends and has not voted."""
    there = {each.person: each.charge for each in read.attendees(connection, at, it.stream, it.session)}
    unit = there[session.id].split("/")[1] if it.regional and session.id in there else it.code
    if session.id not in there or not session.may(CastVote, unit):
        return
    agreed = read.agreements(connection, at, [it.stream], it.session)
    left = [each for each in agreed if not each.withdrawn and session.id not in {vote.person for vote in each.votes}]
    if left:
        yield Todo(f"{it.href}#acuerdos", f"Votar {plural(len(left), 'acuerdo', 'acuerdos')} de {name}", it.place)


def _acta(connection: Connection[Any], at: int, session: "Session", it: read.Session, name: str) -> Iterator[Todo]:
    """What a draft waits for: somebody to answer what is proposed, then somebody to close it."""
    proposed = [each for each in read.wordings(connection, at, it.stream, it.session) if each.status == "proposed"]
    others = [each for each in proposed if each.proposer != session.id]
    if others and session.may(AcceptWording, it.code):
        text = plural(len(others), "cambio propuesto", "cambios propuestos")
        yield Todo(f"{it.href}/acta", f"Resolver {text} al acta de {name}", it.place)
    elif not proposed and session.may(CloseMinutes, it.code):
        yield Todo(f"{it.href}/acta", f"Cerrar el acta de {name}", f"Fue el {fecha(it.day)}")

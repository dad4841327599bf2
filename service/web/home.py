"""Inicio: what waits for the reader, the region in four numbers, the last facts of the own unit."""

from datetime import UTC, date, datetime
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from psycopg import Connection

from service.aggregates import DRE
from service.ledger import STANDING, stream_of
from service.projections import agenda, history
from service.projections import discussion as told
from service.projections.catalogue_page import next_deadline
from service.settings import LIMA
from service.web import conversation, mentions, story
from service.web.board_filters import asked_year
from service.web.catalogue_words import step
from service.web.page import Moment, Req, page
from service.web.scope import scope
from service.web.session import Session
from service.web.todo import LISTS, listed
from service.web.words import cargo

PARTS = (*LISTS, "region", "hechos", "menciones", "en-seguimiento")
LAST = 10


def day_of(moment: Moment) -> date:
    """The day that the reader stands on: today, or that of the past moment."""
    on = moment.on or datetime.now(UTC)
    return on.astimezone(LIMA).date() if isinstance(on, datetime) else on


def evaluated(year: int, today: date) -> int:
    """The quarter whose evaluation is to be closed: the last one that ended in the year, the first before that."""
    if today.year != year:
        return 4 if today.year > year else 1
    return max(1, (today.month - 1) // 3)


def last_facts(connection: Connection[Any], at: int, session: Session, year: int) -> list[story.Day]:
    """The last facts of the reader's unit in the year; standing matters where there is no unit with a plan."""
    stream = stream_of(session.unit or DRE, year)
    deeds = history.find(connection, at, stream, limit=LAST)
    return story.tell(connection, deeds or history.find(connection, at, STANDING, limit=LAST))


@get("/", sync_to_thread=True)
def show(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[str]:
    """Show the first page, or with `parte` one part of it, reading no more than it shows."""
    part, year, today = request.query_params.get("parte", ""), asked_year(request), day_of(moment)
    wanted, at, quarter = {part} if part in PARTS else set(PARTS), moment.position, evaluated(year, today)
    with request.app.state.database.snapshot() as connection:
        lists = {name: listed(connection, at, session, today, name) for name in LISTS if name in wanted}
        tallies = agenda.tallies(connection, at, year, quarter) if "region" in wanted else None
        deadline = next_deadline(connection, at, today) if "region" in wanted else None
        facts = last_facts(connection, at, session, year) if "hechos" in wanted else []
        mentioned = mentions.mentioned(connection, at, session.id) if "menciones" in wanted else []
        flags = told.flags(connection, at, scope(session, today)) if "en-seguimiento" in wanted else []
        watched = conversation.flagged(connection, flags)
    return page(
        request,
        f"_inicio_{part.replace('-', '_')}.html" if part in PARTS else "inicio.html",
        moment=moment,
        lists=lists,
        tallies=tallies,
        deadline=deadline and (f"{step(deadline)} {deadline.year}", deadline.day),
        quarter=quarter,
        history=facts,
        mentioned=mentioned,
        watched=watched,
        unit_names={code: each.name for code, each in session.dre.units.items()},
        year=year,
        unit=session.dre.units.get(session.unit),
        charges=[cargo(charge.charge) for charge in session.charges],
        greeting=_greeting(datetime.now(UTC).astimezone(LIMA).hour),
    )


def _greeting(hour: int) -> str:
    if hour < 12:  # noqa: PLR2004 — noon
        return "Buenos días"
    return "Buenas tardes" if hour < 19 else "Buenas noches"  # noqa: PLR2004 — nightfall, all year


ROUTES = (show,)

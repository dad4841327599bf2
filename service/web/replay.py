"""Reproducir: the year of a unit or of the region fact by fact, how all stood then, and any two moments compared in words."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import people
from service.ledger import STANDING, region_of, stream_of
from service.permits import Forbidden
from service.projections import board, commitment_page, followup_page, history, replay, summary, support_page, unit
from service.projections.quarter_page import Place, place
from service.settings import LIMA
from service.web import story
from service.web.differences import compare
from service.web.page import Invalid, Moment, Req, last_of, page, wants_part
from service.web.sentences import Sentence
from service.web.session import Session
from service.web.typed import day
from service.web.words import fecha, hora, numero

PLACE, REGION = "/reproducir/{code:str}/{year:int}", "/reproducir/region/{year:int}"
ONLY_AUDITORS = "Los datos en bruto son para auditores."


class Comparison(msgspec.Struct, frozen=True):
    """Another moment beside this one: what was asked, where it lies, and what differs from the earlier to the later."""

    asked: str
    position: int
    at: datetime | None
    forward: bool
    groups: list[tuple[str, list[Sentence]]]


class Subject(msgspec.Struct, frozen=True):
    """The activity a fact is about, as it stood: its tasks and what was done of them by quarter."""

    activity: unit.Activity
    tasks: list[unit.Task]
    done: dict[tuple[int, int], unit.Done]


class Scene(msgspec.Struct, frozen=True):
    """Whose year is told: its stream, the page of its replay, and the pages of the year itself and of its history."""

    name: str
    year: int
    stream: str
    path: str
    href: str
    history: str
    unit: Place | None = None


@get(PLACE, sync_to_thread=True)
def show(
    request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]
) -> Response[Any]:
    """Show the step of a unit's year that `paso`, `hasta` or `al` asks for, today's without any."""
    with request.app.state.database.snapshot() as connection:
        unit = place(connection, moment.position, code, year) or place(connection, Moment().position, code, year)
    if unit is None:
        raise NotFoundException
    path, history_of = f"/reproducir/{code}/{year}", f"{unit.href}/historial"
    return _draw(request, session, moment, Scene(unit.name, year, unit.stream, path, unit.href, history_of, unit))


@get(REGION, sync_to_thread=True)
def show_region(
    request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], year: FromPath[int]
) -> Response[Any]:
    """Show a step of the region's year: the support sessions and what came of them."""
    path, href = f"/reproducir/region/{year}", f"/apoyo?anio={year}"
    scene = Scene("Apoyo a las UGEL", year, region_of(year), path, href, f"/apoyo/{year}/historial")
    return _draw(request, session, moment, scene)


def _draw(request: Req, session: Session, moment: Moment, scene: Scene) -> Response[Any]:
    """Draw the step that the address asks for."""
    path, asked = scene.path, request.query_params.get("comparar", "").strip()
    more = f"&comparar={quote(asked, safe='')}" if asked else ""
    with request.app.state.database.snapshot() as connection:
        total = replay.total(connection, scene.stream)
        step = _step(connection, request, scene.stream, moment, total)
        if "paso" in request.query_params and step and not wants_part(request):
            return Response(
                "", status_code=303, media_type=MediaType.TEXT, headers={"location": f"{path}?hasta={step.position}{more}"}
            )
        shown: dict[str, Any] = _shown(connection, session, scene, step, total, asked) if step else {"step": None, "total": total}
    at = Moment(step.position, past=True, on=shown["fact"].at, today=path) if step else moment
    pushed = f"{path}?hasta={step.position}{more}" if step else path
    headers = {"hx-push-url": pushed} if wants_part(request) else {}
    return page(
        request,
        "reproducir.html",
        part="_reproducir_paso.html",
        moment=at,
        headers=headers,
        scene=scene,
        place=scene.unit,
        path=path,
        asked=asked,
        **shown,
    )


def _step(connection: Connection[Any], request: Req, stream: str, moment: Moment, total: int) -> replay.Step | None:
    text = request.query_params.get("paso", "").strip()
    if not text:
        return replay.last(connection, moment.position, stream)
    if not (text.isascii() and text.isdecimal() and len(text) < 18 and 0 < int(text) <= total):  # noqa: PLR2004 — a bigint
        message = f"El hecho debe ser un número de 1 a {numero(total)}; dice «{text[:40]}»."
        raise Invalid(message)
    return replay.step(connection, stream, int(text))


def _shown(
    connection: Connection[Any], session: Session, scene: Scene, step: replay.Step, total: int, asked: str
) -> dict[str, Any]:
    """All that one step shows."""
    stream, at = scene.stream, step.position
    (deed,) = history.find(connection, at, stream, limit=1)
    fact = story.tell(connection, [deed])[0].entries[0]
    stored = replay.stored(connection, stream, at) if session.has("auditor") else None
    stood = _unit_stood(connection, scene.unit, deed, at) if scene.unit else _region_stood(connection, stream, at)
    return stood | {
        "step": step,
        "total": total,
        "fact": fact,
        "spoken": f"Hecho {step.version} de {total}: {fecha(deed.at)}, {fact.who} {fact.text}".replace("\u00a0", " "),
        "before": replay.step(connection, stream, step.version - 1),
        "after": replay.step(connection, stream, step.version + 1),
        "marks": replay.marks(connection, stream),
        "today": deed.at.astimezone(LIMA).date(),
        "stored": json.dumps(json.loads(stored[0]), ensure_ascii=False, indent=2) if stored else "",
        "sha256": stored[1] if stored else "",
        "comparison": _comparison(connection, stream, step.position, asked) if asked else None,
        "hour": hora(deed.at),
    }


def _unit_stood(connection: Connection[Any], where: Place, deed: history.Deed, at: int) -> dict[str, Any]:
    """How the year of a unit stood."""
    return {
        "summary": summary.summary(connection, at, where.stream),
        "subject": _subject(connection, at, where.stream, getattr(deed.event, "activity", 0)),
        "alerts": [alert for alert in followup_page.alerts(connection, at, where.stream) if alert.status != "closed"],
        "commitments": commitment_page.commitments(connection, at, where.code, where.year),
    }


def _region_stood(connection: Connection[Any], stream: str, at: int) -> dict[str, Any]:
    """How the region's year stood."""
    return {
        "supports": support_page.supports(connection, at, stream),
        "taken": support_page.undertakings(connection, at, [stream]),
        "units": {each.code: each.name for each in board.units(connection, at, int(stream.rpartition("/")[2]))},
    }


def _subject(connection: Connection[Any], at: int, stream: str, number: int) -> Subject | None:
    found = unit.activities(connection, at, stream, number) if number else []
    if not found:
        return None
    done = {(each.task, each.quarter): each for each in unit.done(connection, at, stream, number)}
    return Subject(found[0], unit.tasks(connection, at, stream, number), done)


def _comparison(connection: Connection[Any], stream: str, at: int, asked: str) -> Comparison:
    """Compare with `hoy`, a fact's number or the end of a day; always told from the earlier to the later.

    Raises:
        Invalid: it is none of them, or lies ahead of the record.

    """
    head = history.head(connection, Moment().position)
    if asked == "hoy":
        position = head.position
    elif asked.isascii() and asked.isdecimal() and len(asked) < 18 and 0 < int(asked) <= head.position:  # noqa: PLR2004 — a bigint
        position = int(asked)
    else:
        try:
            position = last_of(connection, day(asked))
        except ValueError as error:
            message = f"«Comparar con» debe ser hoy, una fecha como 30/09/2026 o el número de un hecho; dice «{asked[:40]}»."
            raise Invalid(message) from error
    first, second = sorted((at, position))
    reached = history.head(connection, position)
    return Comparison(asked, position, reached.at, position >= at, compare(connection, stream, first, second))


def _bytes(request: Req, session: Session, stream: str, name: str) -> Response[bytes]:
    """The stored bytes of a fact, exactly, for auditors; the reading is noted.

    Raises:
        Forbidden: not an auditor.

    """
    if not session.has("auditor"):
        raise Forbidden(ONLY_AUDITORS)
    number = name.removesuffix(".json")
    if not (name.endswith(".json") and number.isascii() and number.isdecimal() and len(number) < 18):  # noqa: PLR2004 — a bigint
        raise NotFoundException
    with request.app.state.database.connection() as connection:
        found = replay.stored(connection, stream, int(number))
        if found is None:
            raise NotFoundException
        people.note_access(connection, session.id, f"leyó los bytes del hecho n.º {number}")
    headers = {"x-quipu-sha256": found[1], "content-disposition": f'attachment; filename="hecho-{number}.json"'}
    return Response(found[0], media_type=MediaType.JSON, headers=headers)


@get(PLACE + "/hecho/{name:str}", sync_to_thread=True)
def raw(
    request: Req, session: NamedDependency[Session], code: FromPath[str], year: FromPath[int], name: FromPath[str]
) -> Response[bytes]:
    """A fact of a unit's year as it is stored: `215.json`."""
    return _bytes(request, session, stream_of(code, year), name)


@get("/dre/historial/hecho/{name:str}", sync_to_thread=True)
def raw_standing(request: Req, session: NamedDependency[Session], name: FromPath[str]) -> Response[bytes]:
    """A fact of the DRE's standing matters as it is stored."""
    return _bytes(request, session, STANDING, name)


@get(REGION + "/hecho/{name:str}", sync_to_thread=True)
def raw_region(request: Req, session: NamedDependency[Session], year: FromPath[int], name: FromPath[str]) -> Response[bytes]:
    """A fact of the region's year as it is stored."""
    return _bytes(request, session, region_of(year), name)


ROUTES = (show, show_region, raw, raw_standing, raw_region)

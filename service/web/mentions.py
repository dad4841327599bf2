"""Mentions: written as `@usuario`, kept in the record as the opaque id, shown with the name; and who may be mentioned."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import people, private
from service.aggregates import ROMAN
from service.aggregates.discussion import MENTION
from service.ledger import stream_of
from service.projections import LATEST
from service.projections import discussion as told
from service.settings import LIMA
from service.web.page import Req, redirect
from service.web.session import Session
from service.web.words import cargo

WRITTEN = re.compile(r"(?<![\w@.])@([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[^\]]*\])")
OFFERED = 8


class Mentioned(msgspec.Struct, frozen=True):
    """A comment that mentions the reader, as Inicio lists it; `read` is where it is read."""

    it: told.Mention
    what: str
    who: str
    text: str
    read: str


class Piece(msgspec.Struct, frozen=True):
    """A piece of a text: words, or the name of somebody mentioned."""

    text: str
    mention: bool = False


def resolve(connection: Connection[Any], text: str) -> tuple[str, list[str]]:
    """A written text with the ids of those it mentions, and the names that nobody signs in with."""
    written = {each.lower() for each in WRITTEN.findall(text)}
    ids = people.ids(connection, written)
    return WRITTEN.sub(lambda each: f"@[{ids.get(each[1].lower(), '')}]", text), sorted(written - ids.keys())


def names(connection: Connection[Any], persons: Iterable[str], texts: Iterable[str]) -> dict[str, str]:
    """The names of these persons and of those the texts mention."""
    return people.names(connection, {*persons, *(each for text in texts for each in MENTION.findall(text))})


def pieces(text: str, named: dict[str, str]) -> list[Piece]:
    """A text with the names of those it mentions, piece by piece."""
    parts = MENTION.split(text)
    return [Piece(f"@{named[part]}", mention=True) if place % 2 else Piece(part) for place, part in enumerate(parts) if part]


def plain(text: str, named: dict[str, str]) -> str:
    """The same in one piece."""
    return "".join(piece.text for piece in pieces(text, named))


def address(kind: str, stream: str, number: int) -> str:
    """The page of what is spoken of."""
    _, code, year = stream.split("/")
    places = {
        "activity": f"/ugel/{code}/{year}/actividades/{number}",
        "finding": f"/ugel/{code}/{year}/hallazgos/{number}",
        "commitment": f"/compromisos/{code}-{year}-{number}",
        "quarter": f"/ugel/{code}/{year}/t{number}",
    }
    return places[kind]


def called(kind: str, number: int, name: str) -> str:
    """What is spoken of, in words."""
    words = {"activity": name, "finding": f"Hallazgo {number}: {name}", "commitment": f"Compromiso {number}: {name}"}
    return words.get(kind) or f"Calificación del {ROMAN[number]} trimestre"


def mentioned(connection: Connection[Any], at: int, person: str) -> list[Mentioned]:
    """The comments that mention a person and wait to be read, in words."""
    found = told.mentions(connection, at, person)
    named = names(connection, (each.person for each in found), (each.text for each in found))
    return [
        Mentioned(
            each,
            called(each.kind, each.number, each.name),
            named[each.person],
            plain(each.text, named),
            f"/menciones/{each.stream.removeprefix('unit/')}/{each.comment}/lectura",
        )
        for each in found
    ]


@get("/personas", sync_to_thread=True)
def offer(request: Req, session: NamedDependency[Session]) -> Response[list[dict[str, str]]]:
    """Who may be mentioned, by the beginning of the usuario or of a name: those who hold a charge today."""
    wanted = request.query_params.get("q", "").strip()[:60]
    today = datetime.now(UTC).astimezone(LIMA).date()
    with request.app.state.database.connection() as connection:
        found = people.search(connection, wanted) if wanted else []
    held = ((person, session.dre.held(person.id, today)) for person in found)
    offered = [{"usuario": p.usuario, "nombre": p.name, "cargo": cargo(charges[0].charge)} for p, charges in held if charges]
    return Response(offered[:OFFERED])


@post("/menciones/{code:str}/{year:int}/{comment:int}/lectura", opt={"own": True, "draft": False}, sync_to_thread=True)
def follow(
    request: Req, session: NamedDependency[Session], code: FromPath[str], year: FromPath[int], comment: FromPath[int]
) -> Response[str]:
    """Go to the comment that mentions the reader, who has read it then."""
    stream = stream_of(code, year)
    with request.app.state.database.connection() as connection:
        found = told.subject_of(connection, LATEST, stream, comment)
        if found is None:
            raise NotFoundException
        private.read_mention(connection, session.id, stream, comment)
    return redirect(request, f"{address(found[0], stream, found[1])}#comentario-{comment}")


ROUTES = [offer, follow]

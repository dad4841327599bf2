"""The facts of a history as a file: a table to work with, or for auditors the stored bytes, one fact a line."""

import csv
import io
from typing import Any

import msgspec
from litestar import Response
from psycopg import Connection

from service import people
from service.aggregates.evidence import EvidenceReviewed
from service.permits import Forbidden
from service.projections import history as read
from service.settings import LIMA
from service.web.page import Invalid, Moment, Req
from service.web.replay import ONLY_AUDITORS
from service.web.words import cargo

Kinds = dict[str, tuple[str, tuple[str, ...]]]
COLUMNS = {
    "from_pos": "Hecho n.º",
    "version": "Lugar en el historial",
    "at": "Registrado",
    "happened_on": "Ocurrió",
    "person": "Persona",
    "charge": "Cargo",
    "type": "Tipo de hecho",
    "quarter": "Trimestre",
    "activity": "Actividad",
    "task": "Tarea",
    "commitment": "Compromiso",
    "figure": "Cifra",
    "reason": "Motivo",
}
REVIEWED = EvidenceReviewed.__struct_config__.tag  # its reason is for who may read the evidence
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute what begins with these


def download(request: Req, moment: Moment, stream: str, wanted: read.Wanted, kinds: Kinds) -> Response[bytes]:
    """Every fact the filters let through, as `formato` asks: `csv` for all who read, `jsonl` for auditors; the reading is noted.

    Raises:
        Forbidden: stored bytes for somebody who is no auditor.
        Invalid: another format.

    """
    kind = request.query_params["formato"]
    if kind not in {"csv", "jsonl"}:
        message = f"«formato» debe ser csv o jsonl; dice «{kind[:40]}»."
        raise Invalid(message)
    if kind == "jsonl" and not request.user.has("auditor"):
        raise Forbidden(ONLY_AUDITORS)
    at, whole = moment.position, msgspec.structs.replace(wanted, before=0, after=0)
    with request.app.state.database.snapshot() as connection:
        head = read.head(connection, at)
        file = _lines(connection, at, stream, whole) if kind == "jsonl" else _table(connection, at, stream, whole, kinds)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, request.user.id, f"exportó {request.url.path}?{request.url.query}")
    name = f"historial-{stream.partition('/')[2].replace('/', '-')}-hecho-{head.position}.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    media = "text/csv; charset=utf-8" if kind == "csv" else "application/jsonl"
    return Response(file, media_type=media, headers=headers)


def _table(connection: Connection[Any], at: int, stream: str, wanted: read.Wanted, kinds: Kinds) -> bytes:
    """Rows as on screen: hours of Lima, words for charges and kinds; with the mark by which spreadsheets know UTF-8."""
    told = read.register(connection, at, stream, wanted, *COLUMNS)
    names = people.names(connection, {row[list(COLUMNS).index("person")] for row in told})
    words = {tag: label for label, tags in kinds.values() for tag in tags}
    file = io.StringIO()
    out = csv.writer(file)
    out.writerow(COLUMNS.values())
    for position, version, when, on, person, charge, kind, *numbers, figure, reason in told:
        recorded = when.astimezone(LIMA).strftime("%Y-%m-%d %H:%M:%S")
        text = map(safe, (names[person], cargo(charge), words.get(kind, kind)))
        why = "" if kind == REVIEWED else safe(reason)
        out.writerow((position, version, recorded, on, *text, *(number or "" for number in numbers), figure, why))
    return file.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _lines(connection: Connection[Any], at: int, stream: str, wanted: read.Wanted) -> bytes:
    """A line for each fact: where it stands, and its bytes as they are stored."""
    place = b'{"position":%d,"stream":"%s","version":%d,"fact":%s}\n'
    facts = read.stored(connection, at, stream, wanted)
    return b"".join(place % (position, stream.encode(), version, state) for position, version, state in facts)

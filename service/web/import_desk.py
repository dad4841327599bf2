"""The desk where a sent workbook lies: read one at a time by another process, kept, and shown to its sender."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from litestar import Response
from litestar.exceptions import NotFoundException

from service import people, uploads, workbook
from service.aggregates import Refused
from service.projections import LATEST, board
from service.web.page import Req
from service.workbook import apart

PLACE = "/ugel/{code:str}/{year:int}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PATIENCE = 20
_turn = threading.Lock()


def sheet(content: bytes, name: str) -> Response[bytes]:
    """A workbook to download."""
    return Response(content, media_type=XLSX, headers={"content-disposition": f'attachment; filename="{name}"'})


@contextmanager
def turn() -> Iterator[None]:
    """One workbook at a time: many large ones at once would leave nothing to anybody else.

    Raises:
        Refused: too many are waiting.

    """
    if not _turn.acquire(timeout=PATIENCE):
        message = "Se están revisando otros archivos. Espere un momento y vuelva a enviar el suyo."
        raise Refused(message)
    try:
        yield
    finally:
        _turn.release()


def read(content: bytes, name: str, chosen: workbook.Mapping | None, known: Mapping[str, uploads.Remembered]) -> workbook.Reading:
    """Read a workbook when it is its turn.

    Raises:
        Refused: too many are waiting.
        WorkbookError: it cannot be read.

    """
    with turn():
        return apart.read(content, name, chosen, {fingerprint: each.mapping for fingerprint, each in known.items()})


def mark(file: uploads.Upload, dry: workbook.DryRun) -> bytes:
    """The file with its wrong cells marked, when it is its turn.

    Raises:
        Refused: too many are waiting, or it is too large to be written again.

    """
    with turn():
        try:
            return apart.mark(file.content, file.filename, dry)
        except workbook.WorkbookError as error:
            raise Refused(error.message) from error


def known(request: Req, code: str) -> dict[str, uploads.Remembered]:
    """What the headers of this unit's files mean."""
    with request.app.state.database.connection() as connection:
        return uploads.remembered(connection, code)


def kept(request: Req, code: str, year: int, upload: str) -> tuple[uploads.Upload, workbook.Reading]:
    """A file this person sent for this unit's year, and what was read of it.

    Raises:
        NotFoundException: there is none.

    """
    with request.app.state.database.connection() as connection:
        found = uploads.find(connection, upload, request.user.id)
    if found is None or (found.unit, found.year) != (code, year):
        raise NotFoundException
    reading = found.read()
    if reading is None:
        reading = read(found.content, found.filename, None, known(request, code))
        note(request, upload, reading)
    return found, reading


def note(request: Req, upload: str, reading: workbook.Reading) -> None:
    """Keep what was read."""
    with request.app.state.database.connection() as connection:
        uploads.note_reading(connection, upload, reading)


def place(request: Req, code: str, year: int) -> board.Unit:
    """The unit of the address.

    Raises:
        NotFoundException: there is none.

    """
    with request.app.state.database.snapshot() as connection:
        found = next((each for each in board.units(connection, LATEST, year) if each.code == code), None)
    if found is None:
        raise NotFoundException
    return found


def saved_by(request: Req, code: str, reading: workbook.Reading) -> tuple[str, Any]:
    """Who taught us this header, and when; ("", None) where nobody did."""
    if reading.how != "remembered":
        return "", None
    found = known(request, code).get(reading.fingerprint)
    if found is None:
        return "", None
    with request.app.state.database.connection() as connection:
        names = people.names(connection, [found.person] if found.person else [])
    return names.get(found.person or "", ""), found.saved_at

"""A file attached to what is recorded: kept by its content before the fact that names it, handed out to be saved."""

from typing import Any

from litestar import Response

from service import filetypes, people
from service.aggregates import Refused
from service.documents import Unkept
from service.permits import OFFICE
from service.web.form import Form, Raw
from service.web.page import Req, identity
from service.web.session import Session
from service.web.words import numero

GONE = {
    "missing": "El archivo de esta evidencia no está donde se guardan. Avise a su administrador.",
    "altered": "El archivo guardado ya no coincide con su huella: no se entrega. Avise a su administrador.",
}


def inside(session: Session, code: str) -> bool:
    """Whether this reader may open what is under review: the unit itself, the DRE and auditors."""
    return any(charge.unit == code or charge.role in {*OFFICE, "auditor"} for charge in session.charges)


def keep(request: Req, content: bytes) -> dict[str, Any]:
    """Keep a file; its hash, kind and size are those of the content, whatever the form says of it, empty where there is none.

    Raises:
        Unfit: the file is too large, or of no kind that is accepted.

    """
    if not content:
        return {"digest": "", "media": "", "size": 0}
    media = filetypes.media_of(content)
    return {"digest": request.app.state.documents.keep(content), "media": media, "size": len(content)}


def unfit(raw: Raw, error: filetypes.Unfit) -> Form[Any]:
    """The form as it was typed, with what is wrong with its file."""
    form = Form[Any](typed={name: values[0] for name, values in raw.items() if values}, command_id=identity(raw))
    form.errors["archivo"], form.status = error.sentence, 413 if error.large else 422
    return form


def hand_out(request: Req, digest: str, media: str, name: str) -> Response[bytes]:
    """A kept file, to be saved under this name and never shown in place; who took it is noted.

    Raises:
        Refused: the file is not what was attached.

    """
    try:
        content = request.app.state.documents.read(digest)
    except Unkept as unkept:
        raise Refused(GONE[unkept.state]) from unkept
    with request.app.state.database.connection() as connection:
        people.note_access(connection, request.user.id, f"descargó {request.url.path}")
    disposition = f'attachment; filename="{name}.{filetypes.KINDS[media].ending}"'
    return Response(content, media_type=media, headers={"content-disposition": disposition, "x-content-type-options": "nosniff"})


def sized(size: int) -> str:
    """A size in words: «120 KB», «1,4 MB»."""
    return f"{numero(size / 1_000_000, 1)} MB" if size >= 1_000_000 else f"{numero(max(size / 1000, 1), 0)} KB"  # noqa: PLR2004 — a megabyte

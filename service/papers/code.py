"""The code that stands on a paper: in letters to type, and as a QR that a telephone reads."""

import io
from datetime import datetime
from functools import lru_cache

import segno

from service.aggregates import receipt


def of(content: bytes) -> str:
    """The code of what these bytes say, in groups of four letters."""
    return receipt.grouped(receipt.code(content))


def of_acta(stream: str, session: int, closed_at: datetime) -> str:
    """The code of a closed acta: of its stream, its number and the moment it was closed."""
    return receipt.grouped(receipt.code_of_acta(stream, session, closed_at))


def from_digest(digest: str) -> str:
    """The code of what has this SHA-256, in hexadecimal."""
    return receipt.grouped(receipt.code_of(digest))


@lru_cache(maxsize=256)
def qr(text: str) -> str:
    """The QR of a text as an SVG picture."""
    made = io.BytesIO()
    segno.make(text, error="m", micro=False).save(made, kind="svg", border=2, xmldecl=False, omitsize=True)
    return made.getvalue().decode()

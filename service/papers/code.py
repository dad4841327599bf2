"""The code that stands on a paper: in letters to type, and as a QR that a telephone reads."""

import base64
import hashlib
import io
from datetime import UTC, datetime

import segno

LETTERS, GROUP = 16, 4


def of(content: bytes) -> str:
    """The code of what these bytes say, in groups of four letters."""
    return from_digest(hashlib.sha256(content).hexdigest())


def of_acta(stream: str, session: int, closed_at: datetime) -> str:
    """The code of a closed acta: of its stream, its number and the moment it was closed."""
    return of(f"{stream}/{session}/{closed_at.astimezone(UTC).isoformat()}".encode())


def from_digest(digest: str) -> str:
    """The code of what has this SHA-256, in hexadecimal."""
    text = base64.b32encode(bytes.fromhex(digest)).decode()[:LETTERS]
    return "-".join(text[start : start + GROUP] for start in range(0, LETTERS, GROUP))


def qr(text: str) -> str:
    """The QR of a text as an SVG picture."""
    made = io.BytesIO()
    segno.make(text, error="m", micro=False).save(made, kind="svg", border=2, xmldecl=False, omitsize=True)
    return made.getvalue().decode()

"""The codes of receipts: sixteen letters of a digest, in groups of four, that a person can read aloud, type and compare. Pure."""

import base64
import hashlib
import re
from datetime import UTC, datetime

LENGTH, GROUP = 16, 4
MISREAD = str.maketrans("018", "OIB")
"""What base32 does not have, and what who types it meant."""


def code(content: bytes) -> str:
    """The code of these bytes."""
    return _letters(hashlib.sha256(content).digest())


def code_of(digest: str) -> str:
    """The code of a document, from its SHA-256 in hexadecimal."""
    return _letters(bytes.fromhex(digest))


def code_of_acta(stream: str, session: int, closed_at: datetime) -> str:
    """The code of a closed acta: of its stream, its number and the moment it was closed."""
    return code(f"{stream}/{session}/{closed_at.astimezone(UTC).isoformat()}".encode())


def grouped(plain: str) -> str:
    """The code as it is shown: `ABCD-EFGH-IJKL-MNOP`."""
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))


def typed(text: str) -> str:
    """The code that somebody typed, with or without groups, in any case; empty where it is none."""
    plain = re.sub(r"[\s-]", "", text).upper().translate(MISREAD)
    return plain if re.fullmatch(rf"[A-Z2-7]{{{LENGTH}}}", plain, re.ASCII) else ""


def _letters(digest: bytes) -> str:
    return base64.b32encode(digest).decode()[:LENGTH]

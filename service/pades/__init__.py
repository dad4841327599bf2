"""A PDF signed elsewhere (FIRMA PERÚ, ReFirma, Adobe…): a technical check before it is accepted, never its legal validation.

`check` asks a process of its own, with limits of its own, since the file is a stranger's. `rule` holds what must be true of the
file, `reasons` says in words what was not, `trust` reads the authorities from a folder.
"""

import threading
from datetime import datetime

from service.pades.reasons import REASONS
from service.pades.shapes import Asked, Expected, Trust, Verdict, refused
from service.workbook import bounded
from service.workbook.shapes import WorkbookError

__all__ = ["LARGEST", "REASONS", "Expected", "Trust", "Verdict", "check"]

LARGEST = 10_000_000
MEMORY, SECONDS = 1 << 30, 20
_checking = threading.Semaphore(2)


def check(previous: bytes, upload: bytes, expected: Expected, trust: Trust, at: datetime) -> Verdict:
    """Whether `upload` is `previous`, the last bytes accepted, with one valid signature more: that of the person expected.

    `at` is the moment of the check; where lists of revocation may be fetched, it is now.
    """
    if len(upload) > LARGEST:
        return refused("too-large")
    asked = Asked(previous, upload, expected, trust, at)
    try:
        with _checking:
            return bounded.ask("service.pades.apart", asked, Verdict, "too-complex")
    except WorkbookError:
        return refused("too-complex")

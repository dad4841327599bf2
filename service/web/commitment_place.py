"""Where a commitment lives: its address names the unit, the year and its number, 120005-2026-3."""

import re

from litestar.exceptions import NotFoundException

from service.ledger import stream_of

ONE = "/compromisos/{commitment:str}"


def place_of(commitment: str) -> tuple[str, str, int]:
    """The unit, the stream and the number that an address names.

    Raises:
        NotFoundException: it is not the name of a commitment.

    """
    found = re.fullmatch(r"(\d{6})-(\d{4})-([1-9]\d{0,5})", commitment, re.ASCII)
    if found is None:
        raise NotFoundException
    return found[1], stream_of(found[1], int(found[2])), int(found[3])

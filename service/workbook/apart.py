"""A plan's workbook read, or its wrong cells marked, by a process of its own (`bounded`)."""

from collections.abc import Mapping as Table

import msgspec

from service import workbook
from service.workbook import bounded
from service.workbook.shapes import DryRun, Mapping, Reading

_TOO_MUCH = "El archivo es demasiado grande o complejo para revisarlo. Deje solo la hoja del plan y vuelva a subirlo."


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """A file to read, or one whose wrong cells to mark."""

    content: bytes
    filename: str
    chosen: Mapping | None = None
    remembered: dict[str, Mapping] = {}
    mark: DryRun | None = None


def read(content: bytes, filename: str, chosen: Mapping | None = None, remembered: Table[str, Mapping] | None = None) -> Reading:
    """`workbook.read`, apart.

    Raises:
        WorkbookError: as there, and when the file asks for more time or memory than any plan.

    """
    return bounded.ask(__name__, Asked(content, filename, chosen, dict(remembered or {})), Reading, _TOO_MUCH)


def mark(content: bytes, filename: str, dry: DryRun) -> bytes:
    """`marking.mark`, apart.

    Raises:
        WorkbookError: the file asks for more time or memory than any plan.

    """
    return bounded.ask(__name__, Asked(content, filename, mark=dry), bytes, _TOO_MUCH)


def work(asked: Asked) -> Reading | bytes:
    """Answer one request."""
    if asked.mark:
        from service.workbook import marking  # noqa: PLC0415 — takes long to load, and most files need no marks

        return marking.mark(asked.content, asked.mark)
    return workbook.read(asked.content, asked.filename, asked.chosen, asked.remembered)


if __name__ == "__main__":
    bounded.answer(Asked, work)

"""A stranger's file is read by another process, with limits of its own: whatever it holds, only its sender waits.

`python -m service.workbook.apart` reads a request from standard input and answers on standard output.
"""

import os
import subprocess
import sys
from collections.abc import Mapping as Table
from typing import Literal

import msgspec

from service import workbook
from service.workbook.shapes import DryRun, Mapping, Reading, WorkbookError

MEMORY = 2_000_000_000
SECONDS = 20
PATIENCE = 45
_TOO_MUCH = "El archivo es demasiado grande o complejo para revisarlo. Deje solo la hoja del plan y vuelva a subirlo."


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """A file to read, or one whose wrong cells to mark."""

    content: bytes
    filename: str
    chosen: Mapping | None = None
    remembered: dict[str, Mapping] = {}
    mark: DryRun | None = None


class Answered(msgspec.Struct, frozen=True, array_like=True):
    """What came of it, or the sentence that says why nothing did."""

    reading: Reading | None = None
    marked: bytes = b""
    message: str = ""
    kind: Literal["too-large", "unreadable", "unrecognised"] = "unreadable"


def read(content: bytes, filename: str, chosen: Mapping | None = None, remembered: Table[str, Mapping] | None = None) -> Reading:
    """`workbook.read`, apart.

    Raises:
        WorkbookError: as there, and when the file asks for more time or memory than any plan.

    """
    reading = _ask(Asked(content, filename, chosen, dict(remembered or {}))).reading
    assert reading is not None  # noqa: S101 — an answer without message has one
    return reading


def mark(content: bytes, filename: str, dry: DryRun) -> bytes:
    """`marking.mark`, apart.

    Raises:
        WorkbookError: the file asks for more time or memory than any plan.

    """
    return _ask(Asked(content, filename, mark=dry)).marked


def _ask(asked: Asked) -> Answered:
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=msgspec.msgpack.encode(asked), capture_output=True, timeout=PATIENCE, check=True)  # noqa: S603 — ourselves
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise WorkbookError(_TOO_MUCH, kind="too-large") from error
    answered = msgspec.msgpack.decode(done.stdout, type=Answered)
    if answered.message:
        raise WorkbookError(answered.message, kind=answered.kind)
    return answered


def _limit() -> None:
    """Less urgent than the service, and never more memory and time than the largest plan needs."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 — not on every platform

        os.nice(5)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Answer one request."""
    _limit()
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Asked)
    try:
        if asked.mark:
            from service.workbook import marking  # noqa: PLC0415 — takes long to load, and most files need no marks

            answered = Answered(marked=marking.mark(asked.content, asked.mark))
        else:
            answered = Answered(workbook.read(asked.content, asked.filename, asked.chosen, asked.remembered))
    except WorkbookError as error:
        answered = Answered(message=error.message, kind=error.kind)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answered))


if __name__ == "__main__":
    main()

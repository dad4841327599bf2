"""A stranger's file is read by another process, with limits of its own: whatever it holds, only its sender waits.

`ask` sends a request to a module of ours started apart, which answers it with `answer`.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Literal, TypeVar

import msgspec

from service.workbook.shapes import WorkbookError

MEMORY = 2_000_000_000
SECONDS = 20
PATIENCE = 45
T = TypeVar("T")


class _Answered(msgspec.Struct, frozen=True, array_like=True):
    """What came of it, or the sentence that says why nothing did."""

    body: msgspec.Raw = msgspec.Raw()
    message: str = ""
    kind: Literal["too-large", "unreadable", "unrecognised"] = "unreadable"


def ask(module: str, asked: msgspec.Struct, answer: type[T], too_much: str) -> T:
    """What the module answers.

    Raises:
        WorkbookError: it refused the file, or the file asks for more time or memory than any of its kind (`too_much`).

    """
    command = [sys.executable, "-m", module]
    try:
        done = subprocess.run(command, input=msgspec.msgpack.encode(asked), capture_output=True, timeout=PATIENCE, check=True)  # noqa: S603 — ourselves
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise WorkbookError(too_much, kind="too-large") from error
    answered = msgspec.msgpack.decode(done.stdout, type=_Answered)
    if answered.message:
        raise WorkbookError(answered.message, kind=answered.kind)
    return msgspec.msgpack.decode(answered.body, type=answer)


def answer(asked: type[T], work: Callable[[T], Any], *, memory: int = MEMORY, seconds: int = SECONDS) -> None:
    """Answer one request, which stands on standard input, on standard output."""
    _limit(memory, seconds)
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=asked)
    try:
        answered = _Answered(msgspec.Raw(msgspec.msgpack.encode(work(request))))
    except WorkbookError as error:
        answered = _Answered(msgspec.Raw(msgspec.msgpack.encode(None)), error.message, error.kind)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answered))


def _limit(memory: int, seconds: int) -> None:
    """Less urgent than the service, and never more memory and time than the largest file of its kind needs."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 — not on every platform

        os.nice(5)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

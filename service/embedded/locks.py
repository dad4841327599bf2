"""Kernel locks on files, which end with their process however it ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


class EmbeddedError(Exception):
    """The database inside cannot be used; the message says what to do, in Spanish."""


def opened(path: Path) -> int:
    """Open a file to lock, of nobody but this user.

    Raises:
        EmbeddedError: it is another user's.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    if (owner := os.fstat(handle).st_uid) == os.geteuid():
        return handle
    os.close(handle)
    message = f"{path.parent.parent} es del usuario n.º {owner}: inicie con ese usuario o elija otro directorio con QUIPU_DATA."
    raise EmbeddedError(message)


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold the file alone, after waiting for it."""
    handle = opened(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def taken(handle: int) -> bool:
    """Take the lock alone if nobody holds it, and say whether it was taken; without waiting."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(handle: int) -> None:
    """Hold the lock together with others, giving up the sole hold."""
    fcntl.flock(handle, fcntl.LOCK_SH)


def is_held(path: Path) -> bool:
    """Tell whether anybody holds the lock alone."""
    handle = opened(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(handle)

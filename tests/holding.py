"""Processes that hold an embedded database, to be started, asked and killed by tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65_534

SCRIPT = """
import os, sys
from pathlib import Path
from service import embedded
data, fsync, uid = Path(sys.argv[1]), sys.argv[2] == "True", int(sys.argv[3])
if uid != os.geteuid():
    os.setgroups([]), os.setgid(uid), os.setuid(uid)
try:
    with embedded.running(data, fsync=fsync) as server:
        print(server.url("admin"), flush=True)
        sys.stdin.readline()
except embedded.EmbeddedError as error:
    print(error, flush=True)
    sys.exit(3)
except KeyboardInterrupt:
    pass
"""


class Holder:
    """One process inside `embedded.running`, of this user or of `nobody`; it leaves when told."""

    def __init__(self, data: Path, *, uid: int | None = None, fsync: bool = False) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, data, str(fsync), str(os.geteuid() if uid is None else uid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.said = ""

    def ready(self) -> str:
        """Wait for what it says first: the administrator's address, or why it could not start."""
        if not self.said:
            self.said = (self.process.stdout.readline() if self.process.stdout else "").strip()
        return self.said

    def leave(self) -> int:
        self.process.communicate("\n", timeout=60)
        return self.process.returncode

    def interrupt(self) -> None:
        """Press Ctrl-C in its terminal: the whole process group is told."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.communicate(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=60)


@contextmanager
def holding(data: Path, *, uid: int | None = None, fsync: bool = False) -> Iterator[Holder]:
    """Hold until the end of the block, unless the block ends it itself."""
    holder = Holder(data, uid=uid, fsync=fsync)
    try:
        yield holder
    finally:
        if holder.process.poll() is None:
            holder.leave()

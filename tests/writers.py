"""Processes that write, to be watched, killed and started again."""

import subprocess
import sys
import threading
import time

from tests.stories import Person


class Writer:
    """A process that writes as fast as it can; `acknowledged` is what it was told: command id → last position."""

    def __init__(self, url: str, who: Person, stream: str, *, start: int = 1, spare: bool = True) -> None:
        self.arguments = [sys.executable, "-m", "tests.writing", url, who.id, stream]
        self.next = start
        self.acknowledged: dict[str, int] = {}
        self.spares = spare
        self.spare: subprocess.Popen[str] | None = None
        self.start()

    def _warm(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(self.arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self) -> None:
        """Begin, or go on with the first change that was not acknowledged; the next process warms up meanwhile."""
        self.process = self.spare or self._warm()
        self.spare = self._warm() if self.spares else None
        assert self.process.stdin
        self.process.stdin.write(f"{self.next}\n")
        self.process.stdin.flush()
        self.listening = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        self.listening.start()

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        for line in process.stdout:
            if line.endswith("\n"):
                command, position = line.split()
                self.acknowledged[command] = int(position)
                self.next = int(command.rpartition("-")[2]) + 1

    def wait(self, more: int = 1, timeout: float = 30) -> None:
        """Until this many more changes are acknowledged."""
        goal, deadline = len(self.acknowledged) + more, time.monotonic() + timeout
        while len(self.acknowledged) < goal:
            assert time.monotonic() < deadline, "nothing is written any more"
            time.sleep(0.002)

    def kill(self) -> None:
        """Kill -9, and hear what it had still said."""
        self.process.kill()
        self.process.wait()
        self.listening.join()

    def end(self) -> None:
        """Kill it, and the one that waits."""
        self.kill()
        if self.spare:
            self.spare.kill()
            self.spare.communicate()

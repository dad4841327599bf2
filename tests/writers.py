"""Processes that write, to be watched, killed and started again."""

import subprocess
import sys
import threading
import time

from tests.stories import Person


class Writer:
    """A process that writes as fast as it can; `acknowledged` is what it was told: command id → last position."""

    def __init__(self, url: str, who: Person, stream: str, *, start: int = 1, count: int = 1_000_000) -> None:
        self.arguments = [sys.executable, "-m", "tests.writing", url, who.id, stream]
        self.count, self.next = count, start
        self.acknowledged: dict[str, int] = {}
        self.start()

    def start(self) -> None:
        """Begin, or go on with the first change that was not acknowledged."""
        arguments = [*self.arguments, str(self.next), str(self.count)]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
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

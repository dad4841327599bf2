"""A wire to PostgreSQL that can be cut at a chosen word: what a client sees when an answer is lost on the way."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from psycopg.conninfo import conninfo_to_dict, make_conninfo

Side = Literal["asked", "answered"]
APPENDED = b"append\0"  # the name of the answer to `select ledger.append(…)`
IDLE = b"Z\0\0\0\5I"  # the server is ready and in no transaction: whatever was asked is committed


class Wire:
    """Passes everything on, until it is told to lose one commit."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.lost = 0
        self._next: Side | None = None
        self._passing = 0
        self.away = False

    def lose(self, side: Side, passing: int = 0) -> None:
        """Cut before something asked arrives, or when the end of an append is answered; `passing` of them still get through."""
        self._next, self._passing = side, passing

    def serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                if self.away:
                    near.close()
                    continue
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.target)
                for source, sink, side in ((near, far, "asked"), (far, near, "answered")):
                    threading.Thread(target=self._pass_on, args=(source, sink, side), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, side: Side) -> None:
        written = False
        with suppress(OSError):
            while data := source.recv(65_536):
                written = written or APPENDED in data
                if self._next == side and (side == "asked" or (written and IDLE in data)):
                    if self._passing == 0:
                        self._next, self.lost = None, self.lost + 1
                        break
                    self._passing -= 1
                written = written and IDLE not in data
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire(url: str) -> Iterator[tuple[Wire, str]]:
    """A wire beside the server's own socket, and the address that goes through it."""
    known = conninfo_to_dict(url)
    port = known.get("port") or 5432
    passing = Wire(f"{known['host']}/.s.PGSQL.{port}")
    with tempfile.TemporaryDirectory(prefix="wire-") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(Path(folder, f".s.PGSQL.{port}")))
        listener.listen()
        threading.Thread(target=passing.serve, args=(listener,), daemon=True).start()
        yield passing, make_conninfo(url, host=folder)
        listener.shutdown(socket.SHUT_RDWR)

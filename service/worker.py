"""Inside a worker process: load the application, end with the main process whatever ends it, and let open streams go."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:  # the main process, which names `load`, has no need of the framework: it starts in half the time
    from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send, WebSocketReceiveMessage

    Received = HTTPReceiveMessage | WebSocketReceiveMessage

SIGNAL_AFTER: Final = 0.5
EXIT_AFTER: Final = 10


class Leaving:
    """The application, whose open streams are told that the client has gone once the service stops.

    Granian waits for every answer that somebody still reads before it stops: a stream of live updates would keep it for ever.
    What is under way for a client who left it forgets: the application waits for that itself before it shuts down, else its
    database would be closed under it, and a thread of it would keep the process.
    """

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app
        self.loop: asyncio.AbstractEventLoop | None = None
        self.stopping = asyncio.Event()
        self.over = asyncio.Event()  # Granian speaks for no client any more
        self.under_way = 0
        self.idle = asyncio.Event()
        self.idle.set()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        self.loop = asyncio.get_running_loop()
        if str(scope["type"]) == "lifespan":
            await self.app(scope, self._last(receive), send)
            return
        self.under_way += 1
        self.idle.clear()
        try:
            await self.app(scope, self._or_leave(receive), send)
        finally:
            self.under_way -= 1
            if not self.under_way:
                self.idle.set()

    def _last(self, receive: "Receive") -> "Receive":
        """The messages of the lifespan; its end is told when nothing is under way any more."""

        async def receive_last() -> Any:
            message = await receive()
            if str(message["type"]) == "lifespan.shutdown":
                self.stopping.set()
                self.over.set()
                await self.idle.wait()
            return message

        return receive_last

    def _or_leave(self, receive: "Receive") -> "Receive":
        """The messages of a request; once it is complete, our end is that of its client."""
        complete = False

        async def receive_or_leave() -> "Received":
            nonlocal complete
            message = await _first(receive, self.stopping if complete else self.over)
            complete = complete or (message["type"] == "http.request" and not message.get("more_body"))
            return message

        return receive_or_leave

    def leave(self) -> None:
        """Let go, from any thread."""
        if self.loop is not None:
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self.stopping.set)


async def _first(receive: "Receive", end: asyncio.Event) -> "Received":
    """What comes first, the client's next message or our end."""
    message, ended = asyncio.ensure_future(receive()), asyncio.ensure_future(end.wait())
    try:
        await asyncio.wait([message, ended], return_when=asyncio.FIRST_COMPLETED)
        return message.result() if message.done() else {"type": "http.disconnect"}
    finally:
        message.cancel()
        ended.cancel()


def load(target: str, lifeline: Connection) -> Leaving:
    """Make the application that `module:factory` names; the lifeline's other end lies in the main process."""
    if hasattr(os, "setsid"):
        os.setsid()  # the terminal's Ctrl-C is for the main process, which stops its workers in order
    module, _, factory = target.partition(":")
    make: Callable[[], Any] = getattr(import_module(module), factory)
    app = Leaving(make())
    threading.Thread(target=_watch, args=(lifeline, app), daemon=True).start()
    return app


def _watch(lifeline: Connection, app: Leaving) -> None:
    """Wait for the end of the main process, or of its wish to serve; then do not outlive it."""
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    app.leave()
    time.sleep(SIGNAL_AFTER)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(EXIT_AFTER)
    os._exit(1)

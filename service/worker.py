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

    Granian waits for every answer under way before it stops; a stream of live updates would keep it for ever.
    """

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app
        self.loop: asyncio.AbstractEventLoop | None = None
        self.stopping = asyncio.Event()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        self.loop = asyncio.get_running_loop()
        complete = False

        async def receive_or_leave() -> "Received":
            nonlocal complete
            if complete:
                return await self._first(receive)
            message = await receive()
            complete = message["type"] == "http.request" and not message.get("more_body")
            return message

        await self.app(scope, receive if str(scope["type"]) == "lifespan" else receive_or_leave, send)

    async def _first(self, receive: "Receive") -> "Received":
        """What comes first, the client's next message or our end."""
        message, end = asyncio.ensure_future(receive()), asyncio.ensure_future(self.stopping.wait())
        try:
            await asyncio.wait([message, end], return_when=asyncio.FIRST_COMPLETED)
            return message.result() if message.done() else {"type": "http.disconnect"}
        finally:
            message.cancel()
            end.cancel()

    def leave(self) -> None:
        """Let go, from any thread."""
        if self.loop is not None:
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self.stopping.set)


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

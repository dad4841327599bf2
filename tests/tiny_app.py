"""A very small application for the tests of serving: it says who it is, streams, and takes its time."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from litestar import Litestar, get
from litestar.response import ServerSentEvent

from service.settings import load


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


@get("/", sync_to_thread=False)
def home() -> dict[str, object]:
    """Who answers, and with which settings."""
    settings = load()
    return {
        "pid": os.getpid(),
        "secret": settings.secret,
        "database": settings.database_url,
        "owner": settings.owner_url,
        "demo": settings.demo,
    }


@get("/flujo")
async def stream() -> ServerSentEvent:
    """Never ends by itself."""

    async def beats() -> AsyncIterator[str]:
        while True:
            yield "·"
            await asyncio.sleep(3600)

    return ServerSentEvent(beats())


@get("/lento")
async def slow() -> str:
    """Answers after a second."""
    await asyncio.sleep(1)
    return "listo"


@get("/hilo")
async def thread() -> str:
    """Says when a thread begins to work for it, and when it has done so after a second."""
    _say("empieza")
    await to_thread.run_sync(time.sleep, 1)
    _say("hecho")
    return "listo"


@asynccontextmanager
async def _alive(_: Litestar) -> AsyncIterator[None]:
    yield
    _say("cerrado")


def create_app() -> Litestar:
    """The application."""
    return Litestar([home, stream, slow, thread], lifespan=[_alive])

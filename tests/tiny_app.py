"""A very small application for the tests of serving: it says who it is, streams, and takes its time."""

import asyncio
import os
from collections.abc import AsyncIterator

from litestar import Litestar, get
from litestar.response import ServerSentEvent

from service.settings import load


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


def create_app() -> Litestar:
    """The application."""
    return Litestar([home, stream, slow])

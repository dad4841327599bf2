"""The application inside a worker: what its clients and its lifespan hear when the service ends. Pure: no server, no sockets."""

import asyncio
from typing import Any

from service.worker import Leaving

END = {"type": "http.disconnect"}


LIFESPAN: Any = {"type": "lifespan"}
REQUEST: Any = {"type": "http"}


async def _for_ever() -> Any:
    await asyncio.Event().wait()


async def _send(_: Any) -> None:
    """Nobody reads it."""


def _app(heard: list[str]) -> Leaving:
    async def app(scope: Any, receive: Any, _: Any) -> None:
        message = await receive()
        while scope["type"] == "http" and message != END:
            message = await receive()
        heard.append(f"{scope['type']}: {message['type']}")

    return Leaving(app)


async def _said(*messages: Any) -> list[str]:
    """What the application heard: of a request that brings these messages and then none, and of the end of its lifespan."""
    heard, left = list[str](), list(messages)
    app = _app(heard)

    async def receive() -> Any:
        return left.pop(0) if left else await _for_ever()

    async def end() -> Any:
        return {"type": "lifespan.shutdown"}

    request = asyncio.create_task(app(REQUEST, receive, _send))
    await asyncio.sleep(0)
    await app(LIFESPAN, end, _send)
    await request
    return heard


def test_whose_end_comes_first() -> None:
    """The application shuts down after its requests, also after one of which nothing is heard any more."""
    part, whole = {"type": "http.request", "more_body": True}, {"type": "http.request"}
    for messages in ((), (part,), (whole,), (part, whole)):
        assert asyncio.run(_said(*messages)) == ["http: http.disconnect", "lifespan: lifespan.shutdown"]


def test_a_complete_request_is_let_go_and_one_still_arriving_is_heard_out() -> None:
    """Told to leave, who has asked and waits hears the end at once; what is still being sent goes on arriving."""

    async def heard_of(first: Any) -> list[str]:
        heard = list[str]()
        app, gate = _app(heard), asyncio.Event()
        left = [first]

        async def receive() -> Any:
            if left:
                return left.pop()
            await gate.wait()
            return END

        request = asyncio.create_task(app(REQUEST, receive, _send))
        await asyncio.sleep(0.01)
        app.leave()
        await asyncio.sleep(0.01)
        before = len(heard)
        gate.set()
        await request
        return [f"{before} before the client's own end", *heard]

    assert asyncio.run(heard_of({"type": "http.request"}))[0].startswith("1 ")
    assert asyncio.run(heard_of({"type": "http.request", "more_body": True}))[0].startswith("0 ")

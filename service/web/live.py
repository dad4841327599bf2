"""Live updates: who has a page open hears that a stream moved and to which position; each part then re-fetches itself.

One connection per process listens on the channel `quipu` («position stream»). A client gets two events with the position
as data: the stream's name with `-` for `/` (`unit-120005-2026`), and `cambio` for any change. A page says up to which position
it was drawn, a connection that comes back up to which it heard: what moved since, before it was heard of, is told first.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import psycopg
import structlog
from anyio import to_thread
from litestar import get
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from service import people
from service.web.page import Req

log = structlog.get_logger()

BEAT, LONGEST_QUEUE, FIRST_WAIT, LONGEST_WAIT = 20.0, 200, 0.5, 15.0
LONGEST_NUMBER = 18
OURS = re.compile(r"(\d{1,18}) ([0-9a-z/-]+)", re.ASCII)  # any role of the database may send a notice
PRESENCE = "presencia/"  # who is writing where: told like a change, but nothing of the record changed
Change = tuple[int, str]
MISSED = """select max(notification_id), originator_id from ledger.event where notification_id > %s
  group by originator_id order by 1"""


class Hub:
    """The one ear of this process, and the clients it passes the news on to."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.head = 0
        self.clients: set[asyncio.Queue[Change | None]] = set()
        self._task: asyncio.Task[None] | None = None
        self.closing = False

    async def open(self) -> None:
        """Begin to listen; returns at once, also when the database is away."""
        self._task = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Let every client go and give the connection back."""
        self.closing = True
        for queue in self.clients:
            _put(queue, None)
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
                    wait = FIRST_WAIT
                    await connection.execute("listen quipu")
                    await self._catch_up(connection)
                    while True:
                        async for notice in connection.notifies(timeout=BEAT):
                            if ours := OURS.fullmatch(notice.payload):
                                self.tell(int(ours[1]), ours[2])
                        await self._catch_up(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("not listening", error=type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(LONGEST_WAIT, wait * 2)

    async def _catch_up(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """What happened while nobody listened is told; it also proves that the connection lives."""
        for position, stream in await (await connection.execute(MISSED, [self.head])).fetchall():
            self.tell(position, stream)

    def tell(self, position: int, stream: str) -> None:
        """Pass one change on; a client that does not keep up hears later that something changed."""
        self.head = max(self.head, position)
        for queue in self.clients:
            _put(queue, (self.head, stream))

    @contextlib.contextmanager
    def client(self) -> Iterator["asyncio.Queue[Change | None]"]:
        """The ear of one client, from now on."""
        queue: asyncio.Queue[Change | None] = asyncio.Queue(LONGEST_QUEUE)
        self.clients.add(queue)
        try:
            yield queue
        finally:
            self.clients.discard(queue)

    async def changes(self, queue: "asyncio.Queue[Change | None]") -> AsyncIterator[Change | None]:
        """The changes one client hears of; `None` at each beat in which nothing happened."""
        while not self.closing:
            try:
                change = await asyncio.wait_for(queue.get(), BEAT)
            except TimeoutError:
                yield None
                continue
            if change is None:
                return
            yield change


def _put(queue: "asyncio.Queue[Change | None]", change: Change | None) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        if change:
            change = (change[0], "")
    queue.put_nowait(change)


def messages(change: Change) -> list[ServerSentEventMessage]:
    """What a client is told of one change."""
    position, stream = change
    if stream.startswith(PRESENCE):
        return [ServerSentEventMessage(event=stream.replace("/", "-"), data=position)]
    names = [stream.replace("/", "-"), "cambio"] if stream else ["cambio"]
    return [ServerSentEventMessage(event=name, data=position, id=position) for name in names]


@get("/en-vivo")
async def live(request: Req) -> ServerSentEvent:
    """Stream the changes to a signed-in person, until the page, the sign-in or the service ends."""
    return ServerSentEvent(_stream(request))


async def _stream(request: Req) -> AsyncIterator[ServerSentEventMessage]:
    hub: Hub = request.app.state.hub
    yield ServerSentEventMessage(comment="en vivo", data=None, retry=3000)
    with hub.client() as queue:
        for change in await to_thread.run_sync(_missed, request):
            for message in messages(change):
                yield message
        loop = asyncio.get_running_loop()
        checked = loop.time()
        async for heard in hub.changes(queue):
            if heard is None or loop.time() - checked >= BEAT:
                if not await to_thread.run_sync(_signed_in, request):
                    return
                checked = loop.time()
                yield ServerSentEventMessage(comment="·", data=None)
            if heard is not None:
                for message in messages(heard):
                    yield message


def _missed(request: Req) -> list[Change]:
    """Which streams moved since what the client last saw or heard; of one that says neither, nothing."""
    said = (request.query_params.get("desde", ""), request.headers.get("last-event-id", ""))
    seen = [int(each) for each in said if each.isdecimal() and each.isascii() and len(each) < LONGEST_NUMBER]
    if not seen:
        return []
    try:
        with request.app.state.database.connection() as connection:
            return list(connection.execute(MISSED, [max(seen)]))
    except psycopg.Error:
        return []


def _signed_in(request: Req) -> bool:
    try:
        with request.app.state.database.connection() as connection:
            return people.whoami(connection, request.user.token) is not None
    except psycopg.Error:
        return True


ROUTES = [live]

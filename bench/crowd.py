"""Several processes at once, each changing items of its own."""

import time
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import NamedTuple

from bench import peers
from bench.record import CROWD, NEW, change, expect

SPAWN = get_context("spawn")


class Share(NamedTuple):
    """What one process does: change these items in turn, with numbers never used before."""

    module: str
    url: str
    items: list[int]
    first: int
    seconds: float


def _worker(share: Share, ready: Barrier, done: "Queue[int]") -> None:
    peer = peers.load(share.module)
    peer.connect(share.url)
    numbers = count(share.first)
    for item in share.items:
        peer.change(item, *change(next(numbers)))
    ready.wait(timeout=60)
    start = next(numbers)
    end = time.perf_counter() + share.seconds
    for number in numbers:
        peer.change(share.items[number % len(share.items)], *change(number))
        if time.perf_counter() > end:
            done.put(number - start)
            break
    peer.close()


def changes_per_second(module: str, url: str, shares: list[list[int]], seconds: float) -> float:
    """Let one process per share change its items for some seconds; the sum of their acknowledged changes per second."""
    before = _recorded(module, url, shares)
    ready, done = SPAWN.Barrier(len(shares)), SPAWN.Queue()
    work = [Share(module, url, items, NEW + before, seconds) for items in shares]
    processes = [SPAWN.Process(target=_worker, args=(share, ready, done)) for share in work]
    for process in processes:
        process.start()
    made: int = sum(done.get(timeout=60 + 2 * seconds) for _ in processes)
    for process in processes:
        process.join()
    warm_up = sum(map(len, shares))
    expect("acknowledged changes in the histories", _recorded(module, url, shares) - before, made + warm_up)
    return made / seconds


def _recorded(module: str, url: str, shares: list[list[int]]) -> int:
    """Count the history of all shares, in a process of its own like everything else that loads a peer."""
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        return pool.submit(_count, module, url, [item for items in shares for item in items]).result()


def _count(module: str, url: str, items: list[int]) -> int:
    peer = peers.load(module)
    peer.connect(url)
    rows = sum(len(peer.history(item)) for item in items)
    peer.close()
    return rows


def different_units() -> list[list[int]]:
    """Give each process the items of one unit."""
    return list(CROWD.values())


def one_unit() -> list[list[int]]:
    """Give each process a quarter of the items of the same unit."""
    return [CROWD[1][part::4] for part in range(4)]

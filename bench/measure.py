"""The measures: the same calls on every peer, after its answers were checked."""

import random
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median, quantiles

from bench import crowd, peers
from bench.peers import HEAVY, Peer, Rebuilds, Replays
from bench.record import NEW, Size, change, check, expect


def times(call: Callable[[], object], size: Size) -> list[float]:
    """Time a call as often as samples and seconds allow, three times at least; milliseconds each."""
    call()
    taken: list[float] = []
    end = time.perf_counter() + size.seconds
    while len(taken) < 3 or (len(taken) < size.samples and time.perf_counter() < end):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1_000)
    return taken


def changes(peer: Peer, items: list[int], size: Size) -> tuple[float, float]:
    """Time changes of items in turn; the median and the 99th percentile, and no change may be missing afterwards."""
    before = sum(len(peer.history(item)) for item in items)
    made = 0

    def one() -> None:
        nonlocal made
        peer.change(items[made % len(items)], *change(NEW + made))
        made += 1

    taken = times(one, size)
    expect("changes found", sum(len(peer.history(item)) for item in items) - before, made)
    last = items[(made - 1) % len(items)]
    expect("last change", peer.history(last)[-1][:3], change(NEW + made - 1))
    return median(taken), quantiles(taken, n=100)[98]


def _rate(call: Callable[[], int]) -> float:
    start = time.perf_counter()
    return call() / (time.perf_counter() - start)


def run(module: str, url: str, when: datetime, size: Size) -> dict[str, float]:
    """Measure one peer on a fresh copy of its filled database; reads first, then writes, then the crowd."""
    peer = peers.load(module)
    peer.connect(url)
    check(peer, when, size)
    found: dict[str, float] = {
        "history": median(times(lambda: peer.history(HEAVY), size)),
        "as-of one": median(times(lambda: peer.as_of(HEAVY, when), size)),
        "as-of 390": median(times(lambda: peer.as_of_all(when), size)),
    }
    some = random.Random(2026).sample(range(390), 40)
    found["change p50"], found["change p99"] = changes(peer, some, size)
    found["heavy p50"], found["heavy p99"] = changes(peer, [HEAVY], size)
    if isinstance(peer, Replays):
        found["fold"] = _rate(peer.fold_all)
    if isinstance(peer, Rebuilds):
        found["rebuild"] = _rate(peer.rebuild)
    peer.close()
    found["crowd units"] = crowd.changes_per_second(module, url, crowd.different_units(), size.seconds)
    found["crowd unit"] = crowd.changes_per_second(module, url, crowd.one_unit(), size.seconds)
    return found

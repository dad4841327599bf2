"""Growth: what a change and a look back cost when the record has grown from 10 thousand to 1 million events."""

from datetime import datetime
from statistics import median

from bench import peers
from bench.measure import changes, times
from bench.peers import HEAVY, Grows
from bench.record import Size
from bench.table import number

PEERS = ("plain_eventsourcing", "ours")
SMALL = Size(heavy=1_000, each=22)
"""Ten thousand events: 390 items with 22 changes each, one with 1,000."""
MILLION = 990_000
TITLES = {
    "change p50": "one change, p50 (ms)",
    "change p99": "the same, p99 (ms)",
    "history": "history of 1,000 changes, decoded (ms)",
    "as-of one": "value of one item at a date (ms)",
    "as-of 390": "values of 390 items at a date (ms)",
}


def grow(module: str, url: str, events: int) -> None:
    """Put `events` more into a filled peer."""
    peer = peers.load(module)
    peer.connect(url)
    if isinstance(peer, Grows):
        peer.grow(events)
    peer.close()


def run(module: str, url: str, when: datetime) -> dict[str, float]:
    """Measure a filled peer."""
    peer = peers.load(module)
    peer.connect(url)
    found = {
        "history": median(times(lambda: peer.history(HEAVY), SMALL)),
        "as-of one": median(times(lambda: peer.as_of(HEAVY, when), SMALL)),
        "as-of 390": median(times(lambda: peer.as_of_all(when), SMALL)),
    }
    found["change p50"], found["change p99"] = changes(peer, list(range(0, 390, 10)), SMALL)
    peer.close()
    return found


def markdown(results: dict[str, tuple[dict[str, float], dict[str, float]]]) -> str:
    """Draw the table; `results` holds what each peer took when small and when grown."""
    head = [f"{peers.NAMES[module]}, {size}" for module in results for size in ("10 thousand", "1 million", "ratio")]
    lines = [f"| growth | {' | '.join(head)} |", f"|---|{'---:|' * len(head)}"]
    for key, title in TITLES.items():
        cells = [
            text
            for small, grown in results.values()
            for text in (number(small[key]), number(grown[key]), f"{number(grown[key] / small[key])} ×")
        ]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)

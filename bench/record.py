"""The record every peer is filled with: the same items, changes, reasons and persons, so that answers can be compared."""

import time
from datetime import UTC, datetime
from typing import NamedTuple

from bench import peers
from bench.peers import HEAVY, PEOPLE, Peer

CROWD = {unit: [unit * 1_000 + item for item in range(20)] for unit in (1, 2, 3, 4)}
"""The items that the four processes change, in four units."""
ITEMS = [*range(390), *(item for items in CROWD.values() for item in items), HEAVY]
NEW = 1_000_000
"""Measured changes are numbered from here: to set the value an item has already is no change to some peers."""


class Size(NamedTuple):
    """How much of everything: changes of the heavy item, of each of the 390, samples and seconds per measure."""

    heavy: int = 10_000
    each: int = 20
    samples: int = 1_000
    seconds: float = 4.0


QUICK = Size(heavy=1_000, each=4, samples=100, seconds=1.0)


class WrongAnswerError(Exception):
    """A peer answered something else than was recorded: its times count for nothing."""


def expect(what: str, answer: object, right: object) -> None:
    """Compare an answer with the right one.

    Raises:
        WrongAnswerError: they differ.
    """
    if answer != right:
        message = f"{what}: {str(answer)[:200]} instead of {str(right)[:200]}"
        raise WrongAnswerError(message)


def change(number: int) -> tuple[int, str, str]:
    """Make the n-th change: value, reason, person."""
    return number, f"Informe mensual n.º {number} de la UGEL", PEOPLE[number % len(PEOPLE)]


def fill(module: str, url: str, size: Size) -> datetime:
    """Fill an empty database; returns the moment half-way, at which as-of questions will be asked."""
    peer = peers.load(module)
    peer.connect(url)
    peer.setup()
    peer.create(ITEMS)
    _half(peer, size, 0)
    time.sleep(0.05)
    when = datetime.now(UTC)
    time.sleep(0.05)
    _half(peer, size, 1)
    peer.close()
    return when


def _half(peer: Peer, size: Size, half: int) -> None:
    each, heavy = size.each // 2, size.heavy // 2
    for item in range(390):
        peer.fill(item, [change(item + number) for number in range(1 + half * each, 1 + (half + 1) * each)])
    peer.fill(HEAVY, [change(number) for number in range(1 + half * heavy, 1 + (half + 1) * heavy)])


def check(peer: Peer, when: datetime, size: Size) -> None:
    """Ask a filled peer what the measures will ask, and compare with what was recorded.

    Raises:
        WrongAnswerError: some answer is not what the record says.
    """
    history = peer.history(HEAVY)
    expect("history", len(history), size.heavy + 1)
    expect("changes", [row[:3] for row in history[1:]], [change(number) for number in range(1, size.heavy + 1)])
    expect("order", sorted(row.at for row in history), [row.at for row in history])
    expect("as-of", peer.as_of(HEAVY, when), size.heavy // 2)
    expect("as-of of 390", peer.as_of_all(when), {item: item + size.each // 2 for item in range(390)})

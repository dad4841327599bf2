"""The peers, and the one small protocol behind which each does the same work in its own idiom."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib import import_module
from typing import NamedTuple, Protocol, cast, runtime_checkable

PEOPLE = tuple(f"person-{number}" for number in range(10))
HEAVY = 9_000
"""The item with 10,000 changes, alone in a unit of its own."""


def unit_of(item: int) -> int:
    """Give the unit of an item: items are numbered by thousands per unit."""
    return item // 1_000


class Change(NamedTuple):
    """One row of an item's history, decoded: what it became, why, by whom and when."""

    value: int
    reason: str
    who: str
    at: datetime


class Peer(Protocol):
    """A way of keeping history. An item is created with value 0; every change is one durable transaction."""

    def connect(self, url: str) -> None:
        """Get ready to work on a database that `setup` has been run on (or is about to be)."""

    def setup(self) -> None:
        """Create the tables in an empty database, and whatever persons the record refers to."""

    def create(self, items: Sequence[int]) -> None:
        """Create items with value 0."""

    def change(self, item: int, value: int, reason: str, who: str) -> None:
        """Change one item, read model and audit record together, committed when it returns."""

    def fill(self, item: int, changes: Iterable[tuple[int, str, str]]) -> None:
        """Make many changes of one item, by whatever way is quick here; not measured."""

    def history(self, item: int) -> list[Change]:
        """Read the whole history of one item, its creation first."""

    def as_of(self, item: int, when: datetime) -> int:
        """Give the value an item had at a moment."""

    def as_of_all(self, when: datetime) -> dict[int, int]:
        """Give the values that all 390 items of unit 0 had at a moment."""

    def close(self) -> None:
        """Let go of the database."""


@runtime_checkable
class Replays(Protocol):
    """A peer whose present can be computed from its record."""

    def fold_all(self) -> int:
        """Fold every event into state, in memory; returns how many."""


@runtime_checkable
class Rebuilds(Protocol):
    """A peer that can make its read tables again from its record."""

    def rebuild(self) -> int:
        """Make all read tables again; returns how many events went in."""


@runtime_checkable
class Grows(Protocol):
    """A peer that can take in a great many events at once, to see what a large record costs."""

    def grow(self, events: int) -> None:
        """Add about so many events of other items, by the quickest way there is."""


NAMES = {
    "django_simple_history": "django-simple-history",
    "django_pghistory": "django-pghistory",
    "sqlalchemy_versioned": "SQLAlchemy-Continuum",
    "plain_eventsourcing": "eventsourcing as it comes",
    "ours": "Quipu",
}


def load(module: str) -> Peer:
    """Make a peer; its libraries are imported only in the process that measures it."""
    return cast("Peer", import_module(f"bench.peers.{module}").Peer())

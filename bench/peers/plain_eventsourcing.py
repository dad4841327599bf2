"""The eventsourcing library as it comes: aggregates in its own PostgreSQL recorder, without a read model."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import cast
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from bench.peers import PEOPLE, Change

GROWN = 25
BATCH = 250
"""Events in one `save`: with 2,500 its pipelined insert was seen to wait for ever."""


class Item(Aggregate):
    """An item as the library's tutorial would write it."""

    class Created(Aggregate.Created):
        number: int

    class Changed(Aggregate.Event):
        value: int
        reason: str
        who: str

    @event(Created)
    def __init__(self, number: int) -> None:
        self.number = number
        self.value = 0

    @event(Changed)
    def change(self, value: int, reason: str, who: str) -> None:
        """Record a change."""
        del reason, who
        self.value = value

    @staticmethod
    def create_id(number: int) -> UUID:
        """Derive the id from the number, so that no index table is needed."""
        return uuid5(NAMESPACE_URL, f"/item/{number}")


def _change(fact: Aggregate.Event) -> Change:
    if isinstance(fact, Item.Changed):
        return Change(fact.value, fact.reason, fact.who, fact.timestamp)
    return Change(0, "", "", fact.timestamp)


class Peer:
    """Load, command, save; a date has no index here, so as-of folds the events up to it."""

    def connect(self, url: str) -> None:
        where = conninfo_to_dict(url)
        self.env = {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(where["dbname"]),
            "POSTGRES_HOST": str(where["host"]),
            "POSTGRES_PORT": str(where["port"]),
            "POSTGRES_USER": str(where["user"]),
            "POSTGRES_PASSWORD": "",
        }

    @cached_property
    def app(self) -> Application[UUID]:
        """Connect when first needed: without DDL, which races when several processes start."""
        return Application(env=self.env | {"CREATE_TABLE": "n"})

    def setup(self) -> None:
        Application[UUID](env=self.env).close()

    def create(self, items: Sequence[int]) -> None:
        self.app.save(*(Item(number) for number in items))

    def _get(self, item: int) -> Item:
        return self.app.repository.get(Item.create_id(item))

    def change(self, item: int, value: int, reason: str, who: str) -> None:
        aggregate = self._get(item)
        aggregate.change(value, reason, who)
        self.app.save(aggregate)

    def fill(self, item: int, changes: Iterable[tuple[int, str, str]]) -> None:
        aggregate = self._get(item)
        for number, change in enumerate(changes, start=1):
            aggregate.change(*change)
            if number % BATCH == 0:
                self.app.save(aggregate)
        self.app.save(aggregate)

    def _facts(self, item: int) -> Iterator[Aggregate.Event]:
        return cast("Iterator[Aggregate.Event]", self.app.events.get(Item.create_id(item)))

    def history(self, item: int) -> list[Change]:
        return [_change(fact) for fact in self._facts(item)]

    def as_of(self, item: int, when: datetime) -> int:
        state: Item | None = None
        for fact in self._facts(item):
            if fact.timestamp > when:
                break
            state = fact.mutate(state)
        return state.value if state else 0

    def as_of_all(self, when: datetime) -> dict[int, int]:
        return {item: self.as_of(item, when) for item in range(390)}

    def fold_all(self) -> int:
        events = 0
        states: dict[UUID, Item] = {}
        for notification in self.app.recorder.select_notifications(start=1, limit=100_000_000):
            fact = cast("Aggregate.Event", self.app.mapper.to_domain_event(notification))
            states[fact.originator_id] = cast("Item", fact.mutate(states.get(fact.originator_id)))
            events += 1
        return events

    def grow(self, events: int) -> None:
        for first in range(0, events // GROWN, BATCH // GROWN):
            items = [Item(number) for number in range(100_000 + first, 100_000 + first + BATCH // GROWN)]
            for item in items:
                for change in range(1, GROWN):
                    item.change(change, f"Informe mensual n.º {change} de la UGEL", PEOPLE[change % 10])
            self.app.save(*items)

    def close(self) -> None:
        self.app.close()

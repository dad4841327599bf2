"""django-simple-history: a history row written by the application after each save."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection, models, transaction

from bench.peers import Change, django_setup, unit_of


def _model() -> Any:
    """Declare the tracked model; possible only once Django is configured."""
    from simple_history.models import HistoricalRecords  # noqa: PLC0415 — needs a configured Django

    class Item(models.Model):  # noqa: DJ008 — nobody prints it
        id = models.IntegerField(primary_key=True)
        unit = models.IntegerField(db_index=True)
        name = models.TextField()
        value = models.IntegerField(default=0)
        history = HistoricalRecords()

        class Meta:
            app_label = "bench"

    return Item


class Peer:
    """Save in a transaction, with `_change_reason` and `_history_user`; the date index its `as_of` wants."""

    def connect(self, url: str) -> None:
        django_setup.start(url, "simple_history", SIMPLE_HISTORY_DATE_INDEX="composite")
        self.item = _model()

    @cached_property
    def people(self) -> dict[str, Any]:
        return django_setup.people()

    @cached_property
    def names(self) -> dict[int, str]:
        return {user.pk: name for name, user in self.people.items()}

    def setup(self) -> None:
        django_setup.create_tables()

    def create(self, items: Sequence[int]) -> None:
        with transaction.atomic():
            for item in items:
                self.item.objects.create(id=item, unit=unit_of(item), name=f"Actividad {item}")

    def change(self, item: int, value: int, reason: str, who: str) -> None:
        with transaction.atomic():
            row = self.item.objects.select_for_update().get(pk=item)
            row.value = value
            row._change_reason = reason  # noqa: SLF001 — the documented way
            row._history_user = self.people[who]  # noqa: SLF001 — the documented way
            row.save()

    def fill(self, item: int, changes: Iterable[tuple[int, str, str]]) -> None:
        for change in changes:
            self.change(item, *change)

    def history(self, item: int) -> list[Change]:
        rows = self.item.history.filter(id=item).order_by("history_id")
        columns = rows.values_list("value", "history_change_reason", "history_user_id", "history_date")
        return [Change(value, why or "", self.names.get(who, ""), at) for value, why, who, at in columns]

    def as_of(self, item: int, when: datetime) -> int:
        value: int = self.item(pk=item).history.as_of(when).value
        return value

    def as_of_all(self, when: datetime) -> dict[int, int]:
        return {row.id: row.value for row in self.item.history.as_of(when).filter(unit=0)}

    def close(self) -> None:
        connection.close()

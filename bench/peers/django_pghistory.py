"""django-pghistory: an event row written by a trigger, with the context of the request."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from bench.peers import Change, django_setup, unit_of


def _models() -> tuple[Any, Any]:
    """Declare the tracked model and its event model; possible only once Django is configured."""
    import pghistory  # noqa: PLC0415 — needs a configured Django

    class Item(models.Model):  # noqa: DJ008 — nobody prints it
        id = models.IntegerField(primary_key=True)
        unit = models.IntegerField(db_index=True)
        name = models.TextField()
        value = models.IntegerField(default=0)

        class Meta:
            app_label = "bench"

    context, of = pghistory.ContextJSONField(), pghistory.ObjForeignKey(related_name="events")

    class ItemEvent(pghistory.create_event_model(Item, context_field=context, obj_field=of)):
        class Meta:
            app_label = "bench"

    return Item, ItemEvent


class Peer:
    """Save in a transaction within `pghistory.context`; the context denormalised, as its page on performance says."""

    def connect(self, url: str) -> None:
        django_setup.start(url, "pgtrigger", "pghistory")
        self.item, self.event = _models()

    def setup(self) -> None:
        django_setup.create_tables()
        import pgtrigger  # noqa: PLC0415 — needs a configured Django

        pgtrigger.install()

    def create(self, items: Sequence[int]) -> None:
        with transaction.atomic():
            for item in items:
                self.item.objects.create(id=item, unit=unit_of(item), name=f"Actividad {item}")

    def change(self, item: int, value: int, reason: str, who: str) -> None:
        import pghistory  # noqa: PLC0415 — needs a configured Django

        with pghistory.context(user=who, reason=reason), transaction.atomic():
            row = self.item.objects.select_for_update().get(pk=item)
            row.value = value
            row.save()

    def fill(self, item: int, changes: Iterable[tuple[int, str, str]]) -> None:
        for change in changes:
            self.change(item, *change)

    def history(self, item: int) -> list[Change]:
        rows = self.item(pk=item).events.order_by("pgh_id").values_list("value", "pgh_context", "pgh_created_at")
        return [
            Change(value, context.get("reason", ""), context.get("user", ""), at)
            for value, stored, at in rows
            for context in (stored or {},)
        ]

    def as_of(self, item: int, when: datetime) -> int:
        past = self.item(pk=item).events.filter(pgh_created_at__lte=when)
        value: int = past.order_by("pgh_id").last().value
        return value

    def as_of_all(self, when: datetime) -> dict[int, int]:
        rows = self.event.objects.filter(pgh_created_at__lte=when, unit=0)
        return {row.id: row.value for row in rows.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")}

    def close(self) -> None:
        connection.close()

"""The light of a commitment on a day: the four of the scale, told from its state and its clock, and one for what was broken.

And how its day was moved, in words.
"""

from datetime import date, timedelta
from typing import Protocol

from service.web.words import fecha, plural

SOON = timedelta(days=10)


class Agreed(Protocol):
    """What of a commitment its light goes by."""

    @property
    def due(self) -> date: ...
    @property
    def fulfilled(self) -> bool: ...
    @property
    def carried_to(self) -> int | None: ...
    def state(self, day: date) -> str:
        """Its state in a word of the clock."""


class Dated(Protocol):
    """What of a commitment its day is told by."""

    @property
    def due(self) -> date: ...
    @property
    def original(self) -> date: ...
    @property
    def extensions(self) -> int: ...


def light(it: Agreed, day: date) -> str:
    """«Sin dato» until it is signed, «En riesgo» when its day is near or past; none once it no longer counts here."""
    state = it.state(day)
    if it.carried_to or state in {"declined", "withdrawn"}:
        return ""
    if state == "verified":
        return "fulfilled" if it.fulfilled else "broken"
    if state == "overdue" or (state == "signed" and it.due - day <= SOON):
        return "at-risk"
    return "no-data" if state == "proposed" else "in-progress"


def moved(it: Dated) -> str:
    """The day first agreed where it is another one now, and how often more time was asked for; "" where neither is."""
    told = [f"era el {fecha(it.original)}"] if it.due != it.original else []
    told += [plural(it.extensions, "prórroga pedida", "prórrogas pedidas")] if it.extensions else []
    return ", ".join(told)

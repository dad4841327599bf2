"""The light of a commitment on a day: the four of the scale, told from its state and its clock, and one for what was broken."""

from datetime import date, timedelta
from typing import Protocol

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

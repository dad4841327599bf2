"""The light of a commitment: four, told by its state and the clock, and a fifth for what was broken."""

from datetime import date, timedelta

import msgspec
import pytest

from service.web.lights import light, moved

DAY = date(2026, 11, 20)


class It(msgspec.Struct, frozen=True):
    """What of a commitment its light goes by."""

    status: str
    due: date
    fulfilled: bool = False
    carried_to: int | None = None

    def state(self, day: date) -> str:
        late = self.status in {"proposed", "signed"} and self.due < day and not self.carried_to
        return "overdue" if late else self.status


@pytest.mark.parametrize(
    ("status", "days", "fulfilled", "shown"),
    [
        ("proposed", 30, False, "no-data"),
        ("proposed", -1, False, "at-risk"),
        ("signed", 11, False, "in-progress"),
        ("signed", 10, False, "at-risk"),
        ("signed", -1, False, "at-risk"),
        ("declared", -1, True, "in-progress"),
        ("verified", -1, True, "fulfilled"),
        ("verified", -1, False, "broken"),
        ("declined", 30, False, ""),
        ("withdrawn", 30, False, ""),
    ],
)
def test_a_light_tells_state_and_clock(status: str, days: int, fulfilled: bool, shown: str) -> None:  # noqa: FBT001 — a row of the table
    """Sin dato until it is signed, en riesgo ten days before its day, cumplido or incumplido only when somebody else verified it."""
    it = It(status, DAY + timedelta(days=days), fulfilled)
    assert light(it, DAY) == shown
    assert light(msgspec.structs.replace(it, carried_to=2027), DAY) == "", "another year goes on with it"


class Moved(msgspec.Struct, frozen=True):
    """What of a commitment its day is told by."""

    due: date
    original: date
    extensions: int


@pytest.mark.parametrize(
    ("days", "extensions", "told"),
    [(0, 0, ""), (30, 1, "era el 20 nov 2026, 1 prórroga pedida"), (0, 2, "2 prórrogas pedidas"), (9, 0, "era el 20 nov 2026")],
)
def test_a_day_that_was_moved_says_which_it_was(days: int, extensions: int, told: str) -> None:
    """The day first agreed and how often more time was asked for, also in vain."""
    assert moved(Moved(DAY + timedelta(days=days), DAY, extensions)).replace("\u00a0", " ") == told

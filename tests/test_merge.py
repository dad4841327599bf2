"""Three readings of a row, cell by cell: nothing that was accepted is lost, and a collision is never decided in silence."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from service.workbook.merge import merge

CELLS = ("name", "ENE", "FEB")
ROW = st.fixed_dictionaries({name: st.integers(0, 3) for name in CELLS})
TAKE = st.sets(st.sampled_from(CELLS))


def row(name: Any, january: int = 0, february: int = 0) -> dict[str, Any]:
    """A row of three cells."""
    return {"name": name, "ENE": january, "FEB": february}


def test_each_side_keeps_what_it_changed() -> None:
    """Two persons who changed different cells of one row both have their way."""
    merged = merge(row("A"), row("A", 5), row("A", 0, 7))
    assert merged.values == row("A", 5, 7)
    assert (merged.changed, merged.kept, merged.stale) == (("ENE",), ("FEB",), ())


def test_a_cell_both_changed_stays_as_it_stands_unless_the_sender_takes_it() -> None:
    """The default loses nothing that was accepted; the choice is the sender's and counts for that cell alone."""
    base, mine, current = row("A", 1, 1), row("A", 2, 2), row("A", 3, 3)
    assert merge(base, mine, current).values == current
    assert merge(base, mine, current).stale == ("ENE", "FEB")
    assert merge(base, mine, current, {"FEB"}).values == row("A", 3, 2)


def test_blanks_a_spreadsheet_does_not_keep_are_no_change() -> None:
    """A name with two blanks inside comes back with one, and stays as it was written."""
    assert merge(row("A  B"), row("A B"), row("A  B")).values == row("A  B")


@given(ROW, ROW, ROW, TAKE)
def test_no_accepted_value_is_lost(base: dict[str, int], mine: dict[str, int], current: dict[str, int], take: set[str]) -> None:
    """A cell changed on one side takes that side; on both to the same, nothing; on both differently, what stands, or what is taken."""
    merged = merge(base, mine, current, take)
    for name in CELLS:
        if current[name] != base[name] and name not in take:
            assert merged.values[name] == current[name], "what others recorded stays"
        if mine[name] != base[name] and current[name] == base[name]:
            assert merged.values[name] == mine[name], "what only the sender changed arrives"
        if mine[name] == base[name] or mine[name] == current[name]:
            assert merged.values[name] == current[name], "what the sender did not touch is not touched"
        assert (name in merged.stale) == (len({base[name], mine[name], current[name]}) == 3)
    assert {name for name in CELLS if merged.values[name] != current[name]} == set(merged.changed)


@given(ROW, ROW, TAKE)
def test_nothing_to_merge_is_no_change(mine: dict[str, int], current: dict[str, int], take: set[str]) -> None:
    """An export that comes back untouched changes nothing, however old; a row of unknown age is all the sender's."""
    assert merge(mine, mine, current, take).values == current
    assert merge(None, mine, current).values == mine
    assert merge(None, mine, current).stale == ()

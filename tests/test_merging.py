from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from service.aggregates import plan as p
from service.aggregates import plan_versions as v
from service.aggregates.merging import Clash, clashes, merge, united
from service.aggregates.plan_alignment import AlignActivity
from tests.stories import APPROVED, CLASSROOMS, DRAFT, HEAD, given, months, refused

TEXT = st.sampled_from(("a", "b", "c"))
VALUES = st.fixed_dictionaries({"name": TEXT, "unit": TEXT, "months": st.tuples(TEXT, TEXT, TEXT)})
SEEN: dict[str, Any] = {"code": "", "name": "Visitar aulas", "unit": "Visita", "months": months(*[10] * 12)}


def task(seen: dict[str, Any] | None = SEEN, **values: Any) -> p.ChangeTask:
    """The task as it was seen, with these values changed."""
    return p.ChangeTask(task=1, **{"name": "Visitar aulas", "unit": "Visita", "months": months(*[10] * 12)} | values, seen=seen)


@having(VALUES, VALUES, VALUES)
def test_a_merge_never_loses_an_accepted_value(seen: dict[str, Any], stands: dict[str, Any], wanted: dict[str, Any]) -> None:
    """What another changed stays unless the author changed it to the same; what the author changed holds; else both are shown."""
    clashing = clashes(seen, stands, wanted)
    if clashing:
        with pytest.raises(Clash) as clash:
            merge(seen, stands, wanted)
        assert clash.value.fields == clashing
        return
    merged = merge(seen, stands, wanted)
    triples = [(seen[n], stands[n], wanted[n], merged[n]) for n in ("name", "unit")]
    triples += list(zip(seen["months"], stands["months"], wanted["months"], merged["months"], strict=True))
    for was, now, mine, result in triples:
        assert result == (now if mine == was else mine)
        assert now in (was, result), "what somebody else wrote is not replaced unseen"


@having(VALUES, VALUES)
def test_nobody_else_means_nothing_to_merge(seen: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Alone, one gets exactly what one wants; and so does who says not what he saw."""
    assert merge(seen, seen, wanted) == wanted
    assert merge(None, seen, wanted) == wanted


CODES = st.sets(st.sampled_from("abcdef"))


@having(CODES, CODES, CODES)
def test_two_people_aligning_lose_nothing(seen: set[str], stands: set[str], wanted: set[str]) -> None:
    """What either added is there, what either took away is not, what both left as it was stays; nothing twice."""
    found = united(sorted(seen), sorted(stands), sorted(wanted))
    assert len(found) == len(set(found))
    assert (wanted - seen) | (stands - seen) <= set(found)
    assert not set(found) & ((seen - wanted) | (seen - stands))
    assert seen & stands & wanted <= set(found) <= stands | wanted
    assert (
        united(sorted(seen), sorted(seen), sorted(wanted))
        == united(None, sorted(stands), sorted(wanted))
        == tuple(sorted(wanted))
    )


def test_an_alignment_keeps_what_somebody_else_aligned_meanwhile() -> None:
    """Both saw the same; the second one's choice joins the first one's, and an approved plan never ends without objectives."""
    story = given(*DRAFT).after(AlignActivity(activity=1, objectives=("OEI.01", "OEI.02")), by=HEAD)
    mine = AlignActivity(activity=1, objectives=("OEI.01", "AEI.01.01"), seen=("OEI.01",))
    story.when(mine).then(p.ActivityAligned(activity=1, was=("OEI.01", "OEI.02"), objectives=("OEI.01", "AEI.01.01", "OEI.02")))
    both = given(*APPROVED).after(AlignActivity(activity=1, objectives=("OEI.01", "OEI.02")))
    both.after(AlignActivity(activity=1, objectives=("OEI.02",), seen=("OEI.01", "OEI.02")), by=HEAD)
    last = AlignActivity(activity=1, objectives=("OEI.01",), seen=("OEI.01", "OEI.02"))
    both.when(last).then(refused("no puede quedar sin objetivo"))


def test_changes_of_different_fields_of_a_task_merge_silently() -> None:
    """One changes March, another June and the name: both hold, and the event says only what this change replaced."""
    march = p.TaskChanged(
        task=1,
        activity=1,
        was={"months": CLASSROOMS.months},
        name="Visitar aulas",
        unit="Visita",
        months=months(10, 10, 30, *[10] * 9),
    )
    mine = task(name="Visitar aulas rurales", months=months(*[10] * 5, 40, *[10] * 6))
    event = given(*DRAFT, HEAD.did(march)).when(mine).last[0]
    assert isinstance(event, p.TaskChanged)
    assert event.months == months(10, 10, 30, 10, 10, 40, *[10] * 6)
    assert event.name == "Visitar aulas rurales"
    assert event.was == {"name": "Visitar aulas", "months": march.months}


def test_the_same_month_changed_by_both_is_refused_by_its_name() -> None:
    """The second is told which fields, and nothing is written; equal values are no clash."""
    march = p.TaskChanged(
        task=1,
        activity=1,
        was={"months": CLASSROOMS.months},
        name="Visitar aulas",
        unit="Visita",
        months=months(10, 10, 30, *[10] * 9),
    )
    story = given(*DRAFT, HEAD.did(march)).when(task(months=months(10, 10, 20, *[10] * 9)))
    assert isinstance(story.no, Clash)
    assert story.no.fields == ("months-2",)
    story.when(task(months=months(10, 10, 30, *[10] * 9))).then()


def test_an_activity_merges_field_by_field_also_as_a_proposal() -> None:
    """A proposal is made on what stands when it is made, with what its author touched."""
    seen = {"line": "M1", "code": "", "name": "Acompañar a docentes de primaria", "area": "", "indicator": "", "verification": ""}
    other = p.ActivityChanged(activity=1, was={"area": ""}, now={"area": "AGP"})
    mine = p.ChangeActivity(activity=1, line="M1", name="Acompañar a docentes", seen=seen)
    was, now = {"name": "Acompañar a docentes de primaria"}, {"name": "Acompañar a docentes"}
    given(*DRAFT, HEAD.did(other)).when(mine).then(p.ActivityChanged(activity=1, was=was, now=now))
    event = given(*APPROVED, HEAD.did(other)).when(v.ProposeAmendment(changes=(mine,), reason="x")).last[0]
    assert isinstance(event, v.AmendmentProposed)
    assert event.changes == (p.ActivityChanged(activity=1, was=was, now=now, amendment=1),)


@pytest.mark.parametrize("figure", ["10", "10.0", "1E+1"])
def test_a_figure_is_the_same_however_it_is_written(figure: str) -> None:
    """Ten is ten: nobody clashes over zeros."""
    given(*DRAFT).when(task(months=(Decimal(figure),) * 12)).then()

"""Two contents of a plan: their difference applied to the first gives the second, over random years."""

from itertools import groupby, pairwise
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import given as having
from hypothesis import strategies as st

from service.aggregates import By, Refused, unit_year
from service.aggregates import plan as p
from service.aggregates import plan_places as places
from service.aggregates import plan_versions as v
from service.aggregates.plan_alignment import AlignActivity
from service.aggregates.plan_diff import Content, Key, Order, apply, content, diff, moved
from service.web import comparing
from service.web.comparing import LABELS
from tests.chance import CHANGES, Chance
from tests.stories import APPROVED, CLASSROOMS, DAY, DIRECTOR, DRAFT, DRE_DIRECTOR, HEAD, RULES, Story, given, months

AMENDABLE = (*CHANGES, places.MoveTask, places.MoveActivity)
often = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def lived(story: Story, numbers: list[int]) -> dict[int, Content]:
    """Amend an approved plan again and again, as chance wants it; the content of each version."""
    found = {1: content(story.state.plan)}
    for number in numbers:
        chance = Chance(story.state, number)
        changes: Any = tuple(chance.make(chance.random.choice(AMENDABLE)) for _ in range(chance.random.choice((1, 2, 4))))
        proposal = v.ProposeAmendment(changes=changes, reason="Azar")
        try:
            unit_year.decide(story.state, proposal, By(person=HEAD.id, charge=HEAD.charge, today=DAY, rules=RULES))
        except Refused:
            continue
        story.after(proposal, by=HEAD)
        amendment = story.state.plan.last_amendment
        story.after(v.ApproveAmendment(amendment=amendment, resolution="RD", resolution_date=DAY), by=DRE_DIRECTOR)
        found[story.state.plan.version] = content(story.state.plan)
    return found


@having(numbers=st.lists(st.integers(0, 2**20), min_size=4, max_size=20))
@often
def test_the_difference_of_two_versions_applied_to_the_first_gives_the_second(numbers: list[int]) -> None:
    """For each version and the next, and for the first and the last; and back again."""
    versions = lived(given(*APPROVED), numbers)
    pairs = [(n, n + 1) for n in range(1, len(versions))] + [(1, len(versions))]
    for one, two in pairs:
        before, after = versions[one], versions[two]
        assert apply(before, diff(before, after)) == after
        assert apply(after, diff(after, before)) == before
        assert diff(after, after) == ()


def test_chance_makes_versions() -> None:
    """The premise of the property: the random amendments are approved, and add, change and retire rows."""
    versions = lived(given(*APPROVED), list(range(200)))
    assert len(versions) > 8
    kinds = {
        (change.before is None, change.after is None)
        for one in range(1, len(versions))
        for change in diff(versions[one], versions[one + 1])
    }
    assert kinds == {(True, False), (False, True), (False, False)}


@having(numbers=st.lists(st.integers(0, 2**20), min_size=5, max_size=40))
@often
def test_the_same_holds_while_a_plan_is_drafted(numbers: list[int]) -> None:
    """Any two moments of a draft, written by chance."""
    story = given(*APPROVED[:7])
    contents = [content(story.state.plan)]
    for number in numbers:
        chance = Chance(story.state, number)
        command = chance.make(chance.random.choice((*AMENDABLE, p.AddLine, AlignActivity)))
        try:
            unit_year.decide(story.state, command, By(person="x", charge="y", today=DAY, rules=RULES))
        except Refused:
            continue
        story.after(command, by=DIRECTOR)
        contents.append(content(story.state.plan))
    for before, after in pairwise(contents):
        assert apply(before, diff(before, after)) == after
    assert apply(contents[0], diff(contents[0], contents[-1])) == contents[-1]


def test_a_content_is_not_reached_by_later_changes() -> None:
    """What was kept of a plan stays what it was."""
    story = given(*APPROVED)
    kept = content(story.state.plan)
    again = content(story.state.plan)
    more = p.ChangeTask(task=1, name="Visitar aulas", unit="Visita", months=months(*[12] * 12))
    story.after(v.ProposeAmendment(changes=(more,), reason="-"), by=HEAD)
    story.after(v.ApproveAmendment(amendment=1, resolution="RD", resolution_date=DAY), by=DRE_DIRECTOR)
    assert kept == again
    (change,) = diff(kept, content(story.state.plan))
    assert (change.key, change.changed) == (("task", 1), ["months"])


def test_only_a_row_that_was_moved_is_told_to_have_moved() -> None:
    """It says from which number to which; those that only made room, and one that went there and back, say nothing."""
    more = tuple(msgspec.structs.replace(CLASSROOMS, task=n, name=f"Tarea {n}") for n in (4, 5, 6))
    story = given(*DRAFT, *more)
    before = content(story.state.plan)
    story.after(places.MoveTask(task=2, activity=1, after=5))
    after = content(story.state.plan)
    assert moved(Order(before), Order(after), diff(before, after)) == {("task", 2): (2, 4)}
    assert comparing.tally(before, after).counts == {("task", "changed"): 1}
    story.after(places.MoveTask(task=2, activity=1, after=1))
    story.after(places.MoveTask(task=1, activity=1, after=2)).after(places.MoveTask(task=2, activity=1, after=1))
    back = content(story.state.plan)
    assert diff(before, back) != ()
    assert comparing.tally(before, back).words == "Sin diferencias"
    story = given(*DRAFT, *more).after(p.RemoveTask(task=1, reason="-")).after(places.MoveTask(task=4, activity=1, after=0))
    now = content(story.state.plan)
    assert moved(Order(before), Order(now), diff(before, now)) == {("task", 4): (3, 1)}


def test_a_long_comparison_is_cut_into_pages() -> None:
    """Seventeen hundred changed rows: a hundred at a time, each once; whole for the printer; an odd page is the nearest one."""
    rows: dict[Key, Any] = {("task", n): {"name": f"Tarea {n}", "activity": n // 40, "place": n} for n in range(1, 1701)}
    groups = [
        comparing.Group(number, "-", there=True, items=[comparing.Item(k, "changed", f["name"], [], []) for k, f in each])
        for number, each in groupby(rows.items(), key=lambda row: row[1]["activity"])
    ]
    pages = [comparing.view(groups, str(number)) for number in range(1, 18)]
    assert [(each.first, each.last, each.total) for each in pages[:2]] == [(1, 100, 1700), (101, 200, 1700)]
    assert [item.key for each in pages for group in each.groups for item in group.items] == list(rows)
    assert comparing.view(groups, "todo").groups == groups
    assert (comparing.view(groups, "99").page, comparing.view(groups, "x").page, comparing.view(groups[:1], "2").page) == (
        17,
        1,
        0,
    )


def test_every_field_of_a_row_has_a_word() -> None:
    """What may differ between two versions is named on screen; a field added to a row cannot be forgotten."""
    fields = {name for (_, _), row in content(given(*APPROVED).state.plan).items() for name in row}
    assert {"months", "objectives", "kind"} <= fields
    assert fields <= LABELS.keys()

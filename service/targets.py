"""Why targets are no longer the original ones: each amendment that moved them, by whom and by which resolution."""

from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service import people
from service.aggregates.plan import TaskAdded, TaskChanged, TaskRemoved
from service.projections import history, unit

TYPES = ("task-added", "task-changed", "task-removed")
MOST = 20_000


class Moved(msgspec.Struct, frozen=True):
    """A target that an amendment moved: the year's sum before and after (None where the task is not), and the amendment."""

    task: int
    name: str
    before: Decimal | None
    after: Decimal | None
    amendment: unit.Amendment
    proposer: str
    approver: str
    deed: history.Deed


def moved(connection: Connection[Any], at: int, stream: str, activity: int) -> list[Moved]:
    """The targets of an activity whose sum amendments moved up to the moment, the last one first."""
    return [each for each in amended(connection, at, stream, activity) if each.before != each.after]


def amended(connection: Connection[Any], at: int, stream: str, activity: int = 0) -> list[Moved]:
    """The tasks of an activity, or of the plan, that amendments touched up to the moment, the last one first."""
    deeds = history.find(connection, at, stream, history.Wanted(activity=activity, types=TYPES), limit=MOST)
    mine = [deed for deed in deeds if deed.event.amendment]
    known = {each.amendment: each for each in unit.amendments(connection, at, stream)} if mine else {}
    called = history.called(connection, "task", [(stream, deed.position, deed.event.task) for deed in mine])
    names = people.names(connection, {deed.person for deed in mine} | {each.proposer for each in known.values()})
    found = list[Moved]()
    for deed in mine:
        before, after = _sums(deed.event)
        amendment = known[deed.event.amendment]
        name = called.get((stream, deed.position, deed.event.task), "")
        who = names.get(amendment.proposer, ""), names.get(deed.person, "")
        found.append(Moved(deed.event.task, name, before, after, amendment, *who, deed))
    return found


def _sums(event: TaskAdded | TaskChanged | TaskRemoved) -> tuple[Decimal | None, Decimal | None]:
    """The year's target before and after; what was retired had one that the event does not repeat."""
    if isinstance(event, TaskRemoved):
        return Decimal(0), None
    after = sum(event.months, Decimal(0))
    if isinstance(event, TaskAdded):
        return None, after
    was = event.was.get("months", event.months)
    return sum((Decimal(month) for month in was), Decimal(0)), after

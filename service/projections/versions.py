"""The versions of a plan to read: its content at each approval, at the last review, now, and as each amendment would leave it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates import plan as p
from service.aggregates import plan_changes as c
from service.aggregates import plan_review as w
from service.aggregates import plan_versions as v
from service.aggregates import unit_year
from service.aggregates.plan_diff import Content, Key, content
from service.record import Recorded, decode

NOW, REVIEWED = "vigente", "observado"
_STEPS = {v.__name__, w.__name__}
_TAGS = sorted(str(kind.__struct_config__.tag) for kind in unit_year.PLAN_EVENTS)


class Deed(msgspec.Struct, frozen=True):
    """A fact: where it stands, when, by whom, in which charge, and why."""

    position: int
    at: datetime
    person: str
    charge: str
    reason: str = ""


class Side(msgspec.Struct, frozen=True):
    """One side of a comparison: the plan's content as of a fact."""

    name: str
    position: int
    at: datetime
    content: Content


class Version(msgspec.Struct, frozen=True):
    """An approved version: who approved it with which resolution; from version 2 on the amendment it comes from."""

    number: int
    approved: Deed
    resolution: str
    resolution_date: date
    amendment: int = 0


class Proposal(msgspec.Struct):
    """An amendment: who proposed it and why, on which content, what it would make of it, and how it was answered."""

    amendment: int
    proposed: Deed
    version: int
    base: Content
    content: Content
    answered: Deed | None = None


class Past(msgspec.Struct):
    """A plan's life up to a moment; `touched` are the facts that changed a row, the first one first."""

    versions: list[Version] = []
    proposals: dict[int, Proposal] = {}
    sides: dict[str, Side] = {}
    touched: dict[Key, list[Deed]] = {}

    def changing(self, proposal: Proposal, end: Side) -> dict[Key, list[Deed]]:
        """Who changed each row of a proposal: who proposed it and, once it was approved, the facts up to its version."""
        since = proposal.answered.position if proposal.answered else end.position
        return {
            key: [proposal.proposed, *(d for d in self.touched.get(key, ()) if since < d.position <= end.position)]
            for key in proposal.base.keys() | proposal.content.keys()
        }

    def between(self, first: Side, second: Side) -> dict[Key, list[Deed]]:
        """Who changed each row after the first side, up to the second; of a proposal, who proposed."""
        proposal = self.proposals.get(int(second.name[1:])) if second.name.startswith("m") else None
        found = {
            key: [deed for deed in deeds if first.position < deed.position <= second.position]
            for key, deeds in self.touched.items()
        }
        if proposal:
            rows = (key for key in proposal.base.keys() | proposal.content.keys())
            for key in rows:
                if proposal.base.get(key) != proposal.content.get(key):
                    found[key] = [*found.get(key, ()), proposal.proposed]
        return found


def past(connection: Connection[Any], at: int, stream: str) -> Past:
    """Read the plan's own facts up to a moment and fold them once, keeping what it said at each step that counts."""
    _, code, year = stream.split("/")
    state, found, approving = unit_year.new(code, int(year)), Past(), ""
    last: Recorded | None = None
    for recorded in _facts(connection, at, stream):
        fact, plan = recorded.fact, state.plan
        if approving and fact.command != approving and last:
            _keep(found, str(plan.version), last, plan)
            approving = ""
        unit_year.evolve(state, fact)
        approving = _step(found, plan, recorded) or approving
        last = recorded
    if last:
        if approving:
            _keep(found, str(state.plan.version), last, state.plan)
        _keep(found, NOW, last, state.plan)
    return found


def _facts(connection: Connection[Any], at: int, stream: str) -> Iterator[Recorded]:
    query = """select notification_id, originator_version, state from ledger.event
      where originator_id = %s and notification_id <= %s and topic = any(%s) order by originator_version"""
    for position, version, state in connection.execute(query, [stream, at, _TAGS]):
        yield Recorded(position, stream, version, decode(state))


def _keep(found: Past, name: str, last: Recorded, plan: p.Plan) -> None:
    found.sides[name] = Side(name, last.position, last.fact.at, content(plan))


def _deed(recorded: Recorded, reason: str = "") -> Deed:
    fact = recorded.fact
    return Deed(recorded.position, fact.at, fact.person, fact.charge, reason or getattr(fact.event, "reason", ""))


def _step(found: Past, plan: p.Plan, recorded: Recorded) -> str:
    """Note what a fact did; the command of an approval, whose further facts belong to the version too."""
    match recorded.fact.event:
        case v.PlanApproved() as e:
            found.versions.append(Version(e.version, _deed(recorded), e.resolution, e.resolution_date))
            return str(recorded.fact.command)
        case v.AmendmentApproved() as e:
            reason = found.proposals[e.amendment].proposed.reason
            deed = _deed(recorded, reason)
            found.proposals[e.amendment].answered = deed
            found.versions.append(Version(e.version, deed, e.resolution, e.resolution_date, e.amendment))
            return str(recorded.fact.command)
        case v.AmendmentRejected() as e:
            found.proposals[e.amendment].answered = _deed(recorded)
        case v.AmendmentProposed() as e:
            tried = c.copied(plan)
            for change in e.changes:
                c.apply(tried, change)
            name = f"m{e.amendment}"
            found.proposals[e.amendment] = Proposal(e.amendment, _deed(recorded), plan.version, content(plan), content(tried))
            _keep(found, name, recorded, tried)
        case v.PlanObserved():
            _keep(found, REVIEWED, recorded, plan)
        case event if type(event).__module__ not in _STEPS:
            _touch(found, recorded)
    return ""


def _touch(found: Past, recorded: Recorded) -> None:
    event = recorded.fact.event
    amendment = found.proposals.get(getattr(event, "amendment", 0))
    key: Key | None = None
    if number := getattr(event, "task", 0):
        key = ("task", number)
    elif number := getattr(event, "activity", 0):
        key = ("activity", number)
    elif code := getattr(event, "code", ""):
        key = ("line", code)
    if key:
        found.touched.setdefault(key, []).append(_deed(recorded, amendment.proposed.reason if amendment else ""))

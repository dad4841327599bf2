"""Regional knots: critical knots of several UGEL that the DRE sees as one. A finding stays its unit's, and is in one knot at most."""

import re
from typing import Annotated

import msgspec
from msgspec import Meta

from service.aggregates import By, Command, Event, Fact, Line1, Number, Paragraph, need

Findings = Annotated[tuple[Line1, ...], Meta(min_length=1, extra={"error": "Elija al menos un hallazgo."})]


class GroupFindings(Command, frozen=True):
    """`findings` are named by their unit and number: `120005/3`."""

    text: Paragraph
    reason: Paragraph
    findings: Findings


class JoinKnot(Command, frozen=True):
    knot: Number
    reason: Paragraph
    findings: Findings


class UngroupFindings(Command, frozen=True):
    knot: Number
    reason: Paragraph
    findings: Findings


class Member(msgspec.Struct, frozen=True):
    """A finding of a unit's year."""

    unit: str
    finding: int


class KnotGrouped(Event, frozen=True, tag="knot-grouped"):
    knot: int
    text: str
    findings: tuple[Member, ...]
    reason: str


class KnotJoined(Event, frozen=True, tag="knot-joined"):
    knot: int
    findings: tuple[Member, ...]
    reason: str


class KnotUngrouped(Event, frozen=True, tag="knot-ungrouped"):
    knot: int
    findings: tuple[Member, ...]
    reason: str


class Knots(msgspec.Struct):
    """How many knots there are, and in which one each finding is."""

    last: int = 0
    of: dict[Member, int] = {}


def decide(knots: Knots, command: Command, by: By) -> list[Event]:  # noqa: ARG001 — the same in every aggregate
    """The rules of a regional knot."""
    assert isinstance(command, GroupFindings | JoinKnot | UngroupFindings)  # noqa: S101 — every command of this aggregate
    named = [re.fullmatch(r"([0-9]{6})/([1-9][0-9]{0,5})", each) for each in command.findings]
    need(all(named), "Un hallazgo se nombra con su UGEL y número.")
    findings = tuple(dict.fromkeys(Member(name[1], int(name[2])) for name in named if name))
    if isinstance(command, UngroupFindings):
        inside = all(knots.of.get(each) == command.knot for each in findings)
        need(inside, "Ese hallazgo no está en este nudo regional.")
        return [KnotUngrouped(knot=command.knot, findings=findings, reason=command.reason)]
    grouped = tuple(f"Hallazgo {each.finding} de {each.unit}: nudo {knots.of[each]}" for each in findings if each in knots.of)
    need(not grouped, "Hay hallazgos que ya están en un nudo regional:", grouped)
    if isinstance(command, JoinKnot):
        need(command.knot in set(knots.of.values()), "Ese nudo regional no existe o ya no tiene hallazgos.")
        return [KnotJoined(knot=command.knot, findings=findings, reason=command.reason)]
    need(len({each.unit for each in findings}) > 1, "Un nudo regional reúne hallazgos de al menos dos UGEL.")
    return [KnotGrouped(knot=knots.last + 1, text=command.text, findings=findings, reason=command.reason)]


def evolve(knots: Knots, fact: Fact) -> None:
    """Apply one fact to the knots."""
    match event := fact.event:
        case KnotGrouped():
            knots.last = event.knot
            knots.of |= dict.fromkeys(event.findings, event.knot)
        case KnotJoined():
            knots.of |= dict.fromkeys(event.findings, event.knot)
        case KnotUngrouped():
            for each in event.findings:
                knots.of.pop(each, None)


COMMANDS: frozenset[type[Command]] = frozenset({GroupFindings, JoinKnot, UngroupFindings})
EVENTS: frozenset[type[Event]] = frozenset({KnotGrouped, KnotJoined, KnotUngrouped})

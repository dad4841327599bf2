"""What is said about an activity, a finding, a commitment or a score, and what is being followed up.

Nothing said is edited: a correction is a new comment that names the one it corrects. Who is mentioned stands in the text by
the opaque id, `@[3f2a…]`; the screens show the name.
"""

import re
from collections.abc import Container, Mapping
from typing import Literal

import msgspec

from service.aggregates import By, Command, Event, Fact, Paragraph, need

Kind = Literal["activity", "finding", "commitment", "quarter"]
KINDS: tuple[Kind, ...] = ("activity", "finding", "commitment", "quarter")
MENTION = re.compile(r"@\[([0-9a-z-]{1,64})\]")
MOST_MENTIONS = 20
UNKNOWN: dict[str, str] = {
    "activity": "Esa actividad no está en el plan.",
    "finding": "Ese hallazgo no existe.",
    "commitment": "Ese compromiso no existe.",
    "quarter": "Ese trimestre todavía no está calificado.",
}


class About(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is spoken of: one of these numbers, the others are 0."""

    activity: int = 0
    finding: int = 0
    commitment: int = 0
    quarter: int = 0


class Comment(Command, About, frozen=True):
    """Say something; `corrects` is the number of an own comment that this one puts right."""

    text: Paragraph
    corrects: int = 0


class RaiseFlag(Command, About, frozen=True):
    reason: Paragraph


class LowerFlag(Command, About, frozen=True):
    reason: Paragraph


class Commented(Event, About, frozen=True, tag="comment-made"):
    comment: int
    text: str
    mentions: tuple[str, ...] = ()
    corrects: int = 0


class FlagRaised(Event, About, frozen=True, tag="flag-raised"):
    reason: str


class FlagLowered(Event, About, frozen=True, tag="flag-lowered"):
    reason: str


Subject = tuple[str, int]


class Discussion(msgspec.Struct):
    """The comments of the unit's year (number → author and subject), and the subjects being followed up."""

    comments: dict[int, tuple[str, Subject]] = {}
    flags: set[Subject] = set()


def subject(it: About) -> Subject:
    """What a command or an event is about: ("activity", 12)."""
    return next(((kind, getattr(it, kind)) for kind in KINDS if getattr(it, kind)), ("", 0))


def mentions(text: str) -> tuple[str, ...]:
    """The persons a text mentions, each once, in order."""
    return tuple(dict.fromkeys(MENTION.findall(text)))


def decide(discussion: Discussion, known: Mapping[Kind, Container[int]], command: Command, by: By) -> list[Event]:
    """The rules of a comment and of a flag; `known` are the subjects there are."""
    assert isinstance(command, Comment | RaiseFlag | LowerFlag)  # noqa: S101 — every command of this aggregate
    about = {kind: getattr(command, kind) for kind in KINDS if getattr(command, kind)}
    need(len(about) == 1, "Indique una sola cosa: una actividad, un hallazgo, un compromiso o un trimestre.")
    it = subject(command)
    if isinstance(command, LowerFlag):
        need(it in discussion.flags, "Esto no está en seguimiento.")
        return [FlagLowered(reason=command.reason, **about)]
    need(all(number in known[kind] for kind, number in about.items()), UNKNOWN[it[0]])
    if isinstance(command, RaiseFlag):
        need(it not in discussion.flags, "Esto ya está en seguimiento.")
        return [FlagRaised(reason=command.reason, **about)]
    named = mentions(command.text)
    need(len(named) <= MOST_MENTIONS, f"Mencione como máximo a {MOST_MENTIONS} personas.")
    mine = (by.person, it)
    need(
        not command.corrects or discussion.comments.get(command.corrects) == mine,
        "Solo se rectifica un comentario propio de esta misma conversación.",
    )
    number = len(discussion.comments) + 1
    return [Commented(comment=number, text=command.text, mentions=named, corrects=command.corrects, **about)]


def evolve(discussion: Discussion, fact: Fact) -> None:
    """Apply one fact to the discussion."""
    match event := fact.event:
        case Commented():
            discussion.comments[event.comment] = (fact.person, subject(event))
        case FlagRaised():
            discussion.flags.add(subject(event))
        case FlagLowered():
            discussion.flags.discard(subject(event))

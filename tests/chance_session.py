"""What might be asked next of the sessions of a year: most of it a sensible next step of the last one."""

from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Any

from service.aggregates import Command
from service.aggregates import session as s
from service.aggregates import session_agenda as g
from service.aggregates import session_agreements as a
from service.aggregates import session_attendance as t
from service.aggregates import session_minutes as m
from service.aggregates.session_matter import Matter, MatterKind, NewItem
from tests.stories import DIRECTOR, DRE_DIRECTOR, DRE_OTHER, DRE_SPECIALIST, HEAD, Person

WORDS = ("Reprogramar", 'Una "cita", {llaves} y \\barra', "Ñandú\ncon dos líneas")
SOMEBODY = (DIRECTOR, HEAD, DRE_SPECIALIST, DRE_DIRECTOR)
UPON: dict[type, tuple[Person, ...]] = {
    **dict.fromkeys((s.ConveneSession, s.ChangeSession, s.CallOffSession, s.OpenSession, s.EndSession), (DIRECTOR,)),
    a.CastVote: (DIRECTOR, HEAD, DRE_DIRECTOR),
    m.ProposeWording: (HEAD, DIRECTOR),
    **dict.fromkeys((m.AcceptWording, m.RejectWording, m.RecordErratum), (DRE_OTHER, DIRECTOR)),
    m.CloseMinutes: (DRE_DIRECTOR,),
}
OPEN = (g.AddItems, g.TakeUpItem, g.TakeUpItem, g.NoteItem, a.WriteAgreement, a.WriteAgreement, a.ChangeAgreement, a.CastVote)
NEXT: dict[str, tuple[type[Command], ...]] = {
    "convened": (g.AddItems, g.MoveItem, *(t.MarkAttendance,) * 4, *(s.OpenSession,) * 2),
    "open": (*OPEN, a.CastVote, a.WithdrawAgreement, m.WriteMinutes, s.EndSession, g.RemoveItem, g.MoveItem),
    "ended": (m.WriteMinutes, m.ProposeWording, m.AcceptWording, m.RejectWording, m.CloseMinutes, g.NoteItem),
    "closed": (m.RecordErratum, s.ConveneSession),
    "called-off": (s.ConveneSession,),
}


def sensible(sessions: s.Sessions, random: Random) -> Iterator[type[Command]]:
    """What the last session calls for."""
    if not sessions.by_number:
        yield s.ConveneSession
        return
    last = max(sessions.by_number)
    status = sessions.by_number[last].status
    waits = [each for each in sessions.wordings.values() if each.session == last and each.status == "proposed"]
    yield from (m.AcceptWording, m.AcceptWording, m.RejectWording) if waits and random.random() < 0.7 else NEXT[status]
    if status == "convened" and random.random() < 0.1:
        yield from (s.ChangeSession, s.CallOffSession)


class Maker:
    """Makes commands on the sessions of one year; `number` chooses one that is there, or the next."""

    def __init__(self, sessions: s.Sessions, unit: str, random: Random, number: Callable[[dict[int, Any]], int]) -> None:
        self.sessions, self.unit, self.random, self.number = sessions, unit, random, number

    def make(self, kind: type[Command], units: tuple[str, ...] = ()) -> Command:
        """A command of this kind."""
        pick, text, session = self.random.choice, self.random.choice(WORDS), max(self.sessions.by_number, default=1)
        some = self._matter()
        agreed: dict[str, Any] = {"text": text, "responsible": pick(("", HEAD.charge)), "matters": (some,) if some else ()}
        agreed["due"] = pick((None, date(2099, 1, 1)))
        seen = pick((None, {"text": text, "responsible": "", "due": None}))
        item, wording = self._of(self.sessions.items), self._of(self.sessions.wordings)
        agreement, who = self._of(self.sessions.agreements), pick(SOMEBODY)
        about: s.Part = pick(("introduction", "development", "remarks", "item"))
        made: dict[type, Callable[[], Command]] = {
            s.ConveneSession: lambda: s.ConveneSession(**self._call(), units=units, items=() if some else (NewItem(title=text),)),
            s.ChangeSession: lambda: s.ChangeSession(session=session, **self._call(), units=units),
            s.CallOffSession: lambda: s.CallOffSession(session=session, reason=text),
            s.OpenSession: lambda: s.OpenSession(session=session),
            s.EndSession: lambda: s.EndSession(session=session, reason=pick(("", text))),
            t.MarkAttendance: lambda: t.MarkAttendance(
                session=session, person=who.id, charge=who.charge, present=self.random.random() < 0.9
            ),
            g.AddItems: lambda: g.AddItems(session=session, items=(NewItem(title=text, matter=some), NewItem(title=text))),
            g.MoveItem: lambda: g.MoveItem(item=item, place=pick((1, 2, 99))),
            g.RemoveItem: lambda: g.RemoveItem(item=item, reason=text),
            g.TakeUpItem: lambda: g.TakeUpItem(item=item, position=pick((1, 40))),
            g.NoteItem: lambda: g.NoteItem(item=item, note=text, seen=pick((None, {"note": ""}))),
            a.WriteAgreement: lambda: a.WriteAgreement(session=session, item=pick((0, item)), **agreed),
            a.ChangeAgreement: lambda: a.ChangeAgreement(agreement=agreement, seen=seen, **agreed),
            a.WithdrawAgreement: lambda: a.WithdrawAgreement(agreement=agreement, reason=text),
            a.CastVote: lambda: a.CastVote(
                agreement=agreement, choice=pick(("a favor", "en contra", "abstención")), reason=pick(("", text)), unit=self.unit
            ),
            m.WriteMinutes: lambda: m.WriteMinutes(session=session, introduction=text, seen=None),
            m.ProposeWording: lambda: m.ProposeWording(
                unit=self.unit, session=session, part=about, item=item if about == "item" else 0, text=text, reason=text
            ),
            m.AcceptWording: lambda: m.AcceptWording(wording=wording),
            m.RejectWording: lambda: m.RejectWording(wording=wording, reason=text),
            m.CloseMinutes: lambda: m.CloseMinutes(session=session),
            m.RecordErratum: lambda: m.RecordErratum(session=session, says=text, should_say=pick(WORDS), reason=text),
        }
        return made[kind]()

    def _of(self, known: dict[int, Any]) -> int:
        """The number of something, most often of the last session and not settled yet."""
        last = max(self.sessions.by_number, default=1)
        mine = {
            n: each for n, each in known.items() if each.session == last and getattr(each, "status", "proposed") == "proposed"
        }
        return self.number(mine if mine and self.random.random() < 0.9 else known)

    def _call(self) -> dict[str, Any]:
        kind, day = self.random.choice(("ordinaria", "extraordinaria")), date(2026, self.random.choice((3, 6)), 9)
        return {"kind": kind, "quarter": self.random.choice((1, 2)), "day": day, "place": self.random.choice(WORDS)}

    def _matter(self) -> Matter | None:
        kinds: tuple[MatterKind, ...] = ("quarter", "activity", "alert")
        kind = self.random.choice((None, *kinds))
        return Matter(unit=self.unit, kind=kind, number=self.random.choice((1, 2, 3))) if kind else None

"""The facts of a session in words: convened, attended, its agenda, agreements and votes, its acta."""

from collections.abc import Callable
from typing import Any

from service.aggregates import ROMAN, Event, quorum_rules
from service.aggregates import session as s
from service.aggregates import session_agenda as g
from service.aggregates import session_agreements as a
from service.aggregates import session_attendance as t
from service.aggregates import session_minutes as m
from service.aggregates.session_quorum import said as rule_said
from service.web.saying import Words, said
from service.web.words import cargo, fecha, numero

PARTS = {"introduction": "apertura", "development": "desarrollo", "remarks": "cierre", "item": "notas del punto"}
CONTENT = {"text": "texto", "responsible": "responsable", "due": "plazo"}


def _convened(verb: str) -> Callable[[Any], Words]:
    return lambda e: Words(
        f"{verb} la sesión {e.session} ({e.kind}) del {ROMAN[e.quarter]} trimestre para el {fecha(e.day)}: {e.place}"
    )


def _attended(e: t.AttendanceMarked) -> Words:
    what = "registró la asistencia de" if e.present else "retiró la asistencia de"
    return Words(f"{what} {cargo(e.charge)} a la sesión {e.session}")


def _changed(e: a.AgreementChanged) -> Words:
    return Words(
        f"cambió el acuerdo {e.agreement}", [(CONTENT[name], said(was), said(getattr(e, name))) for name, was in e.was.items()]
    )


def _written(e: m.MinutesWritten) -> Words:
    changes = [(PARTS[part], said(was), said(getattr(e, part))) for part, was in e.was.items()]
    return Words(f"escribió el acta de la sesión {e.session}", changes)


def _accepted(e: m.WordingAccepted) -> Words:
    return Words(f"aceptó el cambio {e.wording} del acta de la sesión {e.session}", [(PARTS[e.part], said(e.was), said(e.text))])


def _quorum(e: quorum_rules.QuorumPublished) -> Words:
    of = {"ugel": "de una UGEL", "dre": "de la propia DRE", "region": "regional"}[e.place]
    return Words(f"publicó la versión {e.version} del quórum, de la sesión {e.kind} {of}: {rule_said(e.quorum)}", reason=e.reason)


SAYINGS: dict[type[Event], Callable[[Any], Words]] = {
    quorum_rules.QuorumPublished: _quorum,
    s.SessionConvened: _convened("convocó"),
    s.SessionChanged: _convened("cambió"),
    s.SessionCalledOff: lambda e: Words(f"suspendió la sesión {e.session}", reason=e.reason),
    s.SessionOpened: lambda e: Words(f"abrió la sesión {e.session}"),
    s.SessionEnded: lambda e: Words(f"levantó la sesión {e.session}", reason=e.reason),
    t.AttendanceMarked: _attended,
    g.AgendaItemAdded: lambda e: Words(f"agregó el punto {e.place} a la agenda de la sesión {e.session}: {e.title}"),
    g.AgendaOrdered: lambda e: Words(
        f"puso un punto de la sesión {e.session} en el lugar {e.order.index(e.item) + 1 if e.item in e.order else '—'}"
    ),
    g.AgendaItemRemoved: lambda e: Words(f"retiró un punto de la agenda de la sesión {e.session}", reason=e.reason),
    g.AgendaItemTakenUp: lambda e: Words(
        f"trató un punto de la sesión {e.session}, con las cifras del hecho n.º {numero(e.position)}"
    ),
    g.AgendaItemNoted: lambda e: Words(f"anotó un punto de la sesión {e.session}", [("notas", said(e.was), said(e.note))]),
    a.AgreementWritten: lambda e: Words(f"escribió el acuerdo {e.agreement} de la sesión {e.session}: {e.text}"),
    a.AgreementChanged: _changed,
    a.AgreementWithdrawn: lambda e: Words(f"retiró el acuerdo {e.agreement}", reason=e.reason),
    a.VoteCast: lambda e: Words(f"votó el acuerdo {e.agreement}: {e.choice}", reason=e.reason),
    m.MinutesWritten: _written,
    m.WordingProposed: lambda e: Words(f"propuso el cambio {e.wording} del acta de la sesión {e.session}", reason=e.reason),
    m.WordingAccepted: _accepted,
    m.WordingRejected: lambda e: Words(f"rechazó el cambio {e.wording} del acta de la sesión {e.session}", reason=e.reason),
    m.MinutesClosed: lambda e: Words(f"cerró el acta de la sesión {e.session}"),
    m.ErratumRecorded: lambda e: Words(
        f"registró la fe de erratas {e.erratum} del acta de la sesión {e.session}",
        [("donde dice", said(e.says), said(e.should_say))],
        e.reason,
    ),
}

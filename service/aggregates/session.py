"""The session (jornada) of a quarter, of one unit or of the region: convened, opened and ended with a quorum.

Attendance, agenda, agreements and minutes have rooms of their own (`session_attendance`, `session_agenda`…) and share this state. Items and agreements are numbered through the year, so that one number names each of them.
"""

from collections.abc import Container, Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from service.aggregates import DRE, By, Command, Event, Fact, Line1, Note, Number, Paragraph, QuarterNumber, need
from service.aggregates.quorum_rules import place_of
from service.aggregates.session_matter import Matter, MatterKind, NewItem
from service.aggregates.session_quorum import Attendees, Kind, Quorum, missing

Hour = Annotated[str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$", extra={"error": "Escriba la hora como 09:30."})]
Part = Literal["introduction", "development", "remarks", "item"]
Choice = Literal["a favor", "en contra", "abstención"]


class _Call(Command, frozen=True):
    kind: Kind
    quarter: QuarterNumber
    day: date
    place: Line1
    hour: Hour = ""
    virtual: bool = False
    units: tuple[Line1, ...] = ()


class ConveneSession(_Call, frozen=True):
    """`units` are the UGEL called to a regional session; a unit's own names none. `items` are what its agenda begins with."""

    items: tuple[NewItem, ...] = ()

    def said(self) -> Command:
        """Without what waited when it was sent."""
        return msgspec.structs.replace(self, items=())


class ChangeSession(_Call, frozen=True, kw_only=True):
    session: Number


class CallOffSession(Command, frozen=True):
    session: Number
    reason: Paragraph


class OpenSession(Command, frozen=True):
    """`items` are what was escalated to it since it was convened."""

    session: Number
    items: tuple[NewItem, ...] = ()

    def said(self) -> Command:
        """Without what was escalated when it was sent."""
        return msgspec.structs.replace(self, items=())


class EndSession(Command, frozen=True):
    """`reason` is needed when items of the agenda were not taken up."""

    session: Number
    reason: Note = ""


class SessionConvened(Event, frozen=True, tag="session-convened"):
    """`quorum` is the rule of its kind as it stood then, of the version `rules`; 0 is that of the examples."""

    session: int
    kind: Kind
    quarter: int
    day: date
    place: str
    units: tuple[str, ...]
    quorum: Quorum
    hour: str = ""
    virtual: bool = False
    rules: int = 0


class SessionChanged(SessionConvened, frozen=True, tag="session-changed"):
    pass


class SessionCalledOff(Event, frozen=True, tag="session-called-off"):
    session: int
    reason: str


class SessionOpened(Event, frozen=True, tag="session-opened"):
    session: int


class SessionEnded(Event, frozen=True, tag="session-ended"):
    session: int
    reason: str = ""


class Item(msgspec.Struct):
    """An item of the agenda; `position` is where its figures stopped, 0 until it is taken up."""

    session: int
    title: str
    matter: Matter | None = None
    position: int = 0
    note: str = ""


class Agreement(msgspec.Struct):
    """What is agreed, as it stands, with the vote of each person."""

    session: int
    item: int
    values: dict[str, Any]
    votes: dict[str, Choice] = {}
    withdrawn: bool = False


class Wording(msgspec.Struct):
    """A proposed change of the minutes' words; `was` are those it would replace."""

    session: int
    part: Part
    item: int
    text: str
    proposer: str
    was: str = ""
    status: Literal["proposed", "accepted", "rejected"] = "proposed"


class Session(msgspec.Struct):
    """A session as it stands; `items` in their order, `minutes` the parts of the acta."""

    convened: SessionConvened
    status: Literal["convened", "called-off", "open", "ended", "closed"] = "convened"
    attendees: Attendees = {}
    items: list[int] = []
    minutes: dict[str, str] = {}
    closer: str = ""
    errata: int = 0


class Sessions(msgspec.Struct):
    """The sessions of a year, with what belongs to them, each by its number in the year."""

    by_number: dict[int, Session] = {}
    items: dict[int, Item] = {}
    agreements: dict[int, Agreement] = {}
    wordings: dict[int, Wording] = {}


class Scope(msgspec.Struct, frozen=True):
    """Whose sessions they are: the unit (the DRE for the region's) and its year; what the year has to decide on, None elsewhere."""

    unit: str
    year: int
    regional: bool = False
    known: Mapping[MatterKind, Container[int]] | None = None


def the(sessions: Sessions, number: int, *statuses: str, otherwise: str = "") -> Session:
    """The session of a number, in one of these states.

    Raises:
        Refused: there is none, or it is in another state; `otherwise` says what that means.

    """
    need(number in sessions.by_number, "Esa sesión no existe.")
    found = sessions.by_number[number]
    need(found.status != "closed", "El acta está cerrada: ya no cambia. Lo que deba rectificarse se registra como fe de erratas.")
    need(found.status != "called-off", "La sesión se suspendió.")
    need(not statuses or found.status in statuses, otherwise)
    return found


def quorate(session: Session, act: str) -> None:
    """Refuse an act without the quorum, saying what is missing."""
    lacking = missing(session.convened.quorum, session.convened.units, session.attendees)
    need(not lacking, f"No hay quórum para {act}:", lacking)


def decide(sessions: Sessions, scope: Scope, command: Command, by: By) -> list[Event]:
    """The rules of convening, attending, opening and ending."""
    match command:
        case ConveneSession() | ChangeSession():
            return _convene(sessions, scope, command, by)
        case CallOffSession():
            the(sessions, command.session, "convened", otherwise="La sesión ya comenzó: no se suspende, se levanta.")
            return [SessionCalledOff(**msgspec.structs.asdict(command))]
        case OpenSession():
            session = the(sessions, command.session, "convened", otherwise="La sesión ya comenzó.")
            need(session.convened.day <= by.today, "La sesión todavía no comienza: se abre desde el día convocado.")
            need(session.items, "La agenda no tiene puntos: agregue al menos uno.")
            quorate(session, "abrir la sesión")
            return [SessionOpened(session=command.session)]
        case EndSession():
            session = the(sessions, command.session, "open", otherwise="La sesión no está abierta.")
            quorate(session, "levantar la sesión")
            left = tuple(sessions.items[number].title for number in session.items if not sessions.items[number].position)
            need(not left or command.reason.strip(), "Quedan puntos sin tratar: escriba por qué.", left)
            return [SessionEnded(**msgspec.structs.asdict(command))]
        case _:
            msg = f"session cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _convene(sessions: Sessions, scope: Scope, command: ConveneSession | ChangeSession, by: By) -> list[Event]:
    years = {scope.year, scope.year + 1}
    need(command.day.year in years, f"La fecha debe ser del año {scope.year} o del siguiente.")
    units = tuple(dict.fromkeys(command.units)) if scope.regional else (scope.unit,)
    need(units, "Elija al menos una UGEL.")
    need(scope.regional or not command.units, "La sesión de una unidad no convoca a otras.")
    quorums = by.rules.quorums
    quorum = quorums.of(place_of(regional=scope.regional, dre=scope.unit == DRE), command.kind)
    values = msgspec.structs.asdict(command) | {"units": units, "quorum": quorum, "rules": quorums.version}
    if isinstance(command, ConveneSession):
        del values["items"]
        return [SessionConvened(session=len(sessions.by_number) + 1, **values)]
    session = the(sessions, command.session, "convened", otherwise="La sesión ya comenzó: su convocatoria no cambia.")
    before = session.convened
    moved = command.day != before.day or set(before.units) - set(units)
    need(not moved or not session.attendees, "Ya hay asistencia registrada: la fecha y las UGEL convocadas no cambian.")
    gone = {each.matter.unit for each in map(sessions.items.__getitem__, session.items) if each.matter} - set(units)
    need(not gone, "La agenda tiene puntos de una UGEL que ya no se convoca: retírelos primero.")
    same = all(getattr(before, name) == value for name, value in values.items())
    return [] if same else [SessionChanged(**values)]


def evolve(sessions: Sessions, fact: Fact) -> None:
    """Apply one fact to the sessions."""
    match event := fact.event:
        case SessionChanged():
            sessions.by_number[event.session].convened = event
        case SessionConvened():
            sessions.by_number[event.session] = Session(event)
        case SessionCalledOff():
            sessions.by_number[event.session].status = "called-off"
        case SessionOpened():
            sessions.by_number[event.session].status = "open"
        case SessionEnded():
            sessions.by_number[event.session].status = "ended"

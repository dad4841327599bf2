"""Support sessions of phase I: convened by the DRE, attended by persons in their charges, and what each UGEL took on and did."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.aggregates import By, Command, Event, Fact, Line1, Note, Number, Paragraph, need

Kind = Literal["sensibilización", "asistencia técnica"]
Units = Annotated[tuple[Line1, ...], Meta(min_length=1, extra={"error": "Elija al menos una UGEL."})]
Agenda = Annotated[tuple[Line1, ...], Meta(min_length=1, extra={"error": "Escriba al menos un punto del programa."})]


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed out: its title, and a link or the number of its file."""

    title: Line1
    reference: Line1


class Attendee(msgspec.Struct, frozen=True, kw_only=True):
    """Who came: the person's id and the charge held that day."""

    person: Line1
    charge: Line1


class _Programme(Command, frozen=True):
    kind: Kind
    title: Line1
    day: date
    place: Line1
    units: Units
    agenda: Agenda
    virtual: bool = False
    materials: tuple[Material, ...] = ()


class ConveneSupport(_Programme, frozen=True):
    pass


class ChangeSupport(_Programme, frozen=True, kw_only=True):
    support: Number


class CancelSupport(Command, frozen=True):
    support: Number
    reason: Paragraph


class RecordAttendance(Command, frozen=True):
    """Everybody who came; recorded again it replaces the list."""

    support: Number
    attendees: Annotated[tuple[Attendee, ...], Meta(min_length=1, extra={"error": "Marque a quienes asistieron."})]


class OfUnit(Command, frozen=True):
    """A command of the region's stream that is the matter of one unit: it writes in that unit."""

    unit: Line1


class TakeOn(OfUnit, frozen=True, kw_only=True):
    support: Number
    text: Paragraph
    due: date


class ReportUndertaking(OfUnit, frozen=True, kw_only=True):
    undertaking: Number
    evidence: Paragraph


class VerifyUndertaking(OfUnit, frozen=True, kw_only=True):
    """Whether what was reported is done; what is missing, when it is not."""

    undertaking: Number
    accepted: bool
    text: Note = ""


class SupportConvened(Event, frozen=True, tag="support-convened"):
    support: int
    kind: Kind
    title: str
    day: date
    place: str
    virtual: bool
    units: tuple[str, ...]
    agenda: tuple[str, ...]
    materials: tuple[Material, ...] = ()


class SupportChanged(SupportConvened, frozen=True, tag="support-changed"):
    pass


class SupportCancelled(Event, frozen=True, tag="support-cancelled"):
    support: int
    reason: str


class SupportAttended(Event, frozen=True, tag="support-attended"):
    support: int
    attendees: tuple[Attendee, ...]


class UndertakingAdded(Event, frozen=True, tag="undertaking-added"):
    undertaking: int
    support: int
    unit: str
    text: str
    due: date


class UndertakingReported(Event, frozen=True, tag="undertaking-reported"):
    undertaking: int
    unit: str
    evidence: str


class UndertakingVerified(Event, frozen=True, tag="undertaking-verified"):
    undertaking: int
    unit: str
    accepted: bool
    text: str = ""


class Support(msgspec.Struct):
    """A session as it stands."""

    convened: SupportConvened
    status: Literal["convened", "held", "cancelled"] = "convened"
    attendees: tuple[Attendee, ...] = ()


class Undertaking(msgspec.Struct):
    """What a unit took on; `reporter` said that it is done."""

    unit: str
    status: Literal["open", "reported", "observed", "fulfilled"] = "open"
    reporter: str = ""


class Supports(msgspec.Struct):
    by_number: dict[int, Support] = {}
    undertakings: dict[int, Undertaking] = {}


def decide(supports: Supports, year: int, command: Command, by: By) -> list[Event]:
    """The rules of support."""
    match command:
        case ConveneSupport() | ChangeSupport():
            return _convene(supports, year, command)
        case CancelSupport():
            need(_known(supports, command.support).status == "convened", "Solo se cancela una jornada que no se ha realizado.")
            return [SupportCancelled(support=command.support, reason=command.reason)]
        case RecordAttendance():
            support, attendees = _known(supports, command.support), tuple(dict.fromkeys(command.attendees))
            need(support.status != "cancelled", "La jornada está cancelada.")
            need(support.convened.day <= by.today, "La jornada todavía no se realiza: la asistencia se registra desde ese día.")
            return [] if attendees == support.attendees else [SupportAttended(support=command.support, attendees=attendees)]
        case TakeOn():
            support = _known(supports, command.support)
            need(support.status == "held", "Registre primero la asistencia: lo asumido sale de una jornada realizada.")
            need(command.unit in support.convened.units, "Esa unidad no fue convocada a la jornada.")
            need(command.due >= support.convened.day, "El plazo no puede ser anterior a la jornada.")
            number = len(supports.undertakings) + 1
            return [UndertakingAdded(undertaking=number, **msgspec.structs.asdict(command))]
        case ReportUndertaking():
            need(_of(supports, command).status in {"open", "observed"}, "Eso ya se informó: espere la verificación de la DRE.")
            return [UndertakingReported(**msgspec.structs.asdict(command))]
        case VerifyUndertaking():
            undertaking = _of(supports, command)
            need(undertaking.status == "reported", "La UGEL todavía no informó que lo hizo.")
            need(by.person != undertaking.reporter, "Quien informa no puede verificar.")
            need(command.accepted or command.text.strip(), "Escriba qué falta.")
            return [UndertakingVerified(**msgspec.structs.asdict(command))]
        case _:
            msg = f"support cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _convene(supports: Supports, year: int, command: ConveneSupport | ChangeSupport) -> list[Event]:
    need(command.day.year in {year - 1, year}, f"La fecha debe ser del año {year} o del anterior.")
    need(command.units, "Elija al menos una UGEL.")
    need(command.agenda, "Escriba al menos un punto del programa.")
    values = msgspec.structs.asdict(command) | {"units": tuple(dict.fromkeys(command.units))}
    if isinstance(command, ConveneSupport):
        return [SupportConvened(support=len(supports.by_number) + 1, **values)]
    support = _known(supports, command.support)
    need(support.status == "convened", "Solo se cambia una jornada que no se ha realizado.")
    same = all(getattr(support.convened, name) == value for name, value in values.items())
    return [] if same else [SupportChanged(**values)]


def _known(supports: Supports, number: int) -> Support:
    need(number in supports.by_number, "Esa jornada no existe.")
    return supports.by_number[number]


def _of(supports: Supports, command: ReportUndertaking | VerifyUndertaking) -> Undertaking:
    found = supports.undertakings.get(command.undertaking)
    need(found and found.unit == command.unit, "Esa unidad no asumió eso.")
    return supports.undertakings[command.undertaking]


def evolve(supports: Supports, fact: Fact) -> None:
    """Apply one fact to the sessions."""
    match event := fact.event:
        case SupportChanged():
            supports.by_number[event.support].convened = event
        case SupportConvened():
            supports.by_number[event.support] = Support(event)
        case SupportCancelled():
            supports.by_number[event.support].status = "cancelled"
        case SupportAttended():
            support = supports.by_number[event.support]
            support.status, support.attendees = "held", event.attendees
        case UndertakingAdded():
            supports.undertakings[event.undertaking] = Undertaking(event.unit)
        case UndertakingReported():
            undertaking = supports.undertakings[event.undertaking]
            undertaking.status, undertaking.reporter = "reported", fact.person
        case UndertakingVerified():
            supports.undertakings[event.undertaking].status = "fulfilled" if event.accepted else "observed"


COMMANDS: frozenset[type[Command]] = frozenset(
    {ConveneSupport, ChangeSupport, CancelSupport, RecordAttendance, TakeOn, ReportUndertaking, VerifyUndertaking}
)
EVENTS: frozenset[type[Event]] = frozenset(
    {
        SupportConvened,
        SupportChanged,
        SupportCancelled,
        SupportAttended,
        UndertakingAdded,
        UndertakingReported,
        UndertakingVerified,
    }
)

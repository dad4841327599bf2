"""Sessions convened, attended with a quorum, opened and ended; their agenda taken up item by item."""

from datetime import date

import msgspec

from service.aggregates import DRE
from service.aggregates import session as s
from service.aggregates import session_agenda as g
from service.aggregates import session_attendance as t
from service.aggregates.session_matter import Matter, MatterKind, NewItem
from service.aggregates.session_quorum import UNIT
from tests.sitting import CALL, CONVENED, FIRST, OPEN, OPENED, OVER, PRESENT, REGIONAL, SCORE, SECOND, TAKEN, came, given_region
from tests.stories import (
    APPROVED,
    DAY,
    DIRECTOR,
    DRE_DIRECTOR,
    DRE_SPECIALIST,
    HEAD,
    ROLL,
    SPECIALIST,
    YEAR,
    Person,
    given,
    refused,
    rolled,
)
from tests.stories import UNIT as JAUJA

SATIPO = "120007"
NEIGHBOUR = Person("miguel", f"director-ugel/{SATIPO}")


def mark(by: Person, charge: str = "", *, present: bool = True) -> t.MarkAttendance:
    """Say that this person is there."""
    return t.MarkAttendance(session=1, person=by.id, charge=charge or by.charge, present=present)


def test_a_session_is_convened_changed_and_called_off() -> None:
    """The rule of quorum of its kind is frozen in the fact; the same again is no change; once open it is not called off."""
    given(*APPROVED).when(s.ConveneSession(**CALL), DIRECTOR).then(CONVENED)
    story = given(*APPROVED, CONVENED).when(s.ChangeSession(session=1, **CALL), DIRECTOR).then()
    moved = CALL | {"place": "Auditorio"}
    changed = s.SessionChanged(session=1, units=(JAUJA,), quorum=UNIT["ordinaria"], **moved)
    story.when(s.ChangeSession(session=1, **moved), DIRECTOR).then(changed)
    off = s.CallOffSession(session=1, reason="Paro de transporte")
    story.when(off, DIRECTOR).then(s.SessionCalledOff(session=1, reason="Paro de transporte"))
    story.when(off, DIRECTOR).then(refused("se suspendió"))
    given(*OPEN).when(off, DIRECTOR).then(refused("no se suspende, se levanta"))
    given(*OPEN).when(s.ChangeSession(session=1, **moved), DIRECTOR).then(refused("ya comenzó"))
    given(*APPROVED).when(s.CallOffSession(session=4, reason="-"), DIRECTOR).then(refused("no existe"))


def test_what_is_convened_makes_sense() -> None:
    """A day of the year or the next; the region names its UGEL, a unit nobody else; those called stay while the agenda needs them."""
    given(*APPROVED).when(s.ConveneSession(**CALL | {"day": date(YEAR + 2, 1, 1)}), DIRECTOR).then(refused("debe ser del año"))
    given(*APPROVED).when(s.ConveneSession(**CALL, units=(SATIPO,)), DIRECTOR).then(refused("no convoca a otras"))
    given_region().when(s.ConveneSession(**CALL), DRE_DIRECTOR).then(refused("Elija al menos una UGEL"))
    both = s.ConveneSession(**CALL, units=(JAUJA, SATIPO, JAUJA))
    given_region().when(both, DRE_DIRECTOR).then(REGIONAL)
    fewer = s.ChangeSession(session=1, **CALL, units=(SATIPO,))
    given_region(REGIONAL, FIRST).when(fewer, DRE_DIRECTOR).then(refused("retírelos primero"))
    later = CALL | {"day": date(YEAR, 11, 19)}
    story = given(*APPROVED, CONVENED, *PRESENT).when(s.ChangeSession(session=1, **later), DIRECTOR)
    story.then(refused("la fecha y las UGEL convocadas no cambian"))


def test_attendance_is_in_a_charge_held_that_day() -> None:
    """Not before the day, not in a charge of another day, another unit or another person; one charge each; taken back until a vote."""
    story = given(*APPROVED, CONVENED)
    story.when(mark(DIRECTOR), DIRECTOR, today=date(YEAR, 11, 17)).then(refused("todavía no se realiza"))
    story.when(mark(DIRECTOR), DIRECTOR).then(*came(DIRECTOR)).when(mark(DIRECTOR), DIRECTOR).then()
    story.when(mark(DIRECTOR, HEAD.charge), DIRECTOR).then(refused("no tenía ese cargo"))
    ended = {**ROLL, 2: msgspec.structs.replace(ROLL[2], until=date(YEAR, 11, 17))}
    story.when(mark(HEAD), DIRECTOR, roll=ended).then(refused("no tenía ese cargo el día de la sesión"))
    story.when(mark(NEIGHBOUR), DIRECTOR, roll=rolled(NEIGHBOUR)).then(refused("no es de una unidad convocada"))
    story.when(mark(DIRECTOR, "director-ugel"), DIRECTOR).then(refused("no es de una unidad convocada"))
    for role in ("auditor", "admin"):
        watcher = Person("wari", f"{role}/{DRE}")
        story.when(mark(watcher), DIRECTOR, roll=rolled(watcher)).then(refused("Ese cargo no asiste a las sesiones"))
    two = {**ROLL, 9: msgspec.structs.replace(ROLL[2], assignment=9, holder=DIRECTOR.id)}
    story.when(mark(DIRECTOR, HEAD.charge), DIRECTOR, roll=two).then(refused("ya asiste con otro cargo"))
    story.when(mark(HEAD, present=False), DIRECTOR).then(refused("no figura entre los asistentes"))
    gone = t.AttendanceMarked(session=1, person=DIRECTOR.id, charge=DIRECTOR.charge, present=False)
    story.when(mark(DIRECTOR, present=False), DIRECTOR).then(gone)


def test_opening_and_ending_need_the_quorum() -> None:
    """The refusal lists in words what is missing; opening also needs the day and an agenda, ending a reason for what was left."""
    begin, end = s.OpenSession(session=1), s.EndSession(session=1)
    given(*APPROVED, CONVENED).when(begin, DIRECTOR).then(refused("no tiene puntos"))
    story = given(*APPROVED, CONVENED, FIRST, *came(HEAD))
    lines = ("Asisten 1 de las 3 personas", "Falta el director", "Falta alguien de la DRE")
    story.when(begin, DIRECTOR).then(refused("No hay quórum para abrir la sesión", lines))
    ready = given(*APPROVED, CONVENED, FIRST, *PRESENT)
    ready.when(begin, DIRECTOR, today=date(YEAR, 11, 17)).then(refused("todavía no comienza"))
    ready.when(end, DIRECTOR).then(refused("no está abierta"))
    ready.when(begin, DIRECTOR).then(OPENED).when(begin, DIRECTOR).then(refused("ya comenzó"))
    ready.when(end, DIRECTOR).then(refused("Quedan puntos sin tratar", ("Resultado del III trimestre",)))
    left = t.AttendanceMarked(session=1, person=DRE_SPECIALIST.id, charge=DRE_SPECIALIST.charge, present=False)
    given(*OPEN, left).when(end, DIRECTOR).then(refused("para levantar", ("Falta alguien de la DRE",)))
    given(*OPEN, TAKEN).when(s.EndSession(session=1, reason="-"), DIRECTOR).then(s.SessionEnded(session=1, reason="-"))


def test_a_session_opens_with_what_was_escalated_since() -> None:
    """What is not on its agenda yet comes last, what was removed with a reason stays away; a full agenda takes no more."""
    late = NewItem(title="Alerta 1", matter=Matter(unit=SATIPO, kind="alert", number=1))
    begin = s.OpenSession(session=1, items=(NewItem(title="-", matter=SCORE), late, late))
    ready = given_region(REGIONAL, FIRST, *came(DIRECTOR, DRE_DIRECTOR, NEIGHBOUR))
    added = g.AgendaItemAdded(item=2, session=1, place=2, title="Alerta 1", matter=late.matter)
    ready.when(begin, DRE_DIRECTOR).then(added, OPENED)
    known = (REGIONAL, FIRST, added, *came(DIRECTOR, DRE_DIRECTOR, NEIGHBOUR))
    given_region(*known).when(begin, DRE_DIRECTOR).then(OPENED)
    gone = g.AgendaItemRemoved(item=2, session=1, order=(1,), reason="Se vio en la UGEL")
    given_region(*known, gone).when(begin, DRE_DIRECTOR).then(OPENED)
    full = [g.AgendaItemAdded(item=n, session=1, place=n, title=f"Punto {n}") for n in range(1, g.MOST + 1)]
    given_region(REGIONAL, *full, *came(DIRECTOR, DRE_DIRECTOR, NEIGHBOUR)).when(begin, DRE_DIRECTOR).then(OPENED)


def test_a_regional_quorum_counts_the_units_called() -> None:
    """More than half of the UGEL by one of their heads, and somebody who directs the DRE."""
    story = given_region(REGIONAL, FIRST, *came(DIRECTOR, HEAD, DRE_SPECIALIST))
    lines = ("director, la directora o un jefe de la DRE", "representadas 1 de las 2 UGEL")
    story.when(s.OpenSession(session=1), DRE_DIRECTOR).then(refused("No hay quórum", lines))
    story.given(*came(DRE_DIRECTOR, NEIGHBOUR)).when(s.OpenSession(session=1), DRE_DIRECTOR).then(OPENED)


def test_who_only_watches_makes_no_quorum() -> None:
    """An auditor whose attendance an earlier release recorded counts for nothing."""
    watcher = Person("wari", f"auditor/{DRE}")
    story = given(*APPROVED, CONVENED, FIRST, *came(DIRECTOR, DRE_SPECIALIST, watcher))
    story.when(s.OpenSession(session=1), DIRECTOR).then(refused("No hay quórum", ("Asisten 2 de las 3 personas",)))


def test_the_agenda_is_filled_ordered_and_taken_up() -> None:
    """What is there already is not added twice; a taken item stays, with the position its figures stopped at."""
    items = (NewItem(title=FIRST.title, matter=SCORE), NewItem(title="Varios"))
    add = g.AddItems(session=1, items=items)
    story = given(*APPROVED, CONVENED).when(add, SPECIALIST).then(FIRST, SECOND)
    again = g.AddItems(session=1, items=items[:1])
    story.when(again, SPECIALIST).then()
    story.when(g.MoveItem(item=2, place=1), SPECIALIST).then(g.AgendaOrdered(item=2, session=1, order=(2, 1)))
    story.when(g.MoveItem(item=2, place=1), SPECIALIST).then()
    story.when(g.MoveItem(item=2, place=3), SPECIALIST).then(refused("El lugar va de 1 a 2"))
    story.when(g.TakeUpItem(item=1, position=40), SPECIALIST).then(refused("desde que se abre"))
    story.when(g.NoteItem(item=1, note="-"), SPECIALIST).then(refused("todavía no se trata"))
    gone = g.AgendaItemRemoved(item=2, session=1, order=(1,), reason="Sin tema")
    story.when(g.RemoveItem(item=2, reason="Sin tema"), SPECIALIST).then(gone)
    story.when(g.MoveItem(item=2, place=1), SPECIALIST).then(refused("no está en la agenda"))
    story.given(*PRESENT, OPENED).when(g.TakeUpItem(item=1, position=40), SPECIALIST).then(TAKEN)
    story.when(g.TakeUpItem(item=1, position=50), SPECIALIST).then(refused("sus cifras quedaron fijas"))
    story.when(g.RemoveItem(item=1, reason="-"), SPECIALIST).then(refused("ya se trató"))


def test_an_agenda_is_not_endless_and_stays_once_the_session_is_over() -> None:
    """What is too much is refused as a whole; afterwards nothing is added, moved, removed or taken up."""
    many = tuple(NewItem(title=f"Punto {n}") for n in range(g.MOST - 1))
    story = given(*APPROVED, CONVENED, FIRST).after(g.AddItems(session=1, items=many), SPECIALIST)
    one_more = g.AddItems(session=1, items=(NewItem(title="Uno más"),))
    story.when(one_more, SPECIALIST).then(refused(f"La agenda admite como máximo {g.MOST} puntos"))
    late = (one_more, g.MoveItem(item=2, place=1), g.RemoveItem(item=2, reason="-"), g.TakeUpItem(item=2, position=50))
    for command in late:
        given(*OVER).when(command, SPECIALIST).then(refused("La sesión ya se levantó: su agenda no cambia"))


def test_an_item_is_about_what_there_is() -> None:
    """A unit that was called, an alert that exists; the region does not look into the units' streams."""

    def about(unit: str, kind: MatterKind, number: int) -> g.AddItems:
        return g.AddItems(session=1, items=(NewItem(title="-", matter=Matter(unit=unit, kind=kind, number=number)),))

    story = given(*APPROVED, CONVENED)
    story.when(about(SATIPO, "quarter", 1), SPECIALIST).then(refused("no fue convocada"))
    for kind, words in (("alert", "Esa alerta"), ("finding", "Ese hallazgo"), ("commitment", "Ese compromiso")):
        story.when(about(JAUJA, kind, 7), SPECIALIST).then(refused(words))  # type: ignore[arg-type]  # one of them
    story.when(about(JAUJA, "activity", 99), SPECIALIST).then(refused("no está en el plan"))
    story.when(about(JAUJA, "quarter", 5), SPECIALIST).then(refused("de 1 a 4"))
    given_region(REGIONAL).after(about(SATIPO, "alert", 7), DRE_SPECIALIST)


def test_a_session_is_convened_together_with_its_agenda() -> None:
    """One decision: the same rules hold as for items added later; nothing is convened when one of them is refused."""
    items = (NewItem(title=FIRST.title, matter=SCORE), NewItem(title="Varios"))
    story = given(*APPROVED).when(s.ConveneSession(**CALL, items=items), DIRECTOR).then(CONVENED, FIRST, SECOND)
    assert story.state.sessions.by_number[1].items == [1, 2]
    foreign = NewItem(title="-", matter=Matter(unit=SATIPO, kind="quarter", number=1))
    given(*APPROVED).when(s.ConveneSession(**CALL, items=(foreign,)), DIRECTOR).then(refused("no fue convocada"))
    many = tuple(NewItem(title=f"Punto {n}") for n in range(g.MOST + 1))
    given(*APPROVED).when(s.ConveneSession(**CALL, items=many), DIRECTOR).then(refused("como máximo 200 puntos"))


def test_two_note_takers_on_one_item() -> None:
    """Who saw the first words and changes them goes through; who did not is told; the same words twice are no change."""
    story = given(*OPEN, TAKEN)
    first = g.NoteItem(item=1, note="Se revisó", seen={"note": ""})
    story.when(first, SPECIALIST).then(g.AgendaItemNoted(item=1, session=1, was="", note="Se revisó"))
    story.when(first, HEAD).then()
    story.when(g.NoteItem(item=1, note="Otra cosa", seen={"note": ""}), HEAD).then(refused("otra persona cambió lo mismo"))
    seen = g.NoteItem(item=1, note="Se revisó y acordó", seen={"note": "Se revisó"})
    story.when(seen, HEAD).then(g.AgendaItemNoted(item=1, session=1, was="Se revisó", note="Se revisó y acordó"))
    assert CALL["day"] < DAY, "the session must have happened for these stories to mean anything"

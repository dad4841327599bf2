"""Support sessions: convened, attended, and what each UGEL took on; the region's stream beside those of the units."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from service.aggregates import Command, region_year, streams
from service.aggregates import support as s
from service.aggregates.plan_versions import OpenYear
from service.ledger import Forbidden, Refused, region_of
from tests.conftest import TestDatabase
from tests.door import JAUJA, SATIPO, SATIPO_DIRECTOR, STREAM, Door, door
from tests.stories import DIRECTOR, DRE_OTHER, DRE_SPECIALIST, HEAD, SPECIALIST, YEAR, Person, Story, refused
from tests.test_properties import folded, versions

REGION = region_of(YEAR)
DAY = date(YEAR, 3, 10)
PROGRAMME: dict[str, Any] = {
    "kind": "asistencia técnica",
    "title": "Cómo alinear el PAT",
    "day": DAY,
    "place": "Auditorio de la DRE",
    "units": (JAUJA, SATIPO),
    "agenda": ("Objetivos", "Taller"),
    "materials": (s.Material(title="Guía", reference="Exp. 12-2026"),),
}
CONVENED = s.SupportConvened(support=1, virtual=False, **PROGRAMME)
ROSA = s.Attendee(person=SPECIALIST.id, charge=SPECIALIST.charge)
ANA = s.Attendee(person=DIRECTOR.id, charge=DIRECTOR.charge)
HELD = s.SupportAttended(support=1, attendees=(ROSA,))
DUE = date(YEAR, 4, 30)
TAKEN = s.UndertakingAdded(undertaking=1, support=1, unit=JAUJA, text="Alinear las 12 actividades", due=DUE)
REPORT = s.ReportUndertaking(unit=JAUJA, undertaking=1, evidence="Informe 14")
REPORTED = s.UndertakingReported(undertaking=1, unit=JAUJA, evidence="Informe 14")


def given(*past: Any) -> Story:
    """A region's year in which this happened."""
    return Story(region_year.RegionYear(YEAR), region_year.decide, region_year.evolve).given(*past)


def test_the_dre_convenes_changes_and_cancels() -> None:
    """Until it is held a session may change or be cancelled; the same again is no change."""
    given().when(s.ConveneSupport(**PROGRAMME), DRE_SPECIALIST).then(CONVENED)
    changed = PROGRAMME | {"place": "Sala virtual", "virtual": True}
    story = given(CONVENED).when(s.ChangeSupport(support=1, **PROGRAMME), DRE_SPECIALIST).then()
    story.when(s.ChangeSupport(support=1, **changed), DRE_SPECIALIST).then(s.SupportChanged(support=1, **changed))
    cancel = s.CancelSupport(support=1, reason="Paro de transporte")
    story.when(cancel, DRE_SPECIALIST).then(s.SupportCancelled(support=1, reason="Paro de transporte"))
    story.when(cancel, DRE_SPECIALIST).then(refused("no se ha realizado"))
    story.when(s.RecordAttendance(support=1, attendees=(ROSA,)), DRE_SPECIALIST).then(refused("cancelada"))
    given(CONVENED, HELD).when(s.ChangeSupport(support=1, **changed), DRE_SPECIALIST).then(refused("no se ha realizado"))


def test_a_session_belongs_to_its_year() -> None:
    """A date of another decade is a slip of the pen; the year before may prepare."""
    late = s.ConveneSupport(**PROGRAMME | {"day": date(YEAR + 1, 1, 5)})
    given().when(late, DRE_SPECIALIST).then(refused("debe ser del año"))
    early = PROGRAMME | {"day": date(YEAR - 1, 12, 1)}
    given().when(s.ConveneSupport(**early), DRE_SPECIALIST).then(s.SupportConvened(support=1, virtual=False, **early))


def test_attendance_is_recorded_from_the_day_on_and_may_be_corrected() -> None:
    """Not before the day; recorded again it replaces the list; twice the same person in a charge counts once."""
    record = s.RecordAttendance(support=1, attendees=(ROSA, ROSA))
    given(CONVENED).when(record, DRE_SPECIALIST, today=date(YEAR, 3, 9)).then(refused("todavía no se realiza"))
    story = given(CONVENED).when(record, DRE_SPECIALIST).then(HELD).when(record, DRE_SPECIALIST).then()
    both = s.RecordAttendance(support=1, attendees=(ROSA, ANA))
    story.when(both, DRE_SPECIALIST).then(s.SupportAttended(support=1, attendees=(ROSA, ANA)))
    story.when(s.RecordAttendance(support=2, attendees=(ROSA,)), DRE_SPECIALIST).then(refused("no existe"))


def test_what_a_unit_takes_on_comes_from_a_session_that_was_held() -> None:
    """Only by an invited unit, with a day that is not before the session."""
    take: dict[str, Any] = {"support": 1, "unit": JAUJA, "text": "Alinear las 12 actividades", "due": DUE}
    given(CONVENED).when(s.TakeOn(**take), HEAD).then(refused("Registre primero la asistencia"))
    story = given(CONVENED, HELD).when(s.TakeOn(**take), HEAD).then(TAKEN)
    story.when(s.TakeOn(**take | {"unit": "120001"}), HEAD).then(refused("no fue convocada"))
    story.when(s.TakeOn(**take | {"due": date(YEAR, 3, 9)}), HEAD).then(refused("anterior a la jornada"))


def test_who_reports_does_not_verify() -> None:
    """Open, reported, observed with what is missing, reported again, fulfilled by another person."""
    story = given(CONVENED, HELD, TAKEN)
    verify: dict[str, Any] = {"unit": JAUJA, "undertaking": 1}
    story.when(s.VerifyUndertaking(**verify, accepted=True), DRE_SPECIALIST).then(refused("todavía no informó"))
    story.when(REPORT, HEAD).then(REPORTED).when(REPORT, HEAD).then(refused("espere la verificación"))
    story.when(s.VerifyUndertaking(**verify, accepted=False), DRE_SPECIALIST).then(refused("Escriba qué falta"))
    observed = s.UndertakingVerified(**verify, accepted=False, text="Faltan dos")
    story.when(s.VerifyUndertaking(**verify, accepted=False, text="Faltan dos"), DRE_SPECIALIST).then(observed)
    story.when(REPORT, HEAD).then(REPORTED)
    story.when(s.VerifyUndertaking(**verify, accepted=True), HEAD).then(refused("Quien informa no puede verificar"))
    story.when(s.VerifyUndertaking(**verify, accepted=True), DRE_SPECIALIST).then(s.UndertakingVerified(**verify, accepted=True))
    story.when(s.ReportUndertaking(unit=SATIPO, undertaking=1, evidence="-"), HEAD).then(refused("no asumió eso"))


@pytest.fixture
def ledger(new_database: TestDatabase) -> Iterator[Door]:
    """A furnished ledger."""
    with door(new_database.service_url) as opened:
        yield opened.furnish()


def test_the_door_knows_whose_matter_a_command_is(ledger: Door) -> None:
    """The office convenes; a head reports for the own unit alone; nobody of a UGEL convenes; unknown units do not exist."""
    ledger.ask(DRE_SPECIALIST, s.ConveneSupport(**PROGRAMME), REGION)
    with pytest.raises(Forbidden):
        ledger.ask(HEAD, s.ConveneSupport(**PROGRAMME), REGION)
    ledger.ask(DRE_SPECIALIST, s.RecordAttendance(support=1, attendees=(ROSA,)), REGION)
    for unit, by in ((JAUJA, HEAD), (SATIPO, DRE_SPECIALIST)):
        ledger.ask(by, s.TakeOn(support=1, unit=unit, text="Alinear", due=DUE), REGION)
    with pytest.raises(Forbidden, match="propia unidad"):
        ledger.ask(SATIPO_DIRECTOR, REPORT, REGION)
    with pytest.raises(Forbidden):
        ledger.ask(SPECIALIST, REPORT, REGION)
    with pytest.raises(Refused, match="no existe"):
        ledger.ask(DRE_SPECIALIST, s.TakeOn(support=1, unit="999999", text="-", due=DUE), REGION)
    done = ledger.ask(HEAD, REPORT, REGION)
    assert done.facts[0].fact.charge == HEAD.charge
    ledger.ask(DRE_OTHER, s.VerifyUndertaking(unit=JAUJA, undertaking=1, accepted=True), REGION)
    assert ledger.differences() == []


def test_each_kind_of_stream_takes_its_own_commands(ledger: Door) -> None:
    """The kinds are told apart by name; the region's stream cannot hold a unit's command, nor a unit's stream the region's."""
    assert set(streams.KINDS) == {"dre", "unit", "region"}
    with pytest.raises(TypeError):
        ledger.ask(DRE_SPECIALIST, OpenYear(year=YEAR), REGION)
    ledger.draft()
    with pytest.raises(TypeError):
        ledger.ask(DRE_SPECIALIST, s.ConveneSupport(**PROGRAMME), STREAM)


def chance(random: Random, region: region_year.RegionYear) -> tuple[Person, Command]:
    """What might be asked next in the region's year."""
    number = random.randint(1, len(region.supports.by_number) + 1)
    undertaking = random.randint(1, len(region.supports.undertakings) + 1)
    taken = region.supports.undertakings.get(undertaking)
    unit = taken.unit if taken else random.choice((JAUJA, SATIPO))
    by = HEAD if unit == JAUJA else SATIPO_DIRECTOR
    office = random.choice((DRE_SPECIALIST, DRE_OTHER))
    programme = PROGRAMME | {"title": random.choice(("Ñandú «1»", "Taller")), "units": random.choice(((JAUJA,), (JAUJA, SATIPO)))}
    came = tuple(each for each in (ROSA, ANA) if random.random() < 0.6)
    return random.choice(
        (
            (office, s.ConveneSupport(**programme)),
            (office, s.ChangeSupport(support=number, **programme)),
            (office, s.CancelSupport(support=number, reason="-")) if random.random() < 0.2 else (by, REPORT),
            (office, s.RecordAttendance(support=number, attendees=came)),
            (by, s.TakeOn(support=number, unit=unit, text="Alinear", due=DUE)),
            (by, s.ReportUndertaking(unit=unit, undertaking=undertaking, evidence="Informe")),
            (office, s.VerifyUndertaking(unit=unit, undertaking=undertaking, accepted=random.random() < 0.5, text="Falta")),
        )
    )


def test_the_regions_tables_equal_the_fold_at_every_position(new_database: TestDatabase) -> None:
    """Whatever happens in the region's year, what a page shows as of any position is what the events up to it say."""
    with door(new_database.service_url, clock=None) as ledger:
        ledger.furnish()
        random = Random(7)
        for _ in range(160):
            by, command = chance(random, ledger.memo(REGION).state)
            try:
                ledger.ask(by, command, REGION)
            except (Refused, Forbidden):
                continue
        facts = list(ledger.facts(REGION))
        assert {type(each.fact.event) for each in facts} == s.EVENTS, "every kind must happen for this to mean anything"
        with ledger.database.snapshot() as connection:
            every = versions(connection, REGION)
        for at in (fact.position for fact in facts):
            stood = {name: {row for start, end, row in rows if start <= at < end} for name, rows in every.items()}
            assert stood == folded(facts, at)
        assert ledger.differences() == []
        assert facts[0].fact.at < datetime.now(UTC)

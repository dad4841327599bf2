"""The DRE's standing stream: units, and charges between two dates."""

from datetime import date
from typing import Any

import pytest

from service.aggregates import dre as d
from tests.stories import Story, given_standing, refused

OFFICE = d.UnitRegistered(code="120000", name="DRE Junín", kind="dre")
JAUJA = d.UnitRegistered(code="120005", name="UGEL Jauja", kind="ugel", province="Jauja")
CHARGE: dict[str, Any] = {"holder": "ana", "role": "director-ugel", "unit": "120005", "since": date(2026, 1, 1)}
ASSIGN = d.AssignCharge(**CHARGE)


def office(*past: Any) -> Story:
    """The DRE with one UGEL."""
    return given_standing(OFFICE, JAUJA, *past)


def test_a_unit_is_registered_once() -> None:
    """The code is the key, the name a label."""
    story = (
        given_standing(OFFICE).when(d.RegisterUnit(code="120005", name="UGEL Jauja", kind="ugel", province="Jauja")).then(JAUJA)
    )
    story.when(d.RegisterUnit(code="120005", name="Otra", kind="ugel")).then(refused("La unidad 120005 ya está registrada"))


def test_a_charge_is_assigned_in_a_registered_unit_of_its_kind() -> None:
    """Each assignment has its number; a director of a UGEL belongs to a UGEL, an auditor to the DRE."""
    office().when(ASSIGN).then(d.ChargeAssigned(assignment=1, **CHARGE))
    office().when(d.AssignCharge(**CHARGE | {"unit": "120013"})).then(refused("no está registrada"))
    for role, unit in (("director-ugel", "120000"), ("auditor", "120005"), ("director-dre", "120005")):
        office().when(d.AssignCharge(**CHARGE | {"role": role, "unit": unit})).then(refused("no corresponde"))
    office().when(d.AssignCharge(**CHARGE | {"role": "sistema", "unit": "120000"})).then(refused("no es un cargo"))
    backwards = d.AssignCharge(**CHARGE, until=date(2025, 12, 31))
    office().when(backwards).then(refused("La fecha final es anterior"))


def test_a_charge_holds_between_its_dates_both_included() -> None:
    """Outside them it is not held; other charges of the same person are not touched."""
    story = office().after(d.AssignCharge(**CHARGE, until=date(2026, 6, 30))).after(d.AssignCharge(**CHARGE | {"area": "AGP"}))
    held = {day: [c.assignment for c in story.state.held("ana", day)] for day in (date(2025, 12, 31), date(2026, 1, 1))}
    assert held == {date(2025, 12, 31): [], date(2026, 1, 1): [1, 2]}
    assert [c.assignment for c in story.state.held("ana", date(2026, 6, 30))] == [1, 2]
    assert [c.assignment for c in story.state.held("ana", date(2026, 7, 1))] == [2]
    assert story.state.held("nadie", date(2026, 1, 1)) == []


@pytest.mark.parametrize(
    ("fields", "name"),
    [({}, "director-ugel/120005"), ({"role": "jefe-area", "area": "AGP"}, "jefe-area/120005/AGP")],
)
def test_a_charge_is_named_without_the_person(fields: dict[str, str], name: str) -> None:
    """The record says role, unit and area."""
    story = office().after(d.AssignCharge(**CHARGE | fields))
    assert story.state.charges[1].charge == name


def test_a_charge_ends_on_a_day() -> None:
    """Afterwards it is not held; it cannot end before it began, and an unknown one cannot end."""
    story = office().after(ASSIGN).when(d.EndCharge(assignment=1, until=date(2026, 3, 31), reason="Cese"))
    story.then(d.ChargeEnded(assignment=1, until=date(2026, 3, 31), reason="Cese"))
    assert story.state.held("ana", date(2026, 4, 1)) == []
    story.when(d.EndCharge(assignment=1, until=date(2025, 1, 1))).then(refused("La fecha final es anterior"))
    story.when(d.EndCharge(assignment=9, until=date(2026, 1, 1))).then(refused("Ese cargo no existe"))


def test_ending_a_charge_never_lengthens_it() -> None:
    """More time in a charge is a new assignment with its own resolution."""
    story = office().after(d.AssignCharge(**CHARGE, until=date(2026, 6, 30)))
    story.when(d.EndCharge(assignment=1, until=date(2026, 12, 31))).then(refused("ya termina antes"))

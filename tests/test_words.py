"""What dates, numbers and codes look like to a person."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args, get_type_hints

import pytest

from service.aggregates import alert, balance, commitment, dre, plan, quarter, score
from service.web import words

MORNING = datetime(2026, 11, 23, 15, 42, tzinfo=UTC)


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace(words.GAP, " ")


def test_a_moment_is_shown_in_lima_time() -> None:
    """A moment kept in UTC reads as the clock on the wall in Junín."""
    assert plain(words.fecha(MORNING)) == "23 nov 2026, 10:42"
    assert words.hora(MORNING) == "10:42"
    assert words.iso(MORNING) == "2026-11-23T10:42:00-05:00"


def test_a_moment_after_midnight_utc_belongs_to_the_day_before_in_lima() -> None:
    """The day shown is Lima's, also in its heading."""
    late = datetime(2026, 10, 1, 4, 59, tzinfo=UTC)
    assert plain(words.fecha(late)) == "30 set 2026, 23:59"
    assert words.dia(late) == "miércoles 30 de setiembre de 2026"


def test_a_day_has_no_time() -> None:
    """A date alone is shown without hours."""
    assert plain(words.fecha(date(2026, 1, 5))) == "5 ene 2026"
    assert words.iso(date(2026, 1, 5)) == "2026-01-05"


def test_a_moment_without_zone_is_refused() -> None:
    """A time whose zone is unknown is never guessed."""
    with pytest.raises(ValueError, match="zone"):
        words.fecha(datetime(2026, 1, 5))  # noqa: DTZ001 — the missing zone is the point


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (7, "7"),
        (1234, "1 234"),
        (1234567, "1 234 567"),
        (Decimal("1234.50"), "1 234,5"),
        (Decimal("0.005"), "0,01"),
        (Decimal("89.96"), "89,96"),
        (Decimal(-12), "−12"),
        (Decimal("-0.001"), "0"),
        (0.1, "0,1"),
        (Decimal("1E+3"), "1 000"),
    ],
)
def test_numbers_have_decimal_comma_and_spaced_thousands(value: Decimal | float, shown: str) -> None:
    """Numbers read as an office in Peru writes them, without idle zeros."""
    assert plain(words.numero(value)) == shown


def test_spaces_inside_a_number_do_not_break_the_line() -> None:
    """A figure, its thousands and its sign stay together on one line."""
    assert words.porciento(Decimal("1234.5")) == "1\u00a0234,50\u00a0%"


def test_computed_percentages_stand_under_each_other() -> None:
    """Always as many decimals, so that a column can be compared; what somebody set reads as it was written."""
    assert [plain(words.porciento(Decimal(each))) for each in ("97", "77.8", "83.125")] == ["97,00 %", "77,80 %", "83,13 %"]
    assert plain(words.porciento(Decimal("99.5"), 0)) == "100 %"
    assert [plain(words.umbral(Decimal(each))) for each in ("90", "60.5")] == ["90 %", "60,5 %"]


def test_a_percentage_just_below_a_threshold_is_not_rounded_up_to_it() -> None:
    """89,96 % stays below 90 % on screen, as its light does."""
    assert plain(words.porciento(Decimal("89.96"))) == "89,96 %"


def test_what_is_missing_is_a_dash() -> None:
    """A figure or date that is not there is shown as such, never as zero."""
    assert {words.fecha(None), words.hora(None), words.numero(None), words.porciento(None)} == {"—"}


def test_counts_agree_with_their_noun() -> None:
    """One activity, many activities, and none is many."""
    assert [plain(words.plural(n, "actividad", "actividades")) for n in (0, 1, 1200)] == [
        "0 actividades",
        "1 actividad",
        "1 200 actividades",
    ]


def test_a_charge_is_said_in_words() -> None:
    """The code of a charge never reaches the screen."""
    assert words.cargo("director-ugel/120005") == "Director(a) de UGEL"
    assert words.cargo("jefe-area/120005/AGP") == "Jefe(a) de área · AGP"


def test_a_charge_that_the_service_does_not_know_is_shown_as_it_is() -> None:
    """A page of an old fact, or of a form that came back, never fails for it."""
    assert [words.cargo(charge) for charge in ("subdirector/120005", "", "x")] == ["subdirector", "", "x"]


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("plan", plan.Plan),
        ("quarter", quarter.Quarter),
        ("alert", alert.Alert),
        ("commitment", commitment.Commitment),
        ("balance", balance.Balance),
    ],
)
def test_every_state_of_the_record_has_a_word(subject: str, kind: type) -> None:
    """A state added to an aggregate cannot be forgotten on screen."""
    codes = set(get_args(get_type_hints(kind)["status"]))
    assert codes, "the aggregate must list its states for this test to mean anything"
    assert codes <= words.STATES[subject].keys()


def test_every_light_and_role_of_the_record_has_a_word() -> None:
    """Lights and roles added to the record cannot be forgotten on screen."""
    assert set(get_args(score.Light)) == words.LIGHTS.keys()
    assert set(get_args(dre.Role)) == words.ROLES.keys()

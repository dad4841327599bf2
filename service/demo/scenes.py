"""The two years of every unit: an outline for each, the scenes all have in common, and those that only one has."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from service.aggregates import DRE
from service.demo import agreeing, closing, drafting, followup, measuring, quarters, reopening, sitting
from service.demo.catalogue import DIGITAL
from service.demo.desk import Desk, Outline, last_day
from service.demo.stage import Scene

DAY = timedelta(days=1)
FIRST, SECOND = 2025, 2026
EARLY = "120006"

OUTLINES = {
    DRE: Outline(1.0, (0, 0, 1, 0, 0, 0, 1), third="scored"),
    "120001": Outline(3.0, (2, 1, 1, 0, 1, 1, 0), observed=((FIRST, 1),)),
    "120002": Outline(0.8, (3, 2, 3, 2, 2, 1, 1)),
    "120003": Outline(0.9, (4, 4, 3, 3, 3, 3, 3), corrected=((SECOND, 3),), observed=((SECOND, 2),)),
    "120004": Outline(1.5, (5, 4, 4, 3, 4, 3, 3), late=3, third="validated", observed=((FIRST, 3),)),
    "120005": Outline(1.1, (4, 3, 3, 2, 3, 3, 4), third="scored", corrected=((SECOND, 2),)),
    "120006": Outline(0.7, (3, 3, 2, 3, 2, 3, 2), third="submitted", plan_observed=SECOND),
    "120007": Outline(1.6, (6, 5, 5, 4, 5, 4, 5), late=3, corrected=((FIRST, 4),)),
    "120008": Outline(1.0, (3, 4, 3, 3, 4, 3, 3), third="observed", observed=((FIRST, 2),)),
    "120009": Outline(0.7, (1, 1, 0, 1, 1, 0, 1)),
    "120010": Outline(0.9, (6, 5, 5, 4, 5, 5, 4), late=6, third="submitted"),
    "120011": Outline(1.1, (7, 7, 6, 6, 7, 5, 7), late=4, silent=1),
    "120012": Outline(0.8, (6, 7, 6, 5, 6, 5, 6), late=8, third="none", silent=2, plan_observed=FIRST),
    "120014": Outline(0.9, (6, 6, 7, 6, 5, 4, 5), late=7, third="draft", silent=1, observed=((SECOND, 1),)),
}


def story(desk: Desk) -> Scene:
    """Two years at one desk: the first from plan to balance, the second up to the fourth quarter's first weeks."""
    outline = OUTLINES[desk.unit]
    yield from drafting.draft(desk, outline, FIRST, date(FIRST, 1, 8), ())
    for number in range(1, 5):
        yield from quarters.quarter(desk, outline, number, outline.weak[number - 1])
        yield from _follow(desk, outline, number)
        yield from _settle(desk, number)
        yield from _after(desk, number)
    left = yield from closing.balance(desk, date(SECOND, 2, 2))
    yield from drafting.draft(desk, outline, SECOND, date(SECOND, 2, 9), left)
    for number in range(1, 4):
        stage = outline.third if number == 3 else "closed"  # noqa: PLR2004 — the third quarter, as far as the unit got
        yield from quarters.quarter(desk, outline, number, outline.weak[3 + number], stage)
        if stage in {"scored", "closed"}:
            yield from _follow(desk, outline, number)
        if number < 3:  # noqa: PLR2004 — what falls due after the third is still to come
            yield from _settle(desk, number)
        yield from _after(desk, number)
    if outline.third in {"scored", "closed"}:
        yield from quarters.begin_fourth(desk, date(SECOND, 11, 16) + desk.chance.randrange(4) * DAY, 3)
    if desk.unit == EARLY:
        yield from drafting.ahead(desk, outline, SECOND + 1, date(SECOND, 11, 3))


def _settle(desk: Desk, number: int) -> Scene:
    """What falls due before the next quarter ends; two units forget theirs."""
    if (desk.unit, desk.year.year, number) not in FORGOTTEN:
        yield from followup.settle(desk, last_day(desk.year.year, number) + 62 * DAY)


def _follow(desk: Desk, outline: Outline, number: int) -> Scene:
    """Alerts, findings and a commitment; the last quarter of each year leaves some of it undone."""
    year, weak = desk.year.year, outline.weak[number - 1 + 4 * (desk.year.year - FIRST)]
    scored = last_day(year, number) + (21 + outline.late) * DAY
    third = (year, number) == (SECOND, 3)
    untouched = min(2, weak // 2) if third else 0
    unclosed = weak if third else 1 if weak > 2 else 0  # noqa: PLR2004 — where much goes badly, one case stays
    yield from followup.findings(desk, number, scored + DAY)
    if (desk.unit, year, number) in sitting.HELD:
        yield from sitting.held(desk, number, scored + 2 * DAY)
    if number < 4 and not third:  # noqa: PLR2004 — the fourth quarter's knots are for the next plan
        due = DUE.get((desk.unit, year, number), last_day(year, number) + 58 * DAY)
        if weak > 1 or (desk.unit, year, number) in DUE:
            yield from followup.commit(desk, number, scored + 2 * DAY, due)
    yield from followup.alerts(desk, number, scored + 7 * DAY, untouched=untouched, unclosed=unclosed)


def _after(desk: Desk, number: int) -> Scene:
    """What only this unit has after this quarter."""
    own = AFTER.get((desk.unit, desk.year.year, number))
    if own:
        yield from own(desk)


def _jauja_amends(desk: Desk) -> Scene:
    reason = "La Dirección priorizó las zonas más alejadas: parte de las visitas pasa a acompañamiento virtual."
    yield from drafting.amend(desk, date(SECOND, 6, 3), 7, reason)
    yield from drafting.approve_amendment(desk, date(SECOND, 6, 10))
    yield from measuring.redefine(desk, date(SECOND, 6, 11))


def _jauja_waits(desk: Desk) -> Scene:
    yield from followup.commit(desk, 3, date(SECOND, 11, 10), date(SECOND, 12, 18), signing=1)
    yield from followup.discuss(desk, date(SECOND, 11, 12))
    yield from _signed_outside(desk)
    yield from sitting.held(desk, 3, date(SECOND, 11, 17), over=False)


@agreeing.apart
def _signed_outside(desk: Desk) -> Scene:
    """It waits for those who sign with a certificate (`quipu demo` has them do it)."""
    yield from followup.commit(desk, 3, date(SECOND, 11, 13), date(SECOND, 12, 21), signing=0, kind=DIGITAL.code)


def _satipo_amends(desk: Desk) -> Scene:
    """Told apart, so that the rest of the year stays as it was."""
    chance, desk.chance = desk.chance, Random(desk.unit)  # noqa: S311 — a demo's chance
    reason = "Se encargó a otra área parte del acompañamiento: se reducen las visitas desde julio."
    yield from drafting.amend(desk, date(SECOND, 6, 8), 7, reason, virtual=False)
    yield from drafting.approve_amendment(desk, date(SECOND, 6, 17))
    desk.chance = chance


def _satipo_waits(desk: Desk) -> Scene:
    yield from followup.commit(desk, 3, date(SECOND, 11, 9), date(SECOND, 12, 18), signing=2)
    yield from _signed_outside(desk)
    reason = "Las lluvias de noviembre cerraron dos rutas: se propone mover las visitas de diciembre a medios virtuales."
    yield from drafting.amend(desk, date(SECOND, 11, 13), 11, reason)
    yield from measuring.request(desk, date(SECOND, 11, 16))


def _chanchamayo_waits(desk: Desk) -> Scene:
    yield from quarters.correct(desk, 3, date(SECOND, 11, 6), approved=False)


def _huancayo_declares(desk: Desk) -> Scene:
    yield from followup.settle(desk, date(SECOND, 11, 12), verify=False)


def _chupaca_declines(desk: Desk) -> Scene:
    yield from followup.commit(desk, 2, date(FIRST, 9, 1), date(FIRST, 9, 15), signing=0)
    yield from followup.refuse(desk, date(FIRST, 9, 3))


@agreeing.apart
def _agreed_anew(desk: Desk) -> Scene:
    yield from agreeing.extend(desk, date(SECOND, 10, 29), date(SECOND, 12, 4))
    yield from agreeing.decline(desk, date(SECOND, 11, 12), date(SECOND, 12, 18))


@agreeing.apart
def _renegotiated(desk: Desk) -> Scene:
    yield from agreeing.renegotiate(desk, date(SECOND, 10, 30), date(SECOND, 11, 30))


def _yauli_is_refused(desk: Desk) -> Scene:
    yield from drafting.amend(desk, date(FIRST, 9, 1), 10, "Se redujo el personal de acompañamiento desde octubre.")
    yield from drafting.reject_amendment(desk, date(FIRST, 9, 4))


def _yauli_is_open_again(desk: Desk) -> Scene:
    yield from reopening.corrected(desk, 2, date(SECOND, 9, 7))


def _chupaca_is_open_again(desk: Desk) -> Scene:
    yield from reopening.waiting(desk, 3, date(SECOND, 11, 17), date(SECOND, 12, 18))


AFTER: dict[tuple[str, int, int], Callable[[Desk], Scene]] = {
    ("120005", SECOND, 1): _jauja_amends,
    ("120005", SECOND, 3): _jauja_waits,
    ("120007", SECOND, 1): _satipo_amends,
    ("120007", SECOND, 3): _satipo_waits,
    ("120004", SECOND, 3): _chanchamayo_waits,
    ("120001", SECOND, 3): _huancayo_declares,
    ("120002", FIRST, 2): _chupaca_declines,
    ("120002", SECOND, 3): _chupaca_is_open_again,
    ("120003", SECOND, 3): _agreed_anew,
    ("120011", SECOND, 3): _renegotiated,
    ("120009", SECOND, 2): _yauli_is_open_again,
    ("120009", FIRST, 2): _yauli_is_refused,
}
DUE = {
    ("120005", FIRST, 3): date(SECOND, 5, 15),
    ("120010", FIRST, 3): date(SECOND, 5, 15),
    ("120001", SECOND, 2): date(SECOND, 11, 6),
    ("120005", SECOND, 2): date(SECOND, 10, 30),
    ("120011", SECOND, 2): date(SECOND, 9, 30),
}
FORGOTTEN = {("120005", SECOND, 2), ("120011", SECOND, 2)}

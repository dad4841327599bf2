"""What the pages of a unit's year share: the unit itself, the day a page is about, and links that keep the moment."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from litestar.exceptions import NotFoundException
from psycopg import Connection

from service.aggregates import DRE, ROMAN
from service.aggregates.dre import ChargeAssigned, Dre
from service.permits import OFFICE, UGEL
from service.projections.quarter_page import Place, place
from service.settings import LIMA
from service.web.facts_alerts import RULES
from service.web.form import Form
from service.web.page import Moment, Req
from service.web.words import cargo


def find_place(connection: Connection[Any], moment: Moment, code: str, year: int) -> Place:
    """The unit and its year.

    Raises:
        NotFoundException: there was no such unit at the moment.

    """
    found = place(connection, moment.position, code, year)
    if found is None:
        raise NotFoundException
    return found


def day_of(request: Req, moment: Moment) -> date:
    """The day a page is about: that of its moment, or today in Lima."""
    at: date | datetime = moment.on or request.app.state.ledger.clock()
    return at.astimezone(LIMA).date() if isinstance(at, datetime) else at


def keep(moment: Moment) -> str:
    """What a link adds so that the next page shows the same moment."""
    return f"?hasta={moment.position}" if moment.past else ""


def whole(text: str | None) -> int:
    """A number from the query of an address; anything else is 0."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 else 0  # noqa: PLR2004 — no list has a million lines


def circumstances(request: Req, moment: Moment) -> dict[str, Any]:
    """What every template of these pages is given besides the frame."""
    return {
        "keep": keep(moment),
        "day": day_of(request, moment),
        "units": {code: unit.name for code, unit in request.user.dre.units.items()},
        "office": lambda charge: office(request.user.dre, charge),
        "writes": not moment.past,
        "me": request.user.id,
        "ROMAN": ROMAN,
        "RULES": {rule: words.capitalize() for rule, words in RULES.items()},
    }


def forms(sent: str = "", form: Form[Any] | None = None, *names: str) -> dict[str, Form[Any]]:
    """A fresh form for each name, each with its own command id; the one that was sent comes back as it is."""
    made: dict[str, Form[Any]] = {name: Form.fresh() for name in names}
    if sent and form is not None:
        made[sent] = form
    return made


def office(dre: Dre, charge: str) -> str:
    """A charge with its unit in words: «Director(a) de UGEL Jauja», «Jefe(a) de área · AGP, UGEL Jauja»."""
    words, unit = cargo(charge), dre.units.get(charge.split("/")[1]) if "/" in charge else None
    if unit is None:
        return words
    kind = unit.kind.upper()
    named = words.endswith(f" {kind}") and unit.name.startswith(f"{kind} ")
    return words.removesuffix(kind) + unit.name if named else f"{words}, {unit.name}"


def held(dre: Dre, day: date, code: str, roles: tuple[str, ...]) -> dict[str, list[ChargeAssigned]]:
    """The charges of these roles held on a day in the unit and in the DRE, those of the unit first, with their holders."""
    found: dict[str, list[ChargeAssigned]] = {}
    for charge in sorted(dre.charges.values(), key=lambda each: (each.unit == DRE, each.charge)):
        if charge.role in roles and charge.unit in {code, DRE} and charge.holds(day):
            found.setdefault(charge.charge, []).append(charge)
    return found


def invited(dre: Dre, day: date, units: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Who may come to a session: everybody with a charge on its day in a unit that was called or in the DRE's office, by unit."""
    found: dict[str, list[tuple[str, str]]] = {code: [] for code in units}
    for each in sorted(dre.charges.values(), key=lambda each: each.charge):
        if each.holds(day) and ((each.role in UGEL and each.unit in units) or each.role in OFFICE):
            found.setdefault(each.unit, []).append((each.holder, each.charge))
    return found


def acting(dre: Dre, day: date) -> set[tuple[str, str]]:
    """Who holds a charge on a day by standing in for somebody, with the charge."""
    return {(each.holder, each.charge) for each in dre.charges.values() if each.acting and each.holds(day)}

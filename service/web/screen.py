"""The screen of the meeting room: Seguimiento in large type, one thing after another; it turns its pages by itself.

Each slide is a page with an address of its own. The script turns them; without it a refresh that the page asks for does.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from service.ledger import stream_of
from service.projections import followup_page, history
from service.projections.commitment_page import Commitment
from service.projections.commitment_page import commitments as read_commitments
from service.projections.yearly import Year
from service.web import charts
from service.web.board import region
from service.web.board_filters import Filters, filters, line_names
from service.web.corner import circumstances, day_of, whole
from service.web.heat import latest
from service.web.page import Moment, Req, page
from service.web.trending import Found, courses, read_years

if TYPE_CHECKING:
    from psycopg import Connection

    from service.projections.remembered import Rules

PACES = (10, 20, 30, 60)
PACE, FEW = 20, 5


class Slide(msgspec.Struct, frozen=True):
    """A slide: what it shows, of which unit where it is one's, and its heading."""

    kind: str
    title: str
    code: str = ""


class Turn(msgspec.Struct, frozen=True):
    """Where the screen is: which slide of how many, each shown for `pace` seconds unless it is paused."""

    asked: Filters
    number: int
    many: int
    pace: int
    paused: bool

    def to(self, number: int, *, paused: bool | None = None) -> str:
        """The address of a slide: after the last one comes the first."""
        stopped = self.paused if paused is None else paused
        more = {"lamina": str((number - 1) % self.many + 1), "cada": str(self.pace), "pausa": "1" if stopped else "0"}
        return self.asked.address("/seguimiento/pantalla", **more)


def slides(years: Sequence[Year], asked: Filters) -> list[Slide]:
    """The slides in their order; only those of the units that the filters keep."""
    kept = [year.line.unit for year in years if year.line.unit.kind == "ugel" and asked.keeps(year.line)]
    units = [Slide("unit", unit.name, unit.code) for unit in kept]
    last = (("trends", "Tendencias"), ("alerts", "Alertas sin cerrar"), ("commitments", "Compromisos por vencer"))
    return [Slide("region", "Avance de la región"), *units, *(Slide(*each) for each in last)]


def lowest(year: Year, number: int) -> list[tuple[str, str, Any]]:
    """The lines of action whose figure in a quarter falls short of what was set, by code and name, the lowest first."""
    names, quarter = line_names([year]), year.quarters[number - 1]
    found = [(code, name, quarter.figure(code)) for code, name in names.items()]
    short = (each for each in found if each[2].percent is not None and each[2].light != "fulfilled")
    return sorted(short, key=lambda each: each[2].percent)


def due(found: Sequence[Commitment]) -> list[Commitment]:
    """The commitments that wait for somebody, as they come: the nearest day first."""
    return [each for each in found if each.status in {"proposed", "signed", "declared"} and not each.carried_to]


class Room(msgspec.Struct, frozen=True):
    """What every slide is read from: the moment, the years, and the UGEL that are shown."""

    connection: "Connection[Any]"
    at: int
    day: date
    year: int
    found: Found
    rules: "Rules"
    codes: set[str]

    @property
    def units(self) -> Sequence[Year]:
        return self.found[self.year]

    def region(self, _: str) -> dict[str, Any]:
        lines = [each.line for each in self.units]
        ugels = [line for line in lines if line.unit.kind == "ugel"]
        totals, course = region(lines, self.rules.scale, self.rules.scales), courses(self.found, self.rules)[0]
        alerts = [line.alerts for line in ugels if line.alerts]
        return {"totals": totals, "course": course, "many": len(ugels), "alerts": sum(alerts), "warned": len(alerts)}

    def unit(self, code: str) -> dict[str, Any]:
        year = next(each for each in self.units if each.line.unit.code == code)
        course, last = next(each for each in courses(self.found, self.rules) if each.code == code), latest(self.units)
        return {"year": year, "course": course, "last": last, "lowest": lowest(year, last)[:FEW]}

    def trends(self, _: str) -> dict[str, Any]:
        return {"courses": [each for each in courses(self.found, self.rules) if not each.code or each.code in self.codes]}

    def alerts(self, _: str) -> dict[str, Any]:
        streams = [stream_of(code, self.year) for code in sorted(self.codes)]
        waiting = [each for each in followup_page.alerts_of(self.connection, self.at, streams) if each.status != "closed"]
        waiting.sort(key=lambda each: (bool(each.gone), not each.escalated, each.ends or date.max))
        return {"alerts": waiting[:FEW], "count": len(waiting)}

    def commitments(self, _: str) -> dict[str, Any]:
        mine = [each for each in read_commitments(self.connection, self.at, year=self.year) if each.code in self.codes]
        return {"commitments": due(mine)[:FEW], "bars": charts.commitments(mine, self.day)}


READ: dict[str, Callable[[Room, str], dict[str, Any]]] = {
    "region": Room.region,
    "unit": Room.unit,
    "trends": Room.trends,
    "alerts": Room.alerts,
    "commitments": Room.commitments,
}


@get("/seguimiento/pantalla", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show a slide."""
    asked, query = filters(request, moment), request.query_params
    with request.app.state.database.snapshot() as connection:
        found, rules = read_years(connection, request, moment.position, asked.year, 2)
        known = slides(found[asked.year], asked)
        number = (max(1, whole(query.get("lamina"))) - 1) % len(known) + 1
        slide, codes = known[number - 1], {each.code for each in known if each.code}
        room = Room(connection, moment.position, day_of(request, moment), asked.year, found, rules, codes)
        shown, head = READ[slide.kind](room, slide.code), history.head(connection, moment.position)
    pace = whole(query.get("cada"))
    turn = Turn(asked, number, len(known), pace if pace in PACES else PACE, query.get("pausa") == "1")
    around = circumstances(request, moment)
    return page(
        request, "pantalla.html", part="_pantalla.html", moment=moment, turn=turn, slide=slide, head=head, **shown, **around
    )


ROUTES = (show,)

"""The screen of the meeting room: Seguimiento in large type, one thing after another; it turns its pages by itself.

Each slide is a page with an address of its own. The script turns them; without it a refresh that the page asks for does.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from service.ledger import stream_of
from service.projections import commitment_page, followup_page, history
from service.projections.yearly import Year
from service.web import charts
from service.web.board import region
from service.web.board_filters import Filters, filters, line_names
from service.web.corner import circumstances, day_of, whole
from service.web.heat import latest
from service.web.page import Moment, Req, page
from service.web.trending import courses, read_years

PACES = (10, 20, 30, 60)
PACE, FEW = 20, 7


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
    last = (("trends", "Tendencias"), ("alerts", "Alertas abiertas"), ("commitments", "Compromisos por vencer"))
    return [Slide("region", "Avance de la región"), *units, *(Slide(*each) for each in last)]


def lowest(year: Year, number: int) -> list[tuple[str, Any]]:
    """The lines of action with a figure in a quarter, the lowest first."""
    names, quarter = line_names([year]), year.quarters[number - 1]
    found = [(f"{code} · {name}", quarter.figure(code)) for code, name in names.items()]
    return sorted(((name, each) for name, each in found if each.percent is not None), key=lambda each: each[1].percent)


def due(found: Sequence[commitment_page.Commitment]) -> list[commitment_page.Commitment]:
    """The commitments that wait for somebody, as they come: the nearest day first."""
    return [each for each in found if each.status in {"proposed", "signed", "declared"} and not each.carried_to]


@get("/seguimiento/pantalla", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show a slide."""
    asked, day, at, query = filters(request, moment), day_of(request, moment), moment.position, request.query_params
    with request.app.state.database.snapshot() as connection:
        found, rules = read_years(connection, request, at, asked.year, 2)
        head, units = history.head(connection, at), found[asked.year]
        known = slides(units, asked)
        pace = whole(query.get("cada"))
        number = (max(1, whole(query.get("lamina"))) - 1) % len(known) + 1
        turn = Turn(asked, number, len(known), pace if pace in PACES else PACE, query.get("pausa") == "1")
        slide = known[number - 1]
        codes = {each.code for each in known if each.code}
        values: dict[str, Any] = {"turn": turn, "slide": slide, "head": head, "paces": PACES, "last": latest(units)}
        match slide.kind:
            case "region":
                lines = [year.line for year in units]
                alerts = sum(line.alerts for line in lines if line.unit.kind == "ugel")
                values |= {"totals": region(lines, rules.scale, rules.scales), "many": len(codes), "alerts": alerts}
                values |= {"course": courses(found, rules)[0]}
            case "unit":
                year = next(each for each in units if each.line.unit.code == slide.code)
                course = next(each for each in courses(found, rules) if each.code == slide.code)
                values |= {"year": year, "course": course, "lowest": lowest(year, values["last"])[:FEW]}
            case "trends":
                values |= {"courses": [each for each in courses(found, rules) if not each.code or each.code in codes]}
            case "alerts":
                streams = [stream_of(code, asked.year) for code in sorted(codes)]
                open_ones = [each for each in followup_page.alerts_of(connection, at, streams) if each.status != "closed"]
                open_ones.sort(key=lambda each: (not each.escalated, each.deadline or date.max))
                values |= {"alerts": open_ones[:FEW], "count": len(open_ones)}
            case "commitments":
                mine = [each for each in commitment_page.commitments(connection, at, year=asked.year) if each.code in codes]
                values |= {"commitments": due(mine)[:FEW], "bars": charts.commitments(mine, day)}
    return page(request, "pantalla.html", part="_pantalla.html", moment=moment, **values, **circumstances(request, moment))


ROUTES = (show,)

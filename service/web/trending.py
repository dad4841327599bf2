"""Trends: how the plans, or a line or an area of them, went over quarters and years; the 13 UGEL side by side."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from service.projections import board, commitment_page
from service.projections.trends import Point, compared, trend
from service.projections.yearly import Year
from service.settings import LIMA
from service.web import charts
from service.web.board import counted, region, years
from service.web.board_filters import Filters, filters, line_names, options
from service.web.corner import day_of
from service.web.page import Moment, Req, page

if TYPE_CHECKING:
    from psycopg import Connection

    from service.projections.remembered import Rules

YEARS = 3
Found = Mapping[int, Sequence[Year]]


class Course(msgspec.Struct, frozen=True):
    """How a unit went, or a line of one (the region has no code): its points, and the drawing of them."""

    code: str
    name: str
    points: list[Point]
    drawn: charts.Drawn

    @property
    def last(self) -> Point | None:
        """The last point with data."""
        return next((each for each in reversed(self.points) if each.percent is not None), None)

    @property
    def rows(self) -> dict[int, list[Point]]:
        """The points by year."""
        return {year: [each for each in self.points if each.year == year] for year in sorted({p.year for p in self.points})}


def read_years(connection: "Connection[Any]", request: Req, at: int, last: int, many: int = YEARS) -> tuple[Found, "Rules"]:
    """The years up to the last one asked for that were open by the moment, and the rules in force."""
    known = [year for year in years(connection, at, last) if year <= last][:many]
    found = {year: request.app.state.region.years(connection, at, year) for year in sorted(known)}
    return {year: units for year, (units, _) in found.items()}, found[last][1]


def courses(found: Found, rules: "Rules", line: str = "", area: str = "") -> list[Course]:
    """The courses of the region and of each unit, in the order of the board."""
    made = [Course("", "Región", points, charts.trend(points, rules.scale)) for points in (_region(found, rules, line, area),)]
    for place, year in enumerate(found[max(found)]):
        points = trend({each: units[place].quarters for each, units in found.items()}, line, area)
        made.append(Course(year.line.unit.code, year.line.unit.name, points, charts.trend(points, rules.scale)))
    return made


def sparks(found: Found, rules: "Rules", code: str) -> list[Course]:
    """How each line of action of a unit went, drawn small; the name is the line's, as its last plan says it."""
    mine = {year: each for year, units in found.items() for each in units if each.line.unit.code == code}
    made = list[Course]()
    for line, name in line_names(mine[year] for year in sorted(mine, reverse=True)).items():
        points = trend({year: each.quarters for year, each in mine.items()}, line)
        made.append(Course(line, name, points, charts.trend(points, rules.scale, charts.SPARK)))
    return made


def _region(found: Found, rules: "Rules", line: str, area: str) -> list[Point]:
    """The points of the region: what each means is what it means in the plans it is made of, all of their names for a line."""
    points = list[Point]()
    for year in sorted(found):
        rows = [each.seen(line, area) for each in found[year]]
        for n, total in enumerate(region(rows, rules.scale, rules.scales)):
            quarters = [each.quarters[n] for each in found[year] if each.line.unit.kind == "ugel"]
            seen = [each.seen(line, area) for each in quarters]
            taken = counted(seen)
            scale = board.then(taken, rules.scale, rules.scales)
            definition = {"la escala": f"{scale.label}, versión {scale.version}"}
            makes = (each for each, cell in zip(quarters, seen, strict=True) if line or any(cell is one for one in taken))
            said = [each.definition(line) for each in makes]
            for subject in [name for name in (said[0] if said else ()) if name not in definition]:
                definition[subject] = " y ".join(sorted({each[subject] for each in said} - {""}))
            points.append(Point(year, n + 1, total.percent, total.light, total.official, definition))
    return compared(points)


def read(request: Req, moment: Moment) -> tuple[Filters, Found, list[Course], list[int]]:
    """What the address asks for, the years, and the courses of the region and of the units that the filters keep."""
    asked = filters(request, moment)
    with request.app.state.database.snapshot() as connection:
        found, rules = read_years(connection, request, moment.position, asked.year)
        known = years(connection, moment.position, asked.year, datetime.now(UTC).astimezone(LIMA).year)
    kept = {year.line.unit.code for year in found[asked.year] if asked.keeps(year.line)}
    made = [each for each in courses(found, rules, asked.line, asked.area) if not each.code or each.code in kept]
    return asked, found, made, known


def promised(request: Req, connection: "Connection[Any]", moment: Moment, year: int, made: Iterable[Course]) -> list[charts.Bar]:
    """How many commitments of a year the units of these courses have in each state."""
    codes = {each.code for each in made}
    agreed = commitment_page.commitments(connection, moment.position, year=year)
    return charts.commitments((each for each in agreed if each.code in codes), day_of(request, moment))


def breaks(made: Iterable[Course]) -> dict[str, list[str]]:
    """Over which points nothing compares, in words, and in whose course."""
    found = dict[str, list[str]]()
    for each in made:
        for point in each.points:
            if point.changed:
                found.setdefault(f"{charts.name(point)}: {charts.why(point)}", []).append(each.name)
    return found


@get("/seguimiento/tendencias", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the trends of the region and of each UGEL, or with `fila` that of one."""
    asked, found, made, known = read(request, moment)
    code = request.query_params.get("fila")
    if code:
        one = next((each for each in made if each.code == code), None)
        if one is None:
            raise NotFoundException
        return page(request, "_tendencia.html", moment=moment, asked=asked, each=one)
    lines = [year.line for year in found[asked.year]]
    with request.app.state.database.snapshot() as connection:
        offered = options(request, connection, moment.position, asked, lines, found)
        bars = promised(request, connection, moment, asked.year, made)
    return page(
        request,
        "tendencias.html",
        moment=moment,
        courses=made,
        bars=bars,
        breaks=breaks(made),
        years=known,
        **offered,
    )


ROUTES = (show,)

"""What the pages of Seguimiento are asked to show: kept in the address, the same for table, heat grid, trends and files."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from psycopg import Connection

from service.aggregates import FIRST_YEAR, LAST_YEAR, ROMAN
from service.ledger import stream_of
from service.projections import board, board_parts
from service.projections.yearly import Line, Year
from service.settings import LIMA
from service.web.corner import keep, whole
from service.web.page import Invalid, Moment, Req
from service.web.words import STATES
from service.web.working import Asked

BY = {"trimestre": "UGEL por trimestre", "linea": "UGEL por línea de acción"}


class Filters(msgspec.Struct, frozen=True):
    """What the address asks for; empty asks for all. `keep` is what other addresses need to show the same moment.

    `by` and `quarter` are the columns of the heat grid: the quarters, or the lines of action in one quarter.
    """

    year: int
    province: str = ""
    state: str = ""
    alerts: bool = False
    line: str = ""
    area: str = ""
    by: str = "trimestre"
    quarter: int = 0
    moment: str = ""
    keep: str = ""

    def keeps(self, line: board.Line) -> bool:
        """Whether the row is wanted: of the province, with some quarter in the state, with open alerts."""
        here = not self.province or line.unit.province == self.province
        reached = not self.state or any(cell.word == self.state for cell in line.cells)
        return here and reached and (line.alerts > 0 or not self.alerts)

    @property
    def words(self) -> str:
        """The filter as a sentence, for a file."""
        state = f"algún trimestre «{STATES['quarter'][self.state].word}»" if self.state else ""
        said = (f"provincia {self.province}" if self.province else "", state, "con alertas sin cerrar" if self.alerts else "")
        part = (f"línea {self.line}" if self.line else "", f"área {self.area}" if self.area else "")
        return "Filtro: " + ("; ".join(filter(None, (*said, *part))) or "ninguno")

    @property
    def part(self) -> bool:
        """Whether only a part of each plan is looked at."""
        return bool(self.line or self.area)

    def address(self, path: str, **more: str) -> str:
        """The same filters on another address."""
        asked = {
            "anio": str(self.year),
            "provincia": self.province,
            "estado": self.state,
            "alertas": "1" if self.alerts else "",
            "linea": self.line,
            "area": self.area,
            "por": "" if self.by == "trimestre" else self.by,
            "trimestre": str(self.quarter or ""),
            **more,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" + (f"&{self.moment}" if self.moment else "")

    def working(self, code: str, quarter: int, line: str = "", year: int = 0) -> str:
        """Where it is explained how a percentage of a unit was made; of the year asked for, or of another one."""
        asked = Asked(line=line or self.line or None, area=self.area)
        return asked.address(f"/ugel/{code}/{year or self.year}/t{quarter}/calificacion", self.keep)

    def region(self, quarter: int, line: str = "", path: str = "/seguimiento/calculo", year: int = 0) -> str:
        """Where it is explained how one of the region was made, on screen or in another form."""
        asked = {"anio": year or self.year, "trimestre": quarter, "linea": line or self.line, "area": self.area}
        return f"{path}?" + urlencode({name: value for name, value in asked.items() if value}) + self.more

    @property
    def more(self) -> str:
        """What is added to an address with a query to show the same moment."""
        return self.keep.replace("?", "&")


def filters(request: Req, at: Moment) -> Filters:
    """Read the filters.

    Raises:
        Invalid: the year, the state or the view makes no sense.

    """
    asked = request.query_params
    state, by, quarter = asked.get("estado", ""), asked.get("por") or "trimestre", whole(asked.get("trimestre"))
    if (state and state not in STATES["quarter"]) or by not in BY or quarter not in {0, *ROMAN}:
        message = "Ese filtro no existe: elija uno de la lista."
        raise Invalid(message)
    return Filters(
        asked_year(request),
        asked.get("provincia", ""),
        state,
        asked.get("alertas") == "1",
        asked.get("linea", ""),
        asked.get("area", ""),
        by,
        quarter,
        urlencode({name: asked[name] for name in ("hasta", "al") if asked.get(name)}),
        keep(at),
    )


def asked_year(request: Req) -> int:
    """The year of `anio`, this one where it is missing.

    Raises:
        Invalid: it is not a year.

    """
    text = request.query_params.get("anio") or str(datetime.now(UTC).astimezone(LIMA).year)
    if text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:  # noqa: PLR2004 — as any year of the record
        return int(text)
    message = f"«anio» debe ser un año como 2026; dice «{text[:40]}»."
    raise Invalid(message)


def line_names(years: Iterable[Year]) -> dict[str, str]:
    """The lines of action of these plans by code: strategic, missional, support, as the first plan that has them names them."""
    found = dict[str, Line]()
    for year in years:
        for quarter in reversed(year.quarters):
            for line in quarter.lines.values():
                found.setdefault(line.code, line)
    return {line.code: line.name for line in sorted(found.values(), key=lambda each: (each.kind, each.code))}


def options(
    request: Req, connection: Connection[Any], at: int, asked: Filters, lines: Sequence[board.Line], years: Iterable[int] = ()
) -> dict[str, Any]:
    """What the form of the filters offers: what the plans of the year, or of `years`, hold, and what is asked for."""
    streams = [stream_of(line.unit.code, year) for year in sorted(years or (asked.year,)) for line in lines]
    listed = {each.code: each.name for each in request.user.dre.catalogue.content.areas}
    named = {each.code: each.name for each in board_parts.lines(connection, at, streams)}
    areas = {each.code: listed.get(each.code, "") for each in board_parts.areas(connection, at, streams)}
    return {
        "asked": asked,
        "provinces": sorted({line.unit.province for line in lines if line.unit.province}),
        "line_names": ({asked.line: ""} if asked.line else {}) | named,
        "area_names": ({asked.area: ""} if asked.area else {}) | areas,
    }

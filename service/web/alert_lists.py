"""Lists of alerts, of a unit or of the region: filters that stay in the address, and the same list as a file."""

import csv
import io
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import people
from service.ledger import stream_of
from service.projections import followup_page as read
from service.projections import history
from service.web.board import years
from service.web.board_filters import asked_year
from service.web.corner import circumstances, day_of, find_place, whole
from service.web.download import cutoff, workbook
from service.web.facts_alerts import RULES
from service.web.history_file import safe
from service.web.page import Invalid, Moment, Req, page
from service.web.session import Session
from service.web.words import STATES, cargo, plural
from service.workbook.table import Table

PLACE = "/ugel/{code:str}/{year:int}/alertas"
PENDING = "pendientes"
HEADS = (
    "Código",
    "Unidad",
    "Alerta",
    "Regla",
    "Versión de las reglas",
    "Asunto",
    "Trimestre",
    "Estado",
    "Atender hasta",
    "Medida",
)
TALLIES = {
    "escalated": ("escalada", "escaladas"),
    "open": ("abierta", "abiertas"),
    "acknowledged": ("recibida", "recibidas"),
    "measured": ("con medida", "con medida"),
    "silenced": ("en silencio", "en silencio"),
    "closed": ("cerrada", "cerradas"),
}
"""The states of an alert, the most urgent first, as a count of them is said."""
MORE = ("Responde", "Medida hasta", "En silencio hasta", "Cierre", "Evidencia", "Datos de la regla")


class Filters(msgspec.Struct, frozen=True):
    """What the address asks for; empty asks for all, `pendientes` for whatever is not closed."""

    year: int
    unit: str = ""
    rule: str = ""
    state: str = ""
    quarter: int = 0
    moment: str = ""

    def keeps(self, alert: read.Alert, state: str) -> bool:
        """Whether an alert in this state is wanted."""
        wanted = not self.state or state == self.state or (self.state == PENDING and state != "closed")
        return wanted and self.rule in {"", alert.rule} and self.unit in {"", alert.code} and self.quarter in {0, alert.quarter}

    def address(self, path: str, **more: str) -> str:
        """The same filters on another address."""
        quarter = str(self.quarter or "")
        asked = {
            "anio": str(self.year),
            "ugel": self.unit,
            "regla": self.rule,
            "estado": self.state,
            "trimestre": quarter,
            **more,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" + (f"&{self.moment}" if self.moment else "")


def filters(request: Req, year: int = 0, unit: str = "") -> Filters:
    """Read the filters; the address of a unit's list names year and unit itself.

    Raises:
        Invalid: a rule or a state that does not exist.

    """
    asked = request.query_params
    rule, state = asked.get("regla", ""), asked.get("estado", "")
    if (rule and rule not in RULES) or (state and state not in {PENDING, *STATES["alert"]}):
        message = "Ese filtro no existe: elija uno de la lista."
        raise Invalid(message)
    moment = urlencode({name: asked[name] for name in ("hasta", "al") if asked.get(name)})
    return Filters(year or asked_year(request), unit or asked.get("ugel", ""), rule, state, whole(asked.get("trimestre")), moment)


def _found(request: Req, moment: Moment, asked: Filters) -> tuple[list[read.Alert], dict[str, Any]]:
    """The alerts wanted, unit by unit, and how many of them there are in each state."""
    day, units = day_of(request, moment), [asked.unit] if asked.unit else sorted(request.user.dre.units)
    with request.app.state.database.snapshot() as connection:
        found = read.alerts_of(connection, moment.position, [stream_of(code, asked.year) for code in units])
        known = years(connection, moment.position, asked.year, day.year)
    wanted = [each for each in found if asked.keeps(each, each.state(day))]
    order = list(TALLIES)
    wanted.sort(key=lambda each: order.index(each.state(day)))
    counts = Counter(each.state(day) for each in wanted)
    tallies = [plural(counts[state], *words) for state, words in TALLIES.items() if counts[state]]
    return wanted, {"asked": asked, "tallies": tallies, "years": known, "pending": PENDING}


@get("/alertas", sync_to_thread=True)
def show_region(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the alerts of every unit in a year: escalated and open ones first."""
    found, around = _found(request, moment, filters(request))
    return page(request, "alertas_region.html", moment=moment, alerts=found, **around, **circumstances(request, moment))


@get(PLACE, sync_to_thread=True)
def show_unit(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the alerts of the unit's year."""
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
    found, around = _found(request, moment, filters(request, year, code))
    return page(
        request,
        "alertas.html",
        part="_alertas.html",
        moment=moment,
        place=place,
        alerts=found,
        **around,
        **circumstances(request, moment),
    )


@get("/alertas/{name:str}", sync_to_thread=True)
def export(
    request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], name: FromPath[str]
) -> Response[bytes]:
    """Answer `exportar.xlsx` or `exportar.csv`: the list as its filters show it, with the figures each rule looked at."""
    if name not in {"exportar.xlsx", "exportar.csv"}:
        raise NotFoundException
    asked = filters(request)
    found, _ = _found(request, moment, asked)
    with request.app.state.database.snapshot() as connection:
        head = history.head(connection, moment.position)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"exportó las alertas {asked.year}, corte n.º {head.position}")
    day, names = day_of(request, moment), {code: unit.name for code, unit in request.user.dre.units.items()}
    rows = [_row(each, names.get(each.code, each.code), STATES["alert"][each.state(day)].word) for each in found]
    if name.endswith(".csv"):
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
            [(*HEADS, *MORE), *([safe(str(cell if cell is not None else "")) for cell in row] for row in rows)]
        )
        headers = {"content-disposition": f'attachment; filename="alertas-{asked.year}.csv"'}
        return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)
    table = Table(f"Alertas tempranas {asked.year}", (*HEADS, *MORE), rows, (cutoff(head.position, head.at),))
    return workbook(f"Alertas tempranas {asked.year}", [table], f"alertas-{asked.year}.xlsx")


def _row(each: read.Alert, unit: str, state: str) -> tuple[Any, ...]:
    figures = "; ".join(f"{name} {value}" for name, value in each.inputs.items())
    answers = cargo(each.responsible) if each.responsible else ""
    case = (each.code, unit, each.alert, RULES[each.rule], each.rules, each.subject, each.quarter or None, state, each.ends)
    return (*case, each.measure, answers, each.due, each.silent, each.answer, each.evidence, figures)


ROUTES = (show_region, show_unit, export)

"""What the board of commitments is asked to show: kept in the address, the same for the page, its parts and its files."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

import msgspec

from service.projections.commitment_page import Commitment
from service.web.corner import keep, whole
from service.web.lights import light
from service.web.page import Invalid, Moment, Req
from service.web.typed import day
from service.web.words import AGREED, STATES, cargo, fecha

ALIVE = {"proposed", "signed", "declared"}
WORDS = {
    "vivos": "Vivos",
    "overdue": "Vencidos",
    "proposed": "Por firmar",
    "signed": "En ejecución",
    "declared": "Por verificar",
    "verified": "Verificados",
    "declined": "Rechazados",
    "withdrawn": "Retirados",
}


class Filters(msgspec.Struct, frozen=True):
    """What the address asks for; empty asks for all. `charge` is a role with its area, whatever the unit."""

    unit: str = ""
    year: int = 0
    state: str = ""
    light: str = ""
    charge: str = ""
    since: date | None = None
    until: date | None = None
    moment: str = ""

    def keeps(self, it: Commitment, day: date, *, state: bool = True) -> bool:
        """Whether a commitment is wanted; without its `state`, only by the rest."""
        due = (self.since is None or it.due >= self.since) and (self.until is None or it.due <= self.until)
        lit = not self.light or light(it, day) == self.light
        held = not self.charge or role_of(it.responsible) == self.charge
        return due and lit and held and (not state or self._reached(it, day))

    def _reached(self, it: Commitment, day: date) -> bool:
        if self.state == "vivos":
            return it.status in ALIVE and not it.carried_to
        return it.state(day) == self.state if self.state else True

    @property
    def narrow(self) -> bool:
        return any(msgspec.structs.astuple(self)[:-1])

    @property
    def words(self) -> str:
        """The filter as a sentence, for a file."""
        said = (
            f"unidad {self.unit}" if self.unit else "",
            f"año {self.year}" if self.year else "",
            WORDS[self.state].lower() if self.state else "",
            f"semáforo {AGREED[self.light].word}" if self.light else "",
            f"responde {cargo_of(self.charge)}" if self.charge else "",
            f"vencen desde el {fecha(self.since)}" if self.since else "",
            f"vencen hasta el {fecha(self.until)}" if self.until else "",
        )
        return "Filtro: " + ("; ".join(filter(None, said)) or "ninguno")

    def address(self, path: str = "/compromisos", **more: object) -> str:
        """The same filters on another address."""
        asked: dict[str, object] = {
            "ugel": self.unit,
            "anio": self.year or "",
            "estado": self.state,
            "semaforo": self.light,
            "cargo": self.charge,
            "vence_desde": self.since or "",
            "vence_hasta": self.until or "",
            **more,
        }
        query = urlencode({name: str(value) for name, value in asked.items() if value}) + self.moment.replace("?", "&")
        return f"{path}?{query.lstrip('&')}" if query else path


def role_of(charge: str) -> str:
    """A charge without its unit: `jefe-area/120005/AGP` is `jefe-area/AGP`."""
    role, *place = charge.split("/")
    return "/".join((role, *place[1:]))


def cargo_of(role: str) -> str:
    """Such a charge in words."""
    name, *area = role.split("/")
    return cargo("/".join((name, "", *area)))


def filters(request: Req, moment: Moment) -> Filters:
    """Read the filters.

    Raises:
        Invalid: the state, the light or a day makes no sense.

    """
    asked = request.query_params
    state, lit, unit = asked.get("estado", ""), asked.get("semaforo", ""), asked.get("ugel", "")
    if (state and state not in WORDS) or (lit and lit not in AGREED):
        message = "Ese filtro no existe: elija uno de la lista."
        raise Invalid(message)
    unit = unit if unit in request.user.dre.units else ""
    days = _day(asked.get("vence_desde", "")), _day(asked.get("vence_hasta", ""))
    return Filters(unit, whole(asked.get("anio")), state, lit, asked.get("cargo", "")[:60], *days, keep(moment))


def _day(text: str) -> date | None:
    try:
        return day(text) if text else None
    except ValueError as error:
        message = f"Escriba la fecha como 30/09/2026; dice «{text[:40]}»."
        raise Invalid(message) from error


def by_state(found: Iterable[Commitment], day: date) -> list[tuple[str, int]]:
    """How many there are in each state, the verified by their result; one that another year goes on with counts there."""
    ends = {True: "kept", False: "broken"}
    states = [ends[each.fulfilled] if each.status == "verified" else each.state(day) for each in found if not each.carried_to]
    return [(code, states.count(code)) for code in STATES["commitment"] if code in states]

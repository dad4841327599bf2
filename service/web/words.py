"""How facts read on screen in Spanish (Peru): dates in Lima time, numbers, and the word for each code of the record.

Templates use these as filters: `fecha`, `hora`, `dia`, `iso`, `numero`, `exacto`, `porciento`, `umbral`, `plural`, `juntos`, `cargo`, `regla`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from service.aggregates.score import FORMULA, WEIGHTED
from service.settings import LIMA

if TYPE_CHECKING:
    from jinja2 import Environment

GAP = "\u00a0"
NOTHING = "—"
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic")
LONG_MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
)  # fmt: skip — two lines of six read as a year
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


class Light(NamedTuple):
    """A light: its shape is legible without colour, `tone` picks the pair of colours."""

    shape: str
    word: str
    tone: str


class State(NamedTuple):
    """The word of a state and its tone: rest, wait, attention or done."""

    word: str
    tone: str


LIGHTS = {
    "fulfilled": Light("▲", "Cumplido", "success"),
    "in-progress": Light("◆", "En proceso", "warning"),
    "at-risk": Light("▼", "En riesgo", "danger"),
    "no-data": Light("○", "Sin dato", "secondary"),
}
"""The four of the scale."""
AGREED = LIGHTS | {"broken": Light("✕", "Incumplido", "danger")}
"""Those of a commitment: one more, for what somebody verified as not fulfilled."""

STATES = {
    "plan": {
        "draft": State("En borrador", "rest"),
        "submitted": State("Enviado", "wait"),
        "observed": State("Observado", "attention"),
        "approved": State("Aprobado", "done"),
    },
    "quarter": {
        "none": State("No iniciado", "rest"),
        "draft": State("En borrador", "rest"),
        "submitted": State("Enviado", "wait"),
        "resubmitted": State("Reenviado", "wait"),
        "reopened": State("Reabierto", "attention"),
        "observed": State("Observado", "attention"),
        "validated": State("Validado", "wait"),
        "scored": State("Calificado", "wait"),
        "closed": State("Cerrado", "done"),
    },
    "alert": {
        "open": State("Abierta", "attention"),
        "acknowledged": State("Recibida", "attention"),
        "measured": State("Con medida", "wait"),
        "silenced": State("En silencio", "rest"),
        "escalated": State("Escalada", "attention"),
        "closed": State("Cerrada", "done"),
    },
    "commitment": {
        "proposed": State("Por firmar", "wait"),
        "declined": State("Rechazado", "attention"),
        "withdrawn": State("Retirado", "rest"),
        "signed": State("En ejecución", "wait"),
        "declared": State("Por verificar", "wait"),
        "verified": State("Verificado", "done"),
        "kept": State("Verificado: cumplido", "done"),
        "broken": State("Verificado: incumplido", "attention"),
        "overdue": State("Vencido", "attention"),
    },
    "support": {
        "convened": State("Convocada", "wait"),
        "held": State("Realizada", "done"),
        "cancelled": State("Cancelada", "rest"),
    },
    "session": {
        "convened": State("Convocada", "wait"),
        "called-off": State("Suspendida", "rest"),
        "open": State("En curso", "wait"),
        "ended": State("Acta en borrador", "wait"),
        "closed": State("Acta cerrada", "done"),
    },
    "wording": {
        "proposed": State("Por resolver", "wait"),
        "accepted": State("Aceptado", "done"),
        "rejected": State("Rechazado", "rest"),
    },
    "undertaking": {
        "open": State("Pendiente", "wait"),
        "reported": State("Por verificar", "wait"),
        "observed": State("Observado", "attention"),
        "fulfilled": State("Cumplido", "done"),
        "overdue": State("Vencido", "attention"),
    },
    "evidence": {
        "pending": State("Por revisar", "wait"),
        "approved": State("Aprobada", "done"),
        "observed": State("Observada", "attention"),
        "correction": State("Por corregir", "attention"),
        "replaced": State("Reemplazada", "rest"),
    },
    "balance": {
        "none": State("No iniciado", "rest"),
        "submitted": State("Enviado", "wait"),
        "approved": State("Aprobado", "wait"),
        "closed": State("Cerrado", "done"),
    },
}

ROLES = {
    "especialista-ugel": "Especialista de UGEL",
    "jefe-area": "Jefe(a) de área",
    "director-ugel": "Director(a) de UGEL",
    "especialista-dre": "Especialista de la DRE",
    "jefe-dre": "Jefe(a) de área de la DRE",
    "director-dre": "Director(a) de la DRE",
    "auditor": "Auditor(a)",
    "admin": "Administrador(a)",
    "sistema": "Sistema",
}


def _lima(value: datetime) -> datetime:
    if value.tzinfo is None:
        message = "a time without zone cannot be shown"
        raise ValueError(message)
    return value.astimezone(LIMA)


def fecha(value: date | datetime | None) -> str:
    """A day as «23 nov 2026»; a moment with its time in Lima, «23 nov 2026, 10:42»."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return f"{fecha(_lima(value).date())}, {hora(value)}"
    return f"{value.day}{GAP}{MONTHS[value.month - 1]}{GAP}{value.year}"


def hora(value: datetime | None) -> str:
    """The time of day in Lima: «10:42»."""
    return NOTHING if value is None else f"{_lima(value):%H:%M}"


def dia(value: date | datetime) -> str:
    """The heading of a day: «lunes 23 de noviembre de 2026»."""
    day = _lima(value).date() if isinstance(value, datetime) else value
    return f"{WEEKDAYS[day.weekday()]} {day.day} de {LONG_MONTHS[day.month - 1]} de {day.year}"


def iso(value: date | datetime) -> str:
    """The machine's form for `<time datetime>`, a moment in Lima time."""
    return _lima(value).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def numero(value: Decimal | float | None, decimals: int = 2, *, fixed: bool = False) -> str:
    """At most so many decimals (or exactly, where `fixed`), half up: «1 234,5»; never rounded to a neighbour's light by default."""
    if value is None:
        return NOTHING
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, rest = f"{abs(rounded):f}".partition(".")
    rest = rest if fixed else rest.rstrip("0")
    groups = f"{int(whole):,}".replace(",", GAP)
    return f"{'−' if rounded < 0 else ''}{groups}{',' if rest else ''}{rest}"


def exacto(value: Decimal | float | None) -> str:
    """A figure with every decimal it has, up to ten: what may be typed over."""
    return numero(value, 10)


def porciento(value: Decimal | float | None, decimals: int = 2) -> str:
    """A computed percentage, already times a hundred, always with as many decimals: «78,50 %»."""
    return NOTHING if value is None else f"{numero(value, decimals, fixed=True)}{GAP}%"


def umbral(value: Decimal | float | None) -> str:
    """A percentage that somebody set, as it was written: «90 %», «60,5 %»."""
    return NOTHING if value is None else f"{numero(value)}{GAP}%"


def plural(count: int, one: str, many: str) -> str:
    """A count with its noun: «1 actividad», «12 actividades»."""
    return f"{numero(count)}{GAP}{one if count == 1 else many}"


def juntos(parts: Iterable[object]) -> str:
    """Things one after the other: «4, 6 y 9»."""
    *first, last = map(str, parts)
    return f"{', '.join(first)} y {last}" if first else last


MENDING = {
    "alignment": "/actividades/{}/alineamiento",
    "activity": "/actividades/{}",
    "review": "/revision",
    "pending": "/pendientes",
}
DECISIONS = {"continuar": "Continúa", "cerrar": "Se cerró", "descartar": "Se descartó"}


def cargo(charge: str) -> str:
    """The charge in words: `director-ugel/120005` is «Director(a) de UGEL», `jefe-area/120005/AGP` adds the area."""
    role, *place = charge.split("/")
    area = f" · {place[1]}" if place[1:] else ""
    return ROLES.get(role, role) + area


def regla(code: str) -> str:
    """The formula of a score in words: «promedio simple», «promedio ponderado, pesos versión 2»."""
    version = code.removeprefix(WEIGHTED)
    return "promedio simple" if code == FORMULA else f"promedio ponderado, pesos versión {version}"


def teach(environment: "Environment") -> None:
    """Give a template environment the filters and the words."""
    filters = (fecha, hora, dia, iso, numero, exacto, porciento, umbral, plural, juntos, cargo, regla)
    environment.filters.update({each.__name__: each for each in filters})
    environment.globals.update(MENDING=MENDING, LIGHTS=LIGHTS, AGREED=AGREED, STATES=STATES, DECISIONS=DECISIONS)

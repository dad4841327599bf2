"""The history of a unit's year, and of the DRE's standing matters: every fact, to be searched and paged through."""

from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import people
from service.aggregates import (
    alert,
    alert_cause,
    alert_first,
    alert_watch,
    balance,
    commitment,
    commitment_first,
    commitment_life,
    commitment_review,
    commitment_signing,
    diagnosis,
    discussion,
    dre,
    evidence,
    finding,
    improvement,
    plan,
    plan_copies,
    plan_places,
    plan_review,
    plan_undo,
    plan_versions,
    quarter,
    quarter_corrections,
    quarter_progress,
    quarter_reopening,
    quarter_score,
)
from service.aggregates.indicator_year import MODULES as INDICATORS
from service.aggregates.session_year import MODULES as SESSION
from service.aggregates.unit_year import EVENTS
from service.ledger import STANDING, region_of, stream_of
from service.projections import history as read
from service.projections.quarter_page import place
from service.web import story
from service.web.corner import keep
from service.web.history_file import Kinds, download
from service.web.page import Invalid, Moment, Req, page
from service.web.typed import day
from service.web.words import cargo, numero

PAGE = 50


def _tags(module: ModuleType, start: str = "") -> tuple[str, ...]:
    """The legal names of the events of a part of the year."""
    named = (str(kind.__struct_config__.tag) for kind in EVENTS if kind.__module__ == module.__name__)
    return tuple(sorted(name for name in named if name.startswith(start)))


PLAN = (plan, plan_copies, plan_places, plan_review, plan_undo, plan_versions)
ALERTS = (alert, alert_cause, alert_first, alert_watch)
COMMITMENTS = (commitment, commitment_first, commitment_life, commitment_review, commitment_signing)
QUARTERS = (quarter, quarter_reopening, quarter_score)
KINDS: Kinds = {
    "plan": ("Plan y modificaciones", tuple(sorted(name for part in PLAN for name in _tags(part)))),
    "diagnostico": ("Diagnóstico participativo", _tags(diagnosis)),
    "avance": ("Registro de avance", _tags(quarter_progress)),
    "trimestre": (
        "Envío, revisión y cierre de trimestres",
        tuple(sorted(name for part in QUARTERS for name in _tags(part))),
    ),
    "rectificaciones": ("Rectificaciones", _tags(quarter_corrections)),
    "evidencias": ("Evidencias", _tags(evidence)),
    "indicadores": ("Indicadores", tuple(sorted(name for part in INDICATORS for name in _tags(part)))),
    "alertas": ("Alertas y recordatorios", tuple(sorted(name for part in ALERTS for name in _tags(part)))),
    "hallazgos": ("Hallazgos", _tags(finding)),
    "mejora": ("Plan de mejora", _tags(improvement)),
    "compromisos": ("Compromisos", tuple(sorted(name for part in COMMITMENTS for name in _tags(part)))),
    "firmas": (
        "Firmas",
        tuple(sorted((*_tags(commitment_signing), *_tags(commitment_review), *_tags(commitment_first, "commitment-signed")))),
    ),
    "balance": ("Balance y pendientes", _tags(balance)),
    "comentarios": ("Comentarios y asuntos en seguimiento", _tags(discussion)),
}
SESSIONS = ("Sesiones: agenda, acuerdos y actas", tuple(sorted(name for part in SESSION for name in _tags(part))))
KINDS["sesiones"] = SESSIONS
STANDING_KINDS: Kinds = {
    "unidades": ("Unidades", (str(dre.UnitRegistered.__struct_config__.tag),)),
    "cargos": ("Cargos", ("charge-assigned", "charge-ended")),
    "catalogo": ("Catálogo", ("catalogue-published", "objective-published")),
    "reglas": (
        "Escala, fórmula, reglas de alerta y firmantes",
        ("alert-rules-published", "alert-rules-published.2", "formula-published", "scale-published", "signing-kind-published"),
    ),
}
REGION_KINDS: Kinds = {
    "nudos": ("Nudos regionales", ("knot-grouped", "knot-joined", "knot-ungrouped")),
    "jornadas": ("Convocatoria y asistencia", ("support-attended", "support-cancelled", "support-changed", "support-convened")),
    "asumido": ("Lo que asumieron las UGEL", ("undertaking-added", "undertaking-reported", "undertaking-verified")),
    "sesiones": SESSIONS,
}


class Search(msgspec.Struct, frozen=True):
    """What the address asks for: the values typed in the filters, as text, and what they mean."""

    typed: dict[str, str]
    wanted: read.Wanted

    def address(self, path: str, **changed: Any) -> str:
        """The same search on another page of it."""
        values = {**self.typed, "antes": "", "despues": ""} | {name: str(value) for name, value in changed.items()}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path


FILTERS = ("persona", "cargo", "tipo", "actividad", "compromiso", "desde", "hasta_el", "antes", "despues", "hasta", "al")


def search(params: dict[str, str], kinds: Kinds) -> Search:
    """Read the filters of an address.

    Raises:
        Invalid: a number, a day or a kind makes no sense.

    """
    typed = {name: params.get(name, "").strip() for name in FILTERS}
    if typed["tipo"] and typed["tipo"] not in kinds:
        message = "Ese tipo de hecho no existe: elija uno de la lista."
        raise Invalid(message)
    wanted = read.Wanted(
        person=typed["persona"],
        charge=typed["cargo"],
        types=kinds[typed["tipo"]][1] if typed["tipo"] else (),
        activity=_number(typed["actividad"], "actividad"),
        commitment=_number(typed["compromiso"], "compromiso"),
        since=_day(typed["desde"]),
        until=_day(typed["hasta_el"]),
        before=_number(typed["antes"], "antes"),
        after=_number(typed["despues"], "despues"),
    )
    return Search(typed, wanted)


def _number(text: str, name: str) -> int:
    if not text:
        return 0
    if text.isascii() and text.isdecimal() and len(text) < 10:  # noqa: PLR2004 — fits an int
        return int(text)
    message = f"«{name}» debe ser un número; dice «{text[:40]}»."
    raise Invalid(message)


def _day(text: str) -> Any:
    try:
        return day(text) if text else None
    except ValueError as error:
        message = f"«{text[:40]}» no es una fecha: escriba día/mes/año."
        raise Invalid(message) from error


def draw(request: Req, moment: Moment, stream: str, kinds: Kinds, **context: Any) -> Response[Any]:
    """Draw a stream's history: the facts asked for, a page of them, and the filters; or all of them as a file."""
    asked = search(dict(request.query_params), kinds)
    if "formato" in request.query_params:
        return download(request, moment, stream, asked.wanted, kinds)
    path, at = request.url.path, moment.position
    with request.app.state.database.snapshot() as connection:
        deeds = read.find(connection, at, stream, asked.wanted, PAGE + 1)
        more = len(deeds) > PAGE
        shown = deeds[1:] if more and asked.wanted.after else deeds[:PAGE]
        total = read.count(connection, at, stream, asked.wanted)
        actors = read.actors(connection, at, stream)
        names = people.names(connection, (person for person, _ in actors))
        days = story.tell(connection, shown)
    newer = more if asked.wanted.after else bool(asked.wanted.before)
    older = bool(asked.wanted.after) or more
    return page(
        request,
        "historial.html",
        part="_historial.html",
        moment=moment,
        history=days,
        total=total,
        typed=asked.typed,
        kinds=kinds,
        persons=sorted(names.items(), key=lambda each: each[1]),
        charges=[(charge, cargo(charge)) for charge in dict.fromkeys(charge for _, charge in actors)],
        here=asked.address(path, antes=asked.typed["antes"], despues=asked.typed["despues"]),
        files={kind: asked.address(path, formato=kind) for kind in ("csv", "jsonl")},
        clear=Search({name: asked.typed[name] for name in ("hasta", "al")}, asked.wanted).address(path),
        newer=asked.address(path, despues=shown[0].version) if newer and shown else "",
        older=asked.address(path, antes=shown[-1].version) if older and shown else "",
        span=f"{numero(shown[0].version)}–{numero(shown[-1].version)}" if shown else "",
        stream=stream,
        **context,
    )


@get("/ugel/{code:str}/{year:int}/historial", sync_to_thread=True)
def unit_history(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
    """Show every fact of a unit's year."""
    with request.app.state.database.snapshot() as connection:
        unit = place(connection, moment.position, code, year)
    if unit is None:
        raise NotFoundException
    name, crumbs = f"{unit.name} · {unit.year}", [(unit.href + keep(moment), f"{unit.name} {unit.year}")]
    replay = f"/reproducir/{code}/{year}"
    return draw(request, moment, stream_of(code, year), KINDS, unit=unit, name=name, crumbs=crumbs, replay=replay)


@get("/dre/historial", sync_to_thread=True)
def standing_history(request: Req, moment: NamedDependency[Moment]) -> Response[Any]:
    """Show every fact of the DRE's standing matters: units, charges, objectives, scale, rules."""
    return draw(
        request,
        moment,
        STANDING,
        STANDING_KINDS,
        unit=None,
        name="Asuntos permanentes de la DRE",
        crumbs=[],
        replay="",
    )


@get("/apoyo/{year:int}/historial", sync_to_thread=True)
def region_history(request: Req, moment: NamedDependency[Moment], year: FromPath[int]) -> Response[str]:
    """Show every fact of the region's year: support sessions, regional sessions, regional knots, and what came of them."""
    name, crumbs = f"Región · {year}", [(f"/apoyo?anio={year}" + keep(moment).replace("?", "&"), f"Apoyo {year}")]
    replay = f"/reproducir/region/{year}"
    return draw(request, moment, region_of(year), REGION_KINDS, unit=None, name=name, crumbs=crumbs, replay=replay)


ROUTES = (unit_history, standing_history, region_history)

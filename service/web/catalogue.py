"""The DRE's catalogue to read: what is in force, its versions, two of them compared in words, and its files."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import catalogue_file, people
from service.aggregates import DRE
from service.aggregates import catalogue_content as cc
from service.aggregates.alert_rules import LIMITED, TIMED
from service.aggregates.catalogue import PublishCatalogue
from service.aggregates.catalogue_check import doubts
from service.aggregates.plan import AddLine
from service.catalogue_file.layout import STEPS
from service.catalogue_file.rules import RULES
from service.projections import catalogue_page as read
from service.projections import history
from service.web.catalogue_words import compared, step
from service.web.corner import keep, whole
from service.web.download import XLSX, cutoff
from service.web.page import Invalid, Moment, Req, page
from service.web.session import Session

TABS = {
    "objetivos": "Instrumentos y objetivos",
    "lineas": "Líneas de acción",
    "areas": "Áreas",
    "medidas": "Unidades de medida",
    "calendario": "Calendario",
    "escala": "Escala y fórmula",
    "alertas": "Reglas de alerta",
}
KINDS = {
    "instrumentos": "instruments",
    "objetivos": "objectives",
    "lineas": "lines",
    "areas": "areas",
    "medidas": "measures",
    "calendario": "deadlines",
}
PREPARES = (PublishCatalogue, AddLine)  # whoever writes the DRE's plan may prepare a version; its director publishes it


def asked_tab(request: Req) -> str:
    """The tab of `ver`, the first one where it is missing.

    Raises:
        Invalid: there is no such tab.

    """
    tab = request.query_params.get("ver") or "objetivos"
    if tab not in TABS:
        message = "Esa parte del catálogo no existe: elija una de la lista."
        raise Invalid(message)
    return tab


def shown(content: cc.Content, tab: str) -> dict[str, Any]:
    """What the templates need to show a content."""
    words = {"step": step, "steps": STEPS, "RULES": RULES, "LIMITED": LIMITED, "TIMED": TIMED}
    return {"content": content, "tab": tab, "tabs": TABS, "doubts": list(doubts(content)), **words}


@get("/catalogo", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the catalogue in force at the moment, one part of it."""
    tab, at = asked_tab(request), moment.position
    with request.app.state.database.snapshot() as connection:
        content, editions = read.content(connection, at), read.editions(connection, at)
        numbers = read.numbers(connection, at)
        names = people.names(connection, [each.person for each in editions])
    return page(
        request,
        "catalogo.html",
        moment=moment,
        **shown(content, tab),
        editions=editions,
        names=names,
        numbers=numbers,
        keep=keep(moment),
        and_keep=keep(moment).replace("?", "&"),
        prepares=not moment.past and any(request.user.may(command, DRE) for command in PREPARES),
    )


def _edition(editions: list[read.Edition], number: int) -> read.Edition:
    found = next((each for each in editions if each.edition == number), None)
    if found is None:
        raise NotFoundException
    return found


def _then(connection: Connection[Any], editions: list[read.Edition], number: int) -> cc.Content:
    """The content of a version; before the first one there was none."""
    return read.content(connection, _edition(editions, number).position) if number else cc.Content()


@get("/catalogo/versiones/{number:int}", sync_to_thread=True)
def show_version(request: Req, moment: NamedDependency[Moment], number: FromPath[int]) -> Response[str]:
    """Show a version: who published it, when and why, and what it changed, or with `con` how it differs from another one."""
    with request.app.state.database.snapshot() as connection:
        editions = read.editions(connection, moment.position)
        it, other = _edition(editions, number), whole(request.query_params.get("con")) or number - 1
        first, second = sorted((number, other))
        groups = compared(_then(connection, editions, first), _then(connection, editions, second))
        names = people.names(connection, [each.person for each in editions])
    return page(
        request,
        "catalogo_version.html",
        moment=moment,
        it=it,
        first=first,
        second=second,
        groups=groups,
        editions=editions,
        names=names,
        keep=keep(moment),
    )


@get("/catalogo/exportar.xlsx", sync_to_thread=True)
def export(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[bytes]:
    """The catalogue as a workbook; importing it again changes nothing."""
    content, version, cut = _exported(request, session, moment)
    made = catalogue_file.workbook(content, (f"Versión {version} del catálogo", cut))
    return _file(made, XLSX, f"catalogo-version-{version}.xlsx")


@get("/catalogo/exportar.csv", sync_to_thread=True)
def export_part(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[bytes]:
    """The part of the catalogue that `ver` names, as CSV."""
    content, version, _ = _exported(request, session, moment)
    part = request.query_params.get("ver") or "objetivos"
    kind = (KINDS | {"alertas": "rules"}).get(part, "settings")
    return _file(catalogue_file.separated(content, kind), "text/csv; charset=utf-8", f"catalogo-version-{version}-{kind}.csv")


def _exported(request: Req, session: Session, moment: Moment) -> tuple[cc.Content, int, str]:
    """The content of the moment, its version, and the cut-off; the export is noted."""
    with request.app.state.database.snapshot() as connection:
        content, head = read.content(connection, moment.position), history.head(connection, moment.position)
        version = next((each.edition for each in read.editions(connection, moment.position)), 0)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"exportó el catálogo, versión {version}, corte n.º {head.position}")
    return content, version, cutoff(head.position, head.at)


def _file(made: bytes, kind: str, name: str) -> Response[bytes]:
    return Response(made, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


ROUTES = (show, show_version, export, export_part)

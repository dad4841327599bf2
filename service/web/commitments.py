"""Commitments: the board of all that the filters of the address leave, and its files."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from service.projections import commitment_page as read
from service.web import chain, charts, commitment, commitment_texts, outside, outside_review, signing, to_sign, wording
from service.web.board_files import both, table_file
from service.web.commitment_filters import ALIVE, WORDS, Filters, by_state, cargo_of, filters, role_of
from service.web.corner import circumstances, day_of, office, whole
from service.web.lights import light
from service.web.page import Moment, Req, page
from service.web.session import Session
from service.web.words import AGREED, STATES
from service.workbook.table import Table

PER_PAGE = 25
HEADS = (
    "Compromiso",
    "Unidad",
    "Año",
    "N.º",
    "Estado",
    "Semáforo",
    "Vence",
    "Fecha original",
    "Prórrogas",
    "Firmas",
    "Firmantes",
    "Responsable",
    "Indicador",
    "Meta",
    "Medio de verificación",
    "Hallazgos",
    "Medida",
)  # fmt: skip — a row of heads


def _read(request: Req, moment: Moment, asked: Filters) -> list[read.Commitment]:
    """What the filters leave but for the state."""
    day = day_of(request, moment)
    with request.app.state.database.snapshot() as connection:
        found = read.commitments(connection, moment.position, asked.unit, asked.year or None)
    return [each for each in found if asked.keeps(each, day, state=False)]


@get("/compromisos", sync_to_thread=True)
def show_all(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the commitments that the filters of the address leave, the most urgent first."""
    asked, day = filters(request, moment), day_of(request, moment)
    found = _read(request, moment, asked)
    shown = sorted((each for each in found if asked.keeps(each, day)), key=_urgency)
    pages = max(1, -(-len(shown) // PER_PAGE))
    number = min(max(1, whole(request.query_params.get("pagina"))), pages)
    numbers = by_state(found, day)
    charges = {role_of(each.responsible) for each in found} | ({asked.charge} if asked.charge else set())
    return page(
        request,
        "compromisos.html",
        part="_compromisos.html",
        moment=moment,
        asked=asked,
        commitments=shown[(number - 1) * PER_PAGE : number * PER_PAGE],
        total=len(shown),
        number=number,
        pages=pages,
        overdue=sum(each.overdue(day) for each in shown),
        years=sorted({each.year for each in found} | {day.year, *((asked.year,) if asked.year else ())}, reverse=True),
        states=WORDS,
        charges=sorted(((each, cargo_of(each)) for each in charges), key=lambda pair: pair[1]),
        numbers=numbers,
        bars=charts.counts("commitment", numbers),
        light=lambda each: light(each, day),
        **circumstances(request, moment),
    )


def export(request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment]) -> Response[bytes]:
    """The commitments that the filters leave, all pages, as a workbook or a CSV."""
    asked, day = filters(request, moment), day_of(request, moment)
    shown = sorted((each for each in _read(request, moment, asked) if asked.keeps(each, day)), key=_urgency)
    rows = [_row(request, each, day) for each in shown]
    table = Table("Compromisos de gestión", HEADS, rows, (asked.words,))
    return table_file(request, session, moment, table, "compromisos", "los compromisos de gestión")


def _row(request: Req, it: read.Commitment, day: Any) -> list[Any]:
    dre, lit = request.user.dre, AGREED.get(light(it, day))
    unit = dre.name_of(it.code)
    state = f"Continúa en {it.carried_to}" if it.carried_to else STATES["commitment"][it.state(day)].word
    ended = {True: " · cumplido", False: " · incumplido"}[it.fulfilled] if it.status == "verified" else ""
    signing = "; ".join(office(dre, charge) for charge in it.signatories)
    told = [it.action, unit, it.year, it.commitment, state + ended, lit.word if lit else "", it.due, it.original, it.extensions]
    told += [f"{it.signed} de {len(it.signatories)}", signing, office(dre, it.responsible), it.indicator, it.target]
    return [*told, it.verification, ", ".join(map(str, it.findings)), it.measure or None]


def _urgency(it: read.Commitment) -> tuple[bool, int]:
    """Those that wait for somebody first, the nearest day first; then those that ended, the latest first."""
    ended = it.status not in ALIVE or bool(it.carried_to)
    return ended, -it.due.toordinal() if ended else it.due.toordinal()


ROUTES = [
    show_all,
    *both("/compromisos/exportar", export),
    *commitment.ROUTES,
    *chain.ROUTES,
    *commitment_texts.ROUTES,
    *signing.ROUTES,
    *outside.ROUTES,
    *outside_review.ROUTES,
    *wording.ROUTES,
    *to_sign.ROUTES,
]

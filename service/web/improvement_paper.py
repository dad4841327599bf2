"""An improvement plan on paper: one document of the same order as its page, up to the fact it was read at."""

from datetime import date
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import papers, people
from service.aggregates import ROMAN
from service.aggregates.improvement import ImprovementOpened, MeasureAdded, MeasureChanged, MeasureDropped
from service.projections import history
from service.projections.commitment_page import Commitment
from service.web.corner import day_of, find_place, office
from service.web.improvement_document import Answer, Document, Work, document
from service.web.lights import light, moved
from service.web.page import Moment, Req
from service.web.paper import PDF, headed
from service.web.words import AGREED, STATES, fecha, numero

KINDS = (ImprovementOpened, MeasureAdded, MeasureChanged, MeasureDropped)
TAGS = tuple(str(kind.__struct_config__.tag) for kind in KINDS)


@get("/ugel/{code:str}/{year:int}/mejora.pdf", sync_to_thread=True)
def paper(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[bytes]:
    """The plan as PDF/A, as it stood at the moment.

    Raises:
        NotFoundException: there was no plan.

    """
    state, day = request.app.state, day_of(request, moment)
    with state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        found = document(connection, moment.position, place, day)
        last = history.head(connection, moment.position)
    if found is None or last.at is None:
        raise NotFoundException
    made = papers.typeset("mejora", filled(request, found, (last.position, last.at), day), last.at)
    with state.database.connection() as connection:
        people.note_access(connection, request.user.id, f"descargó mejora-{code}-{year}, hecho n.º {last.position}")
    return Response(made, media_type=PDF, headers={"content-disposition": f'attachment; filename="mejora-{code}-{year}.pdf"'})


def filled(request: Req, it: Document, cut: Any, day: date) -> dict[str, Any]:
    """The data of the paper."""
    settings, place = request.app.state.settings, it.place
    title, subject = f"Plan de mejora institucional {place.year}", f"{place.name} · {place.year}"
    return {
        **headed(settings, title, subject, cut, demo=request.app.state.demo),
        "facts": [
            ["Unidad", place.name],
            ["Nace del", f"{ROMAN[it.plan.quarter]} trimestre, cerrado; hecho n.º {numero(it.plan.from_pos)}"],
            ["Objetivo", it.plan.aim],
            ["Hallazgos", f"{it.answered} de {len(it.answers)} con medida"],
            ["Compromisos de sus medidas", it.progress.words],
            *([["Otros compromisos por sus hallazgos", f"{it.besides.words}, sin medida del plan"]] if it.besides.all else []),
        ],
        "answers": [_answer(each, request, day) for each in it.answers],
        "dropped": [{"number": str(each.measure), "text": each.text, "reason": each.dropped} for each in it.dropped],
    }


def _answer(each: Answer, request: Req, day: date) -> dict[str, Any]:
    finding = each.finding
    return {
        "title": f"Hallazgo {finding.finding}. {finding.kind.capitalize()}, {ROMAN[finding.quarter]} trimestre",
        "text": finding.text,
        "cause": finding.cause,
        "measures": [_work(work, request, day) for work in each.works],
        "besides": [_commitment(one, request, day) for one in each.besides],
        "others": [f"Lo responde también la medida {measure}, en el hallazgo {first}." for measure, first in each.others],
    }


def _work(work: Work, request: Req, day: date) -> dict[str, Any]:
    return {
        "number": str(work.measure.measure),
        "text": work.measure.text,
        "progress": work.progress.words,
        "commitments": [_commitment(each, request, day) for each in work.commitments],
    }


def _commitment(each: Commitment, request: Req, day: date) -> dict[str, Any]:
    shown = AGREED.get(light(each, day))
    return {
        "number": str(each.first),
        "action": each.action,
        "terms": [
            f"Meta: {each.target} ({each.indicator})",
            f"Verificación: {each.verification}",
            *([f"Presupuesto: {each.budget}"] if each.budget else []),
        ],
        "who": office(request.user.dre, each.responsible),
        "due": fecha(each.due),
        "moved": moved(each),
        "signed": f"{each.signed} de {len(each.signatories)}",
        "state": (f"{shown.shape} {shown.word} · " if shown else "") + STATES["commitment"][each.state(day)].word,
    }


ROUTES = (paper,)

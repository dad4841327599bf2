"""The improvement plan of a unit's year, which reads as one document: finding > root cause > measure > commitments."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service import people
from service.aggregates import Command
from service.aggregates.improvement import AddMeasure, ChangeMeasure, DropMeasure, OpenImprovement
from service.ledger import stream_of
from service.projections import board, followup_page, history
from service.web import improvement_commitment, improvement_paper, improvement_region, story
from service.web.corner import circumstances, day_of, find_place, forms
from service.web.form import Form, Raw
from service.web.improvement_document import document
from service.web.lights import light
from service.web.page import Moment, Req, page, redirect, send

PLACE = "/ugel/{code:str}/{year:int}/mejora"
MEASURE = f"{PLACE}/medidas/{{measure:int}}"


def draw(
    request: Req, code: str, year: int, moment: Moment | None = None, sent: str = "", form: Form[Any] | None = None
) -> Response[str]:
    """Draw the plan of a unit's year, with what became of a form where there is one."""
    moment = moment or Moment()
    day = day_of(request, moment)
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        found = document(connection, moment.position, place, day)
        findings = [each for each in followup_page.findings(connection, moment.position, place.stream) if each.kind != "logro"]
        official = board.officials(connection, moment.position, [place.stream])
        wanted = history.Wanted(types=improvement_paper.TAGS)
        told = story.tell(connection, history.find(connection, moment.position, place.stream, wanted, story.LONGEST_STORY))
        names = people.names(connection, [found.plan.person] if found else [])
    made = forms("", None, "plan", "medida")
    for each in (work.measure for answer in (found.answers if found else ()) for work in answer.works):
        made[f"cambio-{each.measure}"] = Form.fresh(text=each.text, findings=[str(number) for number in each.findings])
        made[f"baja-{each.measure}"] = Form.fresh()
    return page(
        request,
        "mejora.html",
        part="_mejora.html",
        status=form.status if form else 200,
        moment=moment,
        place=place,
        it=found,
        findings=findings,
        closed=sorted(each.quarter for each in official if each.status == "closed"),
        author=names.get(found.plan.person, "—") if found else "",
        history=told,
        light=lambda each: light(each, day),
        forms=made | forms(sent, form),
        **circumstances(request, moment),
    )


@get(PLACE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the plan."""
    return draw(request, code, year, moment)


def _begun(place: str, sent: str, kind: type[Command], notice: str) -> Any:
    """A changing route of the plan as a whole."""

    @post(place, opt={"command": kind}, sync_to_thread=True, name=f"improvement-{sent}")
    def carry(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
        form = send(request, raw, kind, stream_of(code, year))
        if not form.done:
            return draw(request, code, year, sent=sent, form=form)
        return redirect(request, f"/ugel/{code}/{year}/mejora", notice)

    return carry


def _step(place: str, noun: str, kind: type[Command], notice: str) -> Any:
    """A changing route of one measure."""

    @post(place, opt={"command": kind}, sync_to_thread=True, name=f"improvement-{noun}")
    def carry(
        request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int], measure: FromPath[int]
    ) -> Response[Any]:
        form = send(request, raw, kind, stream_of(code, year), measure=measure)
        if not form.done:
            return draw(request, code, year, sent=f"{noun}-{measure}", form=form)
        return redirect(request, f"/ugel/{code}/{year}/mejora", notice)

    return carry


ROUTES = (
    show,
    _begun(PLACE, "plan", OpenImprovement, "El plan de mejora quedó abierto: agregue sus medidas."),
    _begun(f"{PLACE}/medidas", "medida", AddMeasure, "La medida quedó en el plan de mejora."),
    _step(MEASURE, "cambio", ChangeMeasure, "La medida quedó cambiada."),
    _step(f"{MEASURE}/baja", "baja", DropMeasure, "La medida quedó sin efecto, con su motivo."),
    *improvement_paper.ROUTES,
    *improvement_region.ROUTES,
    *improvement_commitment.ROUTES,
)

"""The participatory diagnosis of a unit's year: territory, who took part, problems in their order and the activities that answer them."""

import typing
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.aggregates import Command
from service.aggregates.diagnosis import (
    ActorKind,
    AddProblem,
    ChangeProblem,
    RankProblem,
    RemoveProblem,
    Territory,
    WriteDiagnosis,
)
from service.ledger import stream_of
from service.projections import diagnosis_page as read
from service.web.corner import circumstances, find_place, forms
from service.web.form import Form, Raw
from service.web.page import Moment, Req, page, redirect, send

PLACE = "/ugel/{code:str}/{year:int}/diagnostico"
TERRITORIES: tuple[Territory, ...] = typing.get_args(Territory)
ACTORS: tuple[ActorKind, ...] = typing.get_args(ActorKind)


def draw(
    request: Req, code: str, year: int, moment: Moment | None = None, *, form: Form[Any] | None = None, sent: str = ""
) -> Response[str]:
    """Draw the page, with what became of the form `sent` where there is one."""
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        written = read.diagnosis(connection, moment.position, place.stream)
        problems = read.problems(connection, moment.position, place.stream)
    names = (
        "diagnostico",
        "problema",
        *(f"{noun}-{each.problem}" for each in problems for noun in ("cambio", "prioridad", "retiro")),
    )
    return page(
        request,
        "diagnostico.html",
        part="_diagnostico.html",
        status=form.status if form else 200,
        moment=moment,
        place=place,
        it=written,
        problems=problems,
        forms=forms(sent, form, *names),
        typed=sent == "diagnostico",
        territories=TERRITORIES,
        actors=ACTORS,
        **circumstances(request, moment),
    )


@get(PLACE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the diagnosis."""
    return draw(request, code, year, moment)


def _step(kind: type[Command], noun: str, notice: str, address: str = PLACE) -> Any:
    """A changing route of the diagnosis; `problem` comes from the address where it is there."""

    @post(address, opt={"command": kind}, sync_to_thread=True, name=f"diagnosis-{noun}")
    def carry(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
        fixed = {name: value for name, value in request.path_params.items() if name == "problem"}
        form = send(request, raw, kind, stream_of(code, year), **fixed)
        if form.done:
            return redirect(request, f"/ugel/{code}/{year}/diagnostico", notice)
        return draw(request, code, year, form=form, sent="-".join((noun, *map(str, fixed.values()))))

    return carry


ONE = f"{PLACE}/problemas/{{problem:int}}"
ROUTES = (
    show,
    _step(WriteDiagnosis, "diagnostico", "El diagnóstico quedó registrado."),
    _step(AddProblem, "problema", "El problema quedó agregado al final de la lista.", f"{PLACE}/problemas"),
    _step(ChangeProblem, "cambio", "El problema quedó cambiado.", ONE),
    _step(RankProblem, "prioridad", "El orden de prioridad quedó cambiado.", f"{ONE}/prioridad"),
    _step(RemoveProblem, "retiro", "El problema quedó retirado; su historia se conserva.", f"{ONE}/retiro"),
)

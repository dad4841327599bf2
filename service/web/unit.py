"""A unit's year: the plan by line of action with what was done, its versions, and the steps of its approval."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import structs
from psycopg import Connection

from service import people
from service.aggregates import Command
from service.aggregates.plan import AddActivity, AddLine
from service.aggregates.plan_alignment import MapObjective
from service.aggregates.plan_versions import ApprovePlan, OpenYear, SubmitPlan
from service.aggregates.score import round2
from service.ledger import stream_of
from service.projections import board, diagnosis_page, yearly
from service.projections import discussion as told
from service.projections import unit as read
from service.projections.review import Observed, observations
from service.settings import LIMA
from service.web import beside, conversation, presence, trending
from service.web.board import years
from service.web.catalogued import doubt, line_of
from service.web.corner import circumstances
from service.web.form import Form, Raw, first
from service.web.page import Moment, Req, page, redirect, send

PLACE = "/ugel/{code:str}/{year:int}"


class Mark(msgspec.Struct, frozen=True):
    """An activity's share of its target in a quarter, None without data, and its light; frozen by the score once there is one."""

    percent: Decimal | None
    light: str


class Plan(msgspec.Struct):
    """All that the page of a unit's year shows."""

    unit: board.Unit
    year: int
    head: read.Head | None
    cells: tuple[board.Cell, ...]
    lines: list[read.Line]
    activities: dict[str, list[read.Activity]]
    marks: dict[int, dict[int, Mark]]
    amendments: list[read.Amendment]
    flags: list[conversation.Flagged]
    objectives: list[read.Objective]
    observed: list[Observed]
    names: dict[str, str]
    years: list[int]
    problems: list[diagnosis_page.Problem]
    originals: dict[tuple[int, int], Decimal]

    @property
    def unaligned(self) -> list[read.Activity]:
        return [activity for group in self.activities.values() for activity in group if not activity.objectives]

    @property
    def unanswered(self) -> list[diagnosis_page.Problem]:
        """The problems of the diagnosis that no activity answers."""
        return [each for each in self.problems if not each.activities]

    @property
    def foreign(self) -> dict[str, int]:
        """The codes of other catalogues among the activities without objective, with how many carry each."""
        counts: dict[str, int] = {}
        for activity in self.unaligned:
            for code in activity.foreign_codes:
                counts[code] = counts.get(code, 0) + 1
        return dict(sorted(counts.items()))


def read_plan(connection: Connection[Any], code: str, year: int, at: int) -> Plan:
    """Read the year of a unit at a position.

    Raises:
        NotFoundException: there is no such unit.
    """
    known = next((each for each in board.units(connection, at, year) if each.code == code), None)
    if known is None:
        raise NotFoundException
    stream = stream_of(code, year)
    figures = board.figures(connection, at, stream)
    groups: dict[str, list[read.Activity]] = {}
    for activity in read.activities(connection, at, stream):
        groups.setdefault(activity.line, []).append(activity)
    amendments = read.amendments(connection, at, stream)
    ids = {a.changed_by for group in groups.values() for a in group if a.changed_by} | {a.proposer for a in amendments}
    return Plan(
        known,
        year,
        read.head(connection, at, stream),
        figures.cells,
        read.lines(connection, at, stream),
        groups,
        _marks(figures, yearly.scores(connection, at, [stream])),
        amendments,
        conversation.flagged(connection, told.flags(connection, at, [stream])),
        read.objectives(connection, at),
        observations(connection, at, stream),
        people.names(connection, ids),
        sorted(years(connection, at, year, datetime.now(UTC).astimezone(LIMA).year + 1)),
        diagnosis_page.problems(connection, at, stream),
        {(each.activity, each.quarter): round2(each.percent) for each in figures.original if each.reported},
    )


def _marks(figures: board.Figures, scores: list[yearly.Frozen]) -> dict[int, dict[int, Mark]]:
    """The marks by activity and quarter: those of the official score where it stands, else what the figures say."""
    marks: dict[int, dict[int, Mark]] = {}
    scored = {each.quarter for each in scores}
    for share in figures.shares:
        if share.quarter not in scored:
            reached = round2(share.percent) if share.reported else None
            light = "" if reached is not None and not figures.cells[share.quarter - 1].light else figures.scale.light(reached)
            marks.setdefault(share.activity, {})[share.quarter] = Mark(reached, light)
    for frozen in scores:
        for activity, line in frozen.lines.items():
            reached = Decimal(str(line["percent"])) if line["reported"] else None
            marks.setdefault(int(activity), {})[frozen.quarter] = Mark(reached, line["light"])
    return marks


def draw(
    request: Req, code: str, year: int, moment: Moment | None = None, *, form: Form[Any] | None = None, sent: str = ""
) -> Response[str]:
    """Draw the page, with what became of the form `sent` where there is one."""
    read_at = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        plan = read_plan(connection, code, year, read_at.position)
        around = beside.read(connection, request, read_at, code, year)
        sparks = trending.sparks(*trending.read_years(connection, request, read_at.position, year, 2), code)
        present = presence.writers(connection, stream_of(code, year), request.user.id)
    status = form.status if form else 200
    form = form or Form.fresh()
    return page(
        request,
        "unidad.html",
        part="_unidad.html",
        status=status,
        moment=read_at,
        plan=plan,
        beside=around,
        writers=present,
        presence=presence.part(code, year),
        sparks=sparks,
        form=form,
        sent=sent,
        **circumstances(request, read_at),
    )


@get(PLACE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the year of a unit."""
    return draw(request, code, year, moment)


def _step(kind: type[Command], noun: str, notice: str) -> Any:
    """A changing route of the plan: the noun is its address."""

    @post(f"{PLACE}/{noun}", opt={"command": kind}, sync_to_thread=True, name=f"plan-{noun}")
    def carry(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
        named: dict[str, Any] = {"year": year} if kind is OpenYear else {}
        content = request.user.dre.catalogue.content
        chosen = line_of(content, first(raw, "catalogo")) if kind is AddLine else None
        if chosen:
            raw = {**raw, **{name: [value] for name, value in structs.asdict(chosen).items()}}
        form = send(request, raw, kind, stream_of(code, year), **named)
        if form.done:
            return redirect(request, f"/ugel/{code}/{year}", notice + doubt(content, form.command))
        return draw(request, code, year, form=form, sent=noun)

    return carry


ROUTES = (
    show,
    _step(OpenYear, "apertura", "El año quedó abierto: ya puede escribir o importar el plan."),
    _step(AddLine, "lineas", "La línea de acción quedó agregada."),
    _step(AddActivity, "actividades", "La actividad quedó agregada al plan."),
    _step(MapObjective, "alineamientos", "Las actividades con ese código quedaron alineadas."),
    _step(SubmitPlan, "envio", "El plan quedó enviado a la DRE."),
    _step(ApprovePlan, "aprobacion", "El plan quedó aprobado como versión 1."),
)

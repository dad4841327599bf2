"""The review of a plan: the DRE observes rows, the unit attends each observation, the reviewer sees what changed since."""

import re
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import people
from service.aggregates.plan_diff import Content, Fields, Key
from service.aggregates.plan_review import AttendObservation
from service.aggregates.plan_versions import ObservePlan
from service.ledger import stream_of
from service.projections import review as read
from service.projections import unit
from service.projections.quarter_page import Place, place
from service.projections.versions import NOW, REVIEWED, past
from service.web import comparing
from service.web.form import Form, Raw, first
from service.web.page import Moment, Req, page, redirect, send

PLACE = "/ugel/{code:str}/{year:int}"
_BESIDE = re.compile(r"(actividad|tarea)-(\d{1,9})", re.ASCII)
_FIELD = {"actividad": "activity", "tarea": "task"}


class Row(msgspec.Struct, frozen=True):
    """A row under review: what it says, how it changed since the last review, what was observed of it."""

    key: Key
    fields: Fields
    gone: bool
    change: comparing.Item | None
    observed: list[read.Observed]

    @property
    def number(self) -> int:
        return int(self.key[1])

    @property
    def name(self) -> str:
        """The name of its input in the form."""
        return f"{'tarea' if self.key[0] == 'task' else 'actividad'}-{self.key[1]}"

    @property
    def touched(self) -> bool:
        """Whether it changed or was observed."""
        return self.change is not None or bool(self.observed)


class Block(msgspec.Struct, frozen=True):
    """An activity with its tasks."""

    activity: Row
    tasks: list[Row]

    @property
    def touched(self) -> bool:
        return any(row.touched for row in (self.activity, *self.tasks))


class Review(msgspec.Struct, frozen=True):
    """A plan under review; `again` when the DRE observed it before, so that there is a before to compare with."""

    place: Place
    head: unit.Head
    blocks: list[Block]
    observed: list[read.Observed]
    lines: dict[str, str]
    again: bool
    tally: comparing.Tally
    names: dict[str, str]

    @property
    def whole(self) -> list[read.Observed]:
        """What was observed of the plan as a whole."""
        return [each for each in self.observed if not each.activity]

    @property
    def waiting(self) -> int:
        return sum(not each.answer for each in self.observed)


def read_review(connection: Connection[Any], at: int, code: str, year: int) -> Review:
    """Read a plan under review.

    Raises:
        NotFoundException: there is no such unit, or nobody opened its year.

    """
    where, stream = place(connection, at, code, year), stream_of(code, year)
    head = unit.head(connection, at, stream)
    if where is None or head is None:
        raise NotFoundException
    found = past(connection, at, stream)
    now, before = found.sides[NOW], found.sides.get(REVIEWED)
    base: Content = before.content if before else now.content
    touched = found.between(before, now) if before else {}
    changes = {item.key: item for group in comparing.groups(connection, base, now.content, touched) for item in group.items}
    observed = read.observations(connection, at, stream)
    names = people.names(connection, {each.person for each in observed} | {each.answerer for each in observed if each.answerer})
    return Review(
        where,
        head,
        _blocks(base, now.content, changes, observed),
        observed,
        {str(code): fields["name"] for (kind, code), fields in now.content.items() if kind == "line"},
        before is not None,
        comparing.tally(base, now.content),
        names,
    )


def _blocks(base: Content, now: Content, changes: dict[Key, comparing.Item], observed: list[read.Observed]) -> list[Block]:
    """The rows of both contents, activity by activity; what was retired since stays visible."""
    of: dict[Key, list[read.Observed]] = {}
    for each in observed:
        of.setdefault(("task", each.task) if each.task else ("activity", each.activity), []).append(each)
    tasks: dict[int, list[Row]] = {}
    activities = list[Row]()
    for key in dict.fromkeys((*base, *now)):
        if key[0] != "line":
            fields = now.get(key) or base[key]
            row = Row(key, fields, key not in now, changes.get(key), of.get(key, []))
            if key[0] == "task":
                tasks.setdefault(fields["activity"], []).append(row)
            else:
                activities.append(row)
    ordered = sorted(activities, key=lambda row: (row.fields["line"], row.fields["place"], row.number))
    return [Block(row, sorted(tasks.get(row.number, []), key=lambda task: task.fields["place"])) for row in ordered]


def draw(
    request: Req, code: str, year: int, moment: Moment | None = None, form: Form[Any] | None = None, sent: str = ""
) -> Response[str]:
    """Draw the review, with what became of a form where there is one; an approved plan has versions instead."""
    at = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        found = read_review(connection, at.position, code, year)
    when = f"?hasta={at.position}" if at.past else ""
    if found.head.plan_status == "approved":
        return redirect(request, f"/ugel/{code}/{year}/versiones{when}")
    everything = request.query_params.get("ver") == "todo" or not found.again or sent == "observacion"
    return page(
        request,
        "revision.html",
        status=form.status if form else 200,
        moment=at,
        review=found,
        everything=everything,
        form=form or Form.fresh(),
        sent=sent,
    )


@get(PLACE + "/revision", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the plan under review: what changed since the last one, or with `ver=todo` every row."""
    return draw(request, code, year, moment)


@post(PLACE + "/observacion", opt={"command": ObservePlan}, sync_to_thread=True)
def observe(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Send every observation written in the page, together; `tarea-12` and `actividad-3` are the inputs beside the rows."""
    beside = [(name, found) for name in raw if (found := _BESIDE.fullmatch(name)) and first(raw, name)]
    sent = {name: values for name, values in raw.items() if not _BESIDE.fullmatch(name)}
    for order, (name, found) in enumerate(beside):
        sent |= {f"rows-{order}-text": raw[name], f"rows-{order}-{_FIELD[found[1]]}": [found[2]]}
    form = send(request, sent, ObservePlan, stream_of(code, year))
    if form.done:
        return redirect(request, f"/ugel/{code}/{year}", "Las observaciones quedaron registradas y el plan vuelve a la unidad.")
    form.typed |= {name: first(raw, name) for name, _ in beside}
    names = {f"rows-{order}-text": name for order, (name, _) in enumerate(beside)}
    form.errors = {names.get(name, name): sentence for name, sentence in form.errors.items()}
    return draw(request, code, year, form=form, sent="observacion")


@post(PLACE + "/atenciones", opt={"command": AttendObservation}, sync_to_thread=True)
def attend(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Say what was done about an observation."""
    form = send(request, raw, AttendObservation, stream_of(code, year))
    if form.done:
        place = f"/ugel/{code}/{year}/revision#observacion-{first(raw, 'observation')}"
        return redirect(request, place, "La observación quedó atendida.")
    return draw(request, code, year, form=form, sent="atencion")


ROUTES = (show, observe, attend)

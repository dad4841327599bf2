"""Bring activities of last year's plan: first those its closed balance left something open about, then all others."""

from typing import Any, cast

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg import Connection

from service.aggregates.plan import AddActivity, AddLine, Months, NewTask
from service.aggregates.plan_copies import Bring, BringActivities
from service.ledger import stream_of
from service.projections import balance_page, carried
from service.projections import unit as read
from service.web.editor import PLACE, whole
from service.web.editor_sheet import Block, Sheet, read_sheet
from service.web.form import Form, Raw, first
from service.web.page import Moment, Req, give, identity, page, redirect

NONE = "Elija al menos una actividad."


class Offer(msgspec.Struct, frozen=True):
    """An activity that may be brought: what of the balance it answers, and whether it is here already."""

    block: Block
    items: tuple[balance_page.Item, ...]
    here: bool


class Choice(msgspec.Struct, frozen=True):
    """Last year's plan to choose from; `loose` are open items that name none of its activities."""

    sheet: Sheet
    last: Sheet
    closed: bool
    carried: list[Offer]
    others: dict[str, list[Offer]]
    loose: list[balance_page.Item]
    objectives: frozenset[str]

    @property
    def all(self) -> dict[int, Offer]:
        offers = [*self.carried, *(each for group in self.others.values() for each in group)]
        return {offer.block.it.activity: offer for offer in offers}


def read_choice(connection: Connection[Any], code: str, year: int, at: int) -> Choice:
    """Read both plans and what the closed balance left open."""
    sheet, last = read_sheet(connection, code, year, at), read_sheet(connection, code, year - 1, at)
    stream = stream_of(code, year - 1)
    balance = balance_page.balance(connection, at, stream)
    closed = balance.status == "closed"
    items = balance_page.items(connection, at, code, year - 1, balance.open_items) if closed else []
    about, named = carried.activities_of(connection, at, stream), dict[int, list[balance_page.Item]]()
    for item in items:
        named.setdefault(about.get(item.item, 0), []).append(item)
    here = {block.it.origin for line in sheet.lines for block in line.blocks}
    first_ones, others = list[Offer](), dict[str, list[Offer]]()
    for line in last.lines:
        for block in line.blocks:
            number = block.it.activity
            offer = Offer(block, tuple(named.pop(number, ())), f"actividad/{number}/{year - 1}" in here)
            (first_ones if offer.items else others.setdefault(line.it.name, [])).append(offer)
    loose = [item for rest in named.values() for item in rest]
    objectives = frozenset(each.code for each in read.objectives(connection, at))
    return Choice(sheet, last, closed, first_ones, others, loose, objectives)


def command(choice: Choice, numbers: tuple[int, ...], *, same: bool) -> BringActivities:
    """The command that brings these activities, with the same targets or with none."""
    chosen = [choice.all[number] for number in dict.fromkeys(numbers) if number in choice.all]
    needed = {offer.block.it.line for offer in chosen}
    lines = tuple(AddLine(code=each.it.code, kind=each.it.kind, name=each.it.name) for each in choice.last.lines)
    return BringActivities(
        origin_year=choice.last.year,
        lines=tuple(line for line in lines if line.code in needed),
        activities=tuple(_bring(offer, choice, same=same) for offer in chosen),
    )


def _bring(offer: Offer, choice: Choice, *, same: bool) -> Bring:
    it, item = offer.block.it, offer.items[0].item if offer.items else ""
    tasks = tuple(
        NewTask(
            name=t.name,
            unit=t.unit,
            code=t.code,
            note=t.note,
            months=cast("Months", tuple(m if same else m * 0 for m in t.months)),
        )
        for t in offer.block.tasks
    )
    new = AddActivity(
        line=it.line,
        name=it.name,
        code=it.code,
        area=it.area,
        indicator=it.indicator,
        verification=it.verification,
        objectives=tuple(code for code in it.objectives if code in choice.objectives),
        foreign=tuple(code for code in it.objectives if code not in choice.objectives),
        tasks=tasks,
    )
    named = item if item.count("/") != 1 else f"{item}/{choice.last.year}"
    return Bring(origin=it.activity, item=named, activity=new)


def draw(
    request: Req, code: str, year: int, form: Form[BringActivities] | None = None, chosen: tuple[int, ...] = ()
) -> Response[str]:
    """Draw the choice, with what was chosen when it could not be done."""
    with request.app.state.database.snapshot() as connection:
        choice = read_choice(connection, code, year, Moment().position)
    form = form or Form.fresh()
    writes = choice.sheet.writes(request) and not choice.sheet.proposes
    return page(request, "traer.html", status=form.status, choice=choice, writes=writes, form=form, chosen=chosen)


@get(PLACE + "/anterior", sync_to_thread=True)
def show(request: Req, code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show what may be brought."""
    return draw(request, code, year)


@post(PLACE + "/anterior", opt={"command": BringActivities}, sync_to_thread=True)
def bring(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
    """Bring what was chosen."""
    with request.app.state.database.snapshot() as connection:
        choice = read_choice(connection, code, year, Moment().position)
    numbers = tuple(whole(text) for text in raw.get("activities", ()))
    form = Form[BringActivities](typed={"targets": first(raw, "targets")}, command_id=identity(raw))
    wanted = command(choice, numbers, same=first(raw, "targets") == "same")
    if not wanted.activities:
        form.errors["activities"], form.status = NONE, 422
        return draw(request, code, year, form, numbers)
    give(request, form, wanted, stream_of(code, year))
    if not form.done:
        return draw(request, code, year, form, numbers)
    count = len(wanted.activities)
    notice = "La actividad quedó en el plan." if count == 1 else f"Las {count} actividades quedaron en el plan."
    return redirect(request, choice.sheet.base, notice)


ROUTES = (show, bring)

"""One rule of alerts in the draft of the catalogue: whether it watches, from which threshold on, after how many days."""

from decimal import Decimal
from typing import Any

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import catalogue_draft as drafts
from service.aggregates import catalogue_content as cc
from service.aggregates.alert_rules import LIMITED, REMINDING, TIMED, Rule
from service.aggregates.catalogue_check import rule_faults
from service.catalogue_file.rules import RULES
from service.web import quorum, signatories
from service.web.catalogue import PREPARES
from service.web.catalogue_draft import PLACE, draw
from service.web.form import Form, Raw
from service.web.form import read as read_form
from service.web.page import Req, redirect

MOST_DAYS = 4


class Wanted(msgspec.Struct, frozen=True):
    """A rule as its form carries it; days stand one after the other: «10; 5; 1»."""

    answer: int
    on: bool = False
    limit: Decimal = Decimal(0)
    days: str = ""
    closes: bool = False


@post(PLACE + "/alertas/{rule:str}", opt={"command": PREPARES}, sync_to_thread=True)
def put(request: Req, raw: NamedDependency[Raw], rule: FromPath[str]) -> Response[Any]:
    """Write a rule into the draft."""
    if rule not in RULES:
        raise NotFoundException
    form = read_form(Wanted, raw)
    if form.command:
        current = request.app.state.ledger.standing().catalogue.content
        with request.app.state.database.connection() as connection:
            known = next(each for each in drafts.read(connection, current).content.rules if each.code == rule)
            made = _made(known, form)
            if made is not None:
                drafts.edit(connection, current, request.user.id, lambda content: cc.with_rule(content, made))
    if form.errors:
        form.status = 422
        return draw(request, form=form, sent="alertas", tab="alertas", rule=rule)
    return redirect(request, f"{PLACE}?ver=alertas", "El cambio quedó en el borrador: nadie más lo ve hasta que se publique.")


def _made(known: Rule, form: Form[Wanted]) -> Rule | None:
    """The rule as the form wants it; what a rule of its kind has not stays empty."""
    assert form.command is not None  # noqa: S101 — asked before
    wanted = form.command
    days = [part.strip() for part in wanted.days.split(";")] if known.code in TIMED else []
    if not all(part.isascii() and part.isdecimal() and len(part) < MOST_DAYS for part in days):
        form.errors["days"] = "Escriba números enteros de días, separados por punto y coma."
        return None
    limit = wanted.limit if known.code in LIMITED else Decimal(0)
    closes = wanted.closes and known.code != REMINDING
    made = Rule(code=known.code, on=wanted.on, limit=limit, days=tuple(map(int, days)), answer=wanted.answer, closes=closes)
    form.errors |= rule_faults(made)
    return None if form.errors else made


ROUTES = (put, *quorum.ROUTES, *signatories.ROUTES)

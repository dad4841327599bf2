"""The rules of quorum, a part of the catalogue: what each kind of session needs, and the form by which the DRE changes one."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from service.aggregates import DRE
from service.aggregates.quorum_rules import GROUPS, KINDS, PLACES, Quorums, SetQuorum
from service.aggregates.session_quorum import ATTENDING, COUNTED, WORDS, Quorum
from service.ledger import STANDING
from service.projections.quorums import quorums
from service.web.catalogue import TABS
from service.web.corner import keep
from service.web.form import Form, Raw, first
from service.web.page import Moment, Req, page, redirect, send

ADDRESS = "/catalogo/quorum"
OF = {"ugel": "de una UGEL", "dre": "de la propia DRE", "region": "regional"}
NAMES = {f"{place}/{kind}": f"Sesión {kind} {OF[place]}" for place in PLACES for kind in KINDS}


def draw(request: Req, moment: Moment | None = None, form: Form[Any] | None = None) -> Response[str]:
    """Draw the rules, with the form of the one that `editar` names or that was sent."""
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        known = quorums(connection, moment.position)
    rules = {f"{place}/{kind}": known.of(place, kind) for place in PLACES for kind in KINDS}
    edits = not moment.past and request.user.may(SetQuorum, DRE)
    asked = f"{form['place']}/{form['kind']}" if form else request.query_params.get("editar", "")
    edited = asked if edits and asked in rules else ""
    return page(
        request,
        "catalogo_quorum.html",
        status=form.status if form else 200,
        moment=moment,
        version=known.version,
        rules=rules,
        names=NAMES,
        groups={code: WORDS[roles] for code, roles in GROUPS.items()},
        words=WORDS,
        counted=COUNTED,
        edits=edits,
        edited=edited,
        form=form or (_fresh(known, rules[edited], edited) if edited else Form.fresh()),
        tabs=TABS,
        keep=keep(moment),
        and_keep=keep(moment).replace("?", "&"),
    )


def _fresh(known: Quorums, rule: Quorum, name: str) -> Form[Any]:
    """The form of a rule as it stands."""
    place, kind = name.split("/")
    texts: dict[str, str | list[str]] = {"base": str(known.version), "place": place, "kind": kind}
    texts |= {"persons": str(rule.persons), "units": str(rule.units)}
    groups: list[str] = [code for code, roles in GROUPS.items() if roles in rule.roles]
    return Form.fresh(**texts, groups=groups, counts=list(rule.counts or ATTENDING))


@get(ADDRESS, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the rules in force at the moment."""
    return draw(request, moment)


@post(ADDRESS, opt={"command": SetQuorum}, sync_to_thread=True)
def put(request: Req, raw: NamedDependency[Raw]) -> Response[Any]:
    """Publish the rule of one kind of session."""
    form = send(request, raw, SetQuorum, STANDING)
    if form.done:
        return redirect(request, ADDRESS, "La regla rige para las sesiones que se convoquen desde ahora.")
    form.typed |= {name: list(raw.get(name, ())) for name in ("groups", "counts")}
    form.typed |= {name: first(raw, name) for name in ("place", "kind", "base")}
    return draw(request, form=form)


ROUTES = (show, put)

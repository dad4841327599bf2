"""Who signs each kind of commitment, a part of the catalogue: the roles in their order, and the form by which the DRE changes one."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from service.aggregates import DRE
from service.aggregates.signing_kinds import ROLES, SetSigningKind
from service.ledger import STANDING
from service.projections.signing_kinds import signing_kinds
from service.web.catalogue import TABS
from service.web.corner import keep
from service.web.form import Form, Raw, first
from service.web.page import Moment, Req, page, redirect, send

ADDRESS, NEW = "/catalogo/firmantes", "nuevo"


def draw(request: Req, moment: Moment | None = None, form: Form[Any] | None = None) -> Response[str]:
    """Draw the kinds, with the form of the one that `editar` names or that was sent."""
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        known = signing_kinds(connection, moment.position)
    edits = not moment.past and request.user.may(SetSigningKind, DRE)
    asked = request.query_params.get("editar", "") if edits and form is None else ""
    kind = known.of(asked)
    if kind:
        roles = list(kind.roles)
        form = Form.fresh(code=kind.code, name=kind.name, roles=roles, ordered="1" if kind.ordered else "")
    elif asked == NEW:
        form = Form.fresh()
    return page(
        request,
        "catalogo_firmantes.html",
        status=form.status if form else 200,
        moment=moment,
        known=known,
        roles=ROLES,
        edits=edits,
        form=form,
        tabs=TABS,
        keep=keep(moment),
        and_keep=keep(moment).replace("?", "&"),
    )


@get(ADDRESS, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the kinds in force at the moment."""
    return draw(request, moment)


@post(ADDRESS, opt={"command": SetSigningKind}, sync_to_thread=True)
def put(request: Req, raw: NamedDependency[Raw]) -> Response[Any]:
    """Publish a kind."""
    form = send(request, raw, SetSigningKind, STANDING)
    if form.done:
        return redirect(request, ADDRESS, "Los firmantes rigen para los compromisos que se propongan desde ahora.")
    form.typed |= {"roles": list(raw.get("roles", ())), "base": first(raw, "base")}
    return draw(request, form=form)


ROUTES = (show, put)

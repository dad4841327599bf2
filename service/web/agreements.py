"""The agreements of a session being written, what they decide on, and the votes; and those about one matter of a year."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from psycopg import Connection

from service.aggregates.session_agreements import CastVote, ChangeAgreement, WithdrawAgreement, WriteAgreement
from service.ledger import region_of
from service.projections import session_page as read
from service.web import conflict, matters
from service.web.corner import whole
from service.web.form import Form, Raw, first
from service.web.form import read as read_form
from service.web.page import Moment, Req, send
from service.web.sitting import ONE, both, find, offered, where
from service.web.sitting_page import back, draw, step


def _known(request: Req) -> list[str]:
    """The keys of what an agreement may decide on, with those that agreements decide on already."""
    with request.app.state.database.snapshot() as connection:
        sitting = find(connection, Moment(), where(request), request.path_params["number"])
        known = [each.key for each in offered(connection, Moment(), sitting)]
        return known + [key for each in sitting.agreements for key in each.matters]


def _sent(request: Req, raw: Raw, kind: type[Any], noun: str, notice: str, **fixed: Any) -> Response[str]:
    known = _known(request)
    decided = matters.chosen(raw.get("matters", ()), known)
    if decided is None:
        form: Form[Any] = read_form(kind, raw, matters=(), **fixed)
        form.errors["matters"], form.status = "Elija de la lista lo que el acuerdo decide.", 422
    else:
        carried = conflict.send if kind is ChangeAgreement else send
        form = carried(request, raw, kind, where(request).stream, matters=decided, **fixed)
    if form.done:
        return back(request, notice)
    charge, charges = first(raw, "responsible"), {each.charge for each in request.user.dre.charges.values()}
    kept = [key for key in raw.get("matters", ()) if key in known]
    form.typed |= {"matters": kept, "responsible": charge if charge in charges else ""}
    return draw(request, form=form, sent=noun)


def write(request: Req, raw: NamedDependency[Raw]) -> Response[str]:
    """Write an agreement."""
    number, item = request.path_params["number"], whole(first(raw, "item"))
    return _sent(request, raw, WriteAgreement, "acuerdos", "El acuerdo quedó escrito.", session=number, item=item)


def change(request: Req, raw: NamedDependency[Raw]) -> Response[str]:
    """Change an agreement that was not voted."""
    number = request.path_params["agreement"]
    return _sent(request, raw, ChangeAgreement, f"acuerdo-{number}", "El acuerdo quedó cambiado.", agreement=number)


def about(connection: Connection[Any], at: int, code: str, year: int, kind: str, number: int) -> list[read.Agreement]:
    """The agreements of the unit's own sessions and of the region's that decide on one matter."""
    streams = [f"unit/{code}/{year}", region_of(year)]
    found = read.agreements(connection, at, streams, about=f"{code}/{kind}/{number}")
    return [each for each in found if not each.withdrawn]


OUTCOMES = {"consensus": "Por consenso", "approved": "Aprobado", "rejected": "No aprobado"}
AGREEMENT = "/acuerdos/{agreement:int}"
ROUTES = [
    *both(post, f"{ONE}/acuerdos", write, opt={"command": WriteAgreement}),
    *both(post, f"{ONE}{AGREEMENT}", change, opt={"command": ChangeAgreement}),
    *step(WithdrawAgreement, f"{AGREEMENT}/retiro", "desistimiento", "El acuerdo quedó retirado."),
    *step(CastVote, f"{AGREEMENT}/votos", "votos", "Su voto quedó registrado.", own=True),
]

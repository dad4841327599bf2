"""What a form that proposes a commitment asks for, whether it comes from a finding or from a measure of the improvement plan."""

from typing import Any

from service.aggregates.commitment import ProposeCommitment
from service.aggregates.commitment_life import DeclareCommitment
from service.aggregates.commitment_signing import SignCommitment
from service.ledger import stream_of
from service.permits import PERMITS
from service.web import commitment_paper
from service.web.corner import day_of, held
from service.web.form import Form, Raw, first
from service.web.form import read as read_form
from service.web.page import Moment, Req, send

SIGN, ANSWER = (PERMITS[kind].own + PERMITS[kind].anywhere for kind in (SignCommitment, DeclareCommitment))


def offered(request: Req, moment: Moment, code: str) -> dict[str, Any]:
    """The charges held that day in the unit or the DRE: those that may sign, and those that may answer for a commitment."""
    day, dre = day_of(request, moment), request.user.dre
    return {"signing": list(held(dre, day, code, SIGN)), "answering": list(held(dre, day, code, ANSWER))}


def propose(request: Req, raw: Raw, code: str, year: int, **fixed: Any) -> Form[ProposeCommitment]:
    """Propose a commitment, to be signed by charges that somebody holds today; its paper is set once before it is recorded."""
    charges = offered(request, Moment(), code)
    form: Form[ProposeCommitment] = read_form(ProposeCommitment, raw, **fixed)
    if {text for text in raw.get("signatories", ()) if text} - set(charges["signing"]):
        form.errors["signatories"] = "Elija firmantes de la lista: cargos vigentes de la unidad o de la DRE."
    if first(raw, "responsible") not in charges["answering"]:
        form.errors["responsible"] = "Elija un cargo vigente de la lista."
    if form.command:
        form.errors |= commitment_paper.unprintable(request, form.command)
    if not form.errors:
        return send(request, raw, ProposeCommitment, stream_of(code, year), **fixed)
    form.status = 422
    return form

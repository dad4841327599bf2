"""What a form that words a commitment asks for, whether it comes from a finding, from a measure, or from a text already offered."""

from typing import Any

from service.aggregates.commitment import ProposeCommitment
from service.aggregates.commitment_life import DeclareCommitment
from service.aggregates.commitment_signing import SignCommitment
from service.aggregates.commitment_terms import Wording
from service.aggregates.signing_kinds import SigningKind
from service.ledger import stream_of
from service.permits import PERMITS
from service.projections import LATEST, followup_page
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


def kind_of(request: Req, form: Form[Any], usual: str = "") -> SigningKind:
    """The kind of commitment that the form, or the address, names; else the usual one, else the first of the catalogue."""
    signing = request.user.dre.rules.signing
    named = (str(form["kind"]), request.query_params.get("tipo", ""), usual)
    return next(filter(None, map(signing.of, named)), signing.kinds[0])


def fresh(request: Req, code: str, kind: SigningKind) -> Form[Any]:
    """An empty form with the signatories of a kind: for each of its roles the first charge held, in the unit before the DRE."""
    charges = offered(request, Moment(), code)["signing"]
    found = [next((charge for charge in charges if charge.split("/")[0] == role), "") for role in kind.roles]
    signatories = [charge for charge in dict.fromkeys(found) if charge]
    return Form.fresh(kind=kind.code, signatories=signatories, ordered="1" if kind.ordered else "")


def look(request: Req, raw: Raw, kind: type[Wording], stream: str, **fixed: Any) -> Form[Any]:
    """Read a wording: its charges are held today, and its paper is set once before anything is recorded."""
    charges = offered(request, Moment(), stream.split("/")[1])
    form: Form[Any] = read_form(kind, raw, **fixed)
    if {text for text in raw.get("signatories", ()) if text} - set(charges["signing"]):
        form.errors["signatories"] = "Elija firmantes de la lista: cargos vigentes de la unidad o de la DRE."
    if first(raw, "responsible") not in charges["answering"]:
        form.errors["responsible"] = "Elija un cargo vigente de la lista."
    if form.command:
        with request.app.state.database.snapshot() as connection:
            found = followup_page.finding(connection, LATEST, stream, form.command.findings[0])
        form.errors |= commitment_paper.unprintable(request, form.command, (found.text, found.cause) if found else ())
    form.status = 422 if form.errors else 200
    return form


def propose(request: Req, raw: Raw, code: str, year: int, **fixed: Any) -> Form[Any]:
    """Propose a commitment, to be signed by charges that somebody holds today."""
    stream = stream_of(code, year)
    form = look(request, raw, ProposeCommitment, stream, **fixed)
    return form if form.errors else send(request, raw, ProposeCommitment, stream, **fixed)

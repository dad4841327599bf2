"""Wording a commitment: proposed from a finding, or offered anew in another text."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.aggregates.commitment import ProposeCommitment, ReviseCommitment
from service.aggregates.commitment_first import said
from service.aggregates.commitment_terms import Terms
from service.projections import LATEST
from service.projections import followup_page as read
from service.web import proposing
from service.web.commitment import read_paper
from service.web.commitment_place import ONE, place_of
from service.web.corner import circumstances, find_place
from service.web.findings import ONE as FINDING
from service.web.form import Form, Raw
from service.web.page import Moment, Req, page, redirect, send
from service.web.reader import REWORDED


def _draw_new(request: Req, code: str, year: int, finding: int, form: Form[Any] | None = None) -> Response[str]:
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, Moment(), code, year)
        found = read.finding(connection, LATEST, place.stream, finding)
    if found is None:
        raise NotFoundException
    kind = proposing.kind_of(request, form or Form())
    form = form or proposing.fresh(request, code, kind)
    return page(
        request,
        "compromiso_nuevo.html",
        status=form.status,
        place=place,
        finding=found,
        kind=kind,
        form=form,
        **proposing.offered(request, Moment(), code),
        **circumstances(request, Moment()),
    )


@get(f"{FINDING}/compromisos/nuevo", sync_to_thread=True)
def write(request: Req, code: FromPath[str], year: FromPath[int], finding: FromPath[int]) -> Response[str]:
    """Show the form of a new commitment of a kind, with the signatories of that kind chosen."""
    return _draw_new(request, code, year, finding)


@post(f"{FINDING}/compromisos", opt={"command": ProposeCommitment}, sync_to_thread=True)
def propose(
    request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int], finding: FromPath[int]
) -> Response[Any]:
    """Propose a commitment, to be signed by charges that somebody holds today in the unit or the DRE."""
    form = proposing.propose(request, raw, code, year, findings=(finding,), measure=0)
    if not form.done:
        return _draw_new(request, code, year, finding, form)
    number = form.done.facts[0].fact.event.commitment
    return redirect(request, f"/compromisos/{code}-{year}-{number}", "El compromiso quedó propuesto: ya se puede firmar.")


def _draw_revision(request: Req, commitment: str, form: Form[Any] | None = None) -> Response[str]:
    code, stream, _ = place_of(commitment)
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, LATEST, commitment)
        place = find_place(connection, Moment(), code, int(stream.split("/")[2]))
    day = {} if paper.waiting else {"due": paper.it.due.isoformat()}  # an extension may have moved it since the text was signed
    form = form or Form.fresh(**_typed(said(paper.text.canonical).terms) | day)
    return page(
        request,
        "compromiso_revision.html",
        status=form.status,
        place=place,
        it=paper.it,
        offers=paper.it.status in REWORDED and not paper.it.carried_to,
        kind=proposing.kind_of(request, form),
        form=form,
        **proposing.offered(request, Moment(), code),
        **circumstances(request, Moment()),
    )


def _typed(terms: Terms) -> dict[str, str | list[str]]:
    """The terms as a form carries them."""
    values = msgspec.to_builtins(terms)
    typed: dict[str, str | list[str]] = {name: str(value) for name, value in values.items()}
    return typed | {"signatories": [*terms.signatories], "ordered": "1" if terms.ordered else ""}


@get(f"{ONE}/revision", sync_to_thread=True)
def word_anew(request: Req, commitment: FromPath[str]) -> Response[str]:
    """Show the text as it stands, to be worded anew."""
    return _draw_revision(request, commitment)


@post(f"{ONE}/revision", opt={"command": ReviseCommitment}, sync_to_thread=True)
def revise(request: Req, raw: NamedDependency[Raw], commitment: FromPath[str]) -> Response[Any]:
    """Offer another text for signature; what it answers stays."""
    _, stream, number = place_of(commitment)
    with request.app.state.database.snapshot() as connection:
        terms = said(read_paper(connection, LATEST, commitment).text.canonical).terms
    fixed: dict[str, Any] = {"commitment": number, "findings": terms.findings, "measure": terms.measure}
    form = proposing.look(request, raw, ReviseCommitment, stream, **fixed)
    if not form.errors:
        form = send(request, raw, ReviseCommitment, stream, **fixed)
    if not form.done:
        return _draw_revision(request, commitment, form)
    version = form.done.facts[0].fact.event.version
    return redirect(request, f"/compromisos/{commitment}", f"La versión {version} quedó propuesta: ya se puede firmar.")


ROUTES = [write, propose, word_anew, revise]

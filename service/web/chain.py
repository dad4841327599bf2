"""The chain of a commitment up to the score that caused it and down to its verification, each link with its fact."""

from datetime import datetime

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.aggregates import ROMAN
from service.aggregates.commitment import CommitmentCarried
from service.aggregates.commitment_first import FirstCommitmentCarried
from service.aggregates.commitment_life import CommitmentDeclared, CommitmentReported, CommitmentVerified
from service.projections import commitment_page as commitments
from service.projections import grounds, history
from service.projections import improvement_page as plans
from service.web import commitment_life
from service.web.commitment import read_paper
from service.web.commitment_place import ONE
from service.web.corner import circumstances, keep
from service.web.facts_alerts import RULES
from service.web.page import Moment, Req, page
from service.web.reader import Paper
from service.web.words import LIGHTS, porciento

CARRIED = (CommitmentCarried, FirstCommitmentCarried)
LIFE = (CommitmentReported, CommitmentDeclared, CommitmentVerified, *CARRIED)
TAGS, CARRYING = (tuple(str(kind.__struct_config__.tag) for kind in kinds) for kinds in (LIFE, CARRIED))


class Link(msgspec.Struct, frozen=True):
    """A link of the chain: what it is, its words, where it leads, its fact; without a fact it is still to come."""

    title: str
    text: str
    href: str = ""
    position: int = 0
    at: datetime | None = None


def above(found: list[grounds.Ground], measures: list[plans.Measure], base: str, then: str) -> list[Link]:
    """From the score to the measure."""
    links = list[Link]()
    for each in found:
        light = f"{LIGHTS[each.light].shape} {LIGHTS[each.light].word} " if each.light else ""
        part = f"; su actividad, {porciento(each.part)}" if each.part is not None else ""
        score = f"{light}{porciento(each.percent)}{part}"
        links.append(
            Link(f"Calificación del {ROMAN[each.quarter]} trimestre", score, f"{base}/t{each.quarter}/calificacion", each.scored)
        )
        if each.alert:
            rule = RULES.get(each.rule, each.rule)
            links.append(Link(f"Alerta n.º {each.alert}", rule.capitalize(), f"{base}/alertas/{each.alert}", each.raised))
        links.append(Link(f"Hallazgo n.º {each.finding}, {each.kind}", each.text, f"{base}/hallazgos/{each.finding}", each.found))
        if each.cause:
            links.append(Link("Causa raíz", each.cause, f"{base}/hallazgos/{each.finding}", each.found))
    links += [Link(f"Medida {each.measure} del plan de mejora", each.text, f"{base}/mejora", each.from_pos) for each in measures]
    return [msgspec.structs.replace(each, href=each.href + then) for each in links]


def below(paper: Paper, deeds: list[history.Deed], onward: commitments.Commitment | None, passed: int, then: str) -> list[Link]:
    """From the commitment to its verification, or by the fact `passed` to the year where it goes on; what is still to come has none."""
    it, here = paper.it, paper.it.href + then
    carried = next((deed.position for deed in deeds if isinstance(deed.event, CARRIED)), 0)
    links = [
        Link(
            f"Compromiso {_numbered(it, before=each.from_pos < carried)}, versión {each.version}", it.action, here, each.from_pos
        )
        for each in paper.versions.values()
    ]
    signed = [each for each in paper.signatures.get(it.version, {}).values() if each.status == "signed"]
    if signed:
        last = max(signed, key=lambda each: each.from_pos)
        links.append(Link("Firmas", f"{len(signed)} de {len(it.signatories)}", here, last.from_pos))
    links += [_told(deed, here, then) for deed in deeds]
    if onward:
        there = f"{onward.href}/cadena{then}"
        return [*links, Link(f"Continúa en {onward.year}", f"Compromiso n.º {onward.commitment}", there, passed)]
    if not any(isinstance(deed.event, CommitmentVerified) for deed in deeds):
        links.append(Link("Verificación", "Todavía no hay." if it.status != "withdrawn" else "El compromiso fue retirado.", here))
    return links


def _numbered(it: commitments.Commitment, *, before: bool) -> str:
    """Its number, in words; that of the year it came from, before it was carried."""
    if not before:
        return f"n.º {it.commitment}"
    _, year, number = it.origin.split("-")
    return f"n.º {number} de {year}"


def _told(deed: history.Deed, here: str, then: str) -> Link:
    """A fact of its life as a link; one that carried it leads to the year it came from."""
    match event := deed.event:
        case CommitmentCarried() | FirstCommitmentCarried():
            _, year, number = event.origin.split("-")
            before = f"/compromisos/{event.origin}/cadena{then}"
            return Link(f"Viene de {year}", f"Compromiso n.º {number}", before, deed.position)
        case CommitmentVerified():
            result = (
                f"Aceptado: {'cumplido' if event.fulfilled else 'incumplido'}" if event.accepted else "No se aceptó lo declarado"
            )
            title, text = "Verificación", f"{result}. {event.text}".strip()
        case CommitmentDeclared():
            title, text = "Declaración", f"{'Cumplido' if event.fulfilled else 'Incumplido'}: {event.text}"
        case _:
            title, text = "Avance", event.text
    proof = getattr(event, "evidence", "")
    return Link(title, text + (f" Evidencia: {proof}." if proof else ""), here, deed.position)


@get(f"{ONE}/cadena", sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str]) -> Response[str]:
    """Show the chain of a commitment."""
    at, then = moment.position, keep(moment)
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, at, commitment)
        it = paper.it
        found = grounds.of(connection, at, it.root, it.findings)
        measures = [each for each in plans.measures(connection, at, it.root) if each.measure == it.measure]
        deeds, onward = commitment_life.facts(connection, at, it, TAGS)[::-1], commitments.onward(connection, at, it)
        passed = commitment_life.facts(connection, at, onward, CARRYING)[0].position if onward else 0
        base = "/ugel/" + it.root.removeprefix("unit/")
        links = [*above(found, measures, base, then), *below(paper, deeds, onward, passed, then)]
        times = history.times(connection, (each.position for each in links))
    links = [msgspec.structs.replace(each, at=times.get(each.position)) for each in links]
    return page(request, "cadena.html", moment=moment, it=it, links=links, **circumstances(request, moment))


ROUTES = (show,)

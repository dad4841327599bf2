"""Scenes of what is agreed anew: more time asked for and granted, a text renegotiated and signed again, one declined."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import msgspec

from service.aggregates import commitment as c
from service.aggregates import commitment_life as life
from service.aggregates import commitment_signing as s
from service.aggregates.commitment_terms import Terms
from service.demo import followup
from service.demo.desk import Desk
from service.demo.stage import Scene

DAY = timedelta(days=1)


def apart(scene: Callable[[Desk], Scene]) -> Callable[[Desk], Scene]:
    """A scene with a chance of its own, so that the rest of the year stays as it was."""

    def told(desk: Desk) -> Scene:
        chance, desk.chance = desk.chance, Random(f"{desk.unit} {scene.__name__}")  # noqa: S311 — a demo's chance
        yield from scene(desk)
        desk.chance = chance

    return told


def extend(desk: Desk, day: date, due: date) -> Scene:
    """A commitment in execution whose day does not suffice: the responsible asks, the DRE grants."""
    yield from followup.commit(desk, 3, day, due)
    number, crew = len(desk.year.commitments.by_number), desk.crew
    reason = "El proveedor entrega en diciembre: se pide el plazo hasta el cierre del año."
    later = date(due.year, 12, 30)
    yield from desk.act(day + 12 * DAY, crew.chief.id, life.RequestExtension(commitment=number, due=later, reason=reason))
    yield from desk.act(day + 14 * DAY, crew.overseer.id, life.GrantExtension(commitment=number, extension=1))


def decline(desk: Desk, day: date, due: date) -> Scene:
    """A second commitment, whose turn to sign comes one after the other; the director declines it."""
    yield from followup.commit(desk, 3, day, due, signing=0)
    number = len(desk.year.commitments.by_number)
    ordered = _worded(number, desk, "Se firma en orden, desde la jefatura.", kind="mejora", ordered=True)
    yield from desk.act(day + DAY, desk.crew.overseer.id, ordered)
    reason = "La meta supera lo que el área puede atender este año: se pide bajarla."
    declined = s.DeclineCommitment(commitment=number, version=2, reason=reason)
    yield from desk.act(day + 3 * DAY, desk.crew.director.id, declined)


def renegotiate(desk: Desk, day: date, due: date) -> Scene:
    """A text that all signed is offered anew with another day and a reason, and all sign the new one."""
    yield from followup.commit(desk, 3, day, due)
    number, crew = len(desk.year.commitments.by_number), desk.crew
    reason = "La unidad perdió una ruta por las lluvias: se acuerda otro plazo con la misma meta."
    budget = "Sin recursos adicionales (demostración)."
    anew = _worded(number, desk, reason, due=date(due.year, 12, 22), budget=budget)
    yield from desk.act(day + 10 * DAY, crew.director.id, anew)
    text = desk.year.commitments.by_number[number].offer
    assert text is not None  # noqa: S101 — offered a moment ago
    for order, signer in enumerate(dict.fromkeys((crew.chief, crew.director, crew.authority))):
        signature = s.SignCommitment(commitment=number, version=text.number, document=text.document)
        yield from desk.act(day + (11 + order) * DAY, signer.id, signature)


def _worded(number: int, desk: Desk, reason: str, **changes: Any) -> c.ReviseCommitment:
    """The text as it stands, with changes."""
    terms: Terms = desk.year.commitments.by_number[number].terms
    values = {name: getattr(terms, name) for name in Terms.__struct_fields__ if name != "figures"}
    return msgspec.structs.replace(c.ReviseCommitment(commitment=number, reason=reason, **values), **changes)

"""Scenes of an improvement plan: opened once a quarter is closed, a measure for each kind of trouble, shared when it comes back."""

from collections.abc import Generator
from datetime import date, timedelta
from random import Random

from service.aggregates import DRE
from service.aggregates import improvement as i
from service.demo import words
from service.demo.desk import Desk
from service.demo.stage import Facts, Step

DAY = timedelta(days=1)
WITHOUT = {DRE, "120011", "120012", "120014"}
AIM = "Que al cierre del año ninguna línea de acción quede en riesgo: se atiende la causa de cada nudo crítico, no solo su cifra."
AGAIN = "El mismo problema volvió a presentarse: la medida responde también a este hallazgo."


def answer(desk: Desk, finding: int, day: date) -> Generator[Step, Facts, int]:
    """Answer a critical knot with a measure; gives its number, 0 where the unit keeps no plan. Told apart, as a reader would add it."""
    closed = [number for number, each in desk.year.quarters.by_number.items() if each.status == "closed"]
    if desk.unit in WITHOUT or not closed:
        return 0
    chance, desk.chance = desk.chance, Random(f"{desk.unit}/{desk.year.year}/{finding}")  # noqa: S311 — a demo's chance
    plan, crew = desk.year.improvement, desk.crew
    if not plan.quarter:
        yield from desk.act(day, crew.director.id, i.OpenImprovement(quarter=max(closed), aim=AIM))
    text = words.TROUBLES[desk.year.plan.activities[desk.year.findings.by_number[finding].activity].line].measure
    number = next((n for n in plan.standing if plan.measures[n].text == text), 0)
    if number and finding not in plan.measures[number].findings:
        findings = (*plan.measures[number].findings, finding)
        yield from desk.act(day, crew.chief.id, i.ChangeMeasure(measure=number, text=text, findings=findings, reason=AGAIN))
    elif not number:
        yield from desk.act(day, crew.chief.id, i.AddMeasure(text=text, findings=(finding,)))
        number = len(plan.measures)
    desk.chance = chance
    return number

"""Scenes of the diagnosis: each UGEL says where and with whom, ranks its problems, and which activities answer them; one is left open."""

from datetime import date, timedelta
from random import Random

import msgspec

from service.aggregates import diagnosis as d
from service.demo.cast import JUNGLE
from service.demo.desk import Desk
from service.demo.stage import Scene

DAY = timedelta(days=1)
CITIES = frozenset({"120001", "120004", "120007", "120008", "120009", "120011"})
MIXED = frozenset({"120007", "120010"})


class Known(msgspec.Struct, frozen=True):
    """A problem as an office would write it, and the line of action whose activities answer it; none for those left open."""

    text: str
    line: str = ""


PROBLEMS = (
    Known("Los materiales educativos llegan después del inicio de clases a las instituciones más alejadas.", "M1"),
    Known("Hay plazas docentes sin adjudicar en las primeras semanas del año escolar.", "M2"),
    Known("Los docentes de aulas multigrado reciben pocas visitas de acompañamiento.", "M3"),
    Known("Varios locales escolares tienen techos y servicios higiénicos en mal estado.", "M4"),
    Known("Los expedientes superan el plazo en los meses de mayor demanda.", "M5"),
    Known("Los casos de convivencia escolar se atienden tarde y sin seguimiento.", "E2"),
)
OPEN = {
    True: Known("Estudiantes de comunidades alejadas dejan de asistir en los meses de cosecha."),
    False: Known("Las instituciones rurales no cuentan con conexión para los reportes y las clases a distancia."),
}
METHODS = (
    "Talleres por red educativa y revisión de las actas del año anterior.",
    "Asambleas con familias y autoridades, y mesas de trabajo con directivos.",
)


def diagnose(desk: Desk, day: date) -> Scene:
    """Write the diagnosis and its problems, in the order of the office's priority."""
    chance, crew = _chance(desk), desk.crew
    yield from desk.act(day, crew.chief.id, _written(desk.unit, chance))
    jungle = desk.unit in JUNGLE
    chosen = [*chance.sample(PROBLEMS, 3), OPEN[jungle]]
    chance.shuffle(chosen)
    for known in chosen:
        proof = f"Informe de diagnóstico N.º {chance.randrange(10, 90):03}-{desk.year.year} (demostración)"
        yield from desk.act(day, crew.specialist.id, d.AddProblem(text=known.text, evidence=proof))


def answer(desk: Desk, day: date) -> Scene:
    """Point the activities of the plan at the problems they answer."""
    lines = {known.text: known.line for known in PROBLEMS}
    numbers = {lines[problem.text]: n for n, problem in desk.year.diagnosis.problems.items() if problem.text in lines}
    for number, activity in desk.year.plan.activities.items():
        if activity.line in numbers:
            answers = d.AnswerProblems(activity=number, problems=(numbers[activity.line],))
            yield from desk.act(day, desk.crew.specialist.id, answers)


def _chance(desk: Desk) -> Random:
    return Random(f"{desk.unit}/{desk.year.year}/diagnóstico")  # noqa: S311 — a choice of the demo, not a secret


def _written(unit: str, chance: Random) -> d.WriteDiagnosis:
    territory: list[d.Territory] = ["selva central" if unit in JUNGLE else "andino comunal"]
    territory += ["urbano"] if unit in CITIES else []
    territory += ["andino comunal"] if unit in MIXED else []
    languages = ("castellano", "asháninka") if unit in JUNGLE else ("castellano", "quechua")
    actors = (
        d.Actor(kind="directivos", number=chance.randrange(18, 60), role="Mesas de trabajo por red educativa"),
        d.Actor(kind="docentes", number=chance.randrange(40, 160), role="Encuesta y talleres"),
        d.Actor(kind="familias", number=chance.randrange(30, 120), role="Asambleas"),
        d.Actor(kind="autoridades comunales", number=chance.randrange(4, 20), role="Priorización de problemas"),
        d.Actor(kind="personal de la unidad", number=chance.randrange(8, 20), role="Conducción y sistematización"),
    )
    return d.WriteDiagnosis(territory=tuple(territory), languages=languages, actors=actors, method=chance.choice(METHODS))

"""The participatory diagnosis: who took part, problems in their order, the activities that answer them."""

from service.aggregates import diagnosis as d
from tests.stories import APPROVED, DRAFT, SUBMITTED, given, refused

TEACHERS = d.Actor(kind="docentes", number=40, role="Talleres por red educativa")
WRITE = d.WriteDiagnosis(territory=("andino comunal", "urbano"), languages=("castellano", "quechua"), actors=(TEACHERS,))
WRITTEN = d.DiagnosisWritten(territory=("andino comunal", "urbano"), languages=("castellano", "quechua"), actors=(TEACHERS,))
ROADS = d.ProblemAdded(problem=1, place=1, text="Los materiales llegan tarde", evidence="Acta 12")
POSTS = d.ProblemAdded(problem=2, place=2, text="Plazas sin docente en marzo")
READING = d.ProblemAdded(problem=3, place=3, text="Bajo nivel de lectura")
KNOWN = (*DRAFT, WRITTEN, ROADS, POSTS, READING)


def test_a_diagnosis_names_territory_languages_and_who_took_part() -> None:
    """Written once it is a fact; written again the same, nothing happens; otherwise the new one replaces it."""
    given(*DRAFT).when(WRITE).then(WRITTEN).when(WRITE).then()
    alone = d.WriteDiagnosis(territory=("urbano", "urbano"))
    given(*DRAFT, WRITTEN).when(alone).then(d.DiagnosisWritten(territory=("urbano",), languages=(), actors=()))


def test_the_year_must_be_open() -> None:
    """Before the year is opened there is nothing to diagnose."""
    given().when(WRITE).then(refused("no está abierto"))


def test_problems_are_numbered_for_good_and_added_last() -> None:
    """A number is never given twice, also when the last problem was taken away."""
    story = given(*DRAFT, ROADS, POSTS).when(d.AddProblem(text="Bajo nivel de lectura")).then(READING)
    story.after(d.RemoveProblem(problem=3, reason="Repetido"))
    story.when(d.AddProblem(text="Faltan aulas")).then(d.ProblemAdded(problem=4, place=3, text="Faltan aulas"))


def test_a_problem_moves_in_the_order_of_priority() -> None:
    """The fact holds the whole new order; a place outside the list is refused, the own place is no change."""
    story = given(*KNOWN)
    story.when(d.RankProblem(problem=3, place=1)).then(d.ProblemsRanked(problem=3, order=(3, 1, 2)))
    story.when(d.RankProblem(problem=3, place=1)).then()
    story.when(d.RankProblem(problem=3, place=3)).then(d.ProblemsRanked(problem=3, order=(1, 2, 3)))
    story.when(d.RankProblem(problem=3, place=4)).then(refused("de 1 a 3"))
    story.when(d.RankProblem(problem=9, place=1)).then(refused("no está en el diagnóstico"))


def test_a_change_of_a_problem_says_what_it_was() -> None:
    """Only what differs stands in `was`; the same text again is no change."""
    change = d.ChangeProblem(problem=2, text="Plazas sin docente en marzo", evidence="Informe 3")
    story = given(*KNOWN).when(change)
    story.then(d.ProblemChanged(problem=2, was={"evidence": ""}, text=change.text, evidence="Informe 3"))
    story.when(change).then()


def test_an_activity_answers_several_problems_and_a_problem_several_activities() -> None:
    """Many to many; what is unknown is refused by its number; none takes the answer back."""
    story = given(*KNOWN)
    both = d.AnswerProblems(activity=1, problems=(2, 1, 2))
    story.when(both).then(d.ProblemsAnswered(activity=1, was=(), problems=(1, 2)))
    story.when(d.AnswerProblems(activity=2, problems=(1,))).then(d.ProblemsAnswered(activity=2, was=(), problems=(1,)))
    story.when(both).then()
    story.when(d.AnswerProblems(activity=1, problems=(1, 9))).then(refused("no están en el diagnóstico", ("Problema 9",)))
    story.when(d.AnswerProblems(activity=9, problems=(1,))).then(refused("no está en el plan"))
    story.when(d.AnswerProblems(activity=1)).then(d.ProblemsAnswered(activity=1, was=(1, 2), problems=()))


def test_a_removed_problem_is_answered_by_nobody() -> None:
    """What an activity answers loses it, so that the next fact tells the truth about before."""
    story = given(*KNOWN).after(d.AnswerProblems(activity=1, problems=(1, 2)))
    story.after(d.RemoveProblem(problem=1, reason="Se unió con otro"))
    story.when(d.AnswerProblems(activity=1, problems=(3,))).then(d.ProblemsAnswered(activity=1, was=(2,), problems=(3,)))


def test_nothing_moves_while_the_dre_reviews_the_plan() -> None:
    """What the DRE looks at stays as it was sent; afterwards the diagnosis goes on, also under an approved plan."""
    sent = given(*SUBMITTED, WRITTEN, ROADS)
    for command in (WRITE, d.AddProblem(text="Otro"), d.AnswerProblems(activity=1, problems=(1,))):
        sent.when(command).then(refused("espere su respuesta"))
    approved = given(*APPROVED, WRITTEN, ROADS)
    approved.when(d.AnswerProblems(activity=1, problems=(1,))).then(d.ProblemsAnswered(activity=1, was=(), problems=(1,)))

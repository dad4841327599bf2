"""Aligning several activities at once, and what a plan lacks before it is sent."""

from service.aggregates import plan as p
from service.aggregates import plan_versions as v
from service.aggregates.plan_alignment import AlignActivities, lacking
from tests.stories import DIRECTOR, DRAFT, SUBMITTED, given, months, refused


def test_objectives_are_added_to_each_marked_activity() -> None:
    """What an activity is aligned to stays; one that has them all gets no fact; a number twice counts once."""
    story = given(*DRAFT).when(AlignActivities(activities=(1, 2, 1), objectives=("OEI.02",)))
    story.then(p.ActivityAligned(activity=1, was=("OEI.01",), objectives=("OEI.01", "OEI.02")))
    story.when(AlignActivities(activities=(1, 2), objectives=("OEI.02",))).then()


def test_only_known_activities_and_objectives_while_the_plan_is_with_its_unit() -> None:
    """Each refusal names what is unknown."""
    given(*DRAFT).when(AlignActivities(activities=(1, 9), objectives=("OEI.02",))).then(refused("no están", ("Actividad 9",)))
    given(*DRAFT).when(AlignActivities(activities=(1,), objectives=("PER.99",))).then(refused("catálogo", ("PER.99",)))
    given(*SUBMITTED).when(AlignActivities(activities=(1,), objectives=("OEI.02",))).then(refused("espere su respuesta"))
    given().when(AlignActivities(activities=(1,), objectives=("OEI.02",))).then(refused("no está abierto"))


def test_each_line_of_the_refusal_knows_its_subject() -> None:
    """Without objective, without tasks, without targets: every lack has its line, and says which activity it is of."""
    bare = p.ActivityAdded(activity=3, line="M1", name="Pintar el local")
    idle = p.ActivityAdded(activity=4, line="M1", name="Pagar el agua", objectives=("OEI.01",))
    nothing = p.TaskAdded(task=4, activity=4, name="Pagar", unit="Recibo", months=months())
    story = given(*DRAFT, bare, idle, nothing)
    found = [(each.subject, each.number, each.partition(". ")[2]) for each in lacking(story.state.plan)]
    assert found == [
        ("alignment", 3, "No está alineada a ningún objetivo."),
        ("activity", 3, "No tiene tareas."),
        ("activity", 4, "Sus tareas no tienen metas."),
    ]
    story.when(v.SubmitPlan(), by=DIRECTOR).then(
        refused("falta lo siguiente", ("Pintar el local. No tiene", "Pagar el agua. Sus"))
    )

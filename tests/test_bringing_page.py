"""Last year's activities in this year's plan: what the closed balance left open comes first, and says so for ever."""

from service.aggregates import balance as b
from service.aggregates import finding as f
from service.aggregates import plan as p
from tests.house import House
from tests.lived import Cycle

PLAN = "/ugel/120005/2026/plan"
FIRST, SECOND = 'value="1" checked', 'value="2" '


def lived(house: House, *, closed: bool = True) -> Cycle:
    """Last year up to its balance, in which a knot about the first activity stays open."""
    cycle = Cycle(house, year=2025).approved()
    for number in range(1, 5):
        cycle.closed(number)
    knot = f.RecordFinding(quarter=4, kind="nudo crítico", text="Faltan acompañantes", cause="Plazas sin cubrir", activity=1)
    cycle.do("dre.especialista", knot)
    if closed:
        words = b.SubmitBalance(achievements="Se hizo", difficulties="Hubo", recommendations="Seguir")
        cycle.do("ugel.jefe", words)
        cycle.do("ugel.director", b.ApproveBalance())
        last = list(house.ledger.facts(cycle.stream))[-1].position
        cycle.do("dre.director", b.CloseBalance(cutoff=last))
    house.browser("ugel.especialista").post("/ugel/120005/2026/apertura")
    return cycle


def test_open_items_come_first_and_stay_with_their_activity(house: House) -> None:
    """The knot's activity is chosen already; brought without targets it names the finding, on the grid and in the history."""
    lived(house)
    rosa = house.browser("ugel.especialista")
    page = rosa.get(f"{PLAN}/anterior").text
    assert page.index("Lo que el balance 2025 dejó pendiente") < page.index("Faltan acompañantes") < page.index(SECOND)
    assert FIRST in page
    assert rosa.post(f"{PLAN}/anterior", {"activities": ["1", "2"], "targets": "zero"}).status_code == 303
    grid = rosa.get(PLAN).text
    assert 'viene del <a href="/ugel/120005/2025/hallazgos/1">hallazgo n.º 1 de 2025</a>' in grid
    assert 'viene de la <a href="/ugel/120005/2025/actividades/2">actividad n.º 2 de 2025</a>' in grid
    tasks = [r.fact.event for r in house.ledger.facts("unit/120005/2026") if isinstance(r.fact.event, p.TaskAdded)]
    assert [sum(task.months) for task in tasks] == [0, 0]
    history = rosa.get("/ugel/120005/2026/historial").text
    assert "por hallazgo n.º 1 de 2025" in history
    assert "Ya está en el plan 2026" in rosa.get(f"{PLAN}/anterior").text
    assert rosa.post(f"{PLAN}/anterior", {"activities": ["1"], "targets": "same"}).status_code == 409


def test_the_same_targets_come_along_when_asked_for(house: House) -> None:
    """Ten a month stay ten a month; what is undone may be brought again."""
    lived(house, closed=False)
    rosa = house.browser("ugel.especialista")
    assert "El balance 2025 no está cerrado todavía" in rosa.get(f"{PLAN}/anterior").text
    assert rosa.post(f"{PLAN}/anterior", {"activities": ["1"], "targets": "same"}).status_code == 303
    assert ">120</td>" in rosa.get(PLAN).text
    assert rosa.post(f"{PLAN}/deshecho").status_code == 303
    assert "Visitar aulas" not in rosa.get(PLAN).text
    assert rosa.post(f"{PLAN}/anterior", {"activities": ["1"], "targets": "same"}).status_code == 303


def test_nothing_chosen_is_a_sentence(house: House) -> None:
    """422, with what to do; who may not write is told so."""
    lived(house, closed=False)
    answer = house.browser("ugel.especialista").post(f"{PLAN}/anterior", {"targets": "same"})
    assert answer.status_code == 422
    assert "Elija al menos una actividad." in answer.text
    assert "no admite actividades nuevas" in house.browser("satipo.especialista").get(f"{PLAN}/anterior").text
    assert "no tiene actividades" in house.browser("ugel.especialista").get("/ugel/120005/2025/plan/anterior").text

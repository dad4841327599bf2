"""Rules of quorum: published by the DRE as versions; each session keeps the rule that it was convened under."""

from typing import Any

from msgspec.structs import replace

from service.aggregates import dre
from service.aggregates import quorum_rules as r
from service.aggregates import session as s
from service.aggregates.plan_versions import OpenYear
from service.aggregates.session_quorum import ATTENDING, HEADS, OFFICE, REGION, UNIT, Quorum, missing, reached, said
from service.ledger import STANDING
from service.projections import LATEST, rebuild, verified
from service.projections.quorums import quorums
from tests.house import JAUJA, House
from tests.sitting import CALL, CONVENED, FIRST, came
from tests.stories import APPROVED, DIRECTOR, DRE_DIRECTOR, HEAD, RULES, SPECIALIST, YEAR, Story, given, refused

SET = r.SetQuorum(
    base=0, place="ugel", kind="ordinaria", persons=2, reason="Directiva 4", counts=HEADS, groups=("direccion-ugel",)
)
HEADS_ONLY = Quorum(persons=2, roles=(("director-ugel",),), counts=HEADS)
PUBLISHED = r.QuorumPublished(version=1, place="ugel", kind="ordinaria", quorum=HEADS_ONLY, reason="Directiva 4")
ADDRESS, SESSIONS = "/catalogo/quorum", f"/ugel/{JAUJA}/{YEAR}/sesiones"


def office() -> Story:
    """The DRE's standing stream, in which nothing happened."""
    return Story(dre.Dre(), dre.decide, dre.evolve)


def test_each_publication_is_a_version_of_one_rule() -> None:
    """The others stay as they were; the same again changes nothing; one made from an older version is refused."""
    story = office().when(SET, DRE_DIRECTOR).then(PUBLISHED)
    known = story.state.rules.quorums
    assert (known.version, known.of("ugel", "ordinaria"), known.of("region", "ordinaria")) == (1, HEADS_ONLY, REGION["ordinaria"])
    story.when(replace(SET, persons=3), DRE_DIRECTOR).then(refused("parte de la 0: revíselo"))
    story.when(replace(SET, base=1), DRE_DIRECTOR).then()
    regional = r.SetQuorum(base=1, place="region", kind="ordinaria", persons=5, reason="-", counts=ATTENDING, units=60)
    story.when(regional, DRE_DIRECTOR)
    story.then(r.QuorumPublished(version=2, place="region", kind="ordinaria", quorum=Quorum(persons=5, units=60), reason="-"))
    assert story.state.rules.quorums.of("ugel", "ordinaria") == HEADS_ONLY


def test_a_rule_asks_only_for_who_can_come() -> None:
    """A part of the UGEL belongs to a regional session; the DRE's own has nobody of a UGEL."""
    story = office().when(replace(SET, units=51), DRE_DIRECTOR).then(refused("Solo una sesión regional"))
    own = replace(SET, place="dre", counts=OFFICE)
    story.when(own, DRE_DIRECTOR).then(refused("no asisten cargos de una UGEL"))
    story.when(replace(own, groups=("jefaturas-dre",), counts=HEADS), DRE_DIRECTOR).then(
        refused("debe contar algún cargo de la DRE")
    )
    story.after(replace(own, groups=("jefaturas-dre",)), DRE_DIRECTOR)


def test_a_session_names_the_rule_it_was_convened_under_and_keeps_it() -> None:
    """What is published later is for the sessions convened later, or changed."""
    new = replace(RULES, quorums=r.Quorums(1, {"ugel/ordinaria": HEADS_ONLY}))
    story = given(*APPROVED).when(s.ConveneSession(**CALL), DIRECTOR, rules=new)
    story.then(replace(CONVENED, quorum=HEADS_ONLY, rules=1))
    old = given(*APPROVED, CONVENED, FIRST, *came(DIRECTOR, HEAD))
    old.when(s.OpenSession(session=1), DIRECTOR, rules=new).then(refused("No hay quórum", ("Falta alguien de la DRE",)))
    old.after(s.ChangeSession(session=1, **CALL | {"place": "Auditorio"}), DIRECTOR, rules=new)
    old.after(s.OpenSession(session=1), DIRECTOR)


def test_who_does_not_count_makes_no_quorum() -> None:
    """Specialists may attend a session whose rule counts heads; the sentence says how many count."""
    present = {each.id: each.charge for each in (DIRECTOR, SPECIALIST)}
    assert missing(HEADS_ONLY, (JAUJA,), present) == ("Asisten 1 de las 2 personas que se necesitan.",)
    assert missing(HEADS_ONLY, (JAUJA,), present | {HEAD.id: HEAD.charge}) == ()
    assert reached(HEADS_ONLY, (JAUJA,), present) == "Para el quórum cuenta 1 persona (se necesitan 2)."
    assert "1 de 3 UGEL representadas (se necesitan 2)" in reached(REGION["ordinaria"], (JAUJA, "120001", "120002"), present)
    assert said(HEADS_ONLY) == (
        "al menos 2 personas (cuentan direcciones de UGEL, jefaturas de área); el director o la directora de la UGEL"
    )
    assert "el 51 % de las UGEL convocadas" in said(REGION["ordinaria"])


def test_the_dre_publishes_a_rule_on_its_page_and_all_read_it(house: House) -> None:
    """A form that lacks its reason comes back as it was; sessions convened before keep the example, at every moment."""
    call: dict[str, Any] = {"kind": "ordinaria", "quarter": "1", "place": "Sala", "day": f"{YEAR}-11-18"}
    house.do("ugel.director", f"unit/{JAUJA}/{YEAR}", OpenYear(year=YEAR))
    ugel, boss = house.browser("ugel.director"), house.browser("dre.director")
    assert ugel.post(SESSIONS, call).status_code == 303
    form: dict[str, Any] = {"base": "0", "place": "ugel", "kind": "ordinaria", "persons": "2", "units": "0", "reason": ""}
    form |= {"counts": list(HEADS), "groups": "direccion-ugel"}
    assert f"{ADDRESS}?editar=ugel/ordinaria" in boss.get(ADDRESS).text
    assert "editar=" not in ugel.get(ADDRESS).text
    assert 'name="reason"' in boss.get(f"{ADDRESS}?editar=ugel/ordinaria").text
    wrong = boss.post(ADDRESS, form)
    assert wrong.status_code == 422
    assert 'id="qu-counts-jefe-area" name="counts" value="jefe-area" checked' in wrong.text
    assert 'value="especialista-ugel" checked' not in wrong.text
    assert ugel.post(ADDRESS, form | {"reason": "-"}).status_code == 403
    before = max(each.position for each in house.ledger.facts("dre/120000"))
    assert boss.post(ADDRESS, form | {"reason": "Directiva 4"}).status_code == 303
    assert boss.post(ADDRESS, form | {"reason": "Otra vez", "persons": "9"}).status_code == 409
    assert "direcciones de UGEL, jefaturas de área" in ugel.get(ADDRESS).text
    assert "direcciones de UGEL, jefaturas de área" not in ugel.get(f"{ADDRESS}?hasta={before}").text
    assert "Directiva 4" in boss.get("/dre/historial").text
    assert ugel.post(SESSIONS, call).status_code == 303
    assert "(regla de ejemplo)" in ugel.get(f"{SESSIONS}/1").text
    assert "(reglas versión 1): al menos 2 personas" in ugel.get(f"{SESSIONS}/2").text
    with house.app.state.database.snapshot() as connection:
        assert quorums(connection, LATEST) == house.ledger.standing().rules.quorums
        assert verified.compare(connection, STANDING, rebuild.head(connection)) == []
    assert UNIT["ordinaria"].persons == 3, "the premise: the example asks for more"

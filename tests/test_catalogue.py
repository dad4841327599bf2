"""The DRE's catalogue: each publication a version, recorded as its difference to the one before; nothing published changes."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as chosen
from hypothesis import strategies as st
from msgspec.structs import replace

from service import bootstrap
from service.aggregates import By, Fact, quarter_score, score
from service.aggregates import catalogue as c
from service.aggregates import catalogue_check as check
from service.aggregates import catalogue_content as cc
from service.aggregates import dre as d
from service.aggregates import plan as p
from service.aggregates.alert_rules import DEFAULTS, AlertRules, with_low
from service.aggregates.quarter_progress import ProgressRecorded
from service.record import decode, encode
from tests.stories import APPROVED, DAY, DRE_DIRECTOR, NOON, Story, given, given_standing, refused

D = Decimal
OFFICE = d.UnitRegistered(code="120000", name="DRE Junín", kind="dre")
PEI = cc.Instrument(name="PEI", norm="RD 1", levels=("OEI", "AEI"), place=1)
AIM = cc.Objective(code="OEI.01", instrument="PEI", text="Mejorar los aprendizajes")
ACTION = cc.Objective(code="AEI.01.01", instrument="PEI", text="Acompañar a docentes", level=2, parent="OEI.01")
LINE = cc.Line(code="M1", kind="misional", name="Monitoreo")
REPORT = cc.Measure(name="Informe", aliases=("Inf.",))
DUE = cc.Deadline(year=2026, step="quarter-report", quarter=1, day=date(2026, 4, 15))
FIRST = cc.Content(instruments=(PEI,), objectives=(ACTION, AIM), lines=(LINE,), measures=(REPORT,), deadlines=(DUE,))


def office(*past: Any) -> Story:
    """The DRE with these facts."""
    return given_standing(OFFICE, *past)


def publish(content: cc.Content, base: int = 0, reason: str = "Directiva 1") -> c.PublishCatalogue:
    """The command that makes this the catalogue."""
    return c.PublishCatalogue(base=base, reason=reason, content=content)


def test_an_objective_is_published_once() -> None:
    """Its code is part of the rules every decision receives."""
    publish = c.PublishObjective(instrument="PEI", code="OEI.01", text="Mejorar los aprendizajes")
    story = office().when(publish).then(c.ObjectivePublished(instrument="PEI", code="OEI.01", text="Mejorar los aprendizajes"))
    story.when(publish).then(refused("El objetivo OEI.01 ya está publicado"))
    assert story.state.rules.objectives == {"OEI.01"}


def test_each_scale_is_a_version() -> None:
    """The example scale is version 0; the DRE's are numbered on; «Cumplido» asks more than «En proceso»."""
    flat = c.PublishScale(fulfilled=D(70), in_progress=D(70), label="-")
    story = office().when(flat, by=DRE_DIRECTOR).then(refused("debe pedir más"))
    for version in (1, 2):
        scale: dict[str, Any] = {"fulfilled": D(85), "in_progress": D(60), "label": "RD 10"}
        story.when(c.PublishScale(**scale)).then(c.ScalePublished(version=version, **scale))
    rules = story.state.rules
    assert (rules.scale_version, rules.light(D("84.99")), rules.light(D(85)), rules.light(D(59))) == (
        2,
        "in-progress",
        "fulfilled",
        "at-risk",
    )


def test_each_set_of_alert_rules_is_a_version() -> None:
    """The threshold in force is the latest."""
    made = with_low(DEFAULTS, D(60))
    story = office().when(c.PublishAlertRules(rules=made)).then(c.AlertRulesPublished(version=1, rules=made))
    assert story.state.rules.alerts == AlertRules(1, made)
    story.when(c.PublishAlertRules(rules=made[1:])).then(refused("no se pueden publicar", ("deben estar todas",)))


def test_the_one_threshold_of_the_first_releases_is_still_read() -> None:
    """A record of then has a version of its rules with that threshold, and every other rule as it ships."""
    story = office().given(c.FirstAlertRulesPublished(version=3, low=D(60)))
    assert story.state.rules.alerts == AlertRules(3, with_low(DEFAULTS, D(60)))
    assert story.state.catalogue.content.rules == with_low(DEFAULTS, D(60))


def test_old_rules_do_not_change_under_a_decision() -> None:
    """The rules a decision received stay what they were when newer ones are publishec."""
    story = office()
    before = story.state.rules
    story.after(c.PublishObjective(instrument="PEI", code="OEI.01", text="-")).after(c.PublishAlertRules())
    assert before == c.Rules()


def test_a_publication_is_a_version_and_holds_what_changed() -> None:
    """The first one writes everything, the next one only what is new or reworded, and the keys of what it retires."""
    story = office().when(publish(FIRST), by=DRE_DIRECTOR)
    story.then(
        c.CataloguePublished(
            version=1,
            reason="Directiva 1",
            instruments=(PEI,),
            objectives=(ACTION, AIM),
            lines=(LINE,),
            measures=(REPORT,),
            deadlines=(DUE,),
        )
    )
    reworded = replace(AIM, text="Mejorar los aprendizajes de todos")
    story.when(publish(replace(FIRST, objectives=(reworded,), lines=()), base=1, reason="Directiva 2"))
    retired = cc.Retired(objectives=("AEI.01.01",), lines=("M1",))
    story.then(c.CataloguePublished(version=2, reason="Directiva 2", objectives=(reworded,), retired=retired))
    assert story.state.catalogue.content.objectives == (reworded,)
    assert story.state.rules.objectives == {"OEI.01"}
    assert story.state.rules.retired == {"AEI.01.01"}, "an old alignment still names it"


def test_a_retired_objective_can_be_published_again() -> None:
    """The code is its identity: it is offered anew, and no longer counts as retired."""
    story = office().after(publish(FIRST)).after(publish(replace(FIRST, objectives=(AIM,)), base=1)).after(publish(FIRST, base=2))
    assert story.state.rules.objectives == {"OEI.01", "AEI.01.01"}
    assert story.state.rules.retired == frozenset()


def test_scale_formula_and_alert_rules_are_published_with_the_version_and_keep_their_numbers() -> None:
    """Scores name the version of the scale and alerts that of the rules: each has its own, told apart from the catalogue's."""
    settled = replace(FIRST, scale=cc.Scale(fulfilled=D(85), in_progress=D(60), label="RD 10"), rules=with_low(DEFAULTS, D(55)))
    story = office().after(c.PublishScale(fulfilled=D(80), in_progress=D(50), label="RD 9")).when(publish(settled))
    scale = c.ScalePublished(version=2, fulfilled=D(85), in_progress=D(60), label="RD 10")
    assert story.last[:-1] == [scale, c.AlertRulesPublished(version=1, rules=with_low(DEFAULTS, D(55)))]
    weighty = replace(settled, weights=cc.Weights(missional=D(3)))
    story = office().after(publish(settled)).when(publish(weighty, base=1))
    assert story.last[:-1] == [c.FormulaPublished(version=1, strategic=D(1), missional=D(3), support=D(1))]
    story.after(publish(weighty, base=1))
    assert story.state.rules.formula.version == 1
    assert story.state.catalogue.content == weighty


def test_a_publication_starts_from_the_version_in_force_and_changes_something() -> None:
    """Who prepared it on an older version must look again; an equal one is no version."""
    story = office().after(publish(FIRST))
    story.when(publish(replace(FIRST, lines=()))).then(refused("Rige la versión 1 del catálogo y estos cambios parten de la 0"))
    story.when(publish(FIRST, base=1)).then(refused("dice lo mismo que el vigente"))
    shuffled = replace(FIRST, objectives=FIRST.objectives[::-1])
    story.when(publish(shuffled, base=1)).then(refused("dice lo mismo que el vigente"))


def test_an_objective_alone_is_published_only_before_the_first_version() -> None:
    """From then on the catalogue changes as a whole; the instrument of a lone objective is listed too."""
    story = office().after(c.PublishObjective(instrument="PEDN", code="ON1", text="-"))
    assert story.state.catalogue.content.instruments == (cc.Instrument(name="PEDN"),)
    kept = replace(FIRST, instruments=(*FIRST.instruments, cc.Instrument(name="PEDN")))
    story.after(publish(kept)).when(c.PublishObjective(instrument="PEDN", code="ON2", text="-")).then(
        refused("ya tiene versiones")
    )


WRONG: dict[str, cc.Content] = {
    "«OEI.01» está 2 veces": replace(FIRST, objectives=(*FIRST.objectives, AIM)),
    "el instrumento «PER» no está": replace(FIRST, objectives=(replace(AIM, instrument="PER"), ACTION)),
    "no tiene un nivel 3": replace(FIRST, objectives=(AIM, replace(ACTION, level=3))),
    "superior «OEI.09» no está": replace(FIRST, objectives=(AIM, replace(ACTION, parent="OEI.09"))),
    "debe ser de un nivel más alto": replace(FIRST, objectives=(AIM, replace(ACTION, level=1))),
    "el instrumento «PEI» no está": replace(FIRST, instruments=()),
    "«informe» se escribe igual en dos": replace(FIRST, measures=(REPORT, cc.Measure(name="INFORME "))),
    "«inf.» se escribe igual en dos": replace(FIRST, measures=(REPORT, cc.Measure(name="Acta", aliases=("INF.",)))),
    "solo en los pasos que son de un trimestre": replace(FIRST, deadlines=(replace(DUE, quarter=0),)),
    "lejos del año": replace(FIRST, deadlines=(replace(DUE, day=date(2029, 1, 1)),)),
    "debe pedir más": replace(FIRST, scale=cc.Scale(fulfilled=D(70), in_progress=D(70))),
    "un peso mayor que 0": replace(FIRST, weights=cc.Weights(strategic=D(0), missional=D(0), support=D(0))),
    "de 1 a 300": replace(FIRST, lines=(replace(LINE, name=" "),)),
    "como máximo 300": replace(FIRST, lines=(replace(LINE, name="a" * 301),)),
    "de 1 a 4000": replace(FIRST, objectives=(replace(AIM, text=""), ACTION)),
    "de 0 a 100": replace(FIRST, rules=with_low(DEFAULTS, D(101))),
    "un número entre 0 y 100": replace(FIRST, scale=cc.Scale(fulfilled=D("NaN"))),
    "de 1 a 9": replace(FIRST, objectives=(replace(AIM, level=0),)),
}


@pytest.mark.parametrize("sentence", WRONG)
def test_what_does_not_fit_together_is_not_published(sentence: str) -> None:
    """Each fault is a line of the refusal; the content without it would be published."""
    office().when(publish(WRONG[sentence])).then(refused("no se puede publicar todavía", (sentence,)))


def test_the_grammar_of_codes_warns_and_never_blocks() -> None:
    """CEPLAN's own forms pass, with the pliego too; others get a doubt, and codes of other kinds none."""
    right = ("OEI.01", "OEI.01-450", "AEI.01.01", "AEI.01.01-450", "AOI00045012345", "OER.01", "AET.01.02", "ON1", "PEN-1", "P.7")
    for code in right:
        assert list(check.doubts(replace(FIRST, objectives=(replace(AIM, code=code),)))) == []
    for code in ("OEI1", "OEI.1", "AEI.01", "AOI123", "OER.01.01"):
        content = replace(FIRST, objectives=(replace(AIM, code=code),))
        assert len(list(check.doubts(content))) == 1, code
        office().after(publish(content))


def test_what_ships_with_the_product_is_in_order_and_says_what_is_missing() -> None:
    """The verified objectives are there; PER, PESEM, PDRC, PEI and POI have none for the DRE to load."""
    shipped = bootstrap.content()
    assert not list(check.problems(shipped)) + list(check.doubts(shipped))
    assert [each.code for each in shipped.objectives] == ["ON1", "ON2", "ON3", "ON4", "PEN-1", "PEN-2", "PEN-3", "PEN-4"]
    empty = {each.name for each in shipped.instruments} - {each.instrument for each in shipped.objectives}
    assert empty == {"PER Junín al 2032", "PESEM Educación al 2030", "PDRC Junín", "PEI, pliego 450", "POI, pliego 450"}
    assert {each.code for each in shipped.areas} >= {"DIR", "AGP", "AGI", "AGA", "AJ", "OCI"}


WORDS = st.sampled_from(("Uno", "Dos", "Ñandú «1»", "x" * 300))
CODES = st.sampled_from(("A", "B", "C/1", "D"))
AREAS = st.builds(cc.Area, code=CODES, name=WORDS)
LINES = st.builds(cc.Line, code=CODES, kind=st.sampled_from(("misional", "soporte")), name=WORDS)
OBJECTIVES = st.builds(cc.Objective, code=CODES, instrument=st.just("PEI"), text=WORDS, level=st.integers(1, 2))
DEADLINES = st.builds(
    cc.Deadline,
    year=st.just(2026),
    step=st.sampled_from(("quarter-report", "quarter-closing")),
    quarter=st.integers(1, 4),
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
BY = By(person="marta", charge="director-dre/120000", today=DAY)
PERCENTS = st.decimals(0, 100, places=2)


def unique(items: Any) -> Any:
    """A few items, each key once."""
    return st.lists(items, max_size=4, unique_by=lambda item: item.key).map(tuple)


CONTENTS = st.builds(
    cc.Content,
    instruments=st.just((PEI,)),
    objectives=unique(OBJECTIVES),
    lines=unique(LINES),
    areas=unique(AREAS),
    deadlines=unique(DEADLINES),
    rules=PERCENTS.map(lambda low: with_low(DEFAULTS, low)),
    weights=st.builds(cc.Weights, missional=st.decimals(1, 100, places=1)),
)


@chosen(st.lists(CONTENTS, min_size=1, max_size=5))
def test_each_version_is_the_one_before_and_its_difference(contents: list[cc.Content]) -> None:
    """Whatever is published in turn, what stands is what was published last, also after going through the record's bytes."""
    state, version = c.Catalogue(), 0
    for content in contents:
        if cc.ordered(content) == state.content:
            continue
        events = c.decide(state, publish(content, version), BY)
        for event in events:
            stored = Fact(at=NOON, on=DAY, person="marta", charge="director-dre/120000", command="c", salt="", event=event)
            state = c.evolve(state, decode(encode(stored)))
        version += 1
        assert state.version == version
        assert state.content == cc.ordered(content)
        assert state.rules.objectives == {each.code for each in content.objectives}
        assert not state.rules.objectives & state.rules.retired


def test_a_score_weighs_activities_by_the_type_of_their_line() -> None:
    """The score names the version of its weights; equal weights are the plain mean, and weights of nothing too."""
    support = p.LineAdded(code="S1", kind="soporte", name="Soporte")
    moved = p.ActivityChanged(activity=2, was={"line": "M1"}, now={"line": "S1"})
    done = [
        ProgressRecorded(quarter=1, activity=a, task=t, executed=D(executed), was=None)
        for a, t, executed in ((1, 1, 30), (1, 2, 2), (2, 3, 50))
    ]
    state = given(*APPROVED, support, moved, *done).state
    quarter = state.quarters.by_number[1]
    for weights, name, percent in (
        ((1, 1, 1), "promedio-1", 75),
        ((1, 3, 1), "ponderado-4", "87.5"),
        ((1, 0, 0), "ponderado-4", 75),
    ):
        formula = c.FormulaPublished(version=4, strategic=D(weights[0]), missional=D(weights[1]), support=D(weights[2]))
        scored = quarter_score.score(state.plan, quarter, 1, c.Rules(formula=formula))
        assert (scored.formula, scored.percent) == (name, D(percent))


def test_a_half_made_of_thirds_is_rounded_as_a_half() -> None:
    """Seven sevenths and four hundredths by eight are 12.505, however each seventh was cut: 12.51."""
    seventh = score.percent(D(1), D(7))
    for cut in (D("1E-26"), D("1E-20"), D("1E-16")):
        assert score.mean([*[seventh.quantize(cut)] * 7, D("0.04")]) == D("12.51")
    assert seventh.quantize(cut) * 7 < D(100), "the premise"
    assert score.round2(D("12.5049")) == D("12.50")

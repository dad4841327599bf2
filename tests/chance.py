"""What might be asked next: random commands, most of them a sensible next step, some by the wrong person or with wrong numbers."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import msgspec

from service.aggregates import Command, plan_alignment, quarter, session_year
from service.aggregates import alert as a
from service.aggregates import balance as b
from service.aggregates import commitment_life as life
from service.aggregates import diagnosis as d
from service.aggregates import discussion as talk
from service.aggregates import evidence as proof
from service.aggregates import finding as f
from service.aggregates import improvement as i
from service.aggregates import plan as p
from service.aggregates import plan_copies as c
from service.aggregates import plan_editing as e
from service.aggregates import plan_places as places
from service.aggregates import plan_review as w
from service.aggregates import plan_undo as u
from service.aggregates import plan_versions as v
from service.aggregates import quarter_corrections as corrections
from service.aggregates import quarter_reopening as reopening
from service.aggregates.alert_watch import RunRule
from service.aggregates.commitment import ProposeCommitment
from service.aggregates.plan_alignment import AlignActivity
from service.aggregates.quarter_progress import Entry, RecordProgress
from service.aggregates.unit_year import COMMANDS, UnitYear
from tests import chance_commitment, chance_indicator, chance_session
from tests.stories import DIRECTOR, DRE_DIRECTOR, DRE_OTHER, DRE_SPECIALIST, HEAD, SPECIALIST, Person

SYSTEM = Person("sistema", "sistema/120000")
PEOPLE = (SPECIALIST, HEAD, DIRECTOR, DRE_SPECIALIST, DRE_OTHER, DRE_DIRECTOR)
TEXTS = ("Visitar aulas", 'Una "cita", {llaves} y \\barra', "Ñandú\ncon dos líneas", "null", "{}", "%s ' -- «»")
AMOUNTS = tuple(map(Decimal, ("0", "0", "1", "12.5", "30", "30.0", "1E+2", "-0", "0.0000000001", "1000000000")))
YEAR_END = date(2026, 12, 31)
OBJECTIVES = ("OEI.01", "OEI.02")
UPON: dict[type, tuple[Person, ...]] = {
    **dict.fromkeys((v.SubmitPlan, quarter.SubmitQuarter, b.DisposeItem), (DIRECTOR,)),
    **dict.fromkeys(
        (v.ObservePlan, quarter.ObserveQuarter, quarter.ValidateQuarter, quarter.ScoreQuarter, f.RecordFinding), (DRE_SPECIALIST,)
    ),
    **dict.fromkeys(
        (corrections.ApproveCorrection, corrections.RejectCorrection, a.CloseAlert, a.SilenceAlert, life.VerifyCommitment),
        (DRE_OTHER,),
    ),
    **dict.fromkeys(
        (v.ApprovePlan, v.ApproveAmendment, quarter.CloseQuarter, reopening.ReopenQuarter, b.CloseBalance), (DRE_DIRECTOR,)
    ),
    **chance_commitment.UPON,
    a.TakeMeasure: (HEAD, DIRECTOR),
    a.AcknowledgeAlert: (HEAD,),
    **dict.fromkeys((i.OpenImprovement, i.AddMeasure, i.ChangeMeasure, i.DropMeasure), (HEAD, DIRECTOR)),
    b.ApproveBalance: (DIRECTOR,),
    proof.ReviewEvidence: (DRE_SPECIALIST,),
    RunRule: (SYSTEM,),
    **chance_session.UPON,
    **chance_indicator.UPON,
}


class Chance:
    """Chooses for one year; the same number chooses the same."""

    def __init__(self, year: UnitYear, number: int, open_items: tuple[str, ...] = ()) -> None:
        self.year, self.random, self.open_items = year, Random(number), open_items

    def step(self) -> tuple[Person, Command]:
        """A command and who gives it."""
        steps = list(self.sensible())
        kind = self.random.choice(steps) if self.random.random() < 0.85 else self.random.choice(KINDS)
        able = UPON.get(kind, (SPECIALIST,))
        by = self.random.choice(able if self.random.random() < 0.9 else PEOPLE)
        return by, self.make(kind)

    def sensible(self) -> Iterator[type[Command]]:
        """What the state of the year calls for."""
        year, plan = self.year, self.year.plan
        if not plan.open:
            yield from (v.OpenYear, p.ImportPlan)
        elif plan.status in {"draft", "observed"}:
            yield from self._drafting()
        elif plan.status == "submitted":
            yield from (v.ApprovePlan, v.ApprovePlan, v.ObservePlan)
        elif all(
            n in year.quarters.by_number and year.quarters.by_number[n].standing(YEAR_END) == "closed" for n in (1, 2, 3, 4)
        ):
            yield from (b.SubmitBalance, b.ApproveBalance, b.CloseBalance, b.CloseBalance, a.TakeMeasure, RunRule)
        else:
            yield from self._running()

    def _drafting(self) -> Iterator[type[Command]]:
        """A step of a plan that is being written: its diagnosis, its content, what the last year left; sent once nothing is lacking."""
        year, plan = self.year, self.year.plan
        yield from (kind for kind in KINDS if kind.__module__ == d.__name__)
        yield from (talk.Comment, talk.RaiseFlag, talk.LowerFlag) if plan.activities else ()
        yield from (p.AddLine, p.AddActivity, p.AddTask, p.ChangeTask, AlignActivity, AlignActivity, p.ImportPlan)
        yield from (places.MoveTask, places.MoveActivity, c.CopyActivity, e.ChangeMany, e.ChangeSelected, c.BringActivities)
        yield from (u.UndoChange, u.UndoChange, u.RedoChange)
        yield from (self.random.choice(chance_indicator.DEFINING),) if plan.activities and self.random.random() < 0.5 else ()
        yield from (b.DisposeItem,) * 2 if set(self.open_items) - set(year.balance.disposed) else ()
        yield from (w.AttendObservation,) * 4 if w.unattended(plan) else ()
        missing = {each.subject for each in plan_alignment.lacking(plan)}
        yield from (AlignActivity,) * 3 if "alignment" in missing else (p.AddTask,) * 6 if missing else (v.SubmitPlan,) * 6

    def _running(self) -> Iterator[type[Command]]:
        """A step of a year that is under way: a matter first, the quarters most often, and then a step of it."""
        yield from self.random.choice([*self._matters()])

    def _matters(self) -> Iterator[tuple[type[Command], ...]]:
        """What there is to do, each matter with its steps: its quarter, what it measures, what followed from a score."""
        year = self.year
        yield from (NEXT[year.quarters.at(self._current()).standing(YEAR_END)],) * 3
        yield (RunRule,)
        yield (reopening.ReopenQuarter,) if self.random.random() < 0.2 else (RunRule,)
        if self.random.random() < 0.5:  # the sessions of a year have a chance of their own: tests/test_session_record.py
            yield tuple(chance_session.sensible(year.sessions, self.random))
        yield tuple(chance_indicator.sensible(year, self.random))
        if any(quarter.score for quarter in year.quarters.by_number.values()):
            yield (f.RecordFinding,)
        if year.alerts.by_number:
            yield (a.TakeMeasure, a.TakeMeasure, a.CloseAlert, a.AcknowledgeAlert, a.SilenceAlert)
        if improving := tuple(self._improving()):
            yield improving
        if year.findings.by_number:
            yield (*chance_commitment.KINDS, *(ProposeCommitment,) * 6)
        for each in year.commitments.by_number.values():
            if steps := chance_commitment.sensible(each):
                yield steps

    def _improving(self) -> Iterator[type[Command]]:
        """A step of the improvement plan, once there is something to answer and a closed quarter to begin from."""
        closed = any(each.standing(YEAR_END) == "closed" for each in self.year.quarters.by_number.values())
        if self.year.improvement.quarter:
            yield from self.random.choices((i.AddMeasure, i.ChangeMeasure, i.DropMeasure), (3, 3, 1), k=3)
        elif closed and self.year.findings.by_number:
            yield i.OpenImprovement

    def _answerable(self) -> list[int]:
        return [number for number, each in self.year.findings.by_number.items() if each.kind != "logro"]

    def _current(self) -> int:
        done = self.year.quarters.by_number
        return next((n for n in (1, 2, 3, 4) if n not in done or done[n].standing(YEAR_END) != "closed"), 4)

    def make(self, kind: type[Command]) -> Command:
        """A command of this kind, field by field."""
        if kind in session_year.COMMANDS:
            return chance_session.Maker(self.year.sessions, self.year.unit, self.random, self.number).make(kind)
        if kind in chance_commitment.KINDS:
            return chance_commitment.Maker(self.year, self.random, self.field).make(kind)
        if kind in chance_indicator.COMMANDS:
            return chance_indicator.Maker(self.year, self.random, self.number, self.field("quarter", int)).make(kind)
        special = SPECIAL.get(kind)
        return special(self) if special else kind(**{x.name: self.field(x.name, x.type) for x in msgspec.structs.fields(kind)})

    def field(self, name: str, hint: Any) -> Any:
        """A value for a field of this name."""
        pick, year = self.random.choice, self.year
        known: dict[str, Callable[[], Any]] = {
            "after": lambda: pick([0, self.number(year.plan.tasks), self.number(year.plan.activities)]),
            "factor": lambda: pick((Decimal(0), Decimal("1.1"), Decimal(2))),
            "shift": lambda: pick((-2, 0, 1, 11)),
            "activities": lambda: tuple(self.number(year.plan.activities) for _ in range(pick((1, 2)))),
            "line": lambda: pick([*year.plan.lines, "M1"]),
            "activity": lambda: self.number(year.plan.activities),
            "task": lambda: self.number(year.plan.tasks),
            "months": lambda: tuple(pick(AMOUNTS) for _ in range(12)) if hint is str or "..." not in str(hint) else (),
            "executed": lambda: pick(AMOUNTS),
            "quarter": lambda: pick([self._current()] * 4 + [1, 2, 3, 4]),
            "alert": lambda: self.number(year.alerts.by_number),
            "finding": lambda: self.number(year.findings.by_number),
            "findings": lambda: tuple(pick([*self._answerable(), 1]) for _ in range(pick((1, 2)))),
            "measure": lambda: self.number(year.improvement.measures) if "int" in str(hint) else self._general(str),
            "commitment": lambda: self.number(year.commitments.by_number),
            "amendment": lambda: self.number(year.plan.amendments),
            "observation": lambda: pick([*(n for n, each in year.plan.observations.items() if not each.answer), 0, 9]),
            "rows": lambda: tuple(self.part(w.ObservedRow) for _ in range(pick((0, 1, 3)))),
            "correction": lambda: self.number(year.quarters.corrections),
            "year": lambda: year.year,
            "seen": lambda: pick((None, None, {"name": pick(TEXTS)}, {"months": (pick(AMOUNTS),) * 12}, {"executed": None})),
            "item": lambda: pick([*self.open_items, "compromiso/9"]),
            "cutoff": lambda: 1_000_000,
            "objectives": lambda: tuple(pick(OBJECTIVES) for _ in range(pick((0, 1, 1, 2)))),
            "objective": lambda: pick(OBJECTIVES),
            "problem": lambda: self.number(year.diagnosis.problems),
            "problems": lambda: tuple(self.number(year.diagnosis.problems) for _ in range(pick((0, 1, 2)))),
            "place": lambda: pick((1, 1, 2, 9)),
            "territory": lambda: tuple(pick(d.Territory.__args__) for _ in range(pick((1, 2)))),  # type: ignore[attr-defined]
            "languages": lambda: ("castellano", pick(TEXTS)),
            "actors": lambda: tuple(self.part(d.Actor) for _ in range(pick((0, 1, 2)))),
            "number": lambda: pick((1, 40)),
            "foreign": lambda: pick(("X-1", "X-2")),
            "resolution_date": lambda: date(2026, 1, 15),
            "due": lambda: pick((date(2099, 1, 1), date(2027, 1, 21))),
            "until": lambda: pick((date(2027, 2, 1), date(2027, 1, 1))),
            "code": lambda: pick(("M1", "S1", "E1", "")),
            "responsible": lambda: HEAD.charge,
            "tasks": lambda: tuple(self.part(p.NewTask) for _ in range(pick((0, 1, 2)))),
            "entries": lambda: tuple(self.part(Entry) for _ in range(pick((1, 2)))),
            "changes": lambda: tuple(self.make(pick(CHANGES)) for _ in range(pick((1, 2, 4)))),
        }
        return known[name]() if name in known else self._general(hint)

    def _general(self, hint: Any) -> Any:
        if getattr(hint, "__origin__", None) is not None and hasattr(hint, "__args__") and str(hint).startswith("typing.Literal"):
            return self.random.choice(hint.__args__)
        return self.random.choice((True, False)) if hint is bool else self.random.choice(TEXTS)

    def part(self, kind: type[Any]) -> Any:
        return kind(**{x.name: self.field(x.name, x.type) for x in msgspec.structs.fields(kind)})

    def number(self, known: dict[int, Any]) -> int:
        return self.random.choice([*known, *known, *known, max(known, default=0) + 1])

    def import_plan(self) -> p.ImportPlan:
        lines = (p.AddLine(code="M1", kind="misional", name="Monitoreo"), p.AddLine(code="S1", kind="soporte", name="Soporte"))
        rows = tuple(self.activity() for _ in range(3))
        return p.ImportPlan(
            year=self.year.year, file="pat.xlsx", digest="d", lines=lines, activities=rows, skipped=((7, "ELIMINAR"),)
        )

    def line(self) -> p.AddLine:
        kind: Any = self.random.choice(("misional", "soporte", "estratégico"))
        return p.AddLine(code=self.random.choice(("M1", "S1", "E1")), kind=kind, name=self._general(str))

    def activity(self) -> p.AddActivity:
        foreign = ("X-1",) if self.random.random() < 0.5 else ()
        values = {n: self.field(n, str) for n in ("line", "name", "code", "area", "objectives", "tasks")}
        return p.AddActivity(**values, foreign=foreign)

    def selection(self) -> e.ChangeSelected:
        plan, names = self.year.plan, ("operation", "reason", "line", "area", "unit", "factor", "shift")
        hints = {x.name: x.type for x in msgspec.structs.fields(e.ChangeSelected)}
        tasks = tuple(self.number(plan.tasks) for _ in range(self.random.choice((0, 1, 3))))
        activities = tuple(self.number(plan.activities) for _ in range(self.random.choice((0, 0, 1))))
        return e.ChangeSelected(**{n: self.field(n, hints[n]) for n in names}, tasks=tasks, activities=activities)

    def bring(self) -> c.BringActivities:
        chosen = tuple(c.Bring(origin=n, activity=self.activity(), item=item) for n, item in ((1, "hallazgo/1/2024"), (2, "")))
        line = p.AddLine(code="E1", kind="estratégico", name="Convivencia")
        origin = self.random.choice((2023, 2024, self.year.year))
        return c.BringActivities(origin_year=origin, lines=(line,), activities=chosen)

    def align(self) -> AlignActivity:
        loose = [n for n, activity in self.year.plan.activities.items() if not activity.objectives]
        objectives = self.field("objectives", str)
        return AlignActivity(activity=self.random.choice(loose or [self.field("activity", int)]), objectives=objectives)

    def about(self) -> dict[str, int]:
        """One thing to speak of, most often one that is there."""
        year = self.year
        known: dict[str, dict[int, Any]] = {"activity": year.plan.activities, "finding": year.findings.by_number}
        name = self.random.choice([each for each in known if known[each]] or ["quarter"])
        return {name: self.number(known.get(name, {}))}

    def comment(self) -> talk.Comment:
        corrects = self.number(dict.fromkeys(self.year.discussion.comments)) if self.random.random() < 0.3 else 0
        text = self.random.choice((*TEXTS, "@[luis] y @[ana]: ¿ya?"))
        return talk.Comment(text=text, corrects=corrects, **self.about())

    def flag(self) -> talk.RaiseFlag:
        return talk.RaiseFlag(reason=self._general(str), **self.about())

    def lower(self) -> talk.LowerFlag:
        flags = sorted(self.year.discussion.flags)
        about = dict([self.random.choice(flags)]) if flags and self.random.random() < 0.8 else self.about()
        return talk.LowerFlag(reason=self._general(str), **about)

    def task(self) -> p.AddTask:
        used = {task.activity for task in self.year.plan.tasks.values()}
        bare = [number for number in self.year.plan.activities if number not in used]
        fields = {name: self.field(name, str) for name in ("name", "unit", "months", "code")}
        return p.AddTask(activity=self.random.choice(bare or [self.field("activity", int)]), **fields)

    def attach(self) -> proof.AttachEvidence:
        quarter, task = self.field("quarter", int), self.number(self.year.plan.tasks)
        here = [n for n, p in self.year.quarters.proofs.items() if (p.quarter, p.task) == (quarter, task)]
        digest = self.random.choice(("", "a" * 64, "b" * 64, "c" * 64))
        file: dict[str, Any] = {"digest": digest, "media": "application/pdf", "size": 9} if digest else {}
        replaces = self.random.choice([0, *here, *here])
        return proof.AttachEvidence(quarter=quarter, task=task, reference=self._general(str), replaces=replaces, **file)

    def review(self) -> proof.ReviewEvidence:
        verdict: Any = self.random.choice(("approved", "observed", "correction"))
        return proof.ReviewEvidence(
            evidence=self.number(self.year.quarters.proofs), verdict=verdict, reason=self.random.choice(("", "Falta"))
        )

    def observe(self) -> quarter.ObserveQuarter:
        rows = tuple(
            quarter.ObservedTask(task=self.number(self.year.plan.tasks), text="Falta") for _ in range(self.random.choice((0, 2)))
        )
        number, task = self.field("quarter", int), self.field("task", int)
        return quarter.ObserveQuarter(quarter=number, text=self._general(str), task=task, rows=rows)

    def reopen(self) -> reopening.ReopenQuarter:
        closed = [n for n, each in self.year.quarters.by_number.items() if each.standing(YEAR_END) == "closed"]
        tasks = tuple(self.number(self.year.plan.tasks) for _ in range(self.random.choice((0, 1, 2))))
        until = self.random.choice((date(2026, 12, 31), date(2099, 1, 1), date(2020, 1, 1)))
        indicators = tuple(each for each in self.year.indicators.declared if self.random.random() < 0.3)
        again = self.random.choice(closed or [1])
        return reopening.ReopenQuarter(quarter=again, tasks=tasks, indicators=indicators, until=until, reason="Se omitió un dato")

    def progress(self) -> RecordProgress:
        number = self.field("quarter", int)
        activity = self.number(self.year.plan.activities)
        mine = [n for n, task in self.year.plan.tasks.items() if task.activity == activity] or [1]
        chosen = [(n, self.random.choice(AMOUNTS), self.random.random() < 0.2) for n in mine]
        parts = [(n, total, (total, Decimal(0), Decimal(0)) if monthly else ()) for n, total, monthly in chosen]
        entries = tuple(Entry(task=n, executed=x, evidence=self.random.choice(("", *TEXTS)), months=m) for n, x, m in parts)
        return RecordProgress(quarter=number, activity=activity, entries=entries, reason=self._general(str))


CHANGES = (p.AddActivity, p.ChangeActivity, p.RemoveActivity, p.AddTask, p.ChangeTask, p.RemoveTask)
KINDS = sorted(COMMANDS, key=lambda kind: kind.__name__)
NEXT: dict[str, tuple[type[Command], ...]] = {
    "draft": (
        RecordProgress,
        proof.AttachEvidence,
        quarter.SubmitQuarter,
        v.ProposeAmendment,
        v.ApproveAmendment,
        v.RejectAmendment,
    ),
    "observed": (RecordProgress, proof.AttachEvidence, quarter.SubmitQuarter),
    "submitted": (quarter.ValidateQuarter, quarter.ValidateQuarter, quarter.ObserveQuarter, proof.ReviewEvidence),
    "validated": (
        quarter.ScoreQuarter,
        corrections.RequestCorrection,
        corrections.ApproveCorrection,
        corrections.RejectCorrection,
    ),
    "scored": (quarter.CloseQuarter, quarter.CloseQuarter, corrections.RequestCorrection, corrections.ApproveCorrection),
    "closed": (b.SubmitBalance, reopening.ReopenQuarter),
}
SPECIAL: dict[type[Command], Callable[[Chance], Command]] = {
    p.ImportPlan: Chance.import_plan,
    p.AddActivity: Chance.activity,
    p.AddLine: Chance.line,
    AlignActivity: Chance.align,
    e.ChangeSelected: Chance.selection,
    c.BringActivities: Chance.bring,
    p.AddTask: Chance.task,
    RecordProgress: Chance.progress,
    quarter.ObserveQuarter: Chance.observe,
    reopening.ReopenQuarter: Chance.reopen,
    proof.AttachEvidence: Chance.attach,
    proof.ReviewEvidence: Chance.review,
    talk.Comment: Chance.comment,
    talk.RaiseFlag: Chance.flag,
    talk.LowerFlag: Chance.lower,
}

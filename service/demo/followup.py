"""Scenes after a score: alerts attended and closed, findings, commitments proposed, signed, declared and verified."""

from datetime import date, timedelta

from service.aggregates import ROMAN
from service.aggregates import alert as a
from service.aggregates import commitment as c
from service.aggregates import commitment_life as life
from service.aggregates import commitment_signing as s
from service.aggregates import discussion as d
from service.aggregates import finding as f
from service.aggregates.quarter_score import QuarterScored
from service.demo import improving, keys, proofs, words
from service.demo.catalogue import DIGITAL
from service.demo.desk import Desk
from service.demo.stage import Scene

DAY = timedelta(days=1)


def alerts(desk: Desk, quarter: int, day: date, *, untouched: int = 0, unclosed: int = 0) -> Scene:
    """Attend the alerts of a quarter, then close them; the last ones stay open, or attended."""
    mine = [n for n, case in desk.year.alerts.by_number.items() if case.raised.quarter == quarter]
    attended = mine[: len(mine) - untouched]
    for number in attended:
        measure = _trouble(desk, desk.year.alerts.by_number[number].raised.activity).measure
        step = a.TakeMeasure(
            alert=number, measure=measure, responsible=desk.crew.chief.charge, due=day + (45 if unclosed > 1 else 12) * DAY
        )
        yield from desk.act(day, desk.crew.chief.id, step)
    for number in attended[: max(0, len(attended) - unclosed)]:
        solved = _trouble(desk, desk.year.alerts.by_number[number].raised.activity).solved
        closing = a.CloseAlert(alert=number, text=solved, evidence=desk.paper())
        yield from desk.act(day + 9 * DAY, desk.crew.overseer.id, closing)


def findings(desk: Desk, quarter: int, day: date) -> Scene:
    """What went well and, where an alert says so, the critical knot; both rest on the score."""
    score = _score(desk, quarter)
    top = max(line.percent for line in score.lines)
    best = desk.chance.choice([line for line in score.lines if line.percent == top])
    standing = {case.raised.activity: n for n, case in desk.year.alerts.by_number.items() if case.raised.quarter == quarter}
    low = [line for line in score.lines if line.light == "at-risk" and line.activity in standing]
    worst = desk.chance.choice(low) if low else min(score.lines, key=lambda line: (line.percent, line.activity))
    names = desk.year.plan.activities
    well = f"«{names[best.activity].name}» alcanzó lo programado en el trimestre."
    yield from desk.act(
        day, desk.crew.overseer.id, f.RecordFinding(quarter=quarter, kind="logro", text=well, activity=best.activity)
    )
    trouble = _trouble(desk, worst.activity)
    if not low:
        text = f"«{names[worst.activity].name}» puede adelantar el acopio de sus sustentos."
        chance = f.RecordFinding(
            quarter=quarter,
            kind="oportunidad de mejora",
            text=text,
            cause="Los sustentos se reúnen al final.",
            activity=worst.activity,
        )
        yield from desk.act(day, desk.crew.overseer.id, chance)
        return
    text = f"«{names[worst.activity].name}» quedó en {str(worst.percent).replace('.', ',')}\u00a0% de lo programado en el {ROMAN[quarter]} trimestre."
    knot = f.RecordFinding(
        quarter=quarter,
        kind="nudo crítico",
        text=text,
        cause=trouble.cause,
        activity=worst.activity,
        alert=standing[worst.activity],
    )
    yield from desk.act(day, desk.crew.overseer.id, knot)


def commit(desk: Desk, quarter: int, day: date, due: date, signing: int = 3, kind: str = "gestion") -> Scene:
    """Propose a commitment from the quarter's critical knot; the head, the director and the DRE sign, as many as `signing`.

    One of the `digital` kind is not the DRE's to sign.
    """
    knots = [n for n, found in desk.year.findings.by_number.items() if found.quarter == quarter and found.kind == "nudo crítico"]
    if not knots:
        return
    crew, digital = desk.crew, kind == DIGITAL.code
    trouble = words.SCHEDULE if digital else _trouble(desk, desk.year.findings.by_number[knots[-1]].activity)
    signers = list(dict.fromkeys((crew.chief, crew.director) if digital else (crew.chief, crew.director, crew.authority)))
    measure = yield from improving.answer(desk, knots[-1], day)
    proposal = c.ProposeCommitment(
        kind=kind,
        findings=(knots[-1],),
        measure=measure,
        action=trouble.action,
        responsible=crew.chief.charge,
        due=due,
        indicator=trouble.indicator,
        target=trouble.target,
        verification="Informe de cumplimiento con sus actas y registros",
        signatories=tuple(signer.charge for signer in signers),
    )
    proposer = crew.director if signing == len(signers) else crew.overseer
    yield from desk.act(day, proposer.id, proposal)
    number = len(desk.year.commitments.by_number)
    text = desk.year.commitments.by_number[number].current
    for order, signer in enumerate(signers[:signing]):
        yield from desk.act(day + (2 + 2 * order) * DAY, signer.id, keys.signature(signer, desk.year.stream, number, text))


def discuss(desk: Desk, day: date) -> Scene:
    """The overseer flags the activity of the last knot and asks; the specialist answers, mentioning the head and the overseer."""
    crew, activity = desk.crew, next(reversed(desk.year.findings.by_number.values())).activity
    reason = "Su avance sigue bajo: se revisa cada quincena."
    yield from desk.act(day, crew.overseer.id, d.RaiseFlag(activity=activity, reason=reason))
    ask = f"@[{crew.specialist.id}], ¿qué falta para alcanzar la meta del trimestre? Lo vemos en la sesión."
    yield from desk.act(day, crew.overseer.id, d.Comment(activity=activity, text=ask))
    told = f"@[{crew.overseer.id}], el requerimiento está en Logística desde octubre. @[{crew.chief.id}] lleva el seguimiento."
    yield from desk.act(day + DAY, crew.specialist.id, d.Comment(activity=activity, text=told))
    thanks = "Conforme. Adjunten el número de expediente al registrar el avance."
    yield from desk.act(day + 2 * DAY, crew.overseer.id, d.Comment(activity=activity, text=thanks))


def settle(desk: Desk, day: date, *, verify: bool = True) -> Scene:
    """Report and declare the signed commitments that fall due by that day; the DRE verifies them."""
    for number, it in sorted(desk.year.commitments.by_number.items(), key=lambda each: each[1].terms.due):
        if it.status != "signed" or it.terms.due > day:
            continue
        paper = desk.paper()
        content = proofs.pdf(f"{paper}. Avance del compromiso {number}. Documento de demostracion, {desk.year.year}.")
        progress = life.ReportCommitment(
            commitment=number,
            text="La acción está en marcha; se cumplió la mitad.",
            evidence=paper,
            digest=desk.keep(content),
            media="application/pdf",
            size=len(content),
        )
        yield from desk.act(it.terms.due - 10 * DAY, desk.crew.chief.id, progress)
        fulfilled = desk.chance.random() < 0.88  # noqa: PLR2004 — most are kept
        text = "Se cumplió lo comprometido." if fulfilled else "No se alcanzó la meta en el plazo; se explica en el informe."
        declared = life.DeclareCommitment(commitment=number, fulfilled=fulfilled, text=text, evidence=desk.paper())
        yield from desk.act(it.terms.due - 3 * DAY, desk.crew.chief.id, declared)
        if verify:
            checked = life.VerifyCommitment(commitment=number, accepted=True, text="Se revisó el informe y sus anexos.")
            yield from desk.act(it.terms.due + DAY, desk.crew.overseer.id, checked)


def refuse(desk: Desk, day: date) -> Scene:
    """The last commitment is declined by the director, who says why, and withdrawn by the DRE."""
    number = len(desk.year.commitments.by_number)
    reason = "El plazo no es realista con el personal actual: se pide proponer otro."
    yield from desk.act(day, desk.crew.director.id, s.DeclineCommitment(commitment=number, version=1, reason=reason))
    withdrawn = c.WithdrawCommitment(commitment=number, reason="Se propondrá otro plazo en la siguiente sesión.")
    yield from desk.act(day + DAY, desk.crew.overseer.id, withdrawn)


def _score(desk: Desk, quarter: int) -> QuarterScored:
    score = desk.year.quarters.at(quarter).score
    assert score is not None  # noqa: S101 — scenes after a score are played after it
    return score


def _trouble(desk: Desk, activity: int) -> words.Trouble:
    return words.TROUBLES[desk.year.plan.activities[activity].line]

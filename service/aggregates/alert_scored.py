"""The alerts that a score calls for. Of what says that an activity goes badly only the gravest becomes a case."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from service.aggregates import HUNDRED, LARGEST, Event
from service.aggregates.alert import AlertRaised, Alerts
from service.aggregates.alert_rules import AlertRules
from service.aggregates.plan import Task
from service.aggregates.quarter import Quarters
from service.aggregates.quarter_score import QuarterScored, ScoreLine
from service.aggregates.score import round2

Found = tuple[str, dict[str, str]]


def raised(
    alerts: Alerts, quarters: Quarters, scored: QuarterScored, tasks: Mapping[int, Task], rules: AlertRules, day: date
) -> list[Event]:
    """The alerts of a score made on a day; a case that still stands is not raised again."""
    fresh, of = list[AlertRaised](), dict[int, dict[int, Task]]()
    for number, task in tasks.items():
        of.setdefault(task.activity, {})[number] = task
    for line in scored.lines:
        for code, inputs in found(line, quarters, scored.quarter, of.get(line.activity, {}), rules):
            rule = rules.of(code)
            deadline = day + timedelta(days=rule.answer) if rule else None
            case = AlertRaised(
                alert=len(alerts.by_number) + len(fresh) + 1,
                rule=code,
                rules=rules.version,
                quarter=scored.quarter,
                activity=line.activity,
                inputs=inputs,
                deadline=deadline,
            )
            fresh += [case] if case.key not in alerts.standing else []
    return list(fresh)


def found(line: ScoreLine, quarters: Quarters, number: int, mine: Mapping[int, Task], rules: AlertRules) -> Iterator[Found]:
    """The rules that an activity with these tasks breaks, with what they looked at."""
    done = {n: figure for n, figure in quarters.at(number).done.items() if n in mine}
    inputs = {"percent": str(line.percent), "tasks": str(line.tasks), "reported": str(line.reported)}
    low, fall, over = rules.of("avance-bajo"), rules.of("caida"), rules.of("sobre-ejecucion")
    before = _before(quarters, number, line.activity)
    proven = quarters.proven(number)
    unproven = any(figure.executed > 0 and not figure.evidence and n not in proven for n, figure in done.items())
    if not line.reported:
        if rules.of("sin-reporte"):
            yield "sin-reporte", inputs
    elif low and line.percent < low.limit:
        yield "avance-bajo", inputs | {"threshold": str(low.limit)}
    elif fall and before is not None and before - line.percent > fall.limit:
        yield "caida", inputs | {"before": str(before), "threshold": str(fall.limit)}
    elif rules.of("sin-evidencia") and line.percent >= HUNDRED and unproven:
        yield "sin-evidencia", inputs
    if over:
        shares = {
            n: round2(min(LARGEST, done[n].executed * HUNDRED / mine[n].programmed(number)))
            for n in done
            if mine[n].programmed(number) > 0
        }
        most = max(shares, key=lambda n: (shares[n], -n), default=0)
        if most and shares[most] > over.limit:
            figures = {"task": str(most), "executed": str(done[most].executed), "programmed": str(mine[most].programmed(number))}
            yield "sobre-ejecucion", figures | {"share": str(shares[most]), "threshold": str(over.limit)}


def _before(quarters: Quarters, number: int, activity: int) -> Decimal | None:
    """What the activity reached in the quarter before, if that one had a score and the activity a figure in it."""
    last = quarters.by_number.get(number - 1)
    lines = last.score.lines if last and last.score else ()
    return next((line.percent for line in lines if line.activity == activity and line.reported), None)

"""The plan's order, origins and what was taken back, to read: columns of the plan's own tables."""

from service.aggregates import plan as p
from service.aggregates import plan_copies, plan_places, plan_undo
from service.projections import Projection, Row
from service.projections.plan import ACTIVITY, LINE, TASK, targets
from service.record import Recorded

TABLES = ()


def _task_moved(r: Recorded) -> list[Row]:
    e: plan_places.TaskMoved = r.fact.event
    return [Row(TASK, (r.stream, e.task), {"activity": e.activity, "place": e.place})]


def _activity_moved(r: Recorded) -> list[Row]:
    e: plan_places.ActivityMoved = r.fact.event
    return [Row(ACTIVITY, (r.stream, e.activity), {"line": e.line, "place": e.place})]


def _task_restored(r: Recorded) -> list[Row]:
    e: plan_undo.TaskRestored = r.fact.event
    values = {name: getattr(e, name) for name in ("activity", "code", "name", "unit", "note", "place")}
    return [Row(TASK, (r.stream, e.task), {**values, **targets(e.months), "original": e.months}, fresh=True)]


def _activity_restored(r: Recorded) -> list[Row]:
    e: plan_undo.ActivityRestored = r.fact.event
    names = (*p.ACTIVITY_FIELDS, "objectives", "place", "origin", "item")
    values = {name: getattr(e, name) for name in names}
    return [Row(ACTIVITY, (r.stream, e.activity), {**values, "foreign_codes": e.foreign}, fresh=True)]


def _brought(r: Recorded) -> list[Row]:
    e: plan_copies.ActivityBrought = r.fact.event
    return [Row(ACTIVITY, (r.stream, e.activity), {"origin": e.origin, "item": e.item})]


PROJECTORS: dict[type, Projection] = {
    plan_places.TaskMoved: _task_moved,
    plan_places.ActivityMoved: _activity_moved,
    plan_undo.TaskRestored: _task_restored,
    plan_undo.ActivityRestored: _activity_restored,
    plan_undo.LineRemoved: lambda r: [Row(LINE, (r.stream, r.fact.event.code), None)],
    plan_copies.ActivityBrought: _brought,
}

"""Many rows sent at once, a pasted block or a basket, as one command: a name of an input says the kind of row, its number, its field.

`tarea-7-months-3` and `actividad-2-name` are cells; `lugar-tarea-7-after` a place; `nueva-1-…` and `alta-1-…` a new task and a
new activity; `retiro-tarea-7-si` a row to retire. They are carried out in this order, each kind in the order it was sent.
"""

import re
from decimal import Decimal
from typing import Any

from psycopg import Connection

from service.aggregates.merging import flat
from service.aggregates.plan import AddActivity, AddTask, ChangeActivity, ChangeTask, RemoveActivity, RemoveTask
from service.aggregates.plan_changes import Change
from service.aggregates.plan_editing import ChangeMany
from service.aggregates.plan_places import MoveActivity, MoveTask
from service.projections import LATEST, seen
from service.web.form import Form, Raw, first, read
from service.web.page import identity

KINDS: dict[str, tuple[type[Change], str]] = {
    "tarea": (ChangeTask, "task"),
    "actividad": (ChangeActivity, "activity"),
    "lugar-tarea": (MoveTask, "task"),
    "lugar-actividad": (MoveActivity, "activity"),
    "nueva": (AddTask, ""),
    "alta": (AddActivity, ""),
    "retiro-tarea": (RemoveTask, "task"),
    "retiro-actividad": (RemoveActivity, "activity"),
}
REPLACES, RETIRES = ("tarea", "actividad"), ("retiro-tarea", "retiro-actividad")
NAME = re.compile(rf"({'|'.join(KINDS)})-([1-9]\d{{0,8}})-(.+)", re.ASCII)


def typed(values: dict[str, Any]) -> dict[str, list[str]]:
    """The same as a form would send it."""
    return {name: [f"{value:f}" if isinstance(value, Decimal) else value] for name, value in flat(values).items()}


def block(connection: Connection[Any], stream: str, raw: Raw) -> Form[ChangeMany]:
    """The command that the rows of a form make together, or a sentence for each input that is wrong."""
    form = Form[ChangeMany](typed={key: values[0] for key, values in raw.items()}, command_id=identity(raw))
    rows: dict[str, dict[int, dict[str, Any]]] = {kind: {} for kind in KINDS}
    for key, values in raw.items():
        if found := NAME.fullmatch(key):
            rows[found[1]].setdefault(int(found[2]), {})[found[3]] = values
    changes = list[Change]()
    for kind, sent in rows.items():
        for number, fields in sent.items():
            one = _row(connection, stream, kind, number, _shared(kind, raw) | fields)
            named = {"reason": "reason"} if kind in RETIRES else {}
            form.errors |= {named.get(field, f"{kind}-{number}-{field}"): sentence for field, sentence in one.errors.items()}
            if one.command is not None:
                changes.append(one.command)
    if form.errors:
        form.status = 422
    else:
        form.command = ChangeMany(changes=tuple(changes), reason=first(raw, "reason"))
    return form


def _shared(kind: str, raw: Raw) -> dict[str, Any]:
    """What a form says once for all its rows: the reason of those that leave, the objective of the new activities."""
    if kind in RETIRES:
        return {"reason": raw.get("reason", ())}
    return {"objectives": raw.get("objectives", ())} if kind == "alta" else {}


def _row(connection: Connection[Any], stream: str, kind: str, number: int, sent: dict[str, Any]) -> Form[Change]:
    """One row as a command; what a changed row leaves out stays as it is."""
    command, named = KINDS[kind]
    if kind not in REPLACES:
        return read(command, sent, **({named: number} if named else {}))
    now = seen.values(connection, LATEST, stream, named, number)[0]
    return read(command, {**typed(now or {}), **sent}, **{named: number}, seen=now)

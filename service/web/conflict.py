"""Two people on one item: what a form had shown goes with its command, and where both changed a field, both values are shown.

A form that replaces values carries `base`, the position of what it showed. `aware` gives its command what stood there, so that
the record merges what does not touch (`aggregates.merging`); on a clash `lay_out` shows the fields side by side, and the next
`send` reads what was chosen in each. Whoever saves single cells does the same: `aware(connection, stream, ChangeTask(…), base)`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from psycopg import Connection

from service import people
from service.aggregates import Command
from service.aggregates.merging import clashes, flat
from service.aggregates.plan import ACTIVITY_FIELDS, TASK_FIELDS, ActivityChanged, ChangeActivity, ChangeTask, TaskChanged
from service.aggregates.quarter_progress import ProgressRecorded, RecordProgress
from service.aggregates.session_agenda import AgendaItemNoted, NoteItem
from service.aggregates.session_agreements import FIELDS as AGREEMENT_FIELDS
from service.aggregates.session_agreements import AgreementChanged, ChangeAgreement
from service.aggregates.session_minutes import PARTS, MinutesWritten, WordingAccepted, WriteMinutes
from service.projections import LATEST, history, seen
from service.web import page
from service.web.corner import whole
from service.web.facts import FIELDS
from service.web.form import Form, Raw, first
from service.web.page import Req
from service.web.words import LONG_MONTHS, cargo, numero

C = TypeVar("C", bound=Command)
BASE, CHOICE, KEEP = "base", "elegir-", "conservar"
LABELS = FIELDS | {"executed": "ejecutado", "evidence": "medio de verificación"}
LABELS |= {f"months-{place}": f"meta de {month}" for place, month in enumerate(LONG_MONTHS)}
LABELS |= {"note": "notas", "text": "texto del acuerdo", "responsible": "cargo responsable", "due": "plazo"}
LABELS |= {"introduction": "apertura", "development": "desarrollo", "remarks": "cierre"}
FACTS_BETWEEN = 100
WRITING = ("agenda-item-noted", "agreement-changed", "minutes-written", "wording-accepted")
CHANGING = ("activity-changed", "task-changed", "progress-recorded", *WRITING)
NUMBERED = {"task": "task", "item": "item", "agreement": "agreement", "session": "minutes", "activity": "activity"}


class Item(msgspec.Struct, frozen=True):
    """What a command replaces: where its inputs begin, what it is, and the wanted values."""

    prefix: str
    kind: str
    number: int
    wanted: dict[str, Any]
    quarter: int = 0


class Field(msgspec.Struct, frozen=True):
    """A field that both changed: before, theirs, mine; who changed it, in which charge, when, under which number."""

    name: str
    label: str
    was: str
    theirs: str
    mine: str
    who: str
    charge: str
    at: datetime | None
    position: int


def base_of(raw: Raw) -> int:
    """The position of what the form showed; 0 when it says none."""
    text = first(raw, BASE)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0  # noqa: PLR2004 — fits a bigint


def items(command: Command, rows: dict[int, int] | None = None) -> Iterator[Item]:
    """The items of a command; `rows` says in which row of the form a task was."""
    match command:
        case ChangeActivity():
            yield Item("", "activity", command.activity, {name: getattr(command, name) for name in ACTIVITY_FIELDS})
        case ChangeTask():
            yield Item("", "task", command.task, {name: getattr(command, name) for name in TASK_FIELDS})
        case NoteItem():
            yield Item("", "item", command.item, {"note": command.note})
        case ChangeAgreement():
            yield Item("", "agreement", command.agreement, {name: getattr(command, name) for name in AGREEMENT_FIELDS})
        case WriteMinutes():
            yield Item("", "minutes", command.session, {part: getattr(command, part) for part in PARTS})
        case RecordProgress():
            for entry in command.entries:
                row = (rows or {}).get(entry.task, 0)
                wanted = {"executed": entry.executed, "evidence": entry.evidence}
                yield Item(f"entries-{row}-", "progress", entry.task, wanted, command.quarter)


def aware(connection: Connection[Any], stream: str, command: C, base: int | None) -> C:
    """The command with what stood at `base`, the position of what its author had on screen; None checks nothing.

    Carried out, it changes only what its author touched; what another touched meanwhile too is refused as a `Clash`.
    """
    if base is None:
        return command
    known = [seen.values(connection, base, stream, i.kind, i.number, i.quarter)[0] for i in items(command)]
    if isinstance(command, RecordProgress):
        entries = tuple(msgspec.structs.replace(e, seen=s) for e, s in zip(command.entries, known, strict=True))
        return msgspec.structs.replace(command, entries=entries)
    return msgspec.structs.replace(command, seen=known[0]) if known else command


def send(
    request: Req,
    raw: Raw,
    kind: type[C],
    stream: str,
    *,
    on: date | None = None,
    wrap: Callable[[C], Command] | None = None,
    **fixed: Any,
) -> Form[C]:
    """Carry out, as `page.send` does, a form that says by `base` what it showed and by `elegir-…` what was chosen."""
    base = base_of(raw) if BASE in raw else None

    def known(command: C) -> Command:
        with request.app.state.database.snapshot() as connection:
            command = aware(connection, stream, command, base)
        return wrap(command) if wrap else command

    with request.app.state.database.snapshot() as connection:
        decided = chosen(connection, stream, raw, fixed)
    return page.send(request, decided, kind, stream, on=on, wrap=known, **fixed)


def chosen(connection: Connection[Any], stream: str, raw: Raw, fixed: Mapping[str, int]) -> Raw:
    """The form with what was chosen: in a field to keep, what the other wrote, as it was shown."""
    kept = [name.removeprefix(CHOICE) for name in raw if name.startswith(CHOICE) and first(raw, name) == KEEP]
    if not kept:
        return raw
    shown, at = dict[str, str](), base_of(raw)
    for prefix, kind, number in _places(raw, fixed):
        values, _ = seen.values(connection, at, stream, kind, number, fixed.get("quarter", 0))
        shown |= {prefix + name: written(value) for name, value in flat(values or {}).items()}
    return {**raw, **{name: [shown[name]] for name in kept if name in shown}}


def _places(raw: Raw, fixed: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Where the inputs of each item of a form begin, what kind of item it is, and its number."""
    if "quarter" in fixed:
        return [(f"entries-{row}-", "progress", task) for task, row in rows_of(raw).items()]
    name = next(name for name in NUMBERED if name in fixed)
    return [("", NUMBERED[name], fixed[name])]


def rows_of(raw: Raw) -> dict[int, int]:
    """In which row of a form each task stands."""
    found = ((whole(values[0]), name.split("-")) for name, values in raw.items() if name.startswith("entries-") and values)
    return {task: whole(parts[1]) for task, parts in found if parts[2:] == ["task"] and task}


def lay_out(connection: Connection[Any], stream: str, form: Form[Any]) -> list[Field]:
    """The fields that clash, side by side; the form goes on from what stands now, with all that was typed."""
    typed = {name: [value] if isinstance(value, str) else value for name, value in form.typed.items()}
    base, fields, latest = base_of(typed), list[Field](), 0
    for item in items(form.command, rows_of(typed)) if form.command else ():
        place = (stream, item.kind, item.number, item.quarter)
        was, _ = seen.values(connection, base, *place)
        now, position = seen.values(connection, LATEST, *place)
        if was is None or now is None:
            continue
        latest = max(latest, position)
        before, stands, mine = flat(was), flat(now), flat(item.wanted)
        deeds = _between(connection, stream, base) if stands != before else []
        for name in clashes(was, now, item.wanted):
            deed = next((each for each in deeds if touched(each.event, item, name)), None)
            fields.append(_field(connection, item.prefix + name, name, (before[name], stands[name], mine[name]), deed))
        for name, value in mine.items():
            if value == before[name] != stands[name]:
                form.typed[item.prefix + name] = written(stands[name])
    form.typed[BASE] = str(max(latest, base))
    return fields


def _between(connection: Connection[Any], stream: str, base: int) -> list[history.Deed]:
    """The facts after what was seen, the last one first."""
    found = history.find(connection, LATEST, stream, history.Wanted(types=CHANGING), FACTS_BETWEEN)
    return [deed for deed in found if deed.position > base]


def touched(event: Any, item: Item, name: str) -> bool:  # noqa: PLR0911 — one line per kind of fact
    """Whether a fact changed this field of the item."""
    field, _, place = name.partition("-")
    match event:
        case ActivityChanged():
            return item.kind == "activity" and event.activity == item.number and field in event.now
        case TaskChanged():
            moved = field in event.was and (not place or flat({field: event.was[field]})[name] != event.months[int(place)])
            return item.kind == "task" and event.task == item.number and moved
        case ProgressRecorded():
            return item.kind == "progress" and (event.task, event.quarter) == (item.number, item.quarter)
        case AgendaItemNoted():
            return item.kind == "item" and event.item == item.number
        case AgreementChanged():
            return item.kind == "agreement" and event.agreement == item.number and field in event.was
        case MinutesWritten():
            return item.kind == "minutes" and event.session == item.number and field in event.was
        case WordingAccepted():
            words = ("item", event.item) if event.item else ("minutes", event.session)
            return words == (item.kind, item.number) and (bool(event.item) or field == event.part)
    return False


def _field(connection: Connection[Any], name: str, bare: str, values: tuple[Any, Any, Any], deed: history.Deed | None) -> Field:
    was, theirs, mine = (written(value) or "sin dato" for value in values)
    if deed is None:
        return Field(name, LABELS[bare].capitalize(), was, theirs, mine, "Otra persona", "", None, 0)
    who = people.names(connection, [deed.person])[deed.person]
    return Field(name, LABELS[bare].capitalize(), was, theirs, mine, who, cargo(deed.charge), deed.at, deed.position)


def written(value: Any) -> str:
    """A value as a form writes it."""
    return "" if value is None else numero(value, 10) if isinstance(value, Decimal) else str(value)

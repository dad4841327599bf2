"""The history: one slim row per fact; the words come from the event itself, read beside it."""

from service.projections import DATE, INT, MOMENT, TEXT, Row, Table
from service.record import Recorded, tag

SUBJECTS = ("quarter", "activity", "task", "alert", "finding", "commitment", "amendment", "correction")
HISTORY = Table(
    "history",
    {"stream": "text", "version": "bigint"},
    {"at": MOMENT, "happened_on": DATE, "person": TEXT, "charge": TEXT, "type": TEXT, **dict.fromkeys(SUBJECTS, INT)},
    ("at", "from_pos", "stream, activity, version", "stream, commitment, version"),
)
TABLES = (HISTORY,)


def row(recorded: Recorded) -> Row:
    """The fact's line in the history."""
    fact = recorded.fact
    subjects = {name: getattr(fact.event, name) for name in SUBJECTS if hasattr(fact.event, name)}
    values = {
        "at": fact.at,
        "happened_on": fact.on,
        "person": fact.person,
        "charge": fact.charge,
        "type": tag(fact.event),
        **subjects,
    }
    return Row(HISTORY, (recorded.stream, recorded.version), values, fresh=True)

"""Two moments of a stream side by side: every row of the read tables that differs, column by column."""

from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from service.projections import (
    Table,
    balance,
    commitment,
    diagnosis,
    discussion,
    evidence,
    followup,
    improvement,
    indicator,
    knot,
    plan,
    quarter,
    session,
    support,
)

TABLES = (
    plan.UNIT_YEAR,
    plan.LINE,
    plan.ACTIVITY,
    plan.TASK,
    plan.AMENDMENT,
    plan.OBSERVATION,
    quarter.QUARTER,
    quarter.PROGRESS,
    quarter.CORRECTION,
    quarter.OBSERVED,
    evidence.EVIDENCE,
    *indicator.TABLES,
    followup.ALERT,
    followup.REMINDER,
    followup.AWAITED,
    followup.FINDING,
    *improvement.TABLES,
    commitment.COMMITMENT,
    commitment.VERSION,
    commitment.SIGNATURE,
    commitment.REFUSED_FILE,
    commitment.FILE,
    commitment.EXTENSION,
    balance.BALANCE,
    balance.DISPOSITION,
    diagnosis.DIAGNOSIS,
    diagnosis.PROBLEM,
    diagnosis.ANSWER,
    discussion.COMMENT,
    discussion.FLAG,
    support.SUPPORT,
    support.UNDERTAKING,
    *session.TABLES,
    knot.KNOT,
    knot.MEMBER,
)


class Difference(msgspec.Struct, frozen=True):
    """A row that differs: its table and key, and the values before and after (None where it did not exist)."""

    table: str
    key: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def changed(self) -> list[str]:
        """The columns whose values differ."""
        old, new = self.before or {}, self.after or {}
        return [name for name in (self.after or self.before or {}) if old.get(name) != new.get(name)]


def differences(connection: Connection[Any], stream: str, first: int, second: int) -> list[Difference]:
    """What differs between two positions, in the order of the tables and their keys."""
    found = list[Difference]()
    for table in TABLES:
        before, after = _only(connection, table, stream, first, second), _only(connection, table, stream, second, first)
        for key in sorted(before.keys() | after.keys()):
            names = dict(zip(table.key, (stream, *key), strict=True))
            found.append(Difference(table.name, names, before.get(key), after.get(key)))
    return [each for each in found if each.changed]


def _only(connection: Connection[Any], table: Table, stream: str, here: int, there: int) -> dict[tuple[Any, ...], Any]:
    """The rows that hold at one position and not, unchanged, at the other."""
    keys = [name for name in table.key if name != "stream"]
    query = f"""select {", ".join(table.names)} from read.{table.name} where stream = %(stream)s
      and from_pos <= %(here)s and to_pos > %(here)s and not (from_pos <= %(there)s and to_pos > %(there)s)"""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query, {"stream": stream, "here": here, "there": there}).fetchall()
    return {tuple(row[name] for name in keys): {name: row[name] for name in table.columns} for row in rows}

"""What is a person's own and no part of the record: drafts of forms, which mentions were read, who is writing where just now.

A draft is what was typed and not sent, field by field, under the form's address. It holds the form's command id too: once
that command is in the record the draft is gone, whatever crashed in between.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.types.json import Jsonb

KEPT = timedelta(days=90)
MOST_FORMS, MOST_FIELDS = 200, 400
LONGEST_FIELD, LONGEST_NAME = 20_000, 300
SECRET = {"clave", "codigo", "respuesta", "_csrf_token"}
WHICH = "_borrador"
PRESENT = timedelta(seconds=30)
COMMAND = "command_id"
# The command of a draft, carried out meanwhile, makes the draft a thing of the past.
OPEN = """not exists (select from people.draft i join ledger.command c on c.id = i.value ->> 0
  where i.person = d.person and i.form = d.form and i.field = 'command_id')"""

ADDRESS = re.compile(r"/[\w/.-]+(#[\w/.-]+)?", re.ASCII)
Fields = Mapping[str, Sequence[str]]


class Draft(msgspec.Struct, frozen=True):
    """What a person typed in a form: values by input name, and when the last of them was saved."""

    form: str
    fields: dict[str, list[str]]
    saved_at: datetime


class Present(msgspec.Struct, frozen=True):
    """Somebody writing about an activity just now, in this charge."""

    activity: int
    person: str
    charge: str


def fit(form: str, fields: Fields) -> bool:
    """Whether a draft of this size is one that our pages make."""
    names = all(len(name) <= LONGEST_NAME for name in fields)
    return (
        bool(ADDRESS.fullmatch(form))
        and len(form) <= LONGEST_NAME
        and len(fields) <= MOST_FIELDS
        and names
        and sum(len(value) for values in fields.values() for value in values) <= LONGEST_FIELD * 10
    )


def keep_draft(connection: Connection[Any], person: str, form: str, fields: Fields) -> bool:
    """Keep what was typed in some fields of a form, in one trip; secrets never; says whether anything was kept.

    A form whose command is in the record already is not kept again.
    """
    clean = {
        name.replace("\0", ""): [value.replace("\0", "")[:LONGEST_FIELD] for value in values]
        for name, values in fields.items()
        if name not in SECRET | {WHICH}
    }
    if not clean or not fit(form, clean):
        return False
    command = next(iter(clean.get(COMMAND, ())), "")
    cursor = connection.execute(
        "insert into people.draft (person, form, field, value)"
        " select %(person)s, %(form)s, f.key, f.value from jsonb_each(%(fields)s) f"
        " where not exists (select from ledger.command where id = %(command)s)"
        " on conflict (person, form, field) do update set value = excluded.value, saved_at = excluded.saved_at",
        {"person": person, "form": form, "fields": Jsonb(clean), "command": command},
    )
    return cursor.rowcount > 0


def drafts(connection: Connection[Any], person: str, forms: Sequence[str]) -> list[Draft]:
    """The person's own drafts of these forms."""
    found = connection.execute(
        f"select d.form, jsonb_object_agg(d.field, d.value), max(d.saved_at) from people.draft d"
        f" where d.person = %s and d.form = any(%s) and {OPEN} group by d.form",
        [person, list(forms)],
    ).fetchall()
    return [Draft(*row) for row in found]


def drop_draft(connection: Connection[Any], person: str, form: str) -> None:
    """Forget the draft of a form; and those that nobody came back to for months, or that are too many."""
    connection.execute(
        "delete from people.draft where person = %(person)s and (form = %(form)s or form in ("
        " select form from people.draft where person = %(person)s group by form"
        " having max(saved_at) < now() - %(kept)s"
        " union all (select form from people.draft where person = %(person)s group by form"
        " order by max(saved_at) desc offset %(most)s)))",
        {"person": person, "form": form, "kept": KEPT, "most": MOST_FORMS},
    )


def read_mention(connection: Connection[Any], person: str, stream: str, comment: int) -> None:
    """Remember that the person read a comment that mentions him."""
    connection.execute(
        "insert into people.mention_read (person, stream, comment) values (%s, %s, %s) on conflict do nothing",
        [person, stream, comment],
    )


def arrive(connection: Connection[Any], stream: str, activity: int, person: str, charge: str) -> bool:
    """Note one heartbeat of somebody who is writing, as one small row; says whether he was not there before."""
    row = connection.execute(
        "with before as (select until > now() as here from people.presence"
        " where stream = %(stream)s and activity = %(activity)s and person = %(person)s)"
        " insert into people.presence (stream, activity, person, charge, until)"
        " values (%(stream)s, %(activity)s, %(person)s, %(charge)s, now() + %(present)s)"
        " on conflict (stream, activity, person) do update set charge = excluded.charge, until = excluded.until"
        " returning not coalesce((select here from before), false)",
        {"stream": stream, "activity": activity, "person": person, "charge": charge, "present": PRESENT},
    ).fetchone()
    return bool(row and row[0])


def leave(connection: Connection[Any], stream: str, activity: int, person: str) -> bool:
    """Note that somebody stopped writing, and forget whose heart stopped; says whether he was there."""
    cursor = connection.execute(
        "delete from people.presence where until < now() or (stream = %s and activity = %s and person = %s)",
        [stream, activity, person],
    )
    return cursor.rowcount > 0


def present(connection: Connection[Any], stream: str, activity: int = 0) -> list[Present]:
    """Who is writing in a unit's year just now, or about one of its activities."""
    found = connection.execute(
        "select activity, person, charge from people.presence where stream = %(stream)s and until > now()"
        " and (%(activity)s = 0 or activity = %(activity)s) order by activity, person",
        {"stream": stream, "activity": activity},
    ).fetchall()
    return [Present(*row) for row in found]

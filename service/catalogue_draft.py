"""The working draft of the catalogue's next version: private to the DRE, outside the record, one for all who prepare it.

It is kept as the difference to the version in force: what somebody publishes meanwhile stays under it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.catalogue_content import Content, Difference, applied, difference

NOTHING = Difference()
Change = Callable[[Content], Content]


class Draft(msgspec.Struct, frozen=True):
    """What would be published, what of it differs from the version in force, and who touched it last."""

    content: Content
    change: Difference = NOTHING
    person: str = ""
    changed_at: datetime | None = None


def read(connection: Connection[Any], current: Content) -> Draft:
    """The draft on the version in force; equal to it where nothing was changed."""
    row = connection.execute("select change::text, person, changed_at from people.catalogue_draft").fetchone()
    if row is None:
        return Draft(current)
    content = applied(current, msgspec.json.decode(row[0], type=Difference))
    return Draft(content, difference(current, content), row[1], row[2])


def edit(connection: Connection[Any], current: Content, person: str, change: Change) -> Draft:
    """Change the draft; of two persons at once the second one's change goes on top of the first one's."""
    with connection.transaction():
        connection.execute("lock table people.catalogue_draft in exclusive mode")
        content = change(read(connection, current).content)
        found = difference(current, content)
        if found == NOTHING:
            drop(connection)
            return Draft(current)
        connection.execute(
            "insert into people.catalogue_draft (change, person) values (%s::jsonb, %s) on conflict (sole)"
            " do update set change = excluded.change, person = excluded.person, changed_at = now()",
            [msgspec.json.encode(found).decode(), person],
        )
    return Draft(content, found, person)


def drop(connection: Connection[Any]) -> None:
    """Forget the draft: it was published, or nobody wants it."""
    connection.execute("delete from people.catalogue_draft")


def keep_upload(connection: Connection[Any], person: str, filename: str, change: Difference) -> None:
    """Keep what a file would put into the draft until it is confirmed."""
    connection.execute(
        "insert into people.catalogue_upload (person, filename, change) values (%s, %s, %s::jsonb) on conflict (person)"
        " do update set filename = excluded.filename, change = excluded.change, created_at = now()",
        [person, filename, msgspec.json.encode(change).decode()],
    )


def take_upload(connection: Connection[Any], person: str) -> Difference | None:
    """What this person's last file would put, once."""
    query = "delete from people.catalogue_upload where person = %s returning change::text"
    row = connection.execute(query, [person]).fetchone()
    return msgspec.json.decode(row[0], type=Difference) if row else None

"""A commitment's life from its first year on: each fact that concerns it, and what each new text changed."""

from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.dre import Dre
from service.projections import commitment_page as read
from service.projections import history
from service.web import story
from service.web.commitment_document import changes
from service.web.reader import Paper


def facts(connection: Connection[Any], at: int, it: read.Commitment, types: tuple[str, ...] = ()) -> list[history.Deed]:
    """Every fact of a commitment, or those of some kinds, in whatever year it was recorded, the last one first."""
    found = list[history.Deed]()
    for stream, number in read.places(connection, at, it):
        wanted = history.Wanted(commitment=number, types=types)
        found += history.find(connection, at, stream, wanted, story.LONGEST_STORY)
    return found


def told(connection: Connection[Any], at: int, paper: Paper, dre: Dre) -> list[story.Day]:
    """The same in words; a new text says of each clause how it was and how it is."""
    texts = {each.from_pos: each for each in paper.versions.values() if each.version - 1 in paper.versions}

    def whole(entry: story.Entry) -> story.Entry:
        text = texts.get(entry.position)
        return msgspec.structs.replace(entry, changes=changes(paper.versions[text.version - 1], text, dre)) if text else entry

    days = story.tell(connection, facts(connection, at, paper.it))
    return [story.Day(each.day, [whole(entry) for entry in each.entries]) for each in days]

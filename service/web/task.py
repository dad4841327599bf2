"""One thing that waits for a reader."""

import msgspec


class Todo(msgspec.Struct, frozen=True):
    """One thing to do: where, in words that begin with a verb, and what helps to decide when."""

    href: str
    text: str
    note: str = ""
    late: bool = False

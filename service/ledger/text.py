"""What may be written: text that a screen shows as it is stored."""

import re
import unicodedata

import msgspec

from service.aggregates import Command, need
from service.aggregates.signable import UNSEEN

_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u00|b|f)")


def readable(command: Command) -> None:
    """Refuse text that a screen would not show as it is stored: control, bidirectional and invisible characters."""
    try:
        text = msgspec.json.encode(command).decode()
    except UnicodeEncodeError:
        text = "\0"
    hidden = not text.isprintable() and any(unicodedata.category(letter) in UNSEEN for letter in set(text))
    need(not hidden and not _ESCAPED.search(text), "El texto tiene caracteres invisibles o de control: escríbalo de nuevo.")
    need(unicodedata.is_normalized("NFC", text), "El texto tiene letras compuestas de forma inusual: escríbalo de nuevo.")

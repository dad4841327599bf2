"""Letters with more marks on them than any language writes: to normalise thousands takes the square of their number."""

import functools
import re
import unicodedata

MOST_MARKS = 30


@functools.cache
def _pile() -> re.Pattern[str]:
    """More than thirty marks in a row: the limit of Unicode's own Stream-Safe Text Format."""
    letters = map(chr, range(0x300, 0x1F000))
    marks = "".join(each for each in letters if unicodedata.combining(unicodedata.normalize("NFKD", each)[0]))
    return re.compile(f"[{re.escape(marks)}]{{{MOST_MARKS + 1}}}")


def piled(text: str) -> bool:
    """Whether a text must be refused before it is normalised."""
    return not text.isascii() and _pile().search(text) is not None

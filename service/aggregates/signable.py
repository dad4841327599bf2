"""Text that may be signed: what a screen and a paper show is all that it holds."""

import unicodedata

from service.aggregates import need

UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Control, format (bidirectional marks, zero width), unassigned, private and broken characters; line and paragraph marks."""
BLANK = {*"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0", *map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10)))}
"""Letters and marks by their category that show nothing."""
PLAIN = "\uffff"
"""Beyond it are pictures and rare scripts, which the fonts of our papers do not draw."""


def signable(*texts: str) -> None:
    """Refuse what one reader could see and another not."""
    for text in texts:
        hidden = any(letter in BLANK or (unicodedata.category(letter) in UNSEEN and letter != "\n") for letter in text)
        need(not hidden, "El texto tiene caracteres invisibles o de control: escríbalo de nuevo, porque se va a firmar.")
        need(unicodedata.is_normalized("NFC", text), "El texto tiene letras compuestas de forma inusual: escríbalo de nuevo.")
        need(all(letter <= PLAIN for letter in text), "El texto tiene emojis o símbolos que no se imprimen: escríbalo sin ellos.")

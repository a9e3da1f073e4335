"""How text is folded before it is compared: people type the same word in several ways, and mean one.

What was typed is kept for display. `safar_fold` in safar/postgres/functions.sql is the same function in SQL.
"""

from __future__ import annotations

import unicodedata

# Arabic yeh and alef maksura to Persian yeh, Arabic and swash kaf to keheh; NFKC has already taken the joined forms
# (U+FE80 …) back to these. Yeh with hamza (ئ) is another letter and stays.
LETTERS = {0x064A: 0x06CC, 0x0649: 0x06CC, 0x0643: 0x06A9, 0x06AA: 0x06A9}
DIGITS = {first + n: 0x30 + n for first in (0x06F0, 0x0660) for n in range(10)}
_FOLDED = LETTERS | DIGITS


def fold(text: str) -> str:
    """NFKC, Arabic yeh and kaf as Persian, Persian and Arabic-Indic digits as ASCII. Folding twice changes nothing."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_FOLDED)


def fold_digits(text: str) -> str:
    """Persian and Arabic-Indic digits as ASCII, all else as it is."""
    return text.translate(DIGITS)

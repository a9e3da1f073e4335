"""What services refuse, said in the page's language.

Rooms below speak English, by ``safar.lib.faults.said``: a text that knows its words and values. The catalog of this folder has the
words of all of them (``make messages`` finds them in every room), so a fault without a Persian text fails the tests.
"""

from __future__ import annotations

import gettext as catalogs
import re
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language, gettext

from safar.content.filters import PERSIAN_DIGITS
from safar.lib.faults import Said

_LOCALE = Path(__file__).parent / "locale"
_FIGURE = re.compile(r"[-+]?[\d,]+(\.\d+)?")
_VALUE = re.compile(r"%\((\w+)\)[rs]")


def say(message: str) -> str:
    """The fault in the page's language; as it is where nobody knows its words, such as what another program said."""
    found = message if isinstance(message, Said) else recognise(message)
    if found is None:
        return message
    text = found.by(gettext, _show if (get_language() or "").startswith("fa") else str)
    return text.replace("؟.", "؟")  # a sentence that ends with a guess


def recognise(message: str) -> Said | None:
    """The words of a text that was kept, or came from another process, as a plain one."""
    for pattern, words in _patterns():
        if found := pattern.fullmatch(message):
            values = {name: recognise(value) or value for name, value in found.groupdict().items()}
            made = Said(words.replace(")r", ")s"), values)
            made.words = words
            return made
    return None


def words() -> list[str]:
    """All that the rooms below can refuse with."""
    return [words for _, words in _patterns()]


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The most telling first: "%(place)s: %(problem)s" fits too much."""
    kept = catalogs.translation("django", str(_LOCALE), ["fa"])
    known = [words for words in getattr(kept, "_catalog", {}) if isinstance(words, str) and words]
    known.sort(key=lambda words: (-len(_VALUE.sub("", words)), len(_VALUE.findall(words))))
    return tuple((_pattern(words), words) for words in known)


def _pattern(words: str) -> re.Pattern[str]:
    made, at = "", 0
    for found in _VALUE.finditer(words):
        quote = "'?" if found[0].endswith("r") else ""
        any_text = "(?:; .*)?" if at and found.start() == at else ".*?"  # what follows a value at once is a mend
        once = f"(?P<{found[1]}>{any_text})" if f"(?P<{found[1]}>" not in made else f"(?P={found[1]})"
        made += re.escape(words[at : found.start()].replace("%%", "%")) + quote + once + quote
        at = found.end()
    return re.compile(made + re.escape(words[at:].replace("%%", "%")), re.DOTALL)


def _show(value: object) -> str:
    """Figures in the page's digits; what somebody wrote in a direction of its own."""
    text = str(value)
    if _FIGURE.fullmatch(text):
        return text.replace(",", "٬").replace(".", "٫").translate(PERSIAN_DIGITS)
    return f"\u2068{text}\u2069" if text else ""

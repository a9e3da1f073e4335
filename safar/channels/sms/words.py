"""What somebody means who answers a line of ours: stop, join again, or anything else. Pure."""

from __future__ import annotations

import re

from safar.lib.text import fold

STOP, JOIN = "stop", "join"
LONGEST_KEYWORD = 60  # characters
# Folded, without blanks. Iranian lines say 11 and 12, by law; the English ones are those that Twilio and the carriers of North America know.
_STOP = frozenset(
    (
        *("11", "لغو", "لغو11", "لغواشتراک", "لغوپیامک", "لغوعضویت"),
        *("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke"),
    )
)
_JOIN = frozenset(("12", "start", "unstop"))
_NOT_SAID = re.compile(r"[\s\u200b-\u200f\u2060-\u2069\ufeff.,،;؛:!؟?\"'«»()\[\]*_#-]+")


def word_of(text: str) -> str | None:
    """``stop`` or ``join`` where the whole text is such a word, however it is typed; None for all else: «لغو سفارش من» is about an order."""
    bare = _bare(text)
    return STOP if bare in _STOP else JOIN if bare in _JOIN else None


def keyword_of(text: str) -> str:
    """The first word, folded and in small letters, without the marks around it: what a starting point looks for. Empty where there is none."""
    for word in fold(text).split():
        if bare := _bare(word):
            return bare[:LONGEST_KEYWORD]
    return ""


def _bare(text: str) -> str:
    return _NOT_SAID.sub("", fold(text)).casefold()

"""How a network carries an SMS: in which alphabet, in how many parts. Pure.

GSM 03.38: 160 letters of seven bits in one part, 153 in each of several; letters of its extension table take two places. One letter
outside of it, and the whole goes as UCS-2: 70 units of sixteen bits, or 67 in each of several. A letter that takes two places is never torn
apart, so a part may stay one place short.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import name

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
GSM, UCS2 = "gsm7", "ucs2"
ONE = {GSM: 160, UCS2: 70}  # places in a message of one part
EACH = {GSM: 153, UCS2: 67}  # in each part of several: six bytes say which part it is


STOP_WORD = "لغو۱۱"  # how a free advertising text to a number in Iran has to end, by the operators' rule
_HAS_STOP_WORD = re.compile(r"لغو[\s\u200c]*[۱1١]{2}(?!\d)")  # and not «لغو ۱۱۰ سفارش»
_USUAL = re.compile(r"""default:\s*["']([^"']*)""")


@dataclass(frozen=True, slots=True)
class Counted:
    """alphabet: gsm7 or ucs2. used: places of the alphabet; room: places left in the last part. odd: the letters for whose sake it is UCS-2.

    mixed: letters of the Latin and of the Arabic script in one line; networks and phones turn such lines about.
    """

    alphabet: str
    letters: int
    used: int
    parts: int
    room: int
    odd: tuple[str, ...] = ()
    mixed: bool = False


def count(text: str) -> Counted:
    """Of a text as it would go out. An empty one has no parts."""
    odd = tuple(dict.fromkeys(letter for letter in text if letter not in _BASIC and letter not in _EXTENDED))
    alphabet = UCS2 if odd else GSM
    sizes = [_size(letter, alphabet) for letter in text]
    used = sum(sizes)
    mixed = any(
        {"LATIN", "ARABIC"} <= {_script(letter) for letter in line if letter.isalpha()} for line in text.split("\n")
    )
    if used <= ONE[alphabet]:
        return Counted(alphabet, len(text), used, int(used > 0), ONE[alphabet] - used, odd, mixed)
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > EACH[alphabet]:
            parts, filled = parts + 1, 0
        filled += size
    return Counted(alphabet, len(text), used, parts, EACH[alphabet] - filled, odd, mixed)


def with_stop_word(text: str) -> str:
    """The text with «لغو۱۱» on a line of its own at the end, where it has none yet."""
    return text if has_stop_word(text) else f"{text.rstrip()}\n{STOP_WORD}"


def has_stop_word(text: str) -> bool:
    return bool(_HAS_STOP_WORD.search(text))


def roughly(text: str, fallbacks: Mapping[str, object], language: str) -> Counted:
    """The count of what ``rough`` gives."""
    return count(rough(text, fallbacks, language))


def rough(text: str, fallbacks: Mapping[str, object], language: str) -> str:
    """A text with its Liquid still in it, about as it would go to somebody of whom nothing is known: fall-backs in their places, eight letters for
    whatever has none. For estimates alone.
    """

    def put(found: re.Match[str]) -> str:
        given = fallbacks.get(found[1])
        said = given.get(language) if isinstance(given, Mapping) else given
        said = said or (usual[1] if (usual := _USUAL.search(found[0])) else "")
        return str(said) if said else ("ی" if language == "fa" else "x") * 8

    plain = re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{\s*([\w.]+).*?\}\}", put, text, flags=re.DOTALL), flags=re.DOTALL)
    return plain.strip()


def _size(letter: str, alphabet: str) -> int:
    if alphabet == UCS2:
        return 2 if ord(letter) > 0xFFFF else 1
    return 2 if letter in _EXTENDED else 1


def _script(letter: str) -> str:
    return name(letter, "").partition(" ")[0]

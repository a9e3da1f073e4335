"""The names people go by, and the form in which two of them are the same (docs/semantics.md 3)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from safar.lib.text import fold

USER, ANONYMOUS, EMAIL, PHONE = 1, 2, 3, 4  # identity.kind; also the order in which a contact is looked up

MAX_ID = 256  # characters of userId, anonymousId, previousId: they are keys of an index, whose rows end at 2,700 bytes
MAX_EMAIL = 320

IRANIAN = re.compile(r"0?(9[0-9]{9})")
INTERNATIONAL = re.compile(r"(?:\+|00)([1-9][0-9]{7,14})")
BETWEEN_DIGITS = re.compile(r"[\s().-]")


class Names(NamedTuple):
    """The names one message gives, folded; None: not given.

    previous: an alias's previousId. trusted: False for public keys, which merge purely anonymous contacts only.
    """

    user: str | None = None
    anonymous: str | None = None
    email: str | None = None
    phone: str | None = None
    previous: str | None = None
    alias: bool = False
    trusted: bool = True


def fold_email(value: Any) -> str | None:
    """Trimmed, in lower case; None for what is no text, empty, or longer than any address."""
    if not isinstance(value, str):
        return None
    folded = value.strip().lower()
    return folded if 0 < len(folded) <= MAX_EMAIL else None


def fold_phone(value: Any) -> str | None:
    """E.164, such as ``+989121234567``: 09… and 9121234567 are Iranian, 00 stands for +. None where it cannot be read.

    Persian and Arabic digits count as digits. Reads the form only: whether one can call it is for the provider to say.
    """
    if not isinstance(value, str) or len(value) > 64:
        return None
    digits = BETWEEN_DIGITS.sub("", fold(value))
    if found := IRANIAN.fullmatch(digits):
        return "+98" + found[1]
    if found := INTERNATIONAL.fullmatch(digits):
        return "+" + found[1]
    return None

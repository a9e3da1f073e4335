"""UTM parameters: by which a shop's own figures know that a visit came by a message of ours. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import quote_plus, urlsplit, urlunsplit

from safar.lib.faults import Faults, did_you_mean, said

NAMES = ("utm_source", "utm_medium", "utm_campaign")
WORDS = ("channel", "journey", "point", "template", "variant", "language")  # that may stand in braces in their values
LONGEST = 200
LONGEST_WRITTEN = 100  # of a value with its words in braces
_BRACES = re.compile(r"\{(\w+)\}")


def fill_utm(values: Mapping[str, str], words: Mapping[str, str | None]) -> dict[str, str]:
    """The values with their words put in; what is empty then is left out."""
    filled = {
        name: _BRACES.sub(lambda found: words.get(found[1]) or "", text).strip()[:LONGEST]
        for name, text in values.items()
    }
    return {name: text for name, text in filled.items() if text}


def check_utm(text: str, faults: Faults) -> None:
    """Adds what is wrong with a value as somebody writes it."""
    if len(text) > LONGEST_WRITTEN or any(ord(letter) < 32 for letter in text):
        faults.add(said("is longer than %(longest)s characters, or has some that nobody sees", longest=LONGEST_WRITTEN))
    for word in unknown_words(text):
        faults.add(said("there is no word {%(word)s}%(hint)s", word=word, hint=did_you_mean(word, WORDS)))


def unknown_words(text: str) -> list[str]:
    """Words in braces that there are not."""
    return [word for word in _BRACES.findall(text) if word not in WORDS]


def is_own(url: str, sites: Collection[str]) -> bool:
    """Whether an address lies on one of the sites, or below it: shop.ir has www.shop.ir."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    return any(host == site or host.endswith(f".{site}") for site in sites)


def with_utm(url: str, filled: Mapping[str, str]) -> str:
    """The address with those parameters that it does not have itself; nothing that stands there is touched."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    there = {pair.partition("=")[0].lower() for pair in re.split("[&;]", parts.query)}
    new = "&".join(f"{name}={quote_plus(text)}" for name, text in filled.items() if name not in there)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, new))))) if new else url

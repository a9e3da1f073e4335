"""What a described service takes of approved patterns, a line for its variables: ``token, token2: 100 no_blanks``. Pure."""

from __future__ import annotations

import re

from safar.channels.sms.patterns import PatternRules
from safar.lib.faults import Faults, said

_LINE = re.compile(
    r"(?P<names>\w{1,32}(?:\s*,\s*\w{1,32})*)\s*(?::\s*(?P<longest>[1-9]\d{0,3})?\s*(?P<blanks>no_blanks)?)?", re.ASCII
)
_CODE = re.compile(r"\S{1,100}")
_ANY = re.compile(r"\w{1,32}", re.ASCII)


def read_variables(text: str, faults: Faults, *, joined: bool) -> PatternRules:
    """No line: any variables, of any length. joined: values are sent joined by ``;``, so that none may have one in it."""
    longest: dict[str, int] = {}
    names: list[str] = []
    one_word: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            faults.add(said("line %(number)s: write variables such as: token, token2: 100 no_blanks", number=number))
            continue
        here = [name.strip() for name in found["names"].split(",")]
        names += here
        longest |= dict.fromkeys(here, int(found["longest"])) if found["longest"] else {}
        one_word |= set(here) if found["blanks"] else set()
    return PatternRules(
        code=_CODE,
        names=re.compile("|".join(map(re.escape, names))) if names else _ANY,
        example=", ".join(names) or "name, code",
        most=len(names) or 20,
        limits=longest,
        instead={";": "،"} if joined else {},
        joined=frozenset(one_word),
    )

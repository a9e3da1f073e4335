"""The approved pattern of an SMS template: {code, text, variables, second?} in a language. Pure.

code: by which the service knows it; text: as the operator has approved it, kept for previews and for counting parts; variables: name → Liquid; second: the free
text of the language is tried first, and the pattern where that cannot be sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from safar.content.render import CannotRender, parse
from safar.lib.faults import Faults, did_you_mean, said

FIELDS = ("code", "text", "variables", "second")
NAME = re.compile(r"\w{1,32}", re.ASCII)
MOST_VARIABLES = 20
LONGEST_CODE = 100
LONGEST_TEXT = 2_000


def check_pattern(written: Any, faults: Faults) -> None:
    """Adds what is wrong with a pattern, whatever the service."""
    if not isinstance(written, Mapping):
        faults.add(said("has to be a mapping with code, text and variables"))
        return
    for name in written:
        if name not in FIELDS:
            faults.at(name).add(said("there is no such word here%(hint)s", hint=did_you_mean(str(name), FIELDS)))
    for name, longest in (("code", LONGEST_CODE), ("text", LONGEST_TEXT)):
        value = written.get(name)
        if not isinstance(value, str) or not value.strip():
            faults.at(name).add(said("is missing"))
        elif len(value) > longest:
            faults.at(name).add(said("has to be at most %(number)s characters", number=longest))
    if not isinstance(written.get("second", False), bool):
        faults.at("second").add(said("has to be true or false"))
    variables = written.get("variables", {})
    if not isinstance(variables, Mapping):
        faults.at("variables").add(said("is a mapping such as {token: '{{ contact.first_name }}'}"))
        return
    if len(variables) > MOST_VARIABLES:
        faults.at("variables").add(said("the SMS service takes at most %(most)s variables", most=MOST_VARIABLES))
    for name, source in variables.items():
        here = faults.at("variables", str(name)[:80])
        if not isinstance(name, str) or not NAME.fullmatch(name):
            here.add(said("is no name of a variable: Latin letters, digits and _"))
        elif not isinstance(source, str) or not source.strip():
            here.add(said("is missing"))
        else:
            try:
                parse(source, html=False)
            except CannotRender as error:
                here.add(said("cannot be read: %(problem)s", problem=error))


def complete_pattern(written: Any) -> Any:
    """As it would be stored: what says nothing is left out; None where there is no pattern at all. What is no mapping stays, for the check."""
    if not isinstance(written, Mapping):
        return written or None
    variables = written.get("variables") or {}
    if not (written.get("code") or written.get("text") or variables):
        return None
    found = {"code": str(written.get("code") or "").strip(), "text": written.get("text") or "", "variables": variables}
    return {**found, "second": True} if written.get("second") else found

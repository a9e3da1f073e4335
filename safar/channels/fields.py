"""What a provider has to be told of an account, as data: the form, the checks and what is kept secret are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from safar.lib.faults import Faults, said

Words = Mapping[str, str]  # {"en": …, "fa": …}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting. secret: kept sealed and never shown again. lines: of its box in a form. choices: word → label; empty for free text.

    help: what stands between backticks is to be written so. section: under which title it stands with its neighbours; those without one stand first.
    """

    name: str
    label: Words
    help: Words = field(default_factory=dict)
    secret: bool = False
    required: bool = True
    lines: int = 1
    choices: Mapping[str, Words] = field(default_factory=dict)
    default: str = ""
    longest: int = 300
    section: Words = field(default_factory=dict)


def check_fields(fields: tuple[Field, ...], given: Mapping[str, str], faults: Faults) -> dict[str, str]:
    """The given settings, trimmed, by name; whatever is no setting of the provider is a fault, as is one that is missing."""
    known = {one.name: one for one in fields}
    for name in given:
        if name not in known:
            faults.at(name).add(said("there is no such setting"))
    found = {}
    for one in fields:
        text = str(given.get(one.name) or one.default)
        text = text.replace("\r\n", "\n").strip()
        if not text:
            if one.required:
                faults.at(one.name).add(said("is missing"))
        elif len(text) > one.longest:
            faults.at(one.name).add(said("has to be at most %(number)s characters", number=one.longest))
        elif one.choices and text not in one.choices:
            faults.at(one.name).add(said("has to be one of %(words)s", words=", ".join(one.choices)))
        elif any(ord(letter) < 32 and not (letter in "\n\t" and one.lines > 1) for letter in text):
            faults.at(one.name).add(said("has a control character in it"))
        found[one.name] = text
    return found

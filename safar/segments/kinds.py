"""What a kind of condition says of itself. Each is one file in conditions/; nothing else knows them by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar

from safar.lib.faults import Faults, did_you_mean, said
from safar.lib.kinds import find_kinds
from safar.segments.catalog import Catalog
from safar.segments.reading import Condition

Words = Mapping[str, str]  # language → text
Schema = dict[str, Any]  # JSON Schema 2020-12

MOST_LETTERS = 1000


class ConditionKind(ABC):
    """A kind of condition: how it is called, written, and read. `key` is the word it is known by in a mapping."""

    key: ClassVar[str] = ""
    label: ClassVar[Words]
    help: ClassVar[Words]
    examples: ClassVar[tuple[Mapping[str, Any], ...]]

    @abstractmethod
    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        """Read one mapping that has this kind's key and text keys only. Adds every fault found; None if there was one. Never raises."""

    @abstractmethod
    def schema(self) -> Schema:
        """JSON Schema of the mapping. May refer to the definitions of schema.py."""


@cache
def condition_kinds() -> Mapping[str, ConditionKind]:
    """Every kind by its key: those in conditions/, and what other packages bring."""
    return find_kinds("safar.segments.conditions", ConditionKind)  # type: ignore[type-abstract]


def object_schema(required: str, properties: Schema) -> Schema:
    return {"type": "object", "required": [required], "properties": properties, "additionalProperties": False}


def read_name(data: Mapping[str, Any], key: str, faults: Faults) -> str | None:
    """A word or key of somebody's choosing: text, neither empty nor over 1,000 letters. Adds a fault and gives None else."""
    value = data[key]
    if not isinstance(value, str):
        faults.at(key).add(said("a text is needed here, not %(found)s", found=shown(value)))
    elif fault := text_fault(value):
        faults.at(key).add(fault)
    elif not value.strip():
        faults.at(key).add(said("a text is needed here; it is empty"))
    else:
        return value
    return None


def read_choice(data: Mapping[str, Any], key: str, choices: Iterable[str], what: str, faults: Faults) -> str | None:
    """One of some words."""
    value, known = data[key], list(choices)
    if isinstance(value, str) and value in known:
        return value
    hint = did_you_mean(value, known) if isinstance(value, str) else ""
    faults.at(key).add(
        said(
            "there is no %(what)s %(found)s%(hint)s",
            what=what,
            found=shown(value),
            hint=hint or said("; one of %(known)s", known=", ".join(known)),
        )
    )
    return None


def refuse_others(data: Mapping[str, Any], known: Iterable[str], faults: Faults) -> bool:
    """Adds a fault for each key that is not known; True if there was one."""
    known = list(known)
    others = [key for key in data if key not in known]
    for key in others:
        faults.at(key).add(
            said(
                "there is no '%(key)s' in this condition%(hint)s",
                key=key,
                hint=did_you_mean(key, known) or said("; it has %(known)s", known=", ".join(known)),
            )
        )
    return bool(others)


def text_fault(value: str) -> str | None:
    """Why a text cannot be kept in PostgreSQL, or is too long."""
    if len(value) > MOST_LETTERS:
        return said(
            "a text has at most %(most_letters)s letters here, this one has %(n)s",
            most_letters=MOST_LETTERS,
            n=len(value),
        )
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        return said("this text holds NUL or half a surrogate pair, which cannot be kept")
    return None


def shown(value: object) -> str:
    """A value for a message: short, as it would be written."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict | list):
        return said("a mapping") if isinstance(value, dict) else said("a list")
    text = str(value)
    text = text if len(text) <= 40 else f"{text[:40]}…"
    return f"'{text}'" if isinstance(value, str) else text

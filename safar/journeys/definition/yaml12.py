"""Text to data and back: YAML 1.2 core, of which JSON is a part, with the dangerous half left out.

PyYAML scans and parses; what its values mean is decided here, because PyYAML speaks YAML 1.1: there ``no`` is false,
``10:00`` is the number 600 and ``2027-03-21`` a date. Here yes, no, on, off, dates and times are text, ``0o17`` is 15,
keys are the text that was typed, and a key that stands twice, an anchor, an alias or a foreign tag is refused. The text
is read event by event and without recursion, so no depth of nesting reaches the interpreter's stack.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from safar.journeys.definition.builder import Builder
from safar.journeys.definition.collecting import collecting
from safar.journeys.definition.plain import check_plain
from safar.lib.faults import Fault, Refused, said

MAX_BYTES = 1_000_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udfff]")


@dataclass(frozen=True)
class Loaded:
    """data: what the text says. lines: dotted place → 1-based line where it begins; {} where the text was JSON only."""

    data: Any
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, place: str) -> int | None:
        """The line of a place, or of the nearest place around it that is written down."""
        while place and place not in self.lines:
            place = place.rpartition(".")[0]
        return self.lines.get(place)


def load_yaml(text: str | bytes) -> Loaded:
    """Read one YAML or JSON document of at most 1 MB and 16 levels. Raises Refused; the faults bear lines."""
    text = _readable(text)
    try:
        with collecting() as faults:
            builder = Builder(faults)
            for event in yaml.parse(text, Loader=_LOADER):
                builder.take(event)
    except yaml.YAMLError as wrong:
        if text.lstrip().startswith("{") and (found := _json(text)):  # JSON's \ud83d\ude00 is no YAML
            return found
        raise Refused([_syntax(wrong, text.count("\n") + 1)]) from None
    loaded = Loaded(builder.root, builder.lines)
    with collecting(lambda fault: Fault(fault.place, fault.message, loaded.line_of(fault.place))) as faults:
        check_plain(loaded.data, faults)
    return loaded


def _readable(text: str | bytes) -> str:
    if len(text) > MAX_BYTES:
        raise Refused([Fault("", said("the text is longer than 1 MB"))])
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            line = wrong.object.count(b"\n", 0, wrong.start) + 1
            raise Refused([Fault("", said("the text is not UTF-8"), line)]) from None
    if bad := _UNPRINTABLE.search(text):
        line = text[: bad.start()].count("\n") + 1
        raise Refused(
            [Fault("", said("the character U+%(value)s cannot stand in a text", value=f"{ord(bad[0]):04X}"), line)]
        )
    if len(text.encode()) > MAX_BYTES:
        raise Refused([Fault("", said("the text is longer than 1 MB"))])
    return text


def _syntax(wrong: yaml.YAMLError, last_line: int) -> Fault:
    if isinstance(wrong, yaml.MarkedYAMLError):
        problem = " ".join(filter(None, (wrong.context, wrong.problem)))
        line = min(wrong.problem_mark.line + 1, last_line) if wrong.problem_mark else None
        return Fault("", said("this is not YAML: %(problem)s", problem=problem), line)
    return Fault("", f"this is not YAML: {wrong}".splitlines()[0])


def _json(text: str) -> Loaded | None:
    with collecting() as faults:

        def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
            found: dict[str, Any] = {}
            for key, value in items:
                if key in found:
                    faults.add(said("the key '%(key)s' stands there twice", key=key[:80]))
                found[key] = value
            return found

        try:
            data = json.loads(text, object_pairs_hook=pairs)
        except (ValueError, RecursionError):
            return None
        check_plain(data, faults)
    return Loaded(data)

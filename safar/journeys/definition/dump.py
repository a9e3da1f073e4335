"""Data to YAML that people like to read: order kept, unicode as it is, small things on one line, few quotes.

An emitter of our own, because PyYAML's would quote ``yes`` and ``10:00`` for readers of YAML 1.1. What it writes,
``load_yaml`` reads back to the same data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from safar.journeys.definition.model import Definition
from safar.journeys.definition.scalars import resolve_plain

WIDTH = 116  # a mapping or list that fits into it stands on one line
_SECTIONS = {"settings", "start", "points"}  # whose entries have a line each, however short

# Plain text: words of any script, with the zero-width non-joiner Persian needs, and marks that mean nothing to YAML.
_PLAIN = re.compile(r"-?\w(?:[\w\u200c /.+()؟،؛!;%=&'*@~^$-]|(?<=\w):(?=\w))*", re.UNICODE)
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LITERAL = re.compile(r"(?!\s)[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]+")


def dump_yaml(definition: Definition | Mapping[str, Any]) -> str:
    """The definition, or a mapping of plain data, as YAML 1.2."""
    data = definition.source if isinstance(definition, Definition) else definition
    if not data:
        return "{}\n"
    lines: list[str] = []
    for key, value in data.items():
        if key in _SECTIONS and isinstance(value, Mapping) and value:
            lines.append(f"{_scalar(key)}:")
            for name, part in value.items():
                _entry(f"  {_scalar(name)}:", part, 4, lines)
        else:
            _entry(f"{_scalar(key)}:", value, 2, lines)
    return "\n".join(lines) + "\n"


def _entry(head: str, value: Any, indent: int, lines: list[str]) -> None:
    """``head`` and behind or below it the value. indent: of what stands below."""
    if isinstance(value, str) and "\n" in value and _literal(value):
        lines.append(f"{head} |" + ("" if value.endswith("\n") else "-"))
        lines += [" " * indent + line if line else "" for line in value.removesuffix("\n").split("\n")]
        return
    line = f"{head} {flow_yaml(value)}"
    short = len(line) <= WIDTH and not _has_lines(value)
    if not isinstance(value, (Mapping, list, tuple)) or not value or short:
        lines.append(line)
    elif isinstance(value, Mapping):
        lines.append(head)
        for key, part in value.items():
            _entry(f"{' ' * indent}{_scalar(key)}:", part, indent + 2, lines)
    else:
        lines.append(head)
        for part in value:
            _entry(f"{' ' * indent}-", part, indent + 2, lines)


def flow_yaml(value: Any) -> str:
    """Plain data on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {flow_yaml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow_yaml, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and not value.endswith(" ") and resolve_plain(value) == value:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _has_lines(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_lines, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_has_lines, value))
    return isinstance(value, str) and "\n" in value and _literal(value)


def _literal(value: str) -> bool:
    """Whether a text of several lines can stand as it is: no blanks at the ends of lines, nothing unprintable."""
    body = value.removesuffix("\n")
    lines = body.split("\n")
    return bool(_LITERAL.fullmatch(body)) and not body.endswith("\n") and all(line == line.rstrip() for line in lines)

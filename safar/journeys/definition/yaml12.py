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

from safar.journeys.definition.plain import MAX_DEPTH, check_plain
from safar.lib.faults import Fault, Faults, Refused

MAX_BYTES = 1_000_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE = "tag:yaml.org,2002:"
_NULLS = {"", "~", "null", "Null", "NULL"}
_TRUE, _FALSE = {"true", "True", "TRUE"}, {"false", "False", "FALSE"}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", re.ASCII)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")


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
    faults = Faults()
    builder = _Builder(faults)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as wrong:
        if text.lstrip().startswith("{") and (found := _json(text)):  # JSON's \ud83d\ude00 is no YAML
            return found
        raise Refused([_syntax(wrong)]) from None
    if faults:
        raise Refused(faults)
    loaded = Loaded(builder.root, builder.lines)
    check_plain(loaded.data, faults)
    if faults:
        raise Refused(Fault(f.place, f.message, loaded.line_of(f.place)) for f in faults)
    return loaded


def resolve_plain(text: str) -> Any:
    """The value of an unquoted scalar by YAML 1.2's core schema; ±inf and nan where they are written so."""
    if text in _NULLS:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        if text.startswith(("0o", "0x")):
            return int(text, 0)
        return int(text) if len(text) <= 4000 else float(text)  # int() refuses more digits; both are too large for us
    if _FLOAT.fullmatch(text):
        return float(text)
    if _ENDLESS.fullmatch(text):
        return float(text.replace(".", "").lower())
    return text


def _readable(text: str | bytes) -> str:
    if len(text) > MAX_BYTES:
        raise Refused([Fault("", "the text is longer than 1 MB")])
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            line = wrong.object.count(b"\n", 0, wrong.start) + 1
            raise Refused([Fault("", "the text is not UTF-8", line)]) from None
    if bad := _UNPRINTABLE.search(text):
        line = text[: bad.start()].count("\n") + 1
        raise Refused([Fault("", f"the character U+{ord(bad[0]):04X} cannot stand in a text", line)])
    if len(text.encode()) > MAX_BYTES:
        raise Refused([Fault("", "the text is longer than 1 MB")])
    return text


def _syntax(wrong: yaml.YAMLError) -> Fault:
    if isinstance(wrong, yaml.MarkedYAMLError):
        said = " ".join(filter(None, (wrong.context, wrong.problem)))
        return Fault("", f"this is not YAML: {said}", wrong.problem_mark.line + 1 if wrong.problem_mark else None)
    return Fault("", f"this is not YAML: {wrong}".splitlines()[0])


def _json(text: str) -> Loaded | None:
    faults = Faults()

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in items:
            if key in found:
                faults.add(f"the key '{key}' stands there twice")
            found[key] = value
        return found

    try:
        data = json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return None
    check_plain(data, faults)
    if faults:
        raise Refused(faults)
    return Loaded(data)


@dataclass
class _Frame:
    """A mapping or a list that is not closed yet. key: of the value that comes next; None: a key comes next."""

    into: dict[str, Any] | list[Any]
    place: str
    key: str | None = None
    first: dict[str, int] = field(default_factory=dict)  # key → line, for the complaint about the second one


class _Builder:
    """Builds the data from the parser's events, one after the other."""

    def __init__(self, faults: Faults) -> None:
        self.root: Any = None
        self.lines: dict[str, int] = {}
        self._faults = faults
        self._stack: list[_Frame] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        """One event of PyYAML. Adds to the faults; raises Refused for what cannot be read on."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise Refused([Fault("", "there is a second document after ---; a file holds one", line)])
        elif isinstance(event, yaml.AliasEvent):
            raise Refused([Fault(self._place(), "aliases (*name) are not part of the language; write it out", line)])
        elif isinstance(event, yaml.ScalarEvent):
            self._node(event, line)
            self._scalar(event, line)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._node(event, line)
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], event, line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._stack.pop()

    def _node(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            raise Refused([Fault(self._place(), "anchors (&name) are not part of the language; write it out", line)])

    def _place(self) -> str:
        if not self._stack:
            return ""
        top = self._stack[-1]
        name = str(len(top.into)) if isinstance(top.into, list) else top.key
        return ".".join(filter(None, (top.place, name)))

    def _fault(self, message: str, line: int) -> None:
        self._faults.found.append(Fault(self._place(), message, line))

    def _scalar(self, event: Any, line: int) -> None:
        if self._stack and isinstance(self._stack[-1].into, dict) and self._stack[-1].key is None:
            self._key(event.value, line)
            return
        value: Any = event.value
        tag = (event.tag or "").removeprefix(_CORE)
        if event.tag is None:
            value = resolve_plain(event.value) if event.implicit[0] else event.value
        elif tag not in {"!", "str"}:
            self._fault(f"the tag {event.tag} is not part of the language", line)
        self._put(value, line)

    def _key(self, key: str, line: int) -> None:
        top = self._stack[-1]
        if key in top.first:
            self._stack[-1].key = key
            self._fault(f"the key '{key}' stands there twice, first on line {top.first[key]}", line)
        top.first.setdefault(key, line)
        top.key = key

    def _open(self, into: dict[str, Any] | list[Any], event: Any, line: int) -> None:
        if event.tag is not None and event.tag.removeprefix(_CORE) not in {"!", "map", "seq"}:
            self._fault(f"the tag {event.tag} is not part of the language", line)
        if self._stack and isinstance(self._stack[-1].into, dict) and self._stack[-1].key is None:
            raise Refused([Fault(self._stack[-1].place, "a key must be text, not a list or a mapping", line)])
        if len(self._stack) >= MAX_DEPTH:
            raise Refused([Fault(self._place(), f"more than {MAX_DEPTH} levels of nesting", line)])
        place = self._place()
        self._put(into, line)
        self._stack.append(_Frame(into, place))

    def _put(self, value: Any, line: int) -> None:
        self.lines[self._place()] = line
        if not self._stack:
            self.root = value
            return
        top = self._stack[-1]
        if isinstance(top.into, list):
            top.into.append(value)
        elif top.key is not None:
            top.into[top.key] = value
            self.lines[self._place()] = top.first[top.key]
            top.key = None

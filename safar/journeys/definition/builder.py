"""From the events of a YAML parser to data, without recursion, with the line of every place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from safar.journeys.definition.plain import MAX_DEPTH, MAX_NODES
from safar.journeys.definition.scalars import resolve_plain
from safar.lib.faults import Fault, Faults, Refused, said

_CORE = "tag:yaml.org,2002:"


@dataclass
class _Frame:
    """A mapping or a list that is not closed yet. key: of the value that comes next; None: a key comes next."""

    into: dict[str, Any] | list[Any]
    place: str
    key: str | None = None
    first: dict[str, int] = field(default_factory=dict)  # key → line, for the complaint about the second one


class Builder:
    """Takes the parser's events one after the other. root: the data; lines: dotted place → 1-based line."""

    def __init__(self, faults: Faults) -> None:
        self.root: Any = None
        self.lines: dict[str, int] = {}
        self._faults = faults
        self._stack: list[_Frame] = []
        self._documents = 0
        self._nodes = 0

    def take(self, event: Any) -> None:
        """One event of PyYAML. Adds to the faults; raises Refused for what cannot be read on."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise Refused([Fault("", said("there is a second document after ---; a file holds one"), line)])
        elif isinstance(event, yaml.AliasEvent):
            raise Refused(
                [Fault(self._place(), said("aliases (*name) are not part of the language; write it out"), line)]
            )
        elif isinstance(event, yaml.ScalarEvent):
            self._node(event, line)
            self._scalar(event, line)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._node(event, line)
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], event, line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._stack.pop()

    def _node(self, event: Any, line: int) -> None:
        self._nodes += 1
        if self._nodes > 2 * MAX_NODES:  # a value and its key
            raise Refused([Fault("", said("more than %(max_nodes)s values", max_nodes=f"{MAX_NODES:,}"), line)])
        if event.anchor is not None:
            raise Refused(
                [Fault(self._place(), said("anchors (&name) are not part of the language; write it out"), line)]
            )

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
            self._fault(said("the tag %(tag)s is not part of the language", tag=event.tag), line)
        self._put(value, line)

    def _key(self, key: str, line: int) -> None:
        top = self._stack[-1]
        if key in top.first:
            self._stack[-1].key = key
            self._fault(
                said("the key '%(key)s' stands there twice, first on line %(value)s", key=key, value=top.first[key]),
                line,
            )
        top.first.setdefault(key, line)
        top.key = key

    def _open(self, into: dict[str, Any] | list[Any], event: Any, line: int) -> None:
        if event.tag is not None and event.tag.removeprefix(_CORE) not in {"!", "map", "seq"}:
            self._fault(said("the tag %(tag)s is not part of the language", tag=event.tag), line)
        if self._stack and isinstance(self._stack[-1].into, dict) and self._stack[-1].key is None:
            raise Refused([Fault(self._stack[-1].place, said("a key must be text, not a list or a mapping"), line)])
        if len(self._stack) >= MAX_DEPTH:
            raise Refused(
                [Fault(self._place(), said("more than %(max_depth)s levels of nesting", max_depth=MAX_DEPTH), line)]
            )
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

"""What changed between two definitions of a journey, for reviews and for the choice when a new version is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safar.journeys.definition.dump import flow_yaml
from safar.journeys.definition.model import Definition, Point, Start
from safar.journeys.words import choose

_HEAD = ("journey", "title", "serves")
_SETTINGS = ("reentry", "one_per", "goal", "exit_when", "control_group")
_DEFAULTS: Mapping[str, Any] = {"reentry": "never", "control_group": 0}


@dataclass(frozen=True)
class Change:
    """what: added, removed, changed or moved. place: as in faults. before, after: as written, None for nothing."""

    what: str
    place: str
    before: Any = None
    after: Any = None

    def say(self, language: str) -> str:
        """One line: "points.offer.template: ten-per-cent → gift"."""
        if self.what == "changed":
            return f"{self.place}: {flow_yaml(self.before)} → {flow_yaml(self.after)}"
        word = {
            "added": choose(language, "added", "افزوده شد"),
            "removed": choose(language, "removed", "برداشته شد"),
            "moved": choose(language, "order changed", "ترتیب تغییر کرد"),
        }[self.what]
        shown = self.after if self.after is not None else self.before
        return f"{self.place}: {word}" + ("" if shown is None else f": {flow_yaml(shown)}")


def diff_definitions(old: Definition, new: Definition) -> list[Change]:
    """Every change in the order of the file: head, settings, starting points, points.

    Another spelling (``next:`` for ``paths:``, a default written out, quotes) is no change.
    """
    changes = [*_values("", _HEAD, old.source, new.source)]
    changes += _values("settings.", _SETTINGS, old.source.get("settings") or {}, new.source.get("settings") or {})
    changes += _section("start", old.starts, new.starts)
    changes += _section("points", old.points, new.points)
    return changes


def _values(prefix: str, keys: Sequence[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in keys:
        before, after = old.get(key), new.get(key)
        before, after = (_DEFAULTS.get(key) if value is None else value for value in (before, after))
        if not same(before, after):
            yield Change("changed", prefix + key, before, after)


def _section(name: str, old: Sequence[Start | Point], new: Sequence[Start | Point]) -> Iterator[Change]:
    was, now = {each.key: each for each in old}, {each.key: each for each in new}
    for key, point in was.items():
        if key not in now:
            yield Change("removed", f"{name}.{key}", before={"kind": point.kind.key, **point.written})
    for key, point in now.items():
        if key not in was:
            yield Change("added", f"{name}.{key}", after={"kind": point.kind.key, **point.written})
        else:
            yield from _point(f"{name}.{key}.", was[key], point)
    kept = [key for key in was if key in now]
    order = [key for key in now if key in was]
    if kept != order:
        yield Change("moved", name, kept, order)


def _point(prefix: str, old: Start | Point, new: Start | Point) -> Iterator[Change]:
    if old.kind.key != new.kind.key:
        yield Change("changed", prefix + "kind", old.kind.key, new.kind.key)
    before, after = _written(old), _written(new)
    for key in [*before, *(key for key in after if key not in before)]:
        if not same(before.get(key), after.get(key)):
            yield Change("changed", prefix + key, before.get(key), after.get(key))
    ways, others = _ways(old), _ways(new)
    for path in [*ways, *(path for path in others if path not in ways)]:
        if ways.get(path) != others.get(path):
            yield Change("changed", f"{prefix}paths.{path}", ways.get(path), others.get(path))


def _written(point: Start | Point) -> dict[str, Any]:
    """Parameters as written, with defaults put in; the filter of a starting point among them."""
    found = {p.name: p.default for p in point.kind.parameters if p.default is not None}
    found |= {key: value for key, value in point.written.items() if value is not None or key not in found}
    if isinstance(point, Start) and point.filter_written is not None:
        found["filter"] = point.filter_written
    return found


def _ways(point: Start | Point) -> Mapping[str, str | None]:
    return {"next": point.next} if isinstance(point, Start) else point.paths


def same(a: Any, b: Any) -> bool:
    """Equal as written, order included (the first match wins), numbers by value, true not 1."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)

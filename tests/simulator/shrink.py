"""The smallest case that still fails: without the events, journeys, points, settings and parts that do not matter."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from .points import shortened
from .valid import faults

Case = dict[str, Any]
NEEDED = {"journey", "kind", "start", "points", "next", "paths", "for", "at_most", "condition", "branches", "shares"}
NEEDED |= {"event", "tag", "trait", "segment", "after", "template", "text", "set", "type", "until", "within", "before"}
NEEDED |= {
    "fact",
    "entry",
    "consent",
    "topic",
    "message",
    "is",
    "was",
    "receivedAt",
    "weekdays",
    "times",
    "day",
    "at",
    "journey",
}


def shrink(case: Case, fails: Callable[[Case], bool]) -> Case:
    """A smaller case for which `fails` still says yes; valid as long as the first one was."""
    strict = not faults(case)

    def good(candidate: Case) -> bool:
        return (not strict or not faults(candidate)) and fails(candidate)

    best = _drop_events(copy.deepcopy(case), good)
    again = True
    while again:
        again = False
        for candidate in _smaller(best):
            if good(candidate):
                best, again = candidate, True
                break
        if again:
            best = _drop_events(best, good)
    return best


def _drop_events(case: Case, good: Callable[[Case], bool]) -> Case:
    """Events by halves, quarters, … down to single ones."""
    size = max(1, len(case["events"]) // 2)
    while True:
        at = 0
        while at < len(case["events"]):
            events = case["events"][:at] + case["events"][at + size :]
            candidate = {**case, "events": events}
            if good(candidate):
                case = candidate
            else:
                at += size
        if size == 1:
            return case
        size //= 2


def _smaller(case: Case) -> Iterator[Case]:
    """Candidates, the boldest first."""
    for number in range(len(case["journeys"])):
        yield _changed(case, lambda new, n=number: new["journeys"].pop(n))
    for key in case.get("segments") or {}:
        yield _changed(case, lambda new, k=key: new["segments"].pop(k))
    for number, journey in enumerate(case["journeys"]):
        for point in journey["points"]:
            yield _changed(case, lambda new, n=number, p=point: _drop_point(new["journeys"][n], p))
        for start in journey["start"]:
            yield _changed(case, lambda new, n=number, s=start: new["journeys"][n]["start"].pop(s))
        for part in ("settings", "title", "serves"):
            if part in journey:
                yield _changed(case, lambda new, n=number, p=part: new["journeys"][n].pop(p))
    for path in _places(case):
        for change in (_drop, _first_part, _second_part):
            candidate = _changed(case, lambda new, p=path, c=change: c(new, p))
            if candidate != case:
                yield candidate
    for word, plain in (("calendar", "gregorian"), ("zone", "UTC"), ("late_events", "PT1H")):
        if case.get(word) != plain:
            yield {**case, word: plain}


def _changed(case: Case, change: Callable[[Case], Any]) -> Case:
    new = copy.deepcopy(case)
    change(new)
    return new


def _drop_point(journey: dict[str, Any], gone: str) -> None:
    """Take a point out: those who led to it lead to where it led first, and what nobody reaches goes as well."""
    onward = next(iter(shortened(journey["points"].pop(gone)).values()), None)
    for place in [*journey["start"].values(), *journey["points"].values()]:
        paths = {path: onward if target == gone else target for path, target in shortened(place).items()}
        place.pop("next", None)
        place.pop("paths", None)
        paths = {path: target for path, target in paths.items() if target is not None}
        if set(paths) == {"next"}:
            place["next"] = paths["next"]
        elif paths:
            place["paths"] = paths
    reached = {start.get("next") for start in journey["start"].values()}
    for name, point in list(journey["points"].items()):  # in the order of the file, which is a road's order
        if name in reached:
            reached |= set(shortened(point).values())
        else:
            del journey["points"][name]


Path = tuple[Any, ...]


def _places(case: Case) -> Iterator[Path]:
    """Every key and item within journeys, segments and events."""

    def visit(value: Any, path: Path) -> Iterator[Path]:
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, one in inner:
            yield (*path, key)
            yield from visit(one, (*path, key))

    for part in ("journeys", "segments", "events"):
        yield from visit(case.get(part) or {}, (part,))


def _reach(case: Case, path: Path) -> Any:
    value: Any = case
    for key in path:
        value = value[key]
    return value


def _drop(case: Case, path: Path) -> None:
    holder = _reach(case, path[:-1])
    if path[-1] not in NEEDED and not (path[0] == "events" and len(path) < 3):
        del holder[path[-1]]


def _first_part(case: Case, path: Path) -> None:
    _replace_by_part(case, path, 0)


def _second_part(case: Case, path: Path) -> None:
    _replace_by_part(case, path, 1)


def _replace_by_part(case: Case, path: Path, number: int) -> None:
    """A composite condition by one of its parts."""
    value, holder = _reach(case, path), _reach(case, path[:-1])
    if isinstance(value, dict):
        parts = value.get("all") or value.get("any") or ([value["not"]] if "not" in value else [])
        if number < len(parts):
            holder[path[-1]] = parts[number]

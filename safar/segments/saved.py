"""Saved segments as they were written: whom they name, in which order to read them, and where they go in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from safar.lib.faults import Faults, said


def order_segments(segments: Mapping[str, object], faults: Faults) -> list[str]:
    """Their keys so that each stands behind those it names, else in the given order.

    segments: key → its condition as it was written. Those in a circle are refused, each with the circle as a fault at its key,
    and left out; names of segments that do not exist are left to parse_condition.
    """
    named = {key: [name for name in names_segments(data) if name in segments] for key, data in segments.items()}
    ordered: dict[str, None] = {}
    for first in segments:
        _visit(first, named, ordered)
    circles = _circles(named)
    for key, circle in circles.items():
        faults.at(key).add(said("the segments %(known)s stand in a circle", known=" → ".join(circle)))
    return [key for key in ordered if key not in circles]


def names_segments(data: object) -> list[str]:
    """The segments that a condition names, as it was written, sound or not."""
    found: dict[str, None] = {}
    todo = [data]
    while todo:
        part = todo.pop()
        if isinstance(part, list | tuple):
            todo += reversed(part)
        elif isinstance(part, Mapping):
            todo += [part[key] for key in ("not", "any", "all") if key in part]
            if isinstance(part.get("segment"), str):
                found[part["segment"]] = None
    return list(found)


def _visit(first: str, named: Mapping[str, list[str]], ordered: dict[str, None]) -> None:
    """Append `first` and whatever it names to `ordered`, the named before the naming. Without recursion: chains may be long."""
    road: dict[str, Iterator[str]] = {}
    following: str | None = first if first not in ordered else None
    while following is not None or road:
        if following is not None:
            road[following] = iter(named[following])
        key = next(reversed(road))
        following = next((name for name in road[key] if name not in ordered and name not in road), None)
        if following is None:
            del road[key]
            ordered[key] = None


def _circles(named: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """For each segment that leads back to itself: the shortest way round, itself at both ends."""
    found: dict[str, list[str]] = {}
    for start in named:
        came_from: dict[str, str] = {}
        todo = [start]
        for key in todo:
            for name in named[key]:
                if name not in came_from:
                    came_from[name] = key
                    todo.append(name)
        if start in came_from:
            way = [start, came_from[start]]
            while way[-1] != start:
                way.append(came_from[way[-1]])
            found[start] = way[::-1]
    return found

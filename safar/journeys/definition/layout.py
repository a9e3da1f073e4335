"""Where each point of a map stands when it is drawn from top to bottom.

A point to which one path leads stands under that path. A point in which several paths meet stands below the last
point that all of them come through (its immediate dominator), on the same level; each of those paths names it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from safar.journeys.definition.graph import topological
from safar.journeys.definition.model import Definition

ROOT = ""  # stands for all starting points together


@dataclass
class Layout:
    """under: (point or starting point, path) → the point drawn there. below: point → those in which its paths meet."""

    under: dict[tuple[str, str], str] = field(default_factory=dict)
    below: dict[str, list[str]] = field(default_factory=dict)


def lay_out(definition: Definition) -> Layout:
    """The place of every point; each is placed exactly once."""
    incoming: dict[str, list[tuple[str, str]]] = {point.key: [] for point in definition.points}
    for start in definition.starts:
        if start.next is not None:
            incoming[start.next].append((ROOT, start.key))
    for point in definition.points:
        for path, target in point.paths.items():
            if target is not None and path not in point.kind.leads_back:
                incoming[target].append((point.key, path))
    layout = Layout()
    above: dict[str, str] = {}  # point → its immediate dominator
    depth = {ROOT: 0}
    for index in topological(definition):
        key = definition.points[index].key
        ways = incoming[key]
        common = ways[0][0]
        for source, _ in ways[1:]:
            common = _meet(common, source, above, depth)
        above[key], depth[key] = common, depth[common] + 1
        if len(ways) == 1:
            source, path = ways[0]
            layout.under[(path, "next") if source == ROOT else (source, path)] = key
        else:
            layout.below.setdefault(common, []).append(key)
    return layout


def _meet(a: str, b: str, above: dict[str, str], depth: dict[str, int]) -> str:
    """The last point that both have come through."""
    while a != b:
        if depth[a] >= depth[b]:
            a = above[a]
        else:
            b = above[b]
    return a

"""The map as a graph: order, reachability, circles. Works on keys alone, so it serves half-finished maps as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from safar.journeys.definition.model import Definition

Edges = Mapping[str, Sequence[tuple[str, str]]]  # point → (path, next point) in the order of its paths


def edges_of(definition: Definition) -> dict[str, list[tuple[str, str]]]:
    """Edges between points; paths that end the map, or lead back, are left out."""
    return {
        p.key: [(path, to) for path, to in p.paths.items() if to is not None and path not in p.kind.leads_back]
        for p in definition.points
    }


def reachable(edges: Edges, roots: Iterable[str]) -> set[str]:
    """Every point that can be come to from the roots, themselves included."""
    found: set[str] = set()
    left = [root for root in roots if root in edges]
    while left:
        point = left.pop()
        if point not in found:
            found.add(point)
            left += [to for _, to in edges[point] if to in edges]
    return found


def closing_paths(edges: Edges) -> list[tuple[str, str, list[str]]]:
    """Every path that closes a circle: (point, path, the circle from the point it leads back to up to this one).

    One per circle that a walk in file order finds; empty exactly when there is no circle.
    """
    found: list[tuple[str, str, list[str]]] = []
    done: set[str] = set()
    for root in edges:
        road: list[str] = []
        stack: list[tuple[str, int]] = [(root, 0)] if root not in done else []
        while stack:
            point, number = stack.pop()
            if number == 0:
                road.append(point)
            for i in range(number, len(edges[point])):
                path, to = edges[point][i]
                if to in road:
                    found.append((point, path, road[road.index(to) :]))
                elif to in edges and to not in done:
                    stack += [(point, i + 1), (to, 0)]
                    break
            else:
                done.add(road.pop())
    return found


def topological(definition: Definition) -> tuple[int, ...]:
    """Indexes of all points, each after every point that leads to it; among equals the file's order."""
    edges = edges_of(definition)
    index = {point.key: point.index for point in definition.points}
    incoming = dict.fromkeys(edges, 0)
    for ways in edges.values():
        for _, to in ways:
            incoming[to] += 1
    ready = sorted((index[key] for key, n in incoming.items() if n == 0), reverse=True)
    order: list[int] = []
    while ready:
        at = ready.pop()
        order.append(at)
        for _, to in edges[definition.points[at].key]:
            incoming[to] -= 1
            if incoming[to] == 0:
                ready.append(index[to])
        ready.sort(reverse=True)
    return tuple(order)

"""The map as a whole: every path leads somewhere, every point can be come to, nobody goes in circles."""

from __future__ import annotations

from collections.abc import Sequence

from safar.journeys.definition.collecting import guess
from safar.journeys.definition.graph import Edges, closing_paths, reachable
from safar.journeys.definition.sections import Drafted
from safar.lib.faults import Faults, said

MAX_SHOWN = 12  # points of a circle that are named


def check_map(starts: Sequence[Drafted], points: Sequence[Drafted], faults: Faults) -> None:
    """Adds a fault for each path to a point that is not there, each unreachable point, each circle."""
    known = {point.key for point in points}
    guesses: dict[str, str] = {}
    for point in [*starts, *points]:
        for path, target in point.paths.items():
            if target is None or target in known:
                continue
            here = point.faults.at("paths", path)
            if any(target == start.key for start in starts):
                here.add(said("'%(target)s' is a starting point; nothing leads there", target=target))
            else:
                if target not in guesses:
                    guesses[target] = guess(target, known, faults) or target
                mend = said("; did you mean '%(word)s'?", word=guesses[target]) if guesses[target] in known else ""
                here.add(said("there is no point '%(target)s'%(mend)s", target=target[:80], mend=mend))
    edges = {
        point.key: [(path, to) for path, to in point.paths.items() if to is not None and path not in _back(point)]
        for point in points
    }
    if all(point.readable for point in [*starts, *points]):
        _check_reach(edges, starts, faults, guesses)
    for key, path, circle in closing_paths(edges):
        road = " → ".join([*circle[:MAX_SHOWN], *(["…"] if len(circle) > MAX_SHOWN else []), circle[0]])
        faults.at("points", key, "paths", path).add(said("goes in a circle: %(road)s", road=road))


def _back(point: Drafted) -> frozenset[str]:
    """Its paths that may close a circle; what they lead to has to be reached by another way as well."""
    return point.kind.leads_back if point.kind is not None else frozenset()


def _check_reach(edges: Edges, starts: Sequence[Drafted], faults: Faults, guesses: dict[str, str]) -> None:
    """A misspelt path counts as leading where it was meant to, so that one slip of the pen is one fault."""
    meant = {key: [(path, guesses.get(to, to)) for path, to in ways] for key, ways in edges.items()}
    roots = [guesses.get(to, to) for start in starts for to in start.paths.values() if to is not None]
    found = reachable(meant, roots)
    for key in edges:
        if key not in found:
            faults.at("points", key).add(said("no starting point leads here"))

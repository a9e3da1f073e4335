"""Variants of a sending (docs/journeys.md "A/B", docs/semantics.md 5 and 71): who gets which, what counts, and which is ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from .values import share

LEAST = 30


@dataclass
class Sending:
    """One message of a variant. opened, clicked: who did, "person" or "machine", as often as they did; goal: of the trip that it belongs to."""

    variant: str
    sent: bool
    opened: Sequence[str] = ()
    clicked: Sequence[str] = ()
    goal: bool = False


def drawn(contact: str, journey: str, point: str, shares: Mapping[str, float]) -> str:
    """Whose part of the line from 0 to the sum of all shares the hash falls into."""
    place, passed = share(f"{contact}|{journey}|{point}") * sum(shares.values()), 0.0
    for name, part in shares.items():
        passed += part
        if place < passed:
            return name
    raise AssertionError("shares have no sum")


def figures(sendings: Sequence[Sending], metric: str) -> dict[str, tuple[int, int]]:
    """Variant → (how many were sent, in how many of them a person did it)."""
    found: dict[str, tuple[int, int]] = {}
    for one in sendings:
        sent, did = found.get(one.variant, (0, 0))
        if metric == "goal":
            done = one.goal
        else:  # whoever clicks has opened, though no picture was shown
            done = "person" in (one.clicked if metric == "clicked" else [*one.opened, *one.clicked])
        found[one.variant] = (sent + one.sent, did + (one.sent and done))
    return found


def verdict(found: Mapping[str, tuple[int, int]]) -> tuple[str, str]:
    """(winner, chance or few; who is ahead). Shares that are equal: the first of the map."""
    if min(sent for sent, _ in found.values()) < LEAST:
        return "few", ""
    ahead = max(found, key=lambda name: found[name][1] / found[name][0])
    others = [name for name in found if name != ahead]
    z = NormalDist().inv_cdf(1 - 0.05 / 2 / len(others))
    return ("winner" if all(_beats(found[ahead], found[name], z) for name in others) else "chance"), ahead


def _beats(one: tuple[int, int], other: tuple[int, int], z: float) -> bool:
    """Newcombe's interval of the difference lies above 0."""
    p, q = one[1] / one[0], other[1] / other[0]
    return p - q > sqrt((p - _bounds(*one, z)[0]) ** 2 + (_bounds(*other, z)[1] - q) ** 2)


def _bounds(n: int, did: int, z: float) -> tuple[float, float]:
    """Wilson's: the two shares t for which (did / n - t)² = z² t (1 - t) / n."""
    a, b, c = n + z * z, -(2 * did + z * z), did * did / n
    root = sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)

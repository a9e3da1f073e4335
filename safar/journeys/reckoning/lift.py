"""Lift: what a journey brought beyond its control group, with an interval. Pure.

People who were let in and people who were held out are two independent samples of one population (a hash decides, safar.lib.hashing),
so the difference of the shares that reached the goal is what the journey did. Its interval is Newcombe's hybrid score interval
(R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17, 1998, 873–890, method
10): Wilson's intervals of both shares, squared and added. It holds for small samples and shares near 0, where the usual one is far too short.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # 95 per cent
LEAST = 30  # people held out, below which nothing is said: one of them more or less would turn the sentence round


@dataclass(frozen=True)
class Group:
    """people: who came; reached: who of them came to the goal."""

    people: int
    reached: int

    @property
    def share(self) -> float:
        return self.reached / self.people


@dataclass(frozen=True)
class Lift:
    """difference, low, high: of shares (0.04: four of a hundred more). sure: the interval leaves 0 out. extra: people beyond what would have come."""

    let_in: Group
    held_out: Group
    difference: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        return self.low > 0 or self.high < 0

    @property
    def extra(self) -> int:
        return round(self.difference * self.let_in.people)


def lift_of(let_in: Group, held_out: Group, z: float = Z) -> Lift | None:
    """None where too few were let in or held out to say anything. z: how wide the interval is."""
    if min(let_in.people, held_out.people) < LEAST:
        return None
    p, q = let_in.share, held_out.share
    (l1, u1), (l2, u2) = wilson(let_in, z), wilson(held_out, z)
    low = p - q - sqrt((p - l1) ** 2 + (u2 - q) ** 2)
    high = p - q + sqrt((u1 - p) ** 2 + (q - l2) ** 2)
    return Lift(let_in, held_out, p - q, low, high)


def wilson(group: Group, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval of a share (E. B. Wilson, 1927)."""
    n, p = group.people, group.share
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)

"""Which of a sending's variants is ahead by its metric, and whether that can be relied on. Pure.

Variants are drawn by a hash, so their people are independent samples of one population, and the difference of two shares is told by the interval that
lift is told by. Of several the first is held against each of the others, and the intervals are the wider for it (Bonferroni): a winner is one that is
ahead of all. Nothing follows by itself: who gets which stays as it was drawn, and whoever edits the journey keeps the winner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

from safar.journeys.reckoning.lift import LEAST, Group, Lift, lift_of

WINNER, CHANCE, FEW = "winner", "chance", "few"


@dataclass(frozen=True)
class Leading:
    """verdict: WINNER; CHANCE, where it may be no more than that; FEW, where too few got one of them to say anything. name: of the one that is ahead;
    lift: over the nearest of the others. Both are missing with FEW.
    """

    verdict: str
    name: str = ""
    lift: Lift | None = None


def look_who_leads(groups: Mapping[str, Group]) -> Leading | None:
    """groups: variant → (to whom it was sent, who of them did what the metric is). None where there are not two."""
    if len(groups) < 2:
        return None
    if min(group.people for group in groups.values()) < LEAST:
        return Leading(FEW)
    first, *others = sorted(
        groups, key=lambda name: groups[name].share, reverse=True
    )  # the order of the map where shares are equal
    z = NormalDist().inv_cdf(1 - 0.025 / len(others))
    lifts = [lift for name in others if (lift := lift_of(groups[first], groups[name], z)) is not None]
    return Leading(WINNER if all(lift.low > 0 for lift in lifts) else CHANCE, first, lifts[0])

"""Who comes to a point of a walk: everybody, nobody, or those who decided so at an earlier point."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reach:
    """A union of (deciding point, number). A deciding point's number is 0 for whoever did not reach it, so the pair says it all."""

    pairs: frozenset[tuple[int, int]] = frozenset()
    everybody: bool = False

    @staticmethod
    def when(point: int, number: int) -> Reach:
        return Reach(frozenset({(point, number)}))

    def __or__(self, other: Reach) -> Reach:
        if self.everybody or other.everybody:
            return ALWAYS
        return Reach(self.pairs | other.pairs)

    def holds(self, decided: dict[int, int]) -> bool:
        """decided: deciding point → number, for one passage."""
        return self.everybody or any(decided.get(point, 0) == number for point, number in self.pairs)


ALWAYS = Reach(everybody=True)
NEVER = Reach()

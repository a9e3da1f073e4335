"""Faults in what people wrote: each with its place and, where one can be guessed, the mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. place: dotted path such as ``points.offer.paths.next``; line: 1-based or None."""

    place: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


@dataclass
class Faults:
    """Collects every fault of one reading, so that all are shown at once.

    ``at("points").at("offer")`` gives a collector that writes into the same list with a longer place.
    """

    place: str = ""
    found: list[Fault] = field(default_factory=list)

    def at(self, *names: str | int) -> Faults:
        place = ".".join([*([self.place] if self.place else []), *map(str, names)])
        return Faults(place, self.found)

    def add(self, message: str) -> None:
        self.found.append(Fault(self.place, message))

    def __bool__(self) -> bool:
        return bool(self.found)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.found)


class Refused(ValueError):
    """Input that is refused as a whole; ``faults`` says every reason."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "; did you mean 'thanks'?" or nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""

"""Faults in what people wrote: each with its place and, where one can be guessed, the mend.

They are said in English, by `said`; pages say the same words in their own language (``safar.console.faults``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches


class Said(str):
    """A text with what it was made of. words: with ``%(name)s`` for each of `values`; they are the code by which pages know it.

    Reads, compares and is written as the English text; a copy of it as plain `str` no longer knows its words.
    """

    __slots__ = ("values", "words")
    words: str
    values: Mapping[str, object]

    def __new__(cls, words: str, values: Mapping[str, object]) -> Said:
        made = super().__new__(cls, words % values)
        made.words, made.values = words, values
        return made

    def __reduce__(self) -> tuple[type[Said], tuple[str, dict[str, object]]]:
        return Said, (self.words, dict(self.values))

    def by(self, translate: Callable[[str], str], show: Callable[[object], object]) -> str:
        """In another language. translate: of words; show: of a value. Values that are said themselves are translated too."""
        shown = {
            name: value.by(translate, show) if isinstance(value, Said) else show(value)
            for name, value in self.values.items()
        }
        return translate(self.words) % shown


def said(words: str, /, **values: object) -> Said:
    """``said("there is no point '%(key)s'", key=key)``: literal words, so that the catalogs find them."""
    return Said(words, values)


def told(error: ValueError) -> str:
    """What was said of the error: ``str(error)`` would lose its words."""
    first = error.args[0] if error.args else ""
    return first if isinstance(first, str) else str(error)


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
    return said("; did you mean '%(word)s'?", word=close[0]) if close else ""

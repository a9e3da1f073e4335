"""Faults within bounds: all that a person can use, and no more than a machine may be made to compute."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from safar.lib.faults import Fault, Faults, Refused, said

MAX_FAULTS = 200
# A guess among 200 long names that resemble each other costs 50 ms. A file with more slips than this has another trouble.
MAX_GUESSES = 12
MAX_GUESSED = 80


class _EnoughError(Exception):
    """There are so many faults that reading on helps nobody."""


class _Bounded(list[Fault]):
    def append(self, fault: Fault, /) -> None:
        super().append(fault)
        if len(self) >= MAX_FAULTS:
            raise _EnoughError


@contextmanager
def collecting(placed: Callable[[Fault], Fault] = lambda fault: fault) -> Iterator[Faults]:
    """Gives a collector; at the end raises Refused with what it found, each fault by way of ``placed``.

    After 200 faults the block is left at once.
    """
    faults = Faults(found=_Bounded())
    try:
        yield faults
    except _EnoughError:
        more = Fault("", said("more than %(max_faults)s faults; the rest is not told", max_faults=MAX_FAULTS))
        raise Refused([*map(placed, faults), more]) from None
    if faults:
        raise Refused(map(placed, faults))


def guess(word: str, known: Collection[str], faults: Faults) -> str | None:
    """The known word that was meant, or None. Nothing is guessed for very long words, nor after 12 faults."""
    if len(word) > MAX_GUESSED or len(faults.found) >= MAX_GUESSES:
        return None
    return next(iter(get_close_matches(word, known, n=1)), None)


def mend(word: str, known: Collection[str], faults: Faults) -> str:
    """ "; did you mean 'thanks'?" or nothing."""
    meant = guess(word, known, faults)
    return said("; did you mean '%(word)s'?", word=meant) if meant else ""

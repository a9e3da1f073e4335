"""How a command ends when it cannot do what was asked.

Exit codes: 0 done · 1 it could not be done (no server, nothing under that name, books that do not close) · 2 what was
given is wrong (arguments, a faulty file, faulty environment values) · 130 interrupted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from safar.lib.faults import Fault, Refused

FAILED = 1
WRONG_INPUT = 2
INTERRUPTED = 130


class Failure(Exception):
    """Something a person has to read; no trace of calls is shown. ``mend`` says what to do about it."""

    def __init__(self, what: str, mend: str = "", code: int = FAILED) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend
        self.code = code


def refuse(message: str, *, place: str = "") -> NoReturn:
    """End with one fault of what was given."""
    raise Refused([Fault(place, message)])


def lines_of(faults: Iterable[Fault], *, source: str = "") -> list[str]:
    """One line a fault: ``welcome.yaml:12: points.offer.paths.next: there is no point 'thnaks'``."""
    lines = []
    for fault in faults:
        line = f":{fault.line}" if fault.line is not None else ""
        lines.append(f"{source}{line}: {fault}" if source else str(fault))
    return lines

"""Asking a shop over HTTP: patiently, since small hosts are slow and all of them limit how often one may ask; and only on the open Internet."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from safar.lib.calls import Answered, Call, Caller, CallFault, NotConnected, NotEncrypted
from safar.lib.faults import Fault, Refused, said
from safar.lib.outward import Forbidden, choose_address

SECONDS = 120.0  # for an answer: a small host computes a page of orders for a minute
LARGEST = 32_000_000  # bytes of an answer
TRIES = 6
LONGEST_WAIT = 120.0  # seconds between two tries, whatever the shop asks for
KEPT_OF_ANSWER = 200  # characters

Choose = Callable[[str, int], str]


class Asker:
    """Asks one shop. choose: (host, port) → the IP address that may be called. sleep: waits so many seconds, and may raise to end it all."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep, choose: Choose = choose_address) -> None:
        self._sleep = sleep
        self._caller = Caller(choose, seconds=SECONDS, largest=LARGEST)

    def ask(self, call: Call) -> tuple[Any, Mapping[str, str]]:
        """The answer's JSON, and its headers. Tries again where the shop is away, fails, or says that it is asked too often.

        Raises Refused in words for whoever connected the shop.
        """
        said_last: str = ""
        for turn in range(TRIES):
            wait = 2.0**turn
            try:
                answer = self._caller.call(call)
            except Forbidden:
                raise _refused(said("The address of the shop is not on the open Internet.")) from None
            except CallFault as fault:
                said_last = _why(fault)
            except ValueError:
                raise _refused(said("The address of the shop cannot be called.")) from None
            else:
                if answer.status in (200, 201):
                    return _json(answer), answer.headers
                said_last = f"{answer.status} {' '.join(answer.text.split())}"[:KEPT_OF_ANSWER]
                if answer.status in (401, 403):
                    raise Denied(
                        answer.status, [Fault("", said("The shop refuses the key: %(answer)s", answer=said_last))]
                    )
                if answer.status != 429 and answer.status < 500:
                    raise Strange(answer.status, [Fault("", said("The shop answers: %(answer)s", answer=said_last))])
                wait = _asked_to_wait(answer) or wait
            if turn < TRIES - 1:
                self._sleep(min(wait, LONGEST_WAIT))
        host = urlsplit(call.url).hostname or ""
        raise _refused(said("%(host)s does not answer: %(answer)s", host=host, answer=said_last))

    def close(self) -> None:
        self._caller.close()


class Strange(Refused):
    """The shop answers something else than was asked for."""

    def __init__(self, status: int, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.status = status


class Denied(Strange):
    """The shop does not let us."""


def _why(fault: CallFault) -> str:
    """What went wrong on the way, for whoever runs the shop."""
    if isinstance(fault, NotEncrypted):
        return said("no secure connection comes about; its certificate may have run out")
    if isinstance(fault, NotConnected):
        return said("there is nobody at its address")
    return said("it was asked, and the answer did not come in time")


def _refused(words: str) -> Refused:
    return Refused([Fault("", words)])


def _json(answer: Answered) -> Any:
    try:
        return json.loads(
            answer.body.removeprefix(b"\xef\xbb\xbf")
        )  # a plugin's stray mark before the answer is common
    except (ValueError, RecursionError):
        words = said(
            "The shop answers something that is no JSON: %(answer)s",
            answer=" ".join(answer.text.split())[:KEPT_OF_ANSWER],
        )
        raise _refused(words) from None


def _asked_to_wait(answer: Answered) -> float:
    try:
        return max(0.0, float(answer.headers.get("retry-after", "0")))
    except ValueError:  # a date: the ordinary wait does
        return 0.0

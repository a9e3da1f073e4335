"""What all providers that are called over HTTP have in common: a request, its end, and what a fault on the way means.

A provider says how a message is asked for (``request``) and what an answer means (``judge``); when something goes wrong before there is
an answer, the moment decides: nothing sent is the account's matter, half a request is "not now", a request without its answer is a doubt.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from safar.channels.provider import (
    Accepted,
    AccountRefused,
    Inbound,
    Line,
    NotNow,
    Parcel,
    Refused,
    Report,
    Unanswered,
    Verdict,
)
from safar.lib.calls import Answered, Call, Caller, NoAnswer, NotConnected, NotEncrypted, NotSent

OF_THIS_WAY = ("pattern", "content", "blacklisted")  # refusals that say nothing of the other way to say it
_WORDS = 300  # of an answer that is kept with a message


@dataclass(frozen=True, slots=True)
class Credit:
    """What is left of an account's money at a service. unit: rial, toman, parts (of an SMS), or a currency's code."""

    amount: str
    unit: str


class HttpLine(Line):
    """One connection to a service. A subclass with ``idempotent`` gives every message a number by which the service knows it again."""

    idempotent = False

    def __init__(self, caller: Caller | None = None) -> None:
        self.caller = caller or Caller()

    @abstractmethod
    def request(self, parcel: Parcel) -> Call:
        """The call that hands the message over."""

    @abstractmethod
    def judge(self, answer: Answered) -> Verdict:
        """What an answer means, whatever it is."""

    def hand_over(self, parcel: Parcel) -> Verdict:
        verdict = self._offer(parcel)
        if self.idempotent and isinstance(verdict, Unanswered):
            verdict = self._offer(parcel)  # the service knows the number: it says what became of the first
        if parcel.otherwise is None or not isinstance(verdict, Refused) or verdict.reason not in OF_THIS_WAY:
            return verdict
        other = self.hand_over(parcel.otherwise)
        return replace(other, otherwise=True) if isinstance(other, Accepted | Unanswered) else verdict

    def close(self) -> None:
        self.caller.close()

    # What only some services tell; see Provider.tells_credit and Provider.polls.

    def ask_credit(self) -> Credit | None:
        """Raises CallFault and ValueError."""
        return None

    def ask_reports(self, provider_ids: Sequence[str]) -> list[Report]:
        """What became of messages, the oldest first. About whatever it leaves out it did not ask: that is asked about again soon. Raises CallFault; ValueError
        where the answer makes no sense.
        """
        return []

    def ask_inbound(self) -> list[Inbound]:
        """What people have written to the account's lines lately, the oldest first; the same may come again. As ``ask_reports``."""
        return []

    def _offer(self, parcel: Parcel) -> Verdict:
        try:
            answer = self.caller.call(self.request(parcel))
        except NotEncrypted as fault:
            return AccountRefused("tls", str(fault))
        except NotConnected as fault:
            return AccountRefused("unreachable", str(fault))
        except NotSent as fault:
            return NotNow("line_lost", str(fault))
        except NoAnswer as fault:
            return Unanswered("no_answer", str(fault))
        except ValueError as fault:  # the address may not be called
            return AccountRefused("settings", str(fault)[:_WORDS])
        return self.judge(answer)


def read_json(answer: Answered) -> Any:
    """The body, or None where it is no JSON."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def moment_of(seconds: Any) -> datetime | None:
    """Of seconds since 1970; None where it is no such number."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 4e9:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def read_report(
    number: str, state: object, *, delivered: Collection[object], failed: Mapping[Any, str], said: str | None = None
) -> Report:
    """A service's own word for what became of a message. failed: word → reason; whatever stands in neither is under way. said: its words for it, where it
    has others.
    """
    words = str(state) if said is None else said
    if isinstance(state, str | int):
        if state in delivered:
            return Report(number, "delivered", said=words)
        if state in failed:
            return Report(number, "failed", failed[state], words)
    return Report(number, "waiting", said=words)


def words_of(answer: Answered, said: object = None) -> str:
    """``418 no credit``: what is kept with a message of an answer."""
    text = str(said) if said is not None else answer.text
    return f"{answer.status} {' '.join(text.replace(chr(0), '').split())}"[:_WORDS].strip()


def without_sense(answer: Answered, *, idempotent: bool = False) -> Verdict:
    """An answer that is not in the service's own language: by its status alone.

    A gateway that fails (5xx) may stand before a service that has taken the message: a doubt, but for a 503, and but for a service that
    knows the message again. What says 2xx in no language that we know is a doubt.
    """
    words = words_of(answer)
    if answer.status in (401, 403):
        return AccountRefused("login", words)
    if answer.status == 429:
        return AccountRefused("quota", words)
    if answer.status == 503 or (answer.status >= 500 and idempotent):
        return NotNow("service_down", words)
    if 300 <= answer.status < 500:
        return AccountRefused("settings", words)
    return Unanswered("strange_answer", words)

"""What a provider is: takes a finished message, returns a verdict value, and writes nothing.

A provider is one file in ``providers/``, found by its key. It classifies what the other side says into the five
verdicts and nothing else; what follows from a verdict is the dispatcher's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from safar.channels.settings import Sending
from safar.lib.kinds import find_kinds

MAILBOX = "mailbox"  # the provider that keeps everything here, and the mode in which it gets everything


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready for the wire."""

    channel: str  # email, sms
    workspace_id: int
    message_id: str  # Message-ID header for e-mail; our number for others
    sender: str  # envelope sender: a bare address
    address: str  # e-mail address or E.164 number
    source: bytes  # e-mail: RFC 5322 with CRLF; SMS: the text in UTF-8
    also: tuple[str, ...] = ()  # further recipients, of notices to the team


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it over. provider_id: its own number for it."""

    provider_id: str | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class NotNow:
    """A definite "not now" about this message: it was not taken, and may be offered again."""

    reason: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A definite and permanent refusal of this message."""

    reason: str  # bad_address, content, too_large, …
    said: str = ""


@dataclass(frozen=True, slots=True)
class AccountRefused:
    """Nothing is wrong with the message: the account, the sender or the line is. It was not taken.

    reason: a word of circuits.MENDS. everybody: it concerns the provider's account as a whole, not this workspace's
    sender.
    """

    reason: str
    said: str = ""
    everybody: bool = True


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The hand-over was complete or nearly so, and no answer came: it may or may not have been taken."""

    reason: str
    said: str = ""


Verdict = Accepted | NotNow | Refused | AccountRefused | Unanswered


class Line(ABC):
    """One connection to a provider: one message at a time is in flight on it. Not shared between threads."""

    @abstractmethod
    def hand_over(self, parcel: Parcel) -> Verdict:
        """Offer the message and classify the answer. Never raises for anything the other side can do."""

    def close(self) -> None:  # noqa: B027  # many providers hold no connection
        """End the connection, politely if that takes no time."""


class Provider(ABC):
    """A service that carries messages."""

    key: ClassVar[str] = ""
    label: ClassVar[Mapping[str, str]]
    channels: ClassVar[frozenset[str]]
    inside: ClassVar[bool] = False  # keeps messages in our own database: written with the state, so never in doubt

    @abstractmethod
    def open(self, sending: Sending) -> Line:
        """A line that connects when it is first used. Raises ValueError where the settings are not enough."""


@cache
def providers() -> Mapping[str, Provider]:
    """All providers by key."""
    return find_kinds("safar.channels.providers", Provider)  # type: ignore[type-abstract]


def outside(kinds: Mapping[str, Provider]) -> Mapping[str, str]:
    """channel → the provider that carries it out of the house; the first by key where several do."""
    found: dict[str, str] = {}
    for key, kind in kinds.items():
        for channel in kind.channels if not kind.inside else ():
            found.setdefault(channel, key)
    return found

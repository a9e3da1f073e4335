"""What a provider is: takes a finished message, returns a verdict value, and writes nothing.

A provider is one file in ``providers/``, found by its key. It classifies what the other side says into the five
verdicts and nothing else; what follows from a verdict is the dispatcher's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import ClassVar

from safar.channels.fields import Field
from safar.channels.settings import Sending
from safar.channels.sms.patterns import Pattern, PatternRules
from safar.lib.faults import Faults
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
    otherwise: Parcel | None = None  # the other way to say it, where the service refuses this one as such
    pattern: Pattern | None = None  # of an SMS that goes as one: source is then the text that it makes
    headers: Mapping[str, str] = field(default_factory=dict)  # of a webhook
    seconds: float = 0.0  # of a webhook: how long its answer is waited for, where the point says so


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it over. provider_id: its own number for it."""

    provider_id: str | None = None
    said: str = ""
    otherwise: bool = False  # it went as the parcel's ``otherwise``
    answer: bytes = b""  # of a webhook: what came back


@dataclass(frozen=True, slots=True)
class NotNow:
    """A definite "not now" about this message: it was not taken, and may be offered again. after: not sooner, where the service says so."""

    reason: str
    said: str = ""
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Refused:
    """A definite and permanent refusal of this message."""

    reason: str  # bad_address, content, too_large, …
    said: str = ""


@dataclass(frozen=True, slots=True)
class AccountRefused:
    """Nothing is wrong with the message: the account, the sender or the line is. It was not taken.

    reason: a word of mends.MENDS. everybody: it concerns the provider's account as a whole, not this workspace's
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
    otherwise: bool = False  # as the parcel's ``otherwise``


Verdict = Accepted | NotNow | Refused | AccountRefused | Unanswered


class Line(ABC):
    """One connection to a provider: one message at a time is in flight on it. Not shared between threads."""

    @abstractmethod
    def hand_over(self, parcel: Parcel) -> Verdict:
        """Offer the message and classify the answer. Never raises for anything the other side can do."""

    def close(self) -> None:  # noqa: B027  # many providers hold no connection
        """End the connection, politely if that takes no time."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a service says became of a message it had taken. state: delivered, failed, taken (it has it, and no more than that), or waiting (nothing new).

    reason: of one that failed; ``blacklisted`` where the reader, or the operator for the reader, has barred such messages.
    """

    provider_id: str
    state: str
    reason: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """What somebody has written to a line. sender: their number as the service writes it; id: the service's number for it, empty where it has none;
    at: when it came to the service, where it says so."""

    sender: str
    text: str
    line: str = ""
    id: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """A workspace's own account at a provider. settings: what is no secret; sealed: the rest (``sealing``)."""

    workspace_id: int
    channel: str
    provider: str
    settings: Mapping[str, str]
    sealed: bytes | None = field(default=None, repr=False)
    version: str = ""


def account_of(provider: str, own: Own | None) -> str:
    """What circuits call an account: the installation's and a workspace's own at the same provider are two, and each destination is one."""
    return f"{provider}:{own.channel.partition(':')[2] or 'own'}" if own else provider


class Provider(ABC):
    """A service that carries messages: by the installation's account (``open``), or by one that a workspace has (``fields``,
    ``open_own``).
    """

    key: ClassVar[str] = ""
    label: ClassVar[Mapping[str, str]]
    channels: ClassVar[frozenset[str]]
    inside: ClassVar[bool] = False  # keeps messages in our own database: written with the state, so never in doubt
    fields: ClassVar[tuple[Field, ...]] = ()  # what a workspace's account is opened with; none: workspaces have none
    tells_credit: bool = False  # its lines are HttpLines that tell what is left of the account's money
    polls: int = 0  # its lines can be asked what became of so many messages at once; 0: they cannot
    hears: bool = False  # it calls us when something became of a message (``hear``)
    tells_inbound: ClassVar[bool] = False  # it calls us when somebody has written to a line (``hear_inbound``)
    patterns: PatternRules | None = None  # what it takes of approved patterns; None: it sends free texts only
    asks_inbound: bool = False  # its lines are HttpLines that can be asked what people have written
    reporting: ClassVar[Mapping[str, str]] = {}  # how a service is told where to call, in words
    spf: ClassVar[str] = ""  # what a service wants included in the sender's SPF record
    selectors: ClassVar[tuple[str, ...]] = ()  # under which such services commonly put their DKIM keys
    signs: ClassVar[bool] = False  # e-mail is signed by us (DKIM): the service signs nothing

    def open(self, sending: Sending) -> Line:
        """A line of the installation's account, that connects when it is first used. Raises ValueError where the settings are not
        enough."""
        raise ValueError(f"{self.key} is a service of workspaces: the installation has no account there")

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        """A line of a workspace's account. settings: by the names of ``fields``, the secret ones in clear."""
        raise ValueError(f"a workspace has no account of its own at {self.key}")

    def of(self, settings: Mapping[str, str]) -> Provider:
        """This one as an account with such settings (without the secret ones) has it: what it can do may depend on them."""
        return self

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:  # noqa: B027  # most need no more than their fields say
        """Add what is wrong with settings that are all there."""

    def hear(
        self, settings: Mapping[str, str], url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Report | None:
        """What a call of the service's says; None where it is not proved to come from there. url: as the service called it; headers by
        their lower-case names."""
        return None

    def hear_inbound(
        self, settings: Mapping[str, str], url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Inbound | None:
        """What somebody has written to a line, as ``hear``. The address itself is a secret between the service and us."""
        return None

    def carries(self, sending: Sending) -> bool:
        """Whether the installation has an account here."""
        return not self.fields


@cache
def providers() -> Mapping[str, Provider]:
    """All providers by key."""
    return find_kinds("safar.channels.providers", Provider)


def outside(kinds: Mapping[str, Provider], sending: Sending) -> Mapping[str, str]:
    """channel → the provider by which the installation carries it out of the house; the first by key where several do."""
    found: dict[str, str] = {}
    for key, kind in kinds.items():
        for channel in kind.channels if kind.carries(sending) and not kind.inside else ():
            found.setdefault(channel, key)
    return found

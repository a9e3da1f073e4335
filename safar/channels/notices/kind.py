"""What a kind of destination is: where the team hears, and how it is spoken to there. A kind is one file in ``kinds/``.

E-mail and SMS leave by the workspace's own way for that channel; a messenger has a line of its own.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping, Sequence
from functools import cache
from typing import ClassVar

from safar.channels.fields import Field
from safar.channels.provider import Line
from safar.lib.faults import Faults
from safar.lib.kinds import find_kinds

CHANNEL = "destination"  # of what leaves by a line of a destination's own; each has a queue of its own (destination:12)
PREFIX = f"{CHANNEL}:"
TEST = ":test"  # ends the queue of tests, which goes on while the destination is paused


class DestinationKind(ABC):
    """channel: of the workspace's own way, or empty. most: notices that a digest tells whole; longest: characters of one."""

    key: ClassVar[str] = ""
    icon: ClassVar[str]
    label: ClassVar[Mapping[str, str]]
    help: ClassVar[Mapping[str, str]]
    fields: ClassVar[tuple[Field, ...]]
    channel: ClassVar[str] = ""
    most: ClassVar[int] = 8
    longest: ClassVar[int] = 250
    links: ClassVar[bool] = True  # each notice has the contact's address beside it

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:  # noqa: B027  # some need no more than their fields say
        """Add what is wrong with settings that are all there."""

    def readers(self, settings: Mapping[str, str]) -> Sequence[Sequence[str]]:
        """Addresses, for each message of a digest; empty where it has none of its own."""
        return ()

    def open(self, settings: Mapping[str, str]) -> Line:
        """A line of its own. settings: the secret ones in clear. Raises ValueError where they are not enough."""
        raise ValueError(f"{self.key} leaves by the workspace's own service")


@cache
def kinds() -> Mapping[str, DestinationKind]:
    """All kinds by key."""
    return find_kinds("safar.channels.notices.kinds", DestinationKind)


def queue_of(kind: DestinationKind, number: int, *, test: bool = False) -> str:
    """The queue, as the outbox has it, of what is told at a destination."""
    return kind.channel or f"{PREFIX}{number}{TEST if test else ''}"


def number_of(queue: str) -> int | None:
    """The destination that a queue belongs to; None where it is one of the workspace's channels."""
    number = queue.removeprefix(PREFIX).removesuffix(TEST)
    return int(number) if queue.startswith(PREFIX) and number.isdecimal() else None

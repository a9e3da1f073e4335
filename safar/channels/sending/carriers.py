"""By what a message leaves: a provider and the account at it, the installation's or a workspace's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from psycopg import Connection

from safar.channels.provider import MAILBOX, Line, Own, Provider, account_of, outside
from safar.channels.services.own import opened, read_owns
from safar.channels.settings import Sending
from safar.outbox.claim import Queue


@dataclass(frozen=True, slots=True)
class Carrier:
    """provider: its key. Lines and circuits belong to a carrier: two accounts at one provider share neither.

    version: of a workspace's own account; its lines end when what it is opened with changes.
    """

    provider: str
    workspace_id: int = 0  # whose account; 0: the installation's
    version: str = ""
    own: Own | None = field(default=None, compare=False, repr=False)
    signs: bool = field(default=False, compare=False)  # we sign what leaves by it (DKIM)
    queue: str = ""  # of calls to one address: it has lines and a circuit of its own

    @property
    def account(self) -> str:
        """The name that its circuits stand under."""
        return self.queue or account_of(self.provider, self.own)

    @property
    def apart(self) -> bool:
        """It is a workspace's alone: it has few lines, which end when they are not used."""
        return self.own is not None or bool(self.queue)

    @property
    def own_channel(self) -> str:
        """The channel of a workspace's own account, or of an address that it calls; empty: the account is the installation's."""
        return self.own.channel if self.own else self.queue.partition(":")[0]

    def open(self, kind: Provider, sending: Sending) -> Line:
        """A line. Raises ValueError where the settings are not enough, or cannot be unsealed."""
        if self.own is None:
            return kind.open(sending)
        return kind.open_own(sending, self.own, opened(self.own, sending.secret_keys))


KEPT = Carrier(MAILBOX)
NOTED = Carrier("notices")  # what is told to the team is put down here, and told by digests


def read_carriers(
    conn: Connection[Any], workspace_id: int, *, kinds: Mapping[str, Provider], sending: Sending
) -> Mapping[str, Carrier]:
    """channel → by what it leaves the house; a workspace's own goes before the installation's. A channel that is missing stays."""
    found = {channel: Carrier(key, signs=kinds[key].signs) for channel, key in outside(kinds, sending).items()}
    for channel, own in read_owns(conn, workspace_id).items():
        if own.provider in kinds:
            found[channel] = Carrier(own.provider, workspace_id, own.version, own, kinds[own.provider].signs)
    return found


def for_queue(carriers: Mapping[str, Carrier], queue: Queue) -> Mapping[str, Carrier]:
    """The same; where the queue is of one address, with a carrier of that address alone."""
    if queue.channel == queue.kind or queue.kind not in carriers:
        return carriers
    its = replace(carriers[queue.kind], workspace_id=queue.workspace_id, queue=queue.channel)
    return {**carriers, queue.kind: its}

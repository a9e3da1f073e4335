"""What messages cost, exactly: parts × price as both were when each was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg import Connection

from safar.outbox.statements import statement


@dataclass(frozen=True, slots=True)
class Cost:
    """One point of one journey on one channel; journey_id 0 and point None are tests. Amounts: the workspace's currency.

    messages, parts, cost: what went out. kept, kept_cost: what the mailbox kept, and what it would have cost; nobody is paid for it.
    unpriced, kept_unpriced: of these, those whose line had no price, and which the amounts leave out.
    """

    journey_id: int
    point: str | None
    channel: str
    messages: int
    parts: int
    cost: Decimal
    unpriced: int
    kept: int
    kept_cost: Decimal
    kept_unpriced: int

    @property
    def known(self) -> Decimal | None:
        """What was paid, and what would have been for what was kept, together; None where no message has a price."""
        if self.unpriced == self.messages and self.kept_unpriced == self.kept:
            return None
        return self.cost + self.kept_cost


def read_costs(
    conn: Connection[Any],
    workspace_id: int,
    journey_id: int | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Cost]:
    """A line for each journey, point and channel with a message that went out; of one journey where it is named."""
    asked = {"workspace_id": workspace_id, "journey_id": journey_id, "since": since, "until": until}
    return [Cost(*row) for row in conn.execute(statement("costs"), asked).fetchall()]

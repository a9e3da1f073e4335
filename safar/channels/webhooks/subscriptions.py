"""Addresses that a workspace has told of events: made, changed, taken away. The engine reads them (``Listener``) and puts a call into the outbox for
every event of their names, in the transaction that applies it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from safar.channels.webhooks.addresses import check_url, queue_of
from safar.events.names import MAX_NAME
from safar.lib.faults import Fault, Faults, Refused, said

MOST, MOST_NAMES = 20, 100
EVERYTHING = "*"
# What became of messages, as the page offers it: word → names of events.
STATES: Mapping[str, tuple[str, ...]] = {
    "sent": ("message_sent",),
    "delivered": ("message_delivered",),
    "opened": ("email_opened",),
    "clicked": ("email_clicked", "sms_clicked"),
    "bounced": ("message_bounced",),
    "complained": ("message_complained",),
    "failed": ("message_failed",),
    "unsubscribed": ("unsubscribed",),
}


@dataclass(frozen=True)
class Subscription:
    id: int
    url: str
    names: tuple[str, ...]
    active: bool

    @property
    def states(self) -> tuple[str, ...]:
        """Words of STATES all of whose names it has."""
        return tuple(word for word, names in STATES.items() if set(names) <= set(self.names))

    @property
    def others(self) -> tuple[str, ...]:
        """Its names beside those."""
        known = {name for word in self.states for name in STATES[word]}
        return tuple(name for name in self.names if name not in known)


@dataclass(frozen=True)
class Listener:
    """What the engine needs: exact names, and beginnings of names (the empty one is of all)."""

    id: int
    url: str
    queue: str
    names: tuple[str, ...]
    beginnings: tuple[str, ...]


def list_subscriptions(conn: Connection[Any], workspace_id: int) -> list[Subscription]:
    """In the order they were made."""
    rows = conn.execute(
        "SELECT id, url, names, active FROM webhook_subscription WHERE workspace_id = %s ORDER BY id", (workspace_id,)
    )
    return [Subscription(id, url, tuple(names), active) for id, url, names, active in rows]


def read_names(text: str, states: Iterable[str] = ()) -> list[str]:
    """What a form says: names one a line, beside ticked words of STATES."""
    written = [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]
    named = [name for word in states for name in STATES.get(word, ())]
    return list(dict.fromkeys([*filter(None, written), *named]))


def save_subscription(
    conn: Connection[Any],
    workspace_id: int,
    *,
    url: str,
    names: Sequence[str],
    id: int | None = None,
    active: bool = True,
) -> int:
    """A new one, or one that is there. Its number. Raises Refused with every fault at ``url`` or ``names``; KeyError where there is no such one."""
    _check(url, names)
    given = {"workspace": workspace_id, "url": url, "queue": queue_of(url), "names": list(names), "active": active}
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(hashtext('webhook_subscription'), %s)", (workspace_id,))
        known = [one.id for one in list_subscriptions(conn, workspace_id)]
        if id is None:
            if len(known) >= MOST:
                raise Refused([Fault("", said("there may be at most %(most)s addresses", most=MOST))])
            id = max(known, default=0) + 1
        elif id not in known:
            raise KeyError(id)
        conn.execute(
            "INSERT INTO webhook_subscription (workspace_id, id, url, queue, names, active) VALUES (%(workspace)s, %(id)s, %(url)s, %(queue)s, %(names)s,"
            " %(active)s) ON CONFLICT (workspace_id, id) DO UPDATE SET url = EXCLUDED.url, queue = EXCLUDED.queue, names = EXCLUDED.names,"
            " active = EXCLUDED.active",
            {**given, "id": id},
        )
    return id


def drop_subscription(conn: Connection[Any], workspace_id: int, id: int) -> bool:
    """What is queued for it goes out all the same. False where there is none."""
    gone = conn.execute(
        "DELETE FROM webhook_subscription WHERE workspace_id = %s AND id = %s RETURNING 1", (workspace_id, id)
    ).fetchone()
    return gone is not None


def read_listeners(conn: Connection[Any]) -> Mapping[int, tuple[Listener, ...]]:
    """Of all workspaces that have any."""
    found: dict[int, list[Listener]] = defaultdict(list)
    for workspace_id, id, url, queue, names in conn.execute(
        "SELECT workspace_id, id, url, queue, names FROM webhook_subscription WHERE active ORDER BY workspace_id, id"
    ):
        exact = tuple(name for name in names if not name.endswith(EVERYTHING))
        beginnings = tuple(name.removesuffix(EVERYTHING) for name in names if name.endswith(EVERYTHING))
        found[workspace_id].append(Listener(id, url, queue, exact, beginnings))
    return {workspace_id: tuple(some) for workspace_id, some in found.items()}


def _check(url: str, names: Sequence[str]) -> None:
    faults = Faults()
    check_url(url, faults.at("url"))
    place = faults.at("names")
    if not names:
        place.add(said("say at least one event; * stands for all of them"))
    elif len(names) > MOST_NAMES:
        place.add(said("there may be at most %(most)s events", most=MOST_NAMES))
    for name in names:
        if not name.isprintable() or len(name) > MAX_NAME or EVERYTHING in name[:-1]:
            place.add(said("‘%(name)s’ is no name of events: a * may only stand at its end", name=name[:50]))
    if faults:
        raise Refused(faults)

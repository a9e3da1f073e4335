"""Somebody who sends events as long as one lets them, whatever happens to the database, and remembers what was accepted."""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

import psycopg

from safar.events.accept import Door, accept
from safar.events.message import Accepted, check_message
from safar.lib.faults import Faults
from safar.postgres.connections import connect

NAMES = ("sara", "ali", "mina")
MERGED = ("m-", "a-")  # how the ids of those begin who become one after a while
Message = dict[str, Any]


class Feeder:
    """Two threads with a session each, for the same people, so that commits overtake each other."""

    def __init__(self, url: str, workspace: int, seed: int) -> None:
        self.url, self.workspace, self.seed = url, workspace, seed
        self.accepted: dict[str, Message] = {}
        self._numbers = count(1)
        self._people: deque[str] = deque(maxlen=9)
        self._orders: deque[tuple[str, str]] = deque(maxlen=6)
        self._stop = threading.Event()
        self._faults: list[BaseException] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """As long as the block lasts; at its end everything that was begun is accepted."""
        self._stop.clear()
        threads = [threading.Thread(target=self._feed, args=(self.seed + n,)) for n in range(2)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(120)
        assert not any(thread.is_alive() for thread in threads)
        assert not self._faults, self._faults

    def _feed(self, seed: int) -> None:
        try:
            luck = random.Random(seed)
            conn, door = None, Door()
            while not self._stop.is_set():
                batch = [message for _ in range(luck.randint(1, 4)) for message in self._think_of(luck)]
                twice = 2 if luck.random() < 0.1 else 1  # a sender that did not hear the answer
                while twice:
                    try:
                        conn = conn or connect(self.url, application_name="safar tests feeder")
                        done = accept(conn, self.workspace, [checked(m) for m in batch], trusted=True, door=door)
                        assert done.accepted + done.repeated == len(batch)
                        twice -= 1
                    except psycopg.OperationalError:  # nobody knows whether it was committed: again
                        conn, door = None, Door()
                        self._stop.wait(0.2)
                self.accepted.update({message["messageId"]: message for message in batch})
                self._stop.wait(luck.uniform(0.02, 0.2))
        except BaseException as fault:
            self._faults.append(fault)

    def _think_of(self, luck: random.Random) -> list[Message]:
        """One thing that somebody does, as messages."""
        chance = luck.random()
        if chance < 0.25 or not self._people:
            return self._somebody_new(luck)
        who = luck.choice(self._people)
        if chance < 0.75:
            return [self._track(who, "Product Viewed", {"price": luck.randrange(1, 90)})]
        if chance < 0.88:
            order = f"o-{next(self._numbers)}"
            self._orders.append((who, order))
            return [self._track(who, "Order Completed", {"order_id": order, "total": luck.randrange(100, 9900) / 100})]
        if chance < 0.96 and self._orders:
            who, order = luck.choice(self._orders)
            return [self._track(who, "Order Shipped", {"order_id": order})]
        return [self._track(who, "Left Us", {})]

    def _somebody_new(self, luck: random.Random) -> list[Message]:
        number = next(self._numbers)
        if luck.random() < 0.1:  # seen without a name first, known by another: the two become one
            user, anonymous = f"m-{number}", f"a-{number}"
            return [
                self._message("track", event="Product Viewed", anonymousId=anonymous),
                self._message("track", event="Product Viewed", userId=user),
                self._message("identify", userId=user, anonymousId=anonymous, traits={}),
            ]
        user = f"{luck.choice(NAMES)}-{number}"
        self._people.append(user)
        traits = {"email": f"{user}@people.example", "first_name": user.split("-")[0].title()}
        return [self._message("identify", userId=user, traits=traits, context={"consent": {"email": "given"}})]

    def _track(self, who: str, event: str, properties: dict[str, Any]) -> Message:
        return self._message("track", userId=who, event=event, properties=properties)

    def _message(self, kind: str, **said: Any) -> Message:
        return {"type": kind, "messageId": f"message-{next(self._numbers)}", **said}


def checked(message: Message) -> Accepted:
    """As the API checks it, for a key that is trusted."""
    faults = Faults()
    accepted = check_message(message, faults, received=datetime.now(UTC), trusted=True)
    assert accepted is not None, faults.found
    return accepted

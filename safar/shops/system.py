"""What a shop system is: one file in ``systems/`` that says its settings, how its deliveries are proved, and what they mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from safar.channels.fields import Field, Words
from safar.lib.faults import Faults, said
from safar.lib.kinds import find_kinds
from safar.shops.asking import Asker
from safar.shops.body import Part
from safar.shops.saying import Saying

Headers = Mapping[str, str]  # by their names in small letters
Says = Callable[[Saying, Part, datetime], None]  # puts what a body says into the saying; the moment: when it was told


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing that a shop tells. id: by which it is known again; empty where the shop gives none. at: when it says that it happened."""

    id: str
    topic: str
    body: Any
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a shop's past, as deliveries. cursor: where the next begins; None: there is no more. total: of all pages, where it is told.
    beside: what belongs to them and is counted by nobody."""

    deliveries: Sequence[Delivery]
    cursor: str | None
    total: int | None = None
    beside: Sequence[Delivery] = ()


class System(ABC):
    """A shop system. key and label as everywhere; fields: what has to be told of a shop of this system to connect it."""

    key: ClassVar[str]
    label: ClassVar[Words]
    help: ClassVar[Words]
    fields: ClassVar[tuple[Field, ...]]
    steps: ClassVar[
        Mapping[str, Sequence[str]]
    ]  # language → what to do in the shop, in order; {address} and {secret} are put in
    secret: ClassVar[str] = "secret"  # which setting deliveries are signed with
    has_plugin: ClassVar[bool] = False  # a ZIP of ours that is uploaded there (safar.shops.plugin)
    resources: ClassVar[
        Sequence[str]
    ] = ()  # what can be fetched of its past, in this order: products before the orders that name them
    topics: ClassVar[Mapping[str, Says]]  # what a delivery tells of → what says it
    topic_header: ClassVar[str]  # which header says the topic
    id_header: ClassVar[str]  # which header says by which id the delivery is known again
    signature: ClassVar[str]  # header with base64 of HMAC-SHA256 over the body as it came

    @abstractmethod
    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        """What no single setting says for itself. Adds faults."""

    def site(self, settings: Mapping[str, str]) -> str:
        """Where the shop's pages are: https://shop.example."""
        return settings.get("url", "").rstrip("/")

    def proves(self, headers: Headers, body: bytes, secret: str) -> bool:
        """Whether whoever knows the secret sent this body. In constant time."""
        made = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
        given = headers.get(self.signature, "").strip().encode("latin-1", "replace")
        return bool(secret) and hmac.compare_digest(made, given)

    def is_greeting(self, headers: Headers, body: bytes) -> bool:
        """Whether this is what the system sends, unsigned, to see that somebody is there. It says nothing."""
        return False

    def deliveries(self, headers: Headers, body: Any, faults: Faults) -> list[Delivery]:
        """What one request tells, in order."""
        topic = headers.get(self.topic_header.lower(), "").strip()
        if not topic:
            faults.at(self.topic_header).add(said("is missing"))
        if not isinstance(body, dict):
            faults.add(said("has to be an object"))
        return [Delivery(headers.get(self.id_header.lower(), "").strip(), topic, body, self.told_at(headers))]

    def told_at(self, headers: Headers) -> datetime | None:
        """When a request says that it happened; None where none of this system says it."""
        return None

    def translate(self, delivery: Delivery, saying: Saying, part: Part) -> bool:
        """Say it in the house's words; False where the topic is none that means anything here. Faults go into part.faults."""
        says = self.topics.get(delivery.topic)
        if says is not None:
            says(saying, part, delivery.at or saying.received)
        return says is not None

    def can_fetch(self, settings: Mapping[str, str]) -> bool:
        """Whether the past can be asked for. settings: all, or those that are no secret with the names of those that are."""
        return False

    def opened(self, asker: Asker, settings: Mapping[str, str], address: str) -> Mapping[str, str]:
        """The settings with what has to be asked for first, such as a token for an hour; also the moment to ask for webhooks to `address`.
        Raises Refused."""
        return settings

    @abstractmethod
    def page(self, asker: Asker, settings: Mapping[str, str], resource: str, cursor: str) -> Page:
        """The page of a resource that begins at the cursor; empty: the first. Raises Refused."""


@cache
def systems() -> Mapping[str, System]:
    """By key."""
    return find_kinds("safar.shops.systems", System)  # type: ignore[type-abstract]

"""A request of a shop, taken: proved, read, said in the house's words; and the parcel that goes into the inbox with it.

What a delivery said before is left out in the parcel's own transaction, so two processes that get one delivery at once say it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec
from psycopg import Connection

from safar.contacts.products import keep_products
from safar.events.accept import Parcel
from safar.events.jobs.queue import put_job, start_job
from safar.events.message import Accepted, check_size
from safar.events.reading import check_value
from safar.lib.faults import Faults, Refused
from safar.shops.body import Part, read_body
from safar.shops.connecting import Shop
from safar.shops.correcting import find_corrections
from safar.shops.enriching import with_pictures
from safar.shops.saying import Saying
from safar.shops.stocking import keep_stock
from safar.shops.system import Delivery, Headers

PRIVACY = "shop_privacy"  # the job that does what a customer asked the shop for: to be told, to be erased
_NEW = """
INSERT INTO shop_delivery (shop_id, id, workspace_id, topic, said)
SELECT %s, d.id, %s, d.topic, d.said FROM unnest(%s::text[], %s::text[], %s::integer[]) AS d(id, topic, said) ORDER BY d.id
ON CONFLICT DO NOTHING RETURNING id
"""
_SAID = """
INSERT INTO shop_said (shop_id, said, workspace_id) SELECT %s, s, %s FROM unnest(%s::text[]) AS s ORDER BY s
ON CONFLICT DO NOTHING RETURNING said
"""
_GONE = "UPDATE shop SET gone_at = now() WHERE id = %s AND gone_at IS NULL"


@dataclass(frozen=True)
class Told:
    """One delivery and what it says."""

    id: str
    topic: str
    saying: Saying


@dataclass
class Taken:
    """What a request, or a page of the past, says. fetched: it was asked for, so no delivery is put down of it."""

    shop: Shop
    told: list[Told] = field(default_factory=list)
    fetched: bool = False

    def parcel(self) -> Parcel:
        messages = [message for one in self.told for message in one.saying.messages]
        return Parcel(self.shop.workspace_id, messages, self.first)

    def first(self, conn: Connection[Any], messages: Sequence[Accepted]) -> list[Accepted]:
        """In the transaction that accepts: which of the messages go on, and what else the deliveries ask for."""
        new = self.told if self.fetched else self._new(conn)
        lasting = sorted({said for one in new for said in one.saying.lasting})
        fresh: set[str] = set()
        if lasting:
            fresh = {
                said for (said,) in conn.execute(_SAID, (self.shop.id, self.shop.workspace_id, lasting)).fetchall()
            }
        totals = [total for one in new for total in one.saying.totals]
        old = {one.said for one in totals} - find_corrections(conn, self.shop.here, totals, fresh)
        going = []
        for one in new:
            for message in one.saying.messages:
                if message.message_id in old:
                    continue
                if message.message_id not in one.saying.lasting:
                    going.append(message)
                elif message.message_id in fresh:
                    fresh.discard(message.message_id)
                    going.append(message)
        products = [product for one in new for product in one.saying.products]
        keep_products(conn, products)
        items, levels = ([said for one in new for said in getattr(one.saying, name)] for name in ("items", "levels"))
        keep_stock(conn, self.shop.here, products, items, levels)
        for one in new:
            self._asked_for(conn, one.saying)
        return with_pictures(conn, self.shop.workspace_id, going)

    def _new(self, conn: Connection[Any]) -> list[Told]:
        first = {one.id: one for one in reversed(self.told)}
        rows = [
            (one.id, one.topic, len(one.saying.messages) + len(one.saying.products) + len(one.saying.levels))
            for one in first.values()
        ]
        columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
        made = conn.execute(_NEW, (self.shop.id, self.shop.workspace_id, *columns)).fetchall()
        new = {id for (id,) in made}
        return [one for one in self.told if one.id in new and first[one.id] is one]

    def _asked_for(self, conn: Connection[Any], saying: Saying) -> None:
        here = self.shop.here
        for wish, people in (("erase", saying.redact), ("tell", saying.asked_for)):
            for who in people:
                asked = {"wish": wish, "shop": self.shop.id, "names": list(who.names(here)[:4])}
                job = put_job(conn, workspace_id=here.workspace_id, kind=PRIVACY, by=self.shop.name, asked=asked)
                start_job(conn, workspace_id=here.workspace_id, job=job, asked={})
        if saying.gone:
            conn.execute(_GONE, (self.shop.id,))


def take(shop: Shop, headers: Headers, body: bytes, received: datetime) -> Taken:
    """A proved request, said in the house's words. Raises Refused with every fault and its place."""
    faults = Faults()
    deliveries = shop.kind.deliveries(headers, read_body(body, faults), faults)
    if faults:
        raise Refused(faults)
    taken = Taken(shop)
    for number, delivery in enumerate(deliveries):
        place = faults.at("deliveries", number, "body") if len(deliveries) > 1 else faults
        taken.told.append(tell(shop, delivery, place, received))
    if faults:
        raise Refused(faults)
    return taken


def tell(shop: Shop, delivery: Delivery, place: Faults, received: datetime) -> Told:
    """One delivery, with its faults added at its place."""
    saying = Saying(shop.here, received)
    shop.kind.translate(delivery, saying, Part(delivery.body, place))
    for message in saying.messages:  # what a shop says at length, PostgreSQL and the inbox have to take
        for value in (message.properties, message.traits):
            check_value(value, place)
            check_size(value, place)
    return Told(delivery.id or _hash(delivery), delivery.topic[:100], saying)


def _hash(delivery: Delivery) -> str:
    return blake2b(delivery.topic.encode() + msgspec.json.encode(delivery.body), digest_size=16).hexdigest()

"""What one delivery of a shop says, in the house's words: messages for the inbox, products for the catalogue, and what else it asks for.

A message's messageId is made from what it tells of (this order completed, that refund), never from the delivery: so it is said once, however
often, in whatever order and by whichever way the shop says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from safar.contacts.names import MAX_ID, Names, fold_email, fold_phone
from safar.contacts.products import ShopProduct
from safar.events.message import MAX_MESSAGE_ID, Accepted
from safar.events.names import ALIAS, HISTORY_NAMES, IDENTIFY, TRACK
from safar.shops.words import ORDER_CORRECTED

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Here:
    """A shop as far as a translation has to know it.

    name: stands before its customers' ids, since nobody knows which numbers other systems of the business use. prefix: stands before ids
    of orders and products; empty for a workspace's first shop, so that they are those its site and its people know.
    """

    id: int
    workspace_id: int
    name: str
    prefix: str = ""
    site: str = ""  # https://shop.example, without a slash at its end
    currency: str = ""

    def said(self, what: str) -> str:
        """A messageId."""
        whole = f"shop:{self.id}:{what}"
        return whole if len(whole) <= MAX_MESSAGE_ID else f"shop:{self.id}:{blake2b(what.encode()).hexdigest()}"

    def item(self, id: str) -> str:
        """An order or a product, as events name it."""
        return f"{self.prefix}{id}" if id else ""


@dataclass(frozen=True, slots=True)
class Who:
    """Whom something is said of. customer: the shop's number of them. cart, order: what else names them, so that what is said of the cart
    or of the order alone is theirs too. email, phone: as typed, the phone as E.164."""

    customer: str = ""
    email: str = ""
    phone: str = ""
    cart: str = ""
    order: str = ""
    visitor: str = ""  # an anonymousId that the site gave

    @property
    def known(self) -> bool:
        """Whether somebody is named, and not only a thing of theirs."""
        return bool(self.customer or self.email or self.phone)

    def names(self, here: Here) -> Names:
        """What is surely theirs."""
        return Names(
            f"{here.name}:{self.customer}"[:MAX_ID] if self.customer else None,
            None,
            fold_email(self.email) if "@" in self.email else None,
            fold_phone(self.phone),
        )

    def aliases(self, here: Here) -> list[str]:
        """anonymousIds of what is theirs as long as it is nobody else's, the one that says least of a person last."""
        found = (
            ("", self.visitor),
            (f"{here.name}:cart:", self.cart),
            (f"{here.name}:order:", self.order),
        )
        return [f"{before}{id}" for before, id in found if id]


@dataclass(frozen=True, slots=True)
class Total:
    """What an order was worth at a moment. said: messageId of the correction that says so; completed: of the order itself."""

    order: str
    total: Decimal
    currency: str
    at: datetime
    said: str
    completed: str


@dataclass(frozen=True, slots=True)
class Item:
    """A variant of a product as the product tells of it. told: how many there are in all; counted: whether anybody counts; sold_on: also
    when there is nothing left; shown: whether the product can be seen."""

    item: str
    product: str
    told: int
    counted: bool
    sold_on: bool
    shown: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Level:
    """How many of an item lie at one place; a number of the shop each."""

    item: str
    place: str
    available: int
    at: datetime


@dataclass
class Saying:
    """Filled by a shop system's translation. lasting: messageIds that are remembered for good and not for 35 days, because what they
    say twice would count twice."""

    here: Here
    received: datetime
    messages: list[Accepted] = field(default_factory=list)
    lasting: set[str] = field(default_factory=set)
    totals: list[Total] = field(default_factory=list)  # of the orders; those of them that are news are corrections
    products: list[ShopProduct] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    gone: bool = False  # the shop took itself off: its secrets are of no more use
    redact: list[Who] = field(default_factory=list)  # people to be erased
    asked_for: list[Who] = field(default_factory=list)  # people who asked what is kept of them
    notes: list[str] = field(default_factory=list)

    def person(
        self,
        who: Who,
        *,
        about: str,
        at: datetime,
        traits: Mapping[str, Any] | None = None,
        consent: Mapping[str, str] | None = None,
        words: str = "",
    ) -> None:
        """Who somebody is, and that a cart, an order, a visitor is theirs: only where that was nobody's yet. words: that were agreed to."""
        given = {name: value for name, value in (traits or {}).items() if value not in (None, "", [])}
        names = who.names(self.here)
        if names[:4] == (None, None, None, None):
            return
        if names.email:
            given["email"] = names.email
        if names.phone:
            given["phone"] = names.phone
        said = f"{about}:{_stamp(at)}:{_mark(given, consent)}"
        proof = (
            {"method": "shop", "text_version": words} if consent and words else {"method": "shop"} if consent else None
        )
        self._put(IDENTIFY, names, said, at, {}, traits=given, consent=dict(consent) if consent else None, proof=proof)
        for alias in who.aliases(self.here):
            theirs = names._replace(previous=alias[:MAX_ID], alias=True, trusted=False)
            self._put(ALIAS, theirs, f"{said}:{alias}", at, {"previousId": alias[:MAX_ID]})

    def event(
        self, name: str, who: Who, *, about: str, at: datetime, properties: Mapping[str, Any], lasting: bool = True
    ) -> None:
        """Something that happened to somebody. about: what it tells of, within this shop; the same words mean the same event."""
        names = who.names(self.here)
        if names[:4] == (None, None, None, None) and (aliases := who.aliases(self.here)):
            names = names._replace(anonymous=aliases[-1][:MAX_ID])
        if names[:4] == (None, None, None, None):
            return
        given = {key: value for key, value in properties.items() if value not in (None, "", [])}
        said = self._put(TRACK, names, about, at, given, name=name)
        if lasting:
            self.lasting.add(said)

    def total(self, who: Who, total: Decimal, *, completed: str, at: datetime, properties: Mapping[str, Any]) -> None:
        """What the order of `who` is worth as of a moment, which is said where an earlier telling had it otherwise. completed: the `about`
        of the order itself."""
        given = {name: properties[name] for name in ("order_id", "number", "total", "currency") if properties.get(name)}
        currency = str(given.get("currency", ""))
        about = f"order:{who.order}:total:{_stamp(at)}:{total:f}:{currency}"
        self.event(ORDER_CORRECTED, who, about=about, at=at, properties={"total": 0, **given}, lasting=False)
        said = self.here.said(about)
        self.totals.append(Total(who.order, total, currency, at, said, self.here.said(completed)))

    def _put(
        self,
        type: str,
        names: Names,
        about: str,
        at: datetime,
        properties: Json,
        *,
        name: str = "",
        proof: Json | None = None,
        **more: Any,
    ) -> str:
        said, name = self.here.said(about), name or HISTORY_NAMES[type]
        moment, context = min(at, self.received), {"shop": self.here.name, **({"proof": proof} if proof else {})}
        self.messages.append(Accepted(type, name, names, moment, properties, context=context, message_id=said, **more))
        return said


def _stamp(at: datetime) -> str:
    return str(int(at.timestamp() * 1_000_000))


def _mark(traits: Mapping[str, Any], consent: Mapping[str, str] | None) -> str:
    """Two states of one moment are two sayings."""
    return blake2b(repr((sorted(traits.items(), key=str), consent)).encode(), digest_size=6).hexdigest()

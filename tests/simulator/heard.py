"""Starting points of a live shop that are events: what is heard by its name, consents and topics, orders (docs/semantics.md 55 to 57)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import shop
from .conditions import where_holds
from .model import Contact, Event
from .values import Json, operator_holds, same

Start = dict[str, Any]
Entry = dict[str, Json]

HEARD = {
    "form_submitted": ("form_submitted",),
    "sms_keyword": ("sms_received",),
    "message_sent": ("message_sent",),
    "email_opened": ("email_opened",),
    "email_clicked": ("email_clicked",),
    "message_bounced": ("message_bounced",),
    "link_clicked": ("email_clicked", "sms_clicked", "link_clicked"),
    "payment_failed": ("Payment Failed",),
    "webhook_received": ("webhook_received",),
}
ASKED = ("form", "keyword", "line", "template", "journey", "channel", "hook")


def entry_of(contact: Contact, event: Event, point: Start) -> Entry | None:
    """The entry properties if the event is what the starting point starts on; None as well for kinds that are not of these."""
    kind = point["kind"]
    if kind in HEARD:
        return event.properties if event.name in HEARD[kind] and _is_asked(point, event.properties) else None
    judge = JUDGES.get(kind)
    return judge(contact, event, point) if judge else None


def _is_asked(point: Start, properties: Entry) -> bool:
    if any(name in point and not same(properties.get(name), point[name]) for name in ASKED):
        return False
    if "url" in point and not operator_holds("contains", properties.get("url"), point["url"]):
        return False
    return where_holds(point.get("where"), properties, properties)


def _signed_up_sms(contact: Contact, event: Event, point: Start) -> Entry | None:
    return event.properties if event.said.get("sms") == "given" else None


def _unsubscribed(contact: Contact, event: Event, point: Start) -> Entry | None:
    channels = [point["channel"]] if "channel" in point else ["email", "sms"]
    gone = any(event.said.get(channel) == "withdrawn" for channel in channels)
    return event.properties if gone or ("channel" not in point and event.left_every_topic) else None


def _topic(contact: Contact, event: Event, point: Start) -> Entry | None:
    wanted = "joined" if point["kind"] == "topic_joined" else "left"
    return {"topic": point["topic"]} if event.said.get(f"topic:{point['topic']}") == wanted else None


def _first_order(contact: Contact, event: Event, point: Start) -> Entry | None:
    if not event.ordered:
        return None
    others = [past for past in contact.history if past.name == shop.COMPLETED and past.seq < event.seq]
    return None if others else event.properties


def _ordered_product(contact: Contact, event: Event, point: Start) -> Entry | None:
    products = event.properties.get("products")
    if not event.ordered or not isinstance(products, list):
        return None
    return event.properties if any(_is_product(point, one) for one in products) else None


def _is_product(point: Start, product: Json) -> bool:
    if not isinstance(product, dict):
        return False
    if "product" in point and not any(
        same(_digits(product.get(key)), point["product"]) for key in ("product_id", "sku")
    ):
        return False
    return "category" not in point or same(product.get("category"), point["category"])


def _digits(value: Json) -> Json:
    """A number as its digits."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _order_status(contact: Contact, event: Event, point: Start) -> Entry | None:
    if event.name != "Order Updated" or not same(event.properties.get("status"), point["status"]):
        return None
    key = shop.order_key(event.properties)
    earlier = [
        past
        for past in contact.history
        if past.name == "Order Updated"
        and past.seq < event.seq
        and key is not None
        and shop.order_key(past.properties) == key
    ]
    was = max(earlier, key=lambda past: past.seq).properties.get("status") if earlier else None
    if earlier and same(was, point["status"]):
        return None
    if "from" in point and not (earlier and same(was, point["from"])):
        return None
    return event.properties


JUDGES: dict[str, Callable[[Contact, Event, Start], Entry | None]] = {
    "signed_up_sms": _signed_up_sms,
    "unsubscribed": _unsubscribed,
    "topic_joined": _topic,
    "topic_left": _topic,
    "first_order": _first_order,
    "ordered_product": _ordered_product,
    "order_status": _order_status,
}

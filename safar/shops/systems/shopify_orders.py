"""Shopify's orders, refunds, payments and parcels, in the house's events.

An order is said from whatever tells of it (created, updated, paid, cancelled): each of its sayings is made from the order alone, so that it
does not matter which delivery comes first or gets lost.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from safar.lib.faults import said
from safar.shops.body import Part, first_of, money
from safar.shops.saying import Json, Saying, Who
from safar.shops.systems.shopify_read import read_line, read_traits, read_who, texts
from safar.shops.words import (
    CANCELLED,
    COMPLETED,
    FAILED,
    ON_HOLD,
    ORDER_CANCELLED,
    ORDER_COMPLETED,
    ORDER_REFUNDED,
    ORDER_UPDATED,
    PARTLY_SHIPPED,
    PAYMENT_FAILED,
    PROCESSING,
    REFUNDED,
    SHIPPED,
)

PAID = {"pending": ON_HOLD, "voided": FAILED, "expired": FAILED, "refunded": REFUNDED}
SENT = {"fulfilled": SHIPPED, "partial": PARTLY_SHIPPED}


def say_order(saying: Saying, body: Part, at: datetime) -> None:
    id, total = body.id("id"), body.amount("total_price", needed=True)
    placed = body.moment("processed_at", "created_at", needed=True)
    if body.faults or placed is None or total is None or body.true("test"):
        return
    changed = first_of(body.moment("updated_at"), placed)
    customer, billing = body.part("customer"), body.part("billing_address")
    who = read_who(body, customer, cart=body.text("cart_token"), order=id)
    if not who.known:  # sold at a till to nobody in particular
        return
    consent = {"email": "given"} if body.true("buyer_accepts_marketing") and who.email else None
    traits = read_traits(customer, billing) | {"locale": body.text("customer_locale")}
    saying.person(who, about=f"order:{id}:who", at=placed, traits=traits, consent=consent)
    given = _order_properties(saying, body, id)
    saying.event(ORDER_COMPLETED, who, about=f"order:{id}:completed", at=placed, properties=given)
    saying.total(who, total, completed=f"order:{id}:completed", at=max(changed, placed), properties=given)
    for refund in body.parts("refunds"):
        say_refund(saying, refund, at, who)
    cancelled = body.moment("cancelled_at")
    if cancelled:
        why = given | {"reason": body.text("cancel_reason")}
        saying.event(ORDER_CANCELLED, who, about=f"order:{id}:cancelled", at=cancelled, properties=why)
    status = _status(body, bool(cancelled))
    saying.event(
        ORDER_UPDATED,
        who,
        about=f"order:{id}:is:{status}",
        at=max(changed, placed),
        properties=given | {"status": status} | _parcel(body),
    )


def _order_properties(saying: Saying, body: Part, id: str) -> Json:
    shipping = body.part("total_shipping_price_set").part("shop_money").amount("amount")
    if shipping is None:
        shipping = sum((line.amount("price") or Decimal(0) for line in body.parts("shipping_lines")), Decimal(0))
    codes = [said for code in body.parts("discount_codes") if (said := code.text("code"))]
    return {
        "order_id": saying.here.item(id),
        "number": body.text("name", "order_number"),
        "total": money(body.amount("total_price")),
        "subtotal": money(body.amount("subtotal_price")),
        "tax": money(body.amount("total_tax")),
        "shipping": money(shipping),
        "discount": money(body.amount("total_discounts")),
        "coupon": next(iter(codes), ""),
        "coupons": codes,
        "currency": body.text("currency") or saying.here.currency,
        "payment_method": body.text("gateway") or next(iter(texts(body.value.get("payment_gateway_names"))), ""),
        "order_url": body.address("order_status_url"),
        "products": [read_line(saying, line) for line in body.parts("line_items")],
    }


def _status(body: Part, cancelled: bool) -> str:
    if cancelled:
        return CANCELLED
    paid, sent = body.text("financial_status"), body.text("fulfillment_status")
    return PAID[paid] if paid == "refunded" else SENT.get(sent) or PAID.get(paid, PROCESSING)


def _parcel(body: Part) -> Json:
    last = next(iter(reversed(body.parts("fulfillments"))), Part(None, body.faults))
    return {"tracking_number": last.text("tracking_number"), "tracking_url": last.address("tracking_url")}


def say_refund(saying: Saying, body: Part, at: datetime, whose: Who | None = None) -> None:
    id, order = body.id("id"), whose.order if whose else body.text("order_id")
    if not order:
        body.faults.at("order_id").add(said("is missing"))
    if body.faults:
        return
    paid = [one for one in body.parts("transactions") if one.text("kind") == "refund"]
    lines = body.parts("refund_line_items")
    if paid:
        amounts = [one.amount("amount") for one in paid if one.text("status") in ("success", "")]
    else:
        amounts = [one.amount(name) for one in lines for name in ("subtotal", "total_tax")]
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    if total <= 0:
        return  # put back on the shelf, or still under way: no money went back
    currency = next((one.text("currency") for one in paid if one.text("currency")), "") or saying.here.currency
    given = {
        "order_id": saying.here.item(order),
        "refund_id": id,
        "total": money(total),
        "currency": currency,
        "reason": body.text("note"),
        "products": [read_line(saying, one.part("line_item"), one.whole("quantity")) for one in lines],
    }
    moment = first_of(body.moment("processed_at", "created_at"), at)
    saying.event(
        ORDER_REFUNDED, whose or Who(order=order), about=f"order:{order}:refund:{id}", at=moment, properties=given
    )


def say_payment(saying: Saying, body: Part, at: datetime) -> None:
    """A try to pay. What worked is told by the order."""
    id, order = body.id("id"), body.id("order_id")
    if (
        body.faults
        or body.text("status") not in ("failure", "error")
        or body.text("kind") not in ("sale", "authorization")
    ):
        return
    given = {
        "order_id": saying.here.item(order),
        "total": money(body.amount("amount")),
        "currency": body.text("currency") or saying.here.currency,
        "payment_method": body.text("gateway"),
        "reason": body.text("message", "error_code"),
    }
    moment = first_of(body.moment("processed_at", "created_at"), at)
    saying.event(PAYMENT_FAILED, Who(order=order), about=f"payment:{id}", at=moment, properties=given)


def say_fulfillment(saying: Saying, body: Part, at: datetime) -> None:
    """Where the parcel is; that it was sent is told by the order."""
    order = body.id("order_id")
    if body.faults or body.text("shipment_status") != "delivered":
        return
    given = {
        "order_id": saying.here.item(order),
        "status": COMPLETED,
        "tracking_number": body.text("tracking_number"),
        "tracking_url": body.address("tracking_url"),
    }
    moment = first_of(body.moment("updated_at"), at)
    saying.event(ORDER_UPDATED, Who(order=order), about=f"order:{order}:is:{COMPLETED}", at=moment, properties=given)

"""WooCommerce's orders and refunds, in the house's events: each saying is made from the order as it is, whichever delivery brings it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from safar.lib.faults import said
from safar.shops.body import Part, first_of, money
from safar.shops.saying import Json, Saying, Who
from safar.shops.systems.woocommerce_read import read_line, read_meta, read_traits, read_who
from safar.shops.words import (
    CANCELLED,
    CHECKOUT_STARTED,
    FAILED,
    ORDER_CANCELLED,
    ORDER_COMPLETED,
    ORDER_REFUNDED,
    ORDER_UPDATED,
    PAYMENT_FAILED,
    PENDING,
    REFUNDED,
)

DRAFTS = {"checkout_draft", "draft", "auto_draft", "trash"}
UNPAID = {PENDING, FAILED, CANCELLED}
PROMISED = {"bacs", "cheque", "cod"}  # ways to pay that stand as an order before there is any money


def say_order(saying: Saying, body: Part, at: datetime) -> None:
    """An order as it is now. A draft is nothing yet; one that waits for its payment is a checkout."""
    id, total = body.id("id"), body.amount("total", needed=True)
    made = body.moment("date_created_gmt", "date_created", needed=True)
    paid = body.moment("date_paid_gmt")
    status = body.text("status").removeprefix("wc-").replace("-", "_") or PENDING
    if body.faults or made is None or total is None or status in DRAFTS:
        return
    changed = max(first_of(body.moment("date_modified_gmt"), made), made)
    who = read_who(body, id)
    if not who.known:
        return
    traits, words = read_traits(body.part("billing")), read_meta(body).get("_safar_consent_text", "")
    saying.person(who, about=f"order:{id}:who", at=made, traits=traits, consent=_consent(body), words=words)
    given = _properties(saying, body, id)
    pay = body.address("payment_url") or _pay_link(saying, body, id)
    if status not in UNPAID or paid:
        promised = paid is None or body.text("payment_method") in PROMISED
        about = f"order:{id}:completed" if promised else f"order:{id}:paid"
        saying.event(ORDER_COMPLETED, who, about=about, at=made if promised or paid is None else paid, properties=given)
        saying.total(who, total, completed=about, at=changed, properties=given)
    elif status == PENDING:
        began = {**given, "value": money(total), "checkout_url": pay}
        saying.event(CHECKOUT_STARTED, who, about=f"order:{id}:checkout", at=made, properties=began)
    elif status == FAILED:
        failed = {**given, "pay_url": pay}
        saying.event(PAYMENT_FAILED, who, about=f"order:{id}:failed", at=changed, properties=failed)
    _say_refunds(saying, body, who, status, changed)
    if status == CANCELLED:
        saying.event(ORDER_CANCELLED, who, about=f"order:{id}:cancelled", at=changed, properties=given)
    about = f"order:{id}:is:{status}"
    saying.event(ORDER_UPDATED, who, about=about, at=changed, properties={**given, "status": status})


def say_refund(saying: Saying, body: Part, at: datetime) -> None:
    """A refund by itself, as the REST API has it; its order stands in ``parent_id``, or at the end of its link up."""
    body.id("id")
    order = body.text("order_id", "parent_id")
    for up in body.part("_links").parts("up"):
        order = order or up.address("href").rpartition("/")[2]
    if not order:
        body.faults.at("parent_id").add(said("is missing"))
    if body.faults:
        return
    moment = first_of(body.moment("date_created_gmt"), at)
    _say_refund(saying, Who(order=order), body, body, moment)


def _say_refunds(saying: Saying, body: Part, who: Who, status: str, at: datetime) -> None:
    refunds = body.parts("refunds")
    for one in refunds:
        if one.text("id"):
            _say_refund(saying, who, body, one, at)
    if status == REFUNDED and not refunds:  # all of it: no amount says so
        given = {"order_id": saying.here.item(who.order)}
        saying.event(ORDER_REFUNDED, who, about=f"order:{who.order}:refunded", at=at, properties=given)


def _say_refund(saying: Saying, who: Who, order: Part, body: Part, at: datetime) -> None:
    """order: where the currency stands."""
    amount, id = body.amount("amount", "total"), body.text("id")
    if not amount:
        return
    given = {
        "order_id": saying.here.item(who.order),
        "refund_id": id,
        "total": money(abs(amount)),
        "currency": order.text("currency") or saying.here.currency,
        "reason": body.text("reason", "refund"),
    }
    saying.event(ORDER_REFUNDED, who, about=f"refund:{id}", at=at, properties=given)


def _properties(saying: Saying, body: Part, id: str) -> Json:
    lines = body.parts("line_items")
    codes = [said for line in body.parts("coupon_lines") if (said := line.text("code"))]
    subtotals = [amount for line in lines if (amount := line.amount("subtotal")) is not None]
    return {
        "order_id": saying.here.item(id),
        "number": body.text("number"),
        "total": money(body.amount("total")),
        "subtotal": money(sum(subtotals, Decimal(0))) if subtotals else None,
        "tax": money(body.amount("total_tax")),
        "shipping": money(body.amount("shipping_total")),
        "discount": money(body.amount("discount_total")),
        "coupon": next(iter(codes), ""),
        "coupons": codes,
        "currency": body.text("currency") or saying.here.currency,
        "payment_method": body.text("payment_method_title", "payment_method"),
        "products": [read_line(saying, line) for line in lines],
    }


def _consent(body: Part) -> dict[str, str] | None:
    """What was ticked at the checkout, where our plugin asked for it."""
    ticked = read_meta(body).get("_safar_consent", "").split(",")
    return {channel: "given" for channel in ("email", "sms") if channel in ticked} or None


def _pay_link(saying: Saying, body: Part, id: str) -> str:
    key = body.text("order_key")
    return f"{saying.here.site}/checkout/order-pay/{id}/?pay_for_order=true&key={key}" if key else ""

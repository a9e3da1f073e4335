"""A payment did not go through."""

from __future__ import annotations

from safar.journeys.hearing import WHERE, Hearing


class PaymentFailed(Hearing):
    key = "payment_failed"
    icon = "credit-card-off"
    label = {"en": "Payment failed", "fa": "پرداخت ناموفق"}
    help = {
        "en": "The shop reports a payment that failed. With `one_per: order_id` once for each order.",
        "fa": "فروشگاه از پرداختی ناموفق خبر می‌دهد. با `one_per: order_id` برای هر سفارش یک بار.",
    }
    parameters = (WHERE,)
    example = {"where": {"total": {"at_least": 500000}}}
    names = ("Payment Failed",)
    said = ("a payment failed", "پرداختی ناموفق بود")

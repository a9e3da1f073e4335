"""Somebody has begun to check out and did not finish."""

from __future__ import annotations

from safar.journeys.pausing import Paused


class CheckoutAbandoned(Paused):
    key = "checkout_abandoned"
    icon = "credit-card-refund"
    label = {"en": "Checkout abandoned", "fa": "تسویه‌حساب رهاشده"}
    help = {
        "en": "A checkout was begun, and since its last step no order has been completed for this long. Once for each pause.",
        "fa": "تسویه‌حساب آغاز شد و از آخرین گام آن این مدت گذشته و سفارشی کامل نشده است. برای هر وقفه یک بار.",
    }
    begins = ("Checkout Started", "Checkout Step Viewed", "Checkout Step Completed", "Payment Info Entered")
    ends = ("Order Completed",)
    said = ("left a checkout for {}", "تسویه‌حساب را {} رها کرد")

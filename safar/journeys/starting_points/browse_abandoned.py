"""Somebody has looked at a product and went away."""

from __future__ import annotations

from safar.journeys.pausing import Paused


class BrowseAbandoned(Paused):
    key = "browse_abandoned"
    icon = "eye-off"
    label = {"en": "Browse abandoned", "fa": "تماشای بی‌نتیجه"}
    help = {
        "en": "A product was looked at, and nothing was put into the cart or bought since, for this long. Once for each pause.",
        "fa": "محصولی دیده شد و از آن پس این مدت چیزی به سبد نرفت و خریدی نشد. برای هر وقفه یک بار.",
    }
    begins = ("Product Viewed",)
    ends = ("Product Added", "Cart Updated", "Checkout Started", "Order Completed")
    said = ("looked at a product and did nothing for {}", "محصولی را دید و {} کاری نکرد")

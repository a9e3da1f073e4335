"""The status of an order has changed in the shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.hearing import optional, property_is
from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.words import choose, quoted
from safar.segments.lookups import rows
from safar.segments.reading import Reading

UPDATED = "Order Updated"


class OrderStatus(EventStart):
    key = "order_status"
    icon = "truck-delivery"
    label = {"en": "Order status", "fa": "وضعیت سفارش"}
    help = {
        "en": "The shop says that an order has got this status, such as shipped. Saying the same again counts for nothing.",
        "fa": "فروشگاه خبر داد که سفارشی این وضعیت را گرفت، مانند shipped. خبر تکراری به شمار نمی‌آید.",
    }
    parameters = (
        Parameter(
            "status",
            "text",
            {"en": "Status", "fa": "وضعیت"},
            {"en": "As the shop calls it.", "fa": "همان نامی که فروشگاه می‌گوید."},
        ),
        optional(
            "from",
            "text",
            ("From", "از"),
            ("Only where it had this status before.", "فقط اگر پیش‌تر این وضعیت را داشت."),
        ),
    )
    example = {"status": "shipped"}

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({f"event:{UPDATED}"})

    def matches(self, p: Params, r: Reading) -> Composable:
        """What the order was before is in the history: the latest news of it, as it was applied."""
        earlier = rows(
            "event",
            SQL(
                "v.name = 'Order Updated' AND v.seq < t.seq AND jsonb_typeof(t.properties -> 'order_id') IN ('string', 'number')"
                " AND coalesce(safar_same(v.properties -> 'order_id', t.properties -> 'order_id'), false) ORDER BY v.seq DESC LIMIT 1"
            ),
            r,
        )
        now = property_is("status", "is", p["status"])
        tests = [
            SQL("t.name = 'Order Updated'"),
            now.holds(SQL("t.properties"), r),
            SQL("NOT coalesce((SELECT {} {}), false)").format(now.holds(SQL("v.properties"), r), earlier),
        ]
        if "from" in p:
            was = property_is("status", "is", p["from"]).holds(SQL("v.properties"), r)
            tests.append(SQL("coalesce((SELECT {} {}), false)").format(was, earlier))
        return SQL("({})").format(SQL(" AND ").join(tests))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        status = quoted(p["status"], language)
        said = choose(language, f"an order became {status}", f"سفارشی {status} شد")
        if p.get("from") is None:
            return said
        was = quoted(p["from"], language)
        return choose(language, f"{said}, having been {was}", f"{said} که پیش‌تر {was} بود")

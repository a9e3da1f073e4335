"""A contact has bought a certain product, or one of a category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.hearing import optional, property_is
from safar.journeys.kinds import EventStart, Params
from safar.journeys.words import choose, listed, quoted
from safar.lib.faults import Faults, said
from safar.segments.reading import Reading


class OrderedProduct(EventStart):
    key = "ordered_product"
    icon = "package"
    label = {"en": "Ordered a product", "fa": "سفارش یک محصول"}
    help = {
        "en": "An order has been completed that holds this product, or one of this category; once for each order.",
        "fa": "سفارشی کامل شد که این محصول، یا محصولی از این دسته، در آن است؛ برای هر سفارش یک بار.",
    }
    parameters = (
        optional(
            "product",
            "text",
            ("Product", "محصول"),
            ("Its number in the shop (product_id), or its sku.", "شمارهٔ آن در فروشگاه (product_id) یا کد کالا (sku)."),
        ),
        optional(
            "category", "text", ("Category", "دسته"), ("As the shop calls it.", "نام دسته، همان که فروشگاه می‌گوید.")
        ),
    )
    example = {"category": "shoes"}

    def check(self, p: Params, faults: Faults) -> None:
        if "product" not in p and "category" not in p:
            faults.add(said("name a product or a category"))

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({"ordered"})

    def matches(self, p: Params, r: Reading) -> Composable:
        """All that is given must hold of one and the same product of the order. Some shops say their numbers as texts, some as numbers."""
        item = SQL("v.item")
        tests: list[Composable] = []
        if "product" in p:
            numbers = SQL("jsonb_build_object('product_id', {i} ->> 'product_id', 'sku', {i} ->> 'sku')").format(i=item)
            ways = [property_is(name, "is", p["product"]).holds(numbers, r) for name in ("product_id", "sku")]
            tests.append(SQL("({} OR {})").format(*ways))
        if "category" in p:
            tests.append(property_is("category", "is", p["category"]).holds(item, r))
        return SQL(
            "(t.ordered AND EXISTS (SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(t.properties -> 'products') = 'array'"
            " THEN t.properties -> 'products' ELSE '[]' END) v (item) WHERE jsonb_typeof(v.item) = 'object' AND {}))"
        ).format(SQL(" AND ").join(tests))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        parts = []
        if p.get("product") is not None:
            product = quoted(p["product"], language)
            parts.append(choose(language, f"the product {product}", f"محصول {product}"))
        if p.get("category") is not None:
            category = quoted(p["category"], language)
            parts.append(choose(language, f"something of {category}", f"چیزی از دستهٔ {category}"))
        what = listed(parts, language)
        return choose(language, f"bought {what}", f"{what} خرید")

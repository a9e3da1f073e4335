"""The stock of products in shops that count by places: a telling is of one place of one variant, and of all of them together by the product.

Of each place the latest telling counts, so order and doubles do not matter. Their sum is the stock once the places that are known are all there
are, which is seen by their making up what the product says; until then the product's own word counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from safar.contacts.products import MOST_STOCK, ShopProduct
from safar.shops.saying import Here, Item, Level

_ITEMS = """
INSERT INTO shop_stock AS s (shop_id, item, workspace_id, product_id, told, told_at, counted, sold_on, shown) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (shop_id, item) DO UPDATE SET product_id = EXCLUDED.product_id, told = EXCLUDED.told, told_at = EXCLUDED.told_at,
    counted = EXCLUDED.counted, sold_on = EXCLUDED.sold_on, shown = EXCLUDED.shown
WHERE s.told_at IS NULL OR s.told_at <= EXCLUDED.told_at
"""
_GONE = "DELETE FROM shop_stock WHERE shop_id = %s AND product_id = %s AND told_at < %s AND NOT item = ANY (%s::text[])"
_LEVELS = """
INSERT INTO shop_stock AS s (shop_id, item, workspace_id, levels) VALUES (%(shop)s, %(item)s, %(workspace)s, %(levels)s)
ON CONFLICT (shop_id, item) DO UPDATE SET levels = s.levels || EXCLUDED.levels
WHERE coalesce((s.levels -> %(place)s ->> 1)::bigint, 0) <= %(at)s
"""
_SUM = "(SELECT coalesce(sum((l.value ->> 0)::integer), 0) FROM jsonb_each(s.levels) l)"
_LAST = "(SELECT to_timestamp(max((l.value ->> 1)::bigint) / 1000000.0) FROM jsonb_each(s.levels) l)"
_WHOLE = f"""
UPDATE shop_stock s SET whole = CASE WHEN {_SUM} = s.told THEN true WHEN s.told_at >= {_LAST} THEN false ELSE s.whole END
WHERE s.shop_id = %s AND s.item = ANY (%s::text[]) AND s.told IS NOT NULL AND s.levels <> '{{}}'
"""
_PRODUCTS = f"""
UPDATE product p SET stock = n.stock, available = n.available
FROM (
    SELECT i.product_id, CASE WHEN bool_and(i.counted) THEN greatest(least(sum(i.n), {MOST_STOCK}), -{MOST_STOCK})::integer END AS stock,
        bool_and(i.shown) AND (NOT bool_and(i.counted) OR sum(i.n) > 0 OR bool_or(i.sold_on)) AS available
    FROM (SELECT s.product_id, s.counted, s.sold_on, s.shown, CASE WHEN s.whole AND {_LAST} > s.told_at THEN {_SUM} ELSE coalesce(s.told, 0) END AS n
        FROM shop_stock s WHERE s.shop_id = %(shop)s AND s.product_id IN (
            SELECT t.product_id FROM shop_stock t WHERE t.shop_id = %(shop)s AND t.item = ANY (%(items)s::text[]))) i
    GROUP BY i.product_id
) n
WHERE p.workspace_id = %(workspace)s AND p.id = n.product_id AND (p.stock, p.available) IS DISTINCT FROM (n.stock, n.available)
"""


def keep_stock(
    conn: Connection[Any], here: Here, products: Sequence[ShopProduct], items: Sequence[Item], levels: Sequence[Level]
) -> None:
    """In the transaction of a delivery, after ``products.keep_products``. items: of the products; of a product that has none what was
    counted before is forgotten."""
    if not items and not levels and not products:
        return
    with conn.cursor() as cursor:
        for product in products:
            theirs = [one.item for one in items if one.product == product.id]
            cursor.execute(_GONE, (here.id, product.id, product.shop_at, theirs))
        cursor.executemany(
            _ITEMS,
            [
                (
                    here.id,
                    one.item,
                    here.workspace_id,
                    one.product,
                    one.told,
                    one.at,
                    one.counted,
                    one.sold_on,
                    one.shown,
                )
                for one in sorted(items, key=lambda one: (one.item, one.at))
            ],
        )
        for level in sorted(levels, key=lambda one: (one.item, one.at)):
            at = int(level.at.timestamp() * 1_000_000)
            said = f'{{"{level.place}": [{level.available}, {at}]}}'
            asked = {
                "shop": here.id,
                "item": level.item,
                "workspace": here.workspace_id,
                "place": level.place,
                "at": at,
            }
            cursor.execute(_LEVELS, {**asked, "levels": said})
        touched = sorted({one.item for one in items} | {one.item for one in levels})
        if touched:
            cursor.execute(_WHOLE, (here.id, touched))
            cursor.execute(_PRODUCTS, {"shop": here.id, "workspace": here.workspace_id, "items": touched})

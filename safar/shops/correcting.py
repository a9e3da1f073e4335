"""Totals of orders that a later telling corrects: an order is edited, and what it is worth changes with it.

A body tells of an order as it is, and not of what was told before. So what was told at last is kept, and only what is news is said: an older
telling that comes late, or the same one again, says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from psycopg import Connection

from safar.shops.saying import Here, Total

_BEGIN = """
INSERT INTO shop_total (shop_id, order_id, workspace_id) SELECT %s, o, %s FROM unnest(%s::text[]) AS o ON CONFLICT DO NOTHING
"""
# Locked in the order of their keys, so that two processes wait for each other and never in a circle.
_READ = """
SELECT order_id, total, currency, at FROM shop_total WHERE shop_id = %s AND order_id = ANY (%s::text[]) ORDER BY order_id FOR UPDATE
"""
_KEEP = """
UPDATE shop_total t SET total = n.total, currency = n.currency, at = n.at
FROM unnest(%s::text[], %s::numeric[], %s::text[], %s::timestamptz[]) AS n(order_id, total, currency, at)
WHERE t.shop_id = %s AND t.order_id = n.order_id
"""


def find_corrections(conn: Connection[Any], here: Here, totals: Sequence[Total], fresh: Set[str]) -> set[str]:
    """messageIds of the corrections that are to be said, in the transaction that accepts them. fresh: of the orders that are said in it for
    the first time, whose total needs none."""
    if not totals:
        return set()
    orders = sorted({one.order for one in totals})
    conn.execute(_BEGIN, (here.id, here.workspace_id, orders))
    known = {order: rest for order, *rest in conn.execute(_READ, (here.id, orders)).fetchall()}
    going = set()
    for one in totals:
        total, currency, at = known[one.order]
        if at is not None and one.at < at:
            continue
        if one.completed not in fresh if at is None else (total, currency) != (one.total, one.currency):
            going.add(one.said)
        known[one.order] = [one.total, one.currency, one.at]
    columns = [list(column) for column in zip(*((order, *rest) for order, rest in known.items()), strict=True)]
    conn.execute(_KEEP, (*columns, here.id))
    return going

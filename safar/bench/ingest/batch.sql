-- What the floor will write, worked out beforehand from the inbox as it is. Called by apply.py, not measured; one statement after the other.
DROP TABLE IF EXISTS bench_batch, bench_facts;

CREATE UNLOGGED TABLE bench_batch AS
SELECT i.*, to_json(i.properties ->> 'order_id')::text AS order_id, (i.properties ->> 'total')::numeric AS total, i.properties -> 'products' AS items
FROM inbox i ORDER BY lane, id;

CREATE UNLOGGED TABLE bench_facts AS
SELECT lane, bucket, contact_id, count(order_id) AS orders, coalesce(sum(total), 0) AS spent, max(timestamp) FILTER (WHERE order_id IS NOT NULL) AS last_order,
    max(timestamp) FILTER (WHERE name LIKE 'Product A%') AS last_cart, max(timestamp) AS last_seen,
    coalesce(sum((properties ->> 'price')::numeric) FILTER (WHERE name = 'Product Added'), 0) AS cart_value,
    jsonb_agg(properties) FILTER (WHERE name = 'Product Added') AS cart, (array_agg(properties) FILTER (WHERE order_id IS NOT NULL))[1] AS latest
FROM bench_batch GROUP BY 1, 2, 3;

CREATE INDEX ON bench_batch (lane);

CREATE INDEX ON bench_facts (lane);

ANALYZE bench_batch, bench_facts

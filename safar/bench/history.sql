-- A workspace's history for the back-test: people and their events, spread evenly, the same at every run. Called by bench_backtest; one
-- statement after the other. Parameters: workspace, people, events, start, days. Bulk inserts into empty tables.
INSERT INTO contact (bucket, id, workspace_id, key, external_id, created_at)
SELECT id & 1023, id, %(workspace)s, 'person-' || n, 'person-' || n, %(start)s
FROM (SELECT n, n << 10 | (n * 617) %% 1024 AS id FROM generate_series(1, %(people)s::bigint) n) n;

INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, received_at, timestamp, type, name, properties, message_id)
SELECT id & 1023, id, %(workspace)s, nextval('event_seq'), at, at, at, CASE WHEN name = 'page' THEN 'page' ELSE 'track' END, name,
    CASE name WHEN 'Order Completed' THEN jsonb_build_object('order_id', i::text, 'total', 10 + i %% 190, 'currency', 'USD')
        WHEN 'page' THEN '{"path": "/", "title": "Home"}'::jsonb
        ELSE jsonb_build_object('product_id', (i %% 500)::text, 'price', 1 + i %% 90, 'quantity', 1) END, 'm' || i
FROM (
    SELECT i, %(start)s::timestamptz + i * (%(days)s * interval '1 day') / %(events)s AS at, n << 10 | (n * 617) %% 1024 AS id,
        CASE WHEN h %% 100 < 4 THEN 'Order Completed' WHEN h %% 100 < 14 THEN 'Product Added' WHEN h %% 100 < 60 THEN 'Product Viewed'
            ELSE 'page' END AS name
    FROM (SELECT i, 1 + (hashint8(i) & 2147483647)::bigint %% %(people)s AS n, hashint8(i * 7 + 3) & 2147483647 AS h
        FROM generate_series(0, %(events)s::bigint - 1) i) i
) e;

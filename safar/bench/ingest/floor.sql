-- The floor of applying a batch: the rows that the engine writes for these events, by plain set statements. Called by apply.py for each
-- lane in a transaction; one statement after the other. Parameter: lane. bench_batch holds the lane's events, worked out beforehand.
DELETE FROM inbox WHERE lane = %(lane)s;

INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties, traits, context, message_id, hops, received_at)
SELECT bucket, contact_id, workspace_id, nextval('event_seq'), received_at, timestamp, type, name, properties, traits, context, message_id, hops, received_at
FROM bench_batch WHERE lane = %(lane)s;

INSERT INTO purchase (bucket, contact_id, order_id, at, total, total_at, total_seq, counts, items)
SELECT bucket, contact_id, order_id, timestamp, total, timestamp, 1, true, items FROM bench_batch WHERE lane = %(lane)s AND order_id IS NOT NULL
ON CONFLICT DO NOTHING;

UPDATE contact_facts f SET orders = f.orders + s.orders, spent = f.spent + s.spent, last_order = s.last_order, cart_value = s.cart_value,
    cart_since = s.last_cart, cart_at = s.last_cart, cart_folded_at = s.last_cart, cart = s.cart, latest_order = s.latest, last_seen = s.last_seen
FROM bench_facts s WHERE s.lane = %(lane)s AND f.bucket = s.bucket AND f.contact_id = s.contact_id;

UPDATE lane SET clock = clock_timestamp() WHERE id = %(lane)s;

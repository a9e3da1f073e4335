-- Facts of the shop, summed anew from the purchases of the contacts that the round's shop events touch.
-- Called by the engine's step 1 after purchases.sql; notes in turn what changed.
-- Writes: contact_facts, where something changed. Index: purchase_pkey, contact_facts_pkey.
WITH sums AS (
    SELECT t.bucket, t.contact_id, t.name, t.properties, count(p.order_id)::integer AS orders, coalesce(sum(coalesce(p.total, 0) - p.refunded), 0) AS spent,
        min(p.at) AS first_order, max(p.at) AS last_order
    FROM turn t LEFT JOIN purchase p ON p.bucket = t.bucket AND p.contact_id = t.contact_id AND p.counts
    WHERE (t.facts AND t.name IN ('Order Completed', 'Order Corrected', 'Order Refunded', 'Order Cancelled')) OR t.type IN ('absorb', 'recount')
    GROUP BY t.bucket, t.contact_id, t.name, t.properties
), changed AS (
    SELECT s.*, CASE WHEN s.orders > 0 THEN s.spent / s.orders END AS average_order, array_remove(ARRAY[
        CASE WHEN f.orders <> s.orders THEN 'fact:orders' END, CASE WHEN f.spent <> s.spent THEN 'fact:spent' END,
        CASE WHEN f.average_order IS DISTINCT FROM CASE WHEN s.orders > 0 THEN s.spent / s.orders END THEN 'fact:average_order' END,
        CASE WHEN f.first_order IS DISTINCT FROM s.first_order THEN 'fact:first_order' END,
        CASE WHEN f.last_order IS DISTINCT FROM s.last_order THEN 'fact:last_order' END], NULL) AS tokens
    FROM sums s JOIN contact_facts f ON f.bucket = s.bucket AND f.contact_id = s.contact_id
), written AS (
    UPDATE contact_facts f SET orders = c.orders, spent = c.spent, average_order = c.average_order, first_order = c.first_order,
        last_order = c.last_order,
        latest_order = CASE WHEN c.name = 'Order Completed' THEN c.properties ELSE f.latest_order END
    FROM changed c WHERE f.bucket = c.bucket AND f.contact_id = c.contact_id AND (c.tokens <> '{}' OR c.name = 'Order Completed')
)
UPDATE turn t SET tokens = t.tokens || c.tokens FROM changed c WHERE t.contact_id = c.contact_id AND c.tokens <> '{}'

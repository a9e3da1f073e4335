-- The cart, by one more event in its order; whoever got an older event is folded anew by cart_anew.sql.
-- Called by the engine's step 1; notes in turn what changed; marks disorder with the token 'cart anew'.
-- Writes: contact_facts. Index: contact_facts_pkey.
WITH said AS (
    SELECT t.contact_id, t.bucket, t.ts, t.properties, f.cart_value AS was, f.cart_since, f.cart_at, f.cart_folded_at > t.ts AS older,
        CASE WHEN t.name = 'Order Completed' THEN 0 ELSE safar_worth(t.properties -> 'cart_value', t.properties -> 'currency', h.currency, t.workspace_id, t.ts, h.zone) END AS amount
    FROM turn t
    JOIN house h ON h.workspace_id = t.workspace_id
    JOIN contact_facts f ON f.bucket = t.bucket AND f.contact_id = t.contact_id
    WHERE t.facts AND t.name IN ('Product Added', 'Product Removed', 'Cart Viewed', 'Cart Updated', 'Order Completed')
), next AS (
    SELECT s.*, v.value, CASE WHEN v.value = 0 THEN NULL WHEN s.was = 0 THEN s.ts ELSE s.cart_since END AS since,
        CASE WHEN v.value = 0 THEN NULL ELSE s.ts END AS last
    FROM said s CROSS JOIN LATERAL (SELECT greatest(coalesce(s.amount, s.was), 0) AS value) v
    WHERE s.older IS NOT TRUE
), written AS (
    UPDATE contact_facts f SET cart_value = n.value, cart_since = n.since, cart_at = n.last, cart_folded_at = n.ts,
        cart = CASE WHEN n.value > 0 THEN n.properties END
    FROM next n WHERE f.bucket = n.bucket AND f.contact_id = n.contact_id
)
UPDATE turn t SET tokens = t.tokens || x.tokens
FROM (SELECT contact_id, array_remove(ARRAY[CASE WHEN was <> value THEN 'fact:cart_value' END,
        CASE WHEN cart_since IS DISTINCT FROM since THEN 'fact:cart_since' END, CASE WHEN cart_at IS DISTINCT FROM last THEN 'fact:cart_at' END], NULL) AS tokens
    FROM next UNION ALL SELECT contact_id, ARRAY['cart anew'] FROM said WHERE older) x
WHERE t.contact_id = x.contact_id AND x.tokens <> '{}'

-- Folds the cart of the contacts marked 'cart anew' from their history by (timestamp, sequence): for events that came out of order.
-- Called by the engine's step 1; notes in turn what changed.
-- Writes: contact_facts. Index: event_contact, contact_facts_pkey.
WITH history AS (
    SELECT t.contact_id, t.bucket, v.timestamp AS ts, v.properties,
        CASE WHEN v.name = 'Order Completed' THEN 0 ELSE safar_worth(v.properties -> 'cart_value', v.properties -> 'currency', h.currency, t.workspace_id, v.timestamp, h.zone) END AS amount,
        row_number() OVER (PARTITION BY t.contact_id ORDER BY v.timestamp, v.seq) AS n
    FROM turn t
    JOIN house h ON h.workspace_id = t.workspace_id
    JOIN event v ON v.bucket = t.bucket AND v.contact_id = t.contact_id
        AND v.name IN ('Product Added', 'Product Removed', 'Cart Viewed', 'Cart Updated', 'Order Completed')
    WHERE 'cart anew' = ANY (t.tokens)
), emptied AS (
    SELECT h.*, coalesce(max(n) FILTER (WHERE amount <= 0) OVER (PARTITION BY contact_id), 0) AS zero FROM history h
), filled AS (
    SELECT e.*, min(n) FILTER (WHERE n > zero AND amount > 0) OVER (PARTITION BY contact_id) AS first FROM emptied e
), folded AS (
    SELECT contact_id, bucket, max(ts) AS folded_at,
        coalesce((array_agg(amount ORDER BY n DESC) FILTER (WHERE n >= first AND amount IS NOT NULL))[1], 0) AS value,
        (array_agg(ts) FILTER (WHERE n = first))[1] AS since, max(ts) FILTER (WHERE n >= first) AS last,
        (array_agg(properties ORDER BY n DESC) FILTER (WHERE n >= first))[1] AS cart
    FROM filled GROUP BY contact_id, bucket
), old AS (
    SELECT n.*, f.cart_value AS was, f.cart_since, f.cart_at FROM folded n
    JOIN contact_facts f ON f.bucket = n.bucket AND f.contact_id = n.contact_id
), written AS (
    UPDATE contact_facts f SET cart_value = n.value, cart_since = n.since, cart_at = n.last, cart_folded_at = n.folded_at, cart = n.cart
    FROM folded n WHERE f.bucket = n.bucket AND f.contact_id = n.contact_id
)
UPDATE turn t SET tokens = array_remove(t.tokens, 'cart anew') || array_remove(ARRAY[CASE WHEN o.was <> o.value THEN 'fact:cart_value' END,
    CASE WHEN o.cart_since IS DISTINCT FROM o.since THEN 'fact:cart_since' END,
    CASE WHEN o.cart_at IS DISTINCT FROM o.last THEN 'fact:cart_at' END], NULL)
FROM old o WHERE t.contact_id = o.contact_id

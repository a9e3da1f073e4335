-- Purchases folded anew from the whole history; for a merge, message facts added up. Called by the engine's step 1 for events of type
-- absorb, after absorb_history.sql, and recount (a rate of the workspace is another now); order_facts.sql and cart_anew.sql go on from here. Marks 'cart anew' in turn.
-- Writes: purchase, contact_facts. Index: event_contact, purchase_pkey, contact_facts_pkey.
WITH shop AS (
    SELECT t.contact_id, t.bucket, v.name, v.timestamp AS ts, v.seq, v.properties -> 'products' AS items,
        coalesce(safar_order_id(v.properties -> 'order_id'), CASE WHEN v.name = 'Order Completed' THEN 'event:' || v.seq END) AS order_id,
        safar_worth(v.properties -> 'total', v.properties -> 'currency', h.currency, t.workspace_id, v.timestamp, h.zone) AS amount,
        CASE WHEN v.name IN ('Order Completed', 'Order Corrected') THEN safar_foreign(v.properties -> 'total', v.properties -> 'currency', h.currency) END AS currency
    FROM turn t
    JOIN house h ON h.workspace_id = t.workspace_id
    JOIN event v ON v.bucket = t.bucket AND v.contact_id = t.contact_id AND v.name IN ('Order Completed', 'Order Corrected', 'Order Refunded', 'Order Cancelled')
    WHERE t.type IN ('absorb', 'recount')
), folded AS (
    SELECT contact_id, bucket, order_id, min(ts) FILTER (WHERE name = 'Order Completed') AS at,
        (array_agg(currency ORDER BY ts DESC, seq DESC) FILTER (WHERE currency IS NOT NULL))[1] AS currency,
        bool_or(name = 'Order Cancelled') AS cancelled,
        coalesce(jsonb_agg(jsonb_build_array((extract(epoch FROM ts) * 1000000)::bigint, seq, amount)) FILTER (WHERE name = 'Order Refunded'), '[]') AS refunds,
        (array_agg(items ORDER BY ts DESC, seq DESC) FILTER (WHERE name = 'Order Completed'))[1] AS items
    FROM shop WHERE order_id IS NOT NULL GROUP BY contact_id, bucket, order_id
), told AS ( -- the latest correction, else what was told first
    SELECT DISTINCT ON (contact_id, order_id) contact_id, order_id, amount AS total, ts AS total_at, seq AS total_seq, name = 'Order Corrected' AS corrected
    FROM shop WHERE amount IS NOT NULL AND name IN ('Order Completed', 'Order Corrected')
    ORDER BY contact_id, order_id, name = 'Order Corrected' DESC,
        CASE name WHEN 'Order Corrected' THEN ts END DESC, CASE name WHEN 'Order Corrected' THEN seq END DESC, ts, seq
), dropped AS (
    DELETE FROM purchase p USING turn t WHERE t.type IN ('absorb', 'recount') AND p.bucket = t.bucket AND p.contact_id = t.contact_id
        AND NOT EXISTS (SELECT FROM folded f WHERE f.contact_id = p.contact_id AND f.order_id = p.order_id)
), written AS (
    INSERT INTO purchase (bucket, contact_id, order_id, at, total, currency, total_at, total_seq, corrected, cancelled, refunds, counts, refunded, items)
    SELECT f.bucket, f.contact_id, f.order_id, f.at, o.total, f.currency, o.total_at, o.total_seq, coalesce(o.corrected, FALSE), f.cancelled, f.refunds,
        f.at IS NOT NULL AND NOT f.cancelled AND NOT coalesce(r.whole, FALSE), coalesce(r.part, 0), f.items
    FROM folded f LEFT JOIN told o ON o.contact_id = f.contact_id AND o.order_id = f.order_id
    CROSS JOIN LATERAL safar_refunds(f.refunds, coalesce(o.total, 0)) r
    ON CONFLICT (bucket, contact_id, order_id) DO UPDATE SET at = EXCLUDED.at, total = EXCLUDED.total, currency = EXCLUDED.currency, total_at = EXCLUDED.total_at,
        total_seq = EXCLUDED.total_seq, corrected = EXCLUDED.corrected, cancelled = EXCLUDED.cancelled, refunds = EXCLUDED.refunds, counts = EXCLUDED.counts,
        refunded = EXCLUDED.refunded, items = EXCLUDED.items
), added AS (
    UPDATE contact_facts f SET opens = f.opens + l.opens, clicks = f.clicks + l.clicks, last_open = greatest(f.last_open, l.last_open),
        last_click = greatest(f.last_click, l.last_click), last_seen = greatest(f.last_seen, l.last_seen),
        latest_order = CASE WHEN l.last_order > coalesce(f.last_order, '-infinity') THEN l.latest_order ELSE f.latest_order END
    FROM turn t JOIN contact_facts l ON l.bucket = (t.properties ->> 'from')::bigint & 1023 AND l.contact_id = (t.properties ->> 'from')::bigint
    WHERE t.type = 'absorb' AND f.bucket = t.bucket AND f.contact_id = t.contact_id
)
UPDATE turn t SET tokens = t.tokens || 'cart anew'::text WHERE t.type IN ('absorb', 'recount')
    AND EXISTS (SELECT FROM event v WHERE v.bucket = t.bucket AND v.contact_id = t.contact_id
        AND v.name IN ('Product Added', 'Product Removed', 'Cart Viewed', 'Cart Updated', 'Order Completed'))

-- The order that a shop event of the round speaks of: one row, folded so that disorder and doubles do not matter (docs/semantics.md 10).
-- Called by the engine's step 1; notes in turn who completed an order for the first time.
-- Writes: purchase. Index: purchase_pkey; exchange_rate_pkey for money in other currencies.
WITH said AS (
    SELECT t.contact_id, t.bucket, t.workspace_id, t.seq, t.ts, t.name, t.properties,
        (extract(epoch FROM t.ts) * 1000000)::bigint AS stamp,
        coalesce(safar_order_id(t.properties -> 'order_id'), CASE WHEN t.name = 'Order Completed' THEN 'event:' || t.seq END) AS order_id,
        safar_worth(t.properties -> 'total', t.properties -> 'currency', h.currency, t.workspace_id, t.ts, h.zone) AS amount,
        CASE WHEN t.name IN ('Order Completed', 'Order Corrected') THEN safar_foreign(t.properties -> 'total', t.properties -> 'currency', h.currency) END AS currency
    FROM turn t JOIN house h ON h.workspace_id = t.workspace_id
    WHERE t.facts AND t.name IN ('Order Completed', 'Order Corrected', 'Order Refunded', 'Order Cancelled')
), folded AS (
    SELECT s.contact_id, s.bucket, s.order_id, s.name, s.properties, p.at IS NOT NULL AS known,
        CASE WHEN s.name = 'Order Completed' THEN least(p.at, s.ts) ELSE p.at END AS at,
        m.mine, CASE WHEN m.mine THEN s.amount ELSE p.total END AS total,
        coalesce(s.currency, p.currency) AS currency,
        CASE WHEN m.mine THEN s.ts ELSE p.total_at END AS total_at, CASE WHEN m.mine THEN s.seq ELSE p.total_seq END AS total_seq,
        m.mine AND s.name = 'Order Corrected' OR coalesce(p.corrected, FALSE) AS corrected,
        coalesce(p.cancelled, FALSE) OR s.name = 'Order Cancelled' AS cancelled,
        coalesce(CASE WHEN s.name = 'Order Completed' THEN s.properties -> 'products' END, p.items) AS items,
        coalesce(p.refunds, '[]') || CASE WHEN s.name = 'Order Refunded' THEN jsonb_build_array(jsonb_build_array(s.stamp, s.seq, s.amount)) ELSE '[]' END AS refunds
    FROM said s
    LEFT JOIN purchase p ON p.bucket = s.bucket AND p.contact_id = s.contact_id AND p.order_id = s.order_id
    CROSS JOIN LATERAL (SELECT s.amount IS NOT NULL AND CASE s.name
        WHEN 'Order Completed' THEN p.total_at IS NULL OR NOT p.corrected AND (s.ts, s.seq) < (p.total_at, p.total_seq)
        WHEN 'Order Corrected' THEN p.total_at IS NULL OR NOT p.corrected OR (s.ts, s.seq) > (p.total_at, p.total_seq)
        ELSE FALSE END AS mine) m
    WHERE s.order_id IS NOT NULL
), judged AS (
    SELECT f.*, coalesce(r.whole, FALSE) AS whole, coalesce(r.part, 0) AS part
    FROM folded f CROSS JOIN LATERAL safar_refunds(f.refunds, coalesce(f.total, 0)) r
), written AS (
    INSERT INTO purchase (bucket, contact_id, order_id, at, total, currency, total_at, total_seq, corrected, cancelled, refunds, counts, refunded, items)
    SELECT bucket, contact_id, order_id, at, total, currency, total_at, total_seq, corrected, cancelled, refunds,
        at IS NOT NULL AND NOT cancelled AND NOT whole, part, items
    FROM judged
    ON CONFLICT (bucket, contact_id, order_id) DO UPDATE SET at = EXCLUDED.at, total = EXCLUDED.total, currency = EXCLUDED.currency, total_at = EXCLUDED.total_at,
        total_seq = EXCLUDED.total_seq, corrected = EXCLUDED.corrected, cancelled = EXCLUDED.cancelled, refunds = EXCLUDED.refunds, counts = EXCLUDED.counts,
        refunded = EXCLUDED.refunded, items = EXCLUDED.items
)
UPDATE turn t SET ordered = TRUE, tokens = t.tokens || 'ordered'::text
FROM judged j WHERE t.contact_id = j.contact_id AND j.name = 'Order Completed' AND NOT j.known

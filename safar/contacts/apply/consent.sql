-- Consent as said: the later timestamp wins. Called by the engine's step 1; notes in turn what changed.
-- Writes: consent. Index: consent_pkey.
WITH said AS (
    SELECT t.contact_id, t.bucket, x.key AS channel, x.value AS state, t.ts, k.state AS old,
        CASE WHEN t.context ? 'by_hand' THEN 'by_hand' WHEN t.context ? 'import' THEN 'import' WHEN t.context ? 'unsubscribe' THEN 'unsubscribe' WHEN t.context ? 'sms_word' THEN 'sms_word' ELSE t.type END AS source
    FROM turn t
    CROSS JOIN LATERAL jsonb_each_text(t.consent) x
    LEFT JOIN consent k ON k.bucket = t.bucket AND k.contact_id = t.contact_id AND k.channel = x.key
    WHERE t.kind = 1 AND jsonb_typeof(t.consent) = 'object' AND (k.at IS NULL OR k.at <= t.ts)
), written AS (
    INSERT INTO consent (bucket, contact_id, channel, state, at, source) SELECT bucket, contact_id, channel, state, ts, source FROM said
    ON CONFLICT (bucket, contact_id, channel) DO UPDATE SET state = EXCLUDED.state, at = EXCLUDED.at, source = EXCLUDED.source
)
UPDATE turn t SET consent_changed = s.changes, tokens = t.tokens || s.tokens
FROM (SELECT contact_id, jsonb_object_agg(channel, state) AS changes, array_agg('consent:' || channel) AS tokens
    FROM said WHERE old IS DISTINCT FROM state GROUP BY contact_id) s
WHERE t.contact_id = s.contact_id

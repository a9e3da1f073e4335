-- Consent as said: the later timestamp wins. What changes it, and what names the wording that was agreed to, goes into the consent record
-- with its proof (docs/semantics.md 60). Called by the engine's step 1; notes in turn what changed.
-- Writes: consent, consent_record. Index: consent_pkey.
WITH said AS (
    SELECT t.contact_id, t.bucket, t.workspace_id, x.key AS channel, x.value AS state, t.ts, k.state AS old, t.context AS c,
        coalesce(t.context -> 'proof', t.context -> 'unsubscribe', t.context -> 'sms_word', t.context -> 'by_hand',
            CASE WHEN jsonb_typeof(t.context -> 'consent') = 'object' THEN t.context -> 'consent' END, '{}') AS p,
        t.message_id AS event, t.properties ->> 'message_id' AS message,
        CASE WHEN t.context ? 'by_hand' THEN 'by_hand' WHEN t.context ? 'import' THEN 'import' WHEN t.context ? 'unsubscribe' THEN 'unsubscribe'
            WHEN t.context ? 'sms_word' THEN 'sms_word' WHEN t.context ? 'proof' THEN left(coalesce(t.context #>> '{proof,method}', t.type), 64) ELSE t.type END AS source
    FROM turn t
    CROSS JOIN LATERAL jsonb_each_text(t.consent) x
    LEFT JOIN consent k ON k.bucket = t.bucket AND k.contact_id = t.contact_id AND k.channel = x.key
    WHERE t.kind = 1 AND jsonb_typeof(t.consent) = 'object' AND (k.at IS NULL OR k.at <= t.ts)
), written AS (
    INSERT INTO consent (bucket, contact_id, channel, state, at, source) SELECT bucket, contact_id, channel, state, ts, source FROM said
    ON CONFLICT (bucket, contact_id, channel) DO UPDATE SET state = EXCLUDED.state, at = EXCLUDED.at, source = EXCLUDED.source
), recorded AS (
    INSERT INTO consent_record (bucket, contact_id, workspace_id, at, channel, state, purpose, method, text_version, proof)
    SELECT bucket, contact_id, workspace_id, ts, channel, state,
        CASE WHEN starts_with(channel, 'topic:') THEN 'topic' WHEN channel IN ('frequency', 'pause', 'tracking') THEN 'preference'
            ELSE left(coalesce(p ->> 'purpose', 'marketing'), 64) END,
        CASE WHEN source IN ('by_hand', 'import') THEN source ELSE left(coalesce(p ->> 'method', source), 64) END,
        left(p ->> 'text_version', 200),
        jsonb_strip_nulls(jsonb_build_object('ip', left(coalesce(p ->> 'ip', c ->> 'ip'), 64), 'user_agent', left(coalesce(p ->> 'user_agent',
            c ->> 'userAgent'), 500), 'page', left(coalesce(p ->> 'page', c #>> '{page,url}'), 1000), 'address', p ->> 'address',
            'form', left(p ->> 'form', 200), 'by', p ->> 'by', 'reason', p ->> 'reason', 'file', c #>> '{import,file}', 'message', message,
            'confirm', left(p ->> 'confirm', 8), 'topics', CASE WHEN jsonb_typeof(p #> ARRAY['topics', channel]) = 'array' THEN p #> ARRAY['topics', channel] END,
            'text', left(p ->> 'text', 2000),
            'event', event))
    FROM said WHERE old IS DISTINCT FROM state OR p ? 'text_version'
)
UPDATE turn t SET consent_changed = s.changes, tokens = t.tokens || s.tokens
FROM (SELECT contact_id, jsonb_object_agg(channel, state) AS changes, array_agg('consent:' || channel) AS tokens
    FROM said WHERE old IS DISTINCT FROM state GROUP BY contact_id) s
WHERE t.contact_id = s.contact_id

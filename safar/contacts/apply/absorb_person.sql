-- Traits, tags, consents and their record of the contact that was merged: the later timestamp wins, the winner's at a tie; tags unite.
-- Called by the engine's step 1 for events of type absorb; notes in turn what changed.
-- Writes: contact, contact_tag, consent, consent_record. Index: contact_pkey, contact_tag_pkey, consent_pkey, consent_record_pkey.
WITH pair AS (
    SELECT t.contact_id, t.bucket, t.workspace_id, t.at, l.id AS loser, l.bucket AS loser_bucket, l.traits, l.traits_at, c.traits AS mine, c.traits_at AS mine_at,
        c.zone AS zone_before
    FROM turn t
    JOIN contact l ON l.bucket = (t.properties ->> 'from')::bigint & 1023 AND l.id = (t.properties ->> 'from')::bigint
    JOIN contact c ON c.bucket = t.bucket AND c.id = t.contact_id
    WHERE t.type = 'absorb'
), later AS (
    SELECT p.contact_id, p.bucket, x.key, x.value AS stamp, p.traits -> x.key AS value, p.mine -> x.key AS old
    FROM pair p CROSS JOIN LATERAL jsonb_each(p.traits_at) x
    WHERE x.value::bigint > coalesce((p.mine_at ->> x.key)::bigint, '-9223372036854775808')
), won AS (
    SELECT p.contact_id, p.bucket, p.workspace_id, p.zone_before,
        coalesce(jsonb_object_agg(l.key, l.value) FILTER (WHERE l.value IS NOT NULL), '{}') AS sets,
        coalesce(array_agg(l.key) FILTER (WHERE l.value IS NULL AND l.key IS NOT NULL), '{}') AS gone,
        coalesce(jsonb_object_agg(l.key, l.stamp) FILTER (WHERE l.key IS NOT NULL), '{}') AS stamps,
        coalesce(array_agg('trait:' || l.key) FILTER (WHERE l.old IS DISTINCT FROM l.value), '{}') AS tokens,
        CASE WHEN bool_or(l.key = 'timezone') THEN safar_zone((array_agg(l.value #>> '{}') FILTER (WHERE l.key = 'timezone'))[1]) ELSE p.zone_before END AS zone
    FROM pair p LEFT JOIN later l ON l.contact_id = p.contact_id GROUP BY p.contact_id, p.bucket, p.workspace_id, p.zone_before
), written AS (
    UPDATE contact c SET traits = (c.traits || w.sets) - w.gone, traits_at = c.traits_at || w.stamps, zone = w.zone,
        email = CASE WHEN w.stamps ? 'email' THEN nullif(lower(btrim(w.sets ->> 'email')), '') ELSE c.email END,
        phone = CASE WHEN w.stamps ? 'phone' THEN w.sets ->> 'phone' ELSE c.phone END,
        language = CASE WHEN w.stamps ? 'language' THEN w.sets ->> 'language' ELSE c.language END
    FROM won w WHERE c.bucket = w.bucket AND c.id = w.contact_id
), tags AS (
    INSERT INTO contact_tag (bucket, contact_id, tag, at)
    SELECT p.bucket, p.contact_id, g.tag, p.at FROM pair p JOIN contact_tag g ON g.bucket = p.loser_bucket AND g.contact_id = p.loser
    ON CONFLICT DO NOTHING RETURNING contact_id, tag
), said AS (
    SELECT p.bucket, p.contact_id, k.channel, k.state, k.at, k.source, o.state AS old FROM pair p
    JOIN consent k ON k.bucket = p.loser_bucket AND k.contact_id = p.loser
    LEFT JOIN consent o ON o.bucket = p.bucket AND o.contact_id = p.contact_id AND o.channel = k.channel
    WHERE o.at IS NULL OR o.at < k.at
), consents AS (
    INSERT INTO consent (bucket, contact_id, channel, state, at, source)
    SELECT bucket, contact_id, channel, state, at, source FROM said
    ON CONFLICT (bucket, contact_id, channel) DO UPDATE SET state = EXCLUDED.state, at = EXCLUDED.at, source = EXCLUDED.source
), records AS (
    INSERT INTO consent_record (bucket, contact_id, workspace_id, at, channel, state, purpose, method, text_version, proof)
    SELECT p.bucket, p.contact_id, r.workspace_id, r.at, r.channel, r.state, r.purpose, r.method, r.text_version, r.proof
    FROM pair p JOIN consent_record r ON r.bucket = p.loser_bucket AND r.contact_id = p.loser
)
UPDATE turn t SET tokens = t.tokens || w.tokens || '*'::text || coalesce((SELECT array_agg('tag:' || g.tag) FROM tags g WHERE g.contact_id = t.contact_id), '{}')
    || coalesce((SELECT array_agg('consent:' || s.channel) FROM said s WHERE s.contact_id = t.contact_id AND s.old IS DISTINCT FROM s.state), '{}')
FROM won w WHERE t.contact_id = w.contact_id

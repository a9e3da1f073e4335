-- Traits as sent: the later timestamp wins, null removes, an equal value renews the timestamp and is no change.
-- Called by the engine's step 1; notes in turn what changed.
-- Writes: contact. Index: contact_pkey.
WITH sent AS (
    SELECT t.contact_id, t.bucket, t.workspace_id, x.key, nullif(x.value, 'null') AS value, c.traits -> x.key AS old, c.zone AS zone_before,
        (extract(epoch FROM t.ts) * 1000000)::bigint AS stamp
    FROM turn t
    JOIN contact c ON c.bucket = t.bucket AND c.id = t.contact_id
    CROSS JOIN LATERAL jsonb_each(t.traits) x
    WHERE t.kind = 1 AND jsonb_typeof(t.traits) = 'object'
        AND coalesce((c.traits_at ->> x.key)::bigint, 0) <= greatest((extract(epoch FROM t.ts) * 1000000)::bigint, 0)
), won AS (
    SELECT contact_id, bucket, workspace_id, zone_before,
        coalesce(jsonb_object_agg(key, value) FILTER (WHERE value IS NOT NULL), '{}') AS sets,
        coalesce(array_agg(key) FILTER (WHERE value IS NULL), '{}') AS gone,
        jsonb_object_agg(key, stamp) AS stamps,
        jsonb_object_agg(key, jsonb_build_array(old, value)) FILTER (WHERE old IS DISTINCT FROM value) AS changes,
        coalesce(array_agg('trait:' || key) FILTER (WHERE old IS DISTINCT FROM value), '{}') AS tokens,
        CASE WHEN bool_or(key = 'timezone') THEN safar_zone((array_agg(value #>> '{}') FILTER (WHERE key = 'timezone'))[1]) ELSE zone_before END AS zone
    FROM sent GROUP BY contact_id, bucket, workspace_id, zone_before
), written AS (
    UPDATE contact c SET traits = (c.traits || w.sets) - w.gone, traits_at = c.traits_at || w.stamps, zone = w.zone,
        email = CASE WHEN w.stamps ? 'email' THEN nullif(lower(btrim(w.sets ->> 'email')), '') ELSE c.email END,
        phone = CASE WHEN w.stamps ? 'phone' THEN w.sets ->> 'phone' ELSE c.phone END,
        language = CASE WHEN w.stamps ? 'language' THEN w.sets ->> 'language' ELSE c.language END
    FROM won w WHERE c.bucket = w.bucket AND c.id = w.contact_id
)
UPDATE turn t SET traits_changed = w.changes, tokens = t.tokens || w.tokens
    || CASE WHEN coalesce(w.zone_before, h.zone) <> coalesce(w.zone, h.zone) THEN ARRAY['*'] ELSE '{}' END
FROM won w JOIN house h ON h.workspace_id = w.workspace_id
WHERE t.contact_id = w.contact_id

-- Tags of an edit by hand or an import: {"add": [...], "remove": [...]}. Called by the engine's step 1; notes in turn what changed.
-- Writes: contact_tag. Index: contact_tag_pkey.
WITH added AS (
    INSERT INTO contact_tag (bucket, contact_id, tag, at)
    SELECT DISTINCT t.bucket, t.contact_id, x.tag, t.at FROM turn t CROSS JOIN LATERAL jsonb_array_elements_text(t.tags -> 'add') x (tag)
    WHERE t.kind = 1 AND jsonb_typeof(t.tags -> 'add') = 'array'
    ON CONFLICT DO NOTHING RETURNING contact_id, tag
), wanted AS (
    SELECT DISTINCT t.bucket, t.contact_id, x.tag FROM turn t CROSS JOIN LATERAL jsonb_array_elements_text(t.tags -> 'remove') x (tag)
    WHERE t.kind = 1 AND jsonb_typeof(t.tags -> 'remove') = 'array'
), removed AS (
    DELETE FROM contact_tag g USING wanted w WHERE g.bucket = w.bucket AND g.contact_id = w.contact_id AND g.tag = w.tag
    RETURNING g.contact_id, g.tag
)
UPDATE turn t SET tags_added = s.added, tags_removed = s.removed, tokens = t.tokens || s.tokens
FROM (SELECT contact_id, array_agg(tag) FILTER (WHERE plus) AS added, array_agg(tag) FILTER (WHERE NOT plus) AS removed,
        array_agg('tag:' || tag) AS tokens
    FROM (SELECT contact_id, tag, TRUE AS plus FROM added UNION ALL SELECT contact_id, tag, FALSE FROM removed) x GROUP BY contact_id) s
WHERE t.contact_id = s.contact_id

-- The first event of a contact creates it. Called by the engine's step 1; notes it in turn.
-- Writes: contact, contact_facts. Index: contact_pkey.
WITH fresh AS (
    UPDATE contact c SET created_at = t.at FROM turn t
    WHERE c.bucket = t.bucket AND c.id = t.contact_id AND t.fresh AND c.created_at IS NULL
    RETURNING c.bucket, c.id
), facts AS (
    INSERT INTO contact_facts (bucket, contact_id) SELECT bucket, id FROM fresh ON CONFLICT DO NOTHING
)
UPDATE turn t SET created = TRUE, tokens = t.tokens || 'created'::text FROM fresh c WHERE t.contact_id = c.id

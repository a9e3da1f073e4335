-- last_seen, event by event: only where a condition reads it; otherwise the tick writes it once, in bulk (engine/seen_bulk.sql).
-- Called by the engine's step 1; notes in turn.
-- Writes: contact_facts. Index: contact_facts_pkey.
WITH later AS (
    SELECT t.contact_id, t.bucket, t.ts FROM turn t JOIN contact_facts f ON f.bucket = t.bucket AND f.contact_id = t.contact_id
    WHERE t.kind = 1 AND t.type IN ('identify', 'track', 'page', 'screen') AND t.ts > coalesce(f.last_seen, '-infinity')
), written AS (
    UPDATE contact_facts f SET last_seen = l.ts FROM later l WHERE f.bucket = l.bucket AND f.contact_id = l.contact_id
)
UPDATE turn t SET tokens = t.tokens || 'fact:last_seen'::text FROM later l WHERE t.contact_id = l.contact_id

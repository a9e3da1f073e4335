-- Events of contacts that were merged meanwhile go on to the winner's lane. Called by Tick.claim. Returns how many.
-- Writes: inbox. Index: contact_pkey.
WITH gone AS (
    SELECT w.contact_id, w.workspace_id, c.merged_into FROM walker w
    CROSS JOIN LATERAL (SELECT c.merged_into FROM contact c WHERE c.bucket = w.bucket AND c.id = w.contact_id AND c.merged_into IS NOT NULL OFFSET 0) c
), walkers AS (
    DELETE FROM walker w USING gone g WHERE w.contact_id = g.contact_id
), things AS (
    DELETE FROM thing e USING gone g WHERE e.contact_id = g.contact_id RETURNING e.*, g.merged_into, g.workspace_id
)
INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, traits, consent, tags, context, message_id, hops)
SELECT b.lane, b.bucket, e.merged_into, e.workspace_id, e.received_at, e.timestamp, e.type, e.name, e.properties, e.traits, e.consent, e.tags, e.context,
    e.message_id, e.hops
FROM things e JOIN bucket_lane b ON b.bucket = e.merged_into & 1023
WHERE e.type <> 'merge'

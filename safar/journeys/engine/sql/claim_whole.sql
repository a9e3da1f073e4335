-- Claims all of a lane's scratch inbox that was applied up to here, and numbers it for each contact. Called by Tick.claim in a back-test,
-- which has all events with the times at which they were applied, claims each once, and keeps nothing back.
-- Parameters: lane, until. Returns (taken, greatest applied_at, 0). Writes: inbox. Index: inbox_put_back, contact_pkey.
WITH gone AS (
    DELETE FROM inbox WHERE lane = %(lane)s AND applied_at <= %(until)s
    RETURNING contact_id, bucket, workspace_id, lane, id, applied_at, received_at, timestamp, type, name, properties, traits, consent, tags,
        context, message_id, hops
), things AS (
    INSERT INTO thing (contact_id, n, lane, inbox_id, at, received_at, timestamp, type, name, properties, traits, consent, tags, context,
        message_id, hops, late)
    SELECT p.contact_id, row_number() OVER (PARTITION BY p.contact_id ORDER BY p.applied_at, p.id), p.lane, p.id, p.applied_at, p.received_at,
        least(p.timestamp, p.received_at), p.type, p.name, p.properties, p.traits, p.consent, p.tags, p.context, p.message_id, p.hops,
        p.timestamp + h.late_events < p.received_at AND p.type NOT IN ('merge', 'absorb', 'recount')
    FROM gone p JOIN house h ON h.workspace_id = p.workspace_id
), walkers AS (
    INSERT INTO walker (contact_id, bucket, workspace_id, fresh)
    SELECT p.contact_id, p.bucket, p.workspace_id, c.created_at IS NULL
    FROM (SELECT DISTINCT contact_id, bucket, workspace_id FROM gone) p JOIN contact c ON c.bucket = p.bucket AND c.id = p.contact_id
)
SELECT (SELECT count(*) FROM gone), (SELECT max(applied_at) FROM gone), 0

-- Claims the lane's inbox in the order of acceptance and numbers it for each contact. Called by Tick.claim, under the lane's lock.
-- Parameters: workspaces (that the plan knows), lane, clock (the lane's), until (take what was received up to here), most (rows), each (rows a contact), buckets (null: all).
-- Deletes from inbox by its key; what is beyond `each` stays, with its applied_at written down. Returns (taken, greatest applied_at, put back).
WITH picked AS (
    SELECT i.*, coalesce(i.applied_at, greatest(%(clock)s::timestamptz, max(i.received_at) OVER (ORDER BY i.id))) AS at
    FROM (SELECT * FROM inbox WHERE lane = %(lane)s AND workspace_id = ANY (%(workspaces)s) AND received_at <= %(until)s AND (%(buckets)s::smallint[] IS NULL OR bucket = ANY (%(buckets)s))
        ORDER BY id LIMIT %(most)s) i
), numbered AS (
    SELECT p.*, row_number() OVER (PARTITION BY p.contact_id ORDER BY p.at, p.id) AS n FROM picked p
), stay AS (
    UPDATE inbox i SET applied_at = p.at FROM numbered p WHERE i.lane = %(lane)s AND i.id = p.id AND p.n > %(each)s RETURNING 1
), gone AS (
    DELETE FROM inbox i USING numbered p WHERE i.lane = %(lane)s AND i.id = p.id AND p.n <= %(each)s RETURNING 1
), things AS (
    INSERT INTO thing (contact_id, n, lane, inbox_id, at, received_at, timestamp, type, name, properties, traits, consent, tags, context,
        message_id, hops, late)
    SELECT p.contact_id, p.n, p.lane, p.id, p.at, p.received_at, least(p.timestamp, p.received_at), p.type, p.name, p.properties, p.traits, p.consent,
        p.tags, p.context, p.message_id, p.hops, p.timestamp + h.late_events < p.received_at AND p.type NOT IN ('merge', 'absorb')
    FROM numbered p JOIN house h ON h.workspace_id = p.workspace_id WHERE p.n <= %(each)s
), walkers AS (
    INSERT INTO walker (contact_id, bucket, workspace_id, fresh, stop_at)
    SELECT p.contact_id, p.bucket, p.workspace_id, c.created_at IS NULL, min(p.at) FILTER (WHERE p.n > %(each)s)
    FROM numbered p JOIN contact c ON c.bucket = p.bucket AND c.id = p.contact_id
    GROUP BY p.contact_id, p.bucket, p.workspace_id, c.created_at
)
SELECT (SELECT count(*) FROM gone), (SELECT max(at) FROM numbered WHERE n <= %(each)s), (SELECT count(*) FROM stay)

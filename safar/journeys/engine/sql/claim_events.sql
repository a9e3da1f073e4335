-- Claims the lane's inbox in the order of acceptance and numbers it for each contact. Called by Tick.claim, under the lane's lock.
-- Parameters: workspaces (that the plan knows), lane, clock (the lane's), until (take what was received up to here), most (rows), each (rows a contact, and what shares the last one's instant), buckets (null: all),
-- low (the lane's low-water mark, or 0 to look at everything: docs/rooms/journeys.md).
-- heard (names that change a figure or that somebody reads), all_heard (workspaces where a condition reads last_seen, or an address is told of more than single names).
-- An event that concerns nobody passes in bulk, straight into the history; only a contact's very first is dealt with like others. What is beyond `each` stays, with its applied_at written down. Returns (taken, greatest applied_at, put back, greatest number taken).
-- Writes: inbox, event, contact_facts. Index: inbox_pkey, inbox_put_back, contact_pkey, contact_facts_pkey.
WITH picked AS (
    SELECT i.*, coalesce(i.applied_at, greatest(%(clock)s::timestamptz, max(i.received_at) OVER (ORDER BY i.id))) AS at
    FROM (
        -- what a tick has put back comes whatever the limit: no timer of these contacts may overtake it
        SELECT * FROM inbox WHERE lane = %(lane)s AND applied_at IS NOT NULL AND workspace_id = ANY (%(workspaces)s)
            AND (%(buckets)s::smallint[] IS NULL OR bucket = ANY (%(buckets)s))
        UNION ALL
        (SELECT * FROM inbox WHERE lane = %(lane)s AND id > %(low)s AND applied_at IS NULL AND workspace_id = ANY (%(workspaces)s) AND received_at <= %(until)s
            AND (%(buckets)s::smallint[] IS NULL OR bucket = ANY (%(buckets)s))
        ORDER BY id LIMIT %(most)s)) i
), placed AS (
    SELECT p.*, c.created_at IS NULL AS fresh,
        p.type IN ('track', 'page', 'screen', 'group') AND p.consent IS NULL AND p.tags IS NULL AND NOT p.name = ANY (%(heard)s) AND NOT p.workspace_id = ANY (%(all_heard)s)
            AND c.merged_into IS NULL AND NOT bool_or(p.type = 'merge') OVER (PARTITION BY p.contact_id)
            AND (c.created_at IS NOT NULL OR row_number() OVER (PARTITION BY p.contact_id ORDER BY p.at, p.id) > 1) AS bulk
    FROM picked p JOIN contact c ON c.bucket = p.bucket AND c.id = p.contact_id
), numbered AS (
    -- first: the number of the first one of the same instant. An instant is taken whole: what stays behind holds up its contact from its time on.
    SELECT p.*, row_number() OVER (PARTITION BY p.contact_id, p.bulk ORDER BY p.at, p.id) AS n, rank() OVER (PARTITION BY p.contact_id, p.bulk ORDER BY p.at) AS first
    FROM placed p
), marked AS MATERIALIZED (
    SELECT p.*, p.bulk OR p.first <= %(each)s AS taken, min(p.at) FILTER (WHERE NOT p.bulk AND p.first > %(each)s) OVER (PARTITION BY p.contact_id) AS stop_at
    FROM numbered p
), stay AS (
    UPDATE inbox i SET applied_at = p.at FROM marked p WHERE i.lane = %(lane)s AND i.id = p.id AND NOT p.taken RETURNING 1
), gone AS (
    DELETE FROM inbox i USING marked p WHERE i.lane = %(lane)s AND i.id = p.id AND p.taken RETURNING 1
), passed AS (
    INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties, context, message_id, hops, received_at)
    SELECT bucket, contact_id, workspace_id, nextval('event_seq'), at, timestamp, type, name, properties, context, message_id, hops, received_at
    FROM (SELECT bucket, contact_id, workspace_id, at, least(timestamp, received_at) AS timestamp, type, name, properties, context, message_id, hops,
            received_at FROM marked WHERE bulk ORDER BY contact_id, n) b
), seen AS (
    UPDATE contact_facts f SET last_seen = s.ts
    FROM (SELECT bucket, contact_id, max(least(timestamp, received_at)) AS ts FROM marked WHERE bulk AND type <> 'group' GROUP BY bucket, contact_id) s
    WHERE f.bucket = s.bucket AND f.contact_id = s.contact_id AND (f.last_seen IS NULL OR f.last_seen < s.ts)
), things AS (
    INSERT INTO thing (contact_id, n, lane, inbox_id, at, received_at, timestamp, type, name, properties, traits, consent, tags, context,
        message_id, hops, late)
    SELECT p.contact_id, p.n, p.lane, p.id, p.at, p.received_at, least(p.timestamp, p.received_at), p.type, p.name, p.properties, p.traits, p.consent,
        p.tags, p.context, p.message_id, p.hops, p.timestamp + h.late_events < p.received_at AND p.type NOT IN ('merge', 'absorb', 'recount')
    FROM marked p JOIN house h ON h.workspace_id = p.workspace_id WHERE p.taken AND NOT p.bulk
), walkers AS (
    INSERT INTO walker (contact_id, bucket, workspace_id, fresh, stop_at)
    SELECT DISTINCT contact_id, bucket, workspace_id, fresh, stop_at FROM marked WHERE NOT bulk
)
SELECT (SELECT count(*) FROM gone), (SELECT max(at) FROM marked WHERE taken), (SELECT count(*) FROM stay), (SELECT max(id) FROM marked WHERE taken)

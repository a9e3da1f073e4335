-- What the tick could not deal with goes back: events to the inbox with their time, timers as hints. Called by Tick.finish.
-- Writes: inbox, timer. Index: none.
WITH events AS (
    INSERT INTO inbox (lane, id, bucket, contact_id, workspace_id, received_at, applied_at, timestamp, type, name, properties, traits, consent, tags,
        context, message_id, hops)
    SELECT e.lane, e.inbox_id, w.bucket, e.contact_id, w.workspace_id, e.received_at, e.at, e.timestamp, e.type, e.name, e.properties, e.traits, e.consent,
        e.tags, e.context, e.message_id, e.hops
    FROM thing e JOIN walker w ON w.contact_id = e.contact_id AND e.n >= w.n RETURNING 1
), timers AS (
    INSERT INTO timer (lane, slot, subjects) SELECT k.lane, k.horizon, array_agg(DISTINCT d.contact_id) FROM due d CROSS JOIN tick k GROUP BY 1, 2
)
SELECT count(*) FROM events

-- What the tick could not deal with goes back: events to the inbox with their time, timers as hints; those of a publishing
-- keep its moment, so that the next tick takes them. Called by Tick.finish.
-- Writes: inbox, timer. Index: none.
WITH events AS (
    INSERT INTO inbox (lane, id, bucket, contact_id, workspace_id, received_at, applied_at, timestamp, type, name, properties, traits, consent, tags,
        context, message_id, hops)
    SELECT e.lane, e.inbox_id, w.bucket, e.contact_id, w.workspace_id, e.received_at, e.at, e.timestamp, e.type, e.name, e.properties, e.traits, e.consent,
        e.tags, e.context, e.message_id, e.hops
    FROM thing e JOIN walker w ON w.contact_id = e.contact_id AND e.n >= w.n RETURNING 1
), timers AS (
    INSERT INTO timer (lane, slot, subjects, publishing_id)
    SELECT lane, slot, array_agg(DISTINCT contact_id), publishing_id FROM (
        SELECT k.lane, CASE WHEN d.grp = 3 THEN d.at ELSE k.horizon END AS slot, d.contact_id, CASE WHEN d.grp = 3 THEN d.a END AS publishing_id
        FROM due d CROSS JOIN tick k) d
    GROUP BY lane, slot, publishing_id
)
SELECT count(*) FROM events

-- Contacts whose hints were used up get one for what is next. Called by Tick.finish. Parameters: as load_due.sql.
-- Writes: timer. Index: enrollment_pkey, contact_watch_pkey.
WITH next AS (
    SELECT h.contact_id, least(
        (SELECT min(coalesce(e.held_at, least(e.wake_at, e.flip_at, e.exit_flip_at))) FROM enrollment e WHERE e.bucket = h.bucket AND e.contact_id = h.contact_id
            AND e.state = 0 AND e.journey_id = ANY (%(standing)s)),
        (SELECT min(v.due_at) FROM contact_watch v WHERE v.bucket = h.bucket AND v.contact_id = h.contact_id
            AND v.watch_id = ANY (CASE v.kind WHEN 0 THEN %(segments)s::integer[] ELSE %(starts)s::integer[] END))) AS moment
    FROM hinted h
)
INSERT INTO timer (lane, slot, subjects)
SELECT lane, slot, array_agg(contact_id) FROM (
    SELECT k.lane, n.contact_id, CASE WHEN n.moment <= k.now OR n.moment > k.now + interval '2 minutes' THEN greatest(k.horizon, date_bin('1 minute', n.moment, 'epoch'))
        WHEN n.moment > k.now + interval '2 seconds' THEN date_bin('1 second', n.moment, 'epoch') ELSE n.moment END AS slot
    FROM next n CROSS JOIN tick k WHERE n.moment < 'infinity' AND NOT EXISTS (SELECT FROM due d WHERE d.contact_id = n.contact_id)) s
GROUP BY lane, slot

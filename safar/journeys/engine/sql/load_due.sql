-- Everything of the tick's contacts that is due before the horizon. Called by Tick.claim. Parameters: standing (journeys
-- that move), segments and starts (watches that somebody answers); what nobody answers any more must not come up again and again.
-- Writes: nothing but scratch tables. Index: enrollment_pkey, contact_watch_pkey.
INSERT INTO due (contact_id, at, grp, a, b, c, one_per)
SELECT w.contact_id, x.at, 1, e.journey_id, e.id, x.c, e.one_per
FROM walker w
CROSS JOIN tick k
JOIN enrollment e ON e.bucket = w.bucket AND e.contact_id = w.contact_id
CROSS JOIN LATERAL (VALUES (e.exit_flip_at, 0), (coalesce(e.held_at, least(e.wake_at, e.flip_at)), 1)) x (at, c)
WHERE e.state = 0 AND x.at < k.horizon AND e.journey_id = ANY (%(standing)s)
UNION ALL
SELECT w.contact_id, v.due_at, CASE WHEN v.kind = 0 THEN 0 ELSE 2 END, CASE WHEN v.kind = 0 THEN v.watch_id ELSE v.watch_id / 4 END,
    CASE WHEN v.kind = 0 THEN 0 ELSE v.watch_id %% 4 END, 0, ''
FROM walker w
CROSS JOIN tick k
JOIN contact_watch v ON v.bucket = w.bucket AND v.contact_id = w.contact_id
WHERE v.due_at < k.horizon AND v.watch_id = ANY (CASE v.kind WHEN 0 THEN %(segments)s::integer[] ELSE %(starts)s::integer[] END)

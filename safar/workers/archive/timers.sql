-- Hints for everything of the workspace that waits for its time. Called by reading.py in the import's transaction.
-- Parameter: workspace.
-- Writes: timer. Index: enrollment_pkey, contact_watch_pkey; none for contact: it is read whole.
WITH next AS (
    SELECT c.bucket, c.id, least(
        (SELECT min(coalesce(e.held_at, least(e.wake_at, e.flip_at, e.exit_flip_at))) FROM enrollment e
          WHERE e.bucket = c.bucket AND e.contact_id = c.id AND e.state = 0),
        (SELECT min(v.due_at) FROM contact_watch v WHERE v.bucket = c.bucket AND v.contact_id = c.id)) AS moment
    FROM contact c WHERE c.workspace_id = %(workspace)s
)
INSERT INTO timer (lane, slot, subjects)
SELECT s.lane, s.slot, array_agg(s.id)
FROM (
    SELECT b.lane, n.id, greatest(date_bin('1 minute', n.moment, 'epoch'), l.clock) AS slot
    FROM next n JOIN bucket_lane b ON b.bucket = n.bucket JOIN lane l ON l.id = b.lane
    WHERE n.moment < 'infinity'
) s
GROUP BY s.lane, s.slot

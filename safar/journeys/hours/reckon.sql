-- At which hour each contact of a workspace opens and clicks as a person, over the last 90 days, and at which all of them together do: the local hour with most of it,
-- the earlier of two. Who has fewer than `least` has no hour of their own. Called by hours.reckon_hours once a day. Rows that are out of date go.
-- Parameters: workspace, now, least. Returns (contacts with an hour, the workspace's hour).
-- Writes: best_hour, workspace_hour. Index: best_hour_pkey; none for event, contact: the events of 90 days are read whole, once a day.
WITH clock AS (
    SELECT %(now)s::timestamptz AS now, %(now)s::timestamptz - interval '90 days' AS since
), seen AS (
    SELECT e.bucket, e.contact_id, extract(hour FROM e.timestamp AT TIME ZONE coalesce(c.zone, w.zone))::smallint AS hour, count(*) AS n
      FROM clock k
      JOIN event e ON e.timestamp > k.since AND e.timestamp <= k.now
      JOIN accounts_workspace w ON w.id = e.workspace_id
      JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id
     WHERE e.workspace_id = %(workspace)s AND e.name IN ('email_opened', 'email_clicked', 'sms_clicked')
     GROUP BY 1, 2, 3
), own AS (
    SELECT DISTINCT ON (s.bucket, s.contact_id) s.bucket, s.contact_id, s.hour, sum(s.n) OVER (PARTITION BY s.bucket, s.contact_id) AS whole
      FROM seen s ORDER BY s.bucket, s.contact_id, s.n DESC, s.hour
), enough AS (
    SELECT o.bucket, o.contact_id, o.hour FROM own o WHERE o.whole >= %(least)s
), gone AS (
    DELETE FROM best_hour b
     USING (SELECT h.bucket, h.contact_id FROM best_hour h
             WHERE h.workspace_id = %(workspace)s
               AND NOT EXISTS (SELECT FROM enough o WHERE o.bucket = h.bucket AND o.contact_id = h.contact_id)) x
     WHERE b.bucket = x.bucket AND b.contact_id = x.contact_id
), kept AS (
    INSERT INTO best_hour (bucket, contact_id, workspace_id, hour)
    SELECT o.bucket, o.contact_id, %(workspace)s, o.hour FROM enough o ORDER BY o.bucket, o.contact_id
    ON CONFLICT (bucket, contact_id) DO UPDATE SET hour = EXCLUDED.hour
    RETURNING 1
), together AS (
    SELECT s.hour FROM seen s GROUP BY s.hour HAVING (SELECT sum(n) FROM seen) >= %(least)s ORDER BY sum(s.n) DESC, s.hour LIMIT 1
), house AS (
    INSERT INTO workspace_hour (workspace_id, hour, reckoned_at)
    SELECT %(workspace)s, (SELECT hour FROM together), k.now FROM clock k
    ON CONFLICT (workspace_id) DO UPDATE SET hour = EXCLUDED.hour, reckoned_at = EXCLUDED.reckoned_at
    RETURNING hour
)
SELECT (SELECT count(*) FROM kept), (SELECT hour FROM house)

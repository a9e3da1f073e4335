-- Of the history replayed up to a moment: at which hour each contact opened and clicked as a person, over 90 days, and at which all together did; as
-- hours/reckon.sql, on scratch tables. Called by backtest/hours.py, between two walks: nobody else has these tables.
-- Slot everybody: (hour, n) of all contacts, hours.HERE or hours_recorded.sql. Parameters: zone, now, least. Returns (contacts with an hour, the workspace's).
-- Writes: best_hour, workspace_hour (of the scratch schema). Index: best_hour_pkey; none for event, contact: of 90 days they are read whole.
WITH seen AS (
    SELECT e.bucket, e.contact_id, extract(hour FROM e.timestamp AT TIME ZONE coalesce(c.zone, %(zone)s))::smallint AS hour, count(*) AS n
      FROM event e JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id
     WHERE e.name IN ('email_opened', 'email_clicked', 'sms_clicked') AND e.timestamp > %(now)s::timestamptz - interval '90 days' AND e.timestamp <= %(now)s
     GROUP BY 1, 2, 3
), everybody AS (
    {everybody}
), own AS (
    SELECT DISTINCT ON (s.bucket, s.contact_id) s.bucket, s.contact_id, s.hour, sum(s.n) OVER (PARTITION BY s.bucket, s.contact_id) AS whole
      FROM seen s ORDER BY s.bucket, s.contact_id, s.n DESC, s.hour
), enough AS (
    SELECT o.bucket, o.contact_id, o.hour FROM own o WHERE o.whole >= %(least)s
), gone AS (
    DELETE FROM best_hour b
     USING (SELECT h.bucket, h.contact_id FROM best_hour h
             WHERE NOT EXISTS (SELECT FROM enough o WHERE o.bucket = h.bucket AND o.contact_id = h.contact_id)) x
     WHERE b.bucket = x.bucket AND b.contact_id = x.contact_id
), kept AS (
    INSERT INTO best_hour (bucket, contact_id, workspace_id, hour)
    SELECT o.bucket, o.contact_id, 1, o.hour FROM enough o ORDER BY o.bucket, o.contact_id
    ON CONFLICT (bucket, contact_id) DO UPDATE SET hour = EXCLUDED.hour
    RETURNING 1
), together AS (
    SELECT y.hour FROM everybody y GROUP BY y.hour HAVING (SELECT sum(n) FROM everybody) >= %(least)s ORDER BY sum(y.n) DESC, y.hour LIMIT 1
), house AS (
    INSERT INTO workspace_hour (workspace_id, hour, reckoned_at) SELECT 1, (SELECT hour FROM together), %(now)s
    ON CONFLICT (workspace_id) DO UPDATE SET hour = EXCLUDED.hour, reckoned_at = EXCLUDED.reckoned_at
    RETURNING hour
)
SELECT (SELECT count(*) FROM kept), (SELECT hour FROM house)

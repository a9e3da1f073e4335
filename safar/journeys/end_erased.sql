-- Ends the trips of a contact that is erased: left, reason erased, counted where it stood; held-out ones end too. Called by
-- journeys.erasing, which holds the lock of the contact's lane.
-- Parameters: why (number of the reason), leaving (stretch of passage_count).
-- Writes: enrollment, passage_count. Index: enrollment_pkey.
WITH found AS (
    SELECT e.bucket, e.contact_id, e.journey_id, e.one_per, e.version_id, e.place, e.state, l.lane
    FROM enrollment e JOIN bucket_lane l ON l.bucket = e.bucket
    WHERE e.bucket = %(bucket)s::smallint AND e.contact_id = %(contact)s AND (e.state = 0 OR (e.state = 4 AND e.ended_at > now()))
), counts AS (
    INSERT INTO passage_count (lane, version_id, stretch, decisions, hour, n)
    SELECT f.lane, f.version_id, %(leaving)s, %(why)s * 256 + coalesce(f.place, 255), date_bin('1 hour', now(), 'epoch'), count(*)
    FROM found f WHERE f.state = 0 GROUP BY 1, 2, 4, 5
)
UPDATE enrollment e SET state = CASE WHEN f.state = 0 THEN 2 ELSE f.state END, reason = 'erased', ended_at = now()
FROM found f WHERE e.bucket = f.bucket AND e.contact_id = f.contact_id AND e.journey_id = f.journey_id AND e.one_per = f.one_per

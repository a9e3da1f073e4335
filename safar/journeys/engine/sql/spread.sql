-- Puts down everybody of the lane for the publishings that it has not met yet: hints in slices, each with a slot of its own, so that a tick takes
-- as many as it can. Whoever has no event behind them by that moment is passed over when their turn comes. Called by publishing.spread_lane, under
-- the lane's lock, before the lane's clock has passed the moment. Parameters: lane, clock (the lane's), slice (people). Returns how many publishings.
-- Writes: timer, publishing_lane, publishing. Index: publishing_owed, publishing_lane_pkey; none for contact: all of the lane's are put down.
WITH owed AS MATERIALIZED (
    SELECT p.id, p.workspace_id, greatest(p.at, %(clock)s::timestamptz) AS at FROM publishing p
    WHERE p.lanes_left > 0 AND NOT EXISTS (SELECT FROM publishing_lane l WHERE l.publishing_id = p.id AND l.lane = %(lane)s)
), people AS MATERIALIZED (
    SELECT o.id, o.at, c.id AS contact_id, (row_number() OVER (PARTITION BY o.id ORDER BY c.bucket, c.id) - 1) / %(slice)s AS n
    FROM owed o CROSS JOIN bucket_lane b JOIN contact c ON c.bucket = b.bucket
    WHERE b.lane = %(lane)s AND c.workspace_id = o.workspace_id AND c.merged_into IS NULL
), hints AS (
    INSERT INTO timer (lane, slot, subjects, publishing_id)
    SELECT %(lane)s, at + n * interval '1 microsecond', array_agg(contact_id), id FROM people GROUP BY id, at, n
), met AS (
    INSERT INTO publishing_lane (publishing_id, lane, workspace_id, at, people)
    SELECT o.id, %(lane)s, o.workspace_id, o.at, (SELECT count(*) FROM people p WHERE p.id = o.id) FROM owed o
), fewer AS (
    UPDATE publishing p SET lanes_left = p.lanes_left - 1 FROM owed o WHERE p.id = o.id
)
SELECT count(*) FROM owed

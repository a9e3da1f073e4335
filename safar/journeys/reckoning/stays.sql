-- The trips of one version that moved last, with their trails. Called by reckoning.stays, in a thread beside the request: no index tells
-- which trips moved last, and none shall (an index on a time makes each step nine times as dear), so the version's trips are read
-- whole, 30 to 60 ms for 100,000. Trails whose beginning lies in enrollment_past are left out.
-- Parameters: version, trips (how many at most).
-- Writes: nothing. Index: none for enrollment: it is read whole.
SELECT e.entered_at, e.trail FROM enrollment e
 WHERE e.version_id = %(version)s AND e.state <> 4 AND e.trail_moved = 0
 ORDER BY coalesce(e.ended_at, e.since) DESC LIMIT %(trips)s

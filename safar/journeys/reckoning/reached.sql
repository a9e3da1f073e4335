-- Of everybody who came to each of some journeys since a moment of its own: who was held out, and who reached the goal. People, not trips: the trips
-- of one person are not independent. Called by reckoning.compared, in a thread beside the request.
-- Parameters: workspace, journeys, moments (one for each journey).
-- Writes: nothing. Index: none for enrollment, enrollment_past: they are read whole.
WITH asked AS (
    SELECT * FROM unnest(%(journeys)s::integer[], %(moments)s::timestamptz[]) AS a (journey_id, since)
), trips AS (
    SELECT bucket, contact_id, journey_id, entered_at, state, goal_at FROM enrollment WHERE workspace_id = %(workspace)s
    UNION ALL
    SELECT bucket, contact_id, journey_id, entered_at, state, goal_at FROM enrollment_past WHERE workspace_id = %(workspace)s AND part = trail_moved
), people AS (
    SELECT t.journey_id, bool_or(t.state = 4) AS held, bool_or(t.goal_at IS NOT NULL) AS reached
      FROM trips t JOIN asked a ON a.journey_id = t.journey_id
     WHERE t.entered_at >= a.since
     GROUP BY t.journey_id, t.bucket, t.contact_id
)
SELECT journey_id, held, count(*), count(*) FILTER (WHERE reached) FROM people GROUP BY 1, 2

-- Takes the oldest job that waits, or whose process has not been heard of since its lease ended. Called by jobs.queue; a minute at a time.
-- Locks the one row, and passes by what somebody else is taking.
-- Writes: job. Index: job_waiting.
WITH next AS (
    SELECT id, clock_timestamp() + interval '1 minute' AS until FROM job
    WHERE state = 'waiting' OR (state = 'running' AND lease_until < clock_timestamp())
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE job j SET state = 'running', token = %(token)s, lease_until = n.until, tries = j.tries + 1
FROM next n WHERE j.id = n.id
RETURNING j.id, j.workspace_id, j.kind, j.asked, j.told, j.by, j.tries

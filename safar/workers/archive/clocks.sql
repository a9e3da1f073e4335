-- No lane's clock stands before what was applied in the archive. Called by reading.py in the import's transaction.
-- Locks: the rows of lane that move. Parameter: workspace.
-- Writes: lane. Index: none for event: the workspace's log is read whole.
UPDATE lane SET clock = m.applied_at
FROM (
    SELECT b.lane, max(e.applied_at) AS applied_at
    FROM event e JOIN bucket_lane b ON b.bucket = e.bucket
    WHERE e.workspace_id = %(workspace)s GROUP BY b.lane
) m
WHERE lane.id = m.lane AND lane.clock < m.applied_at

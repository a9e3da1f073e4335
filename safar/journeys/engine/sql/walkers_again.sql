-- Singles whose stretch has left something for this very tick (an internal event, a delay that is over) become walkers. Called by Tick.run.
-- Writes: nothing but scratch tables. Index: contact_pkey.
INSERT INTO walker (contact_id, bucket, workspace_id)
SELECT x.contact_id, c.bucket, c.workspace_id FROM (SELECT contact_id FROM caused UNION SELECT contact_id FROM due) x
JOIN contact c ON c.bucket = x.contact_id & 1023 AND c.id = x.contact_id ON CONFLICT DO NOTHING

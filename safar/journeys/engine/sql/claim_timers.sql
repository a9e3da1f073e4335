-- Takes the slots that begin before the horizon; their contacts become walkers. Called by Tick.claim, under the lane's lock.
-- Parameters: lane, horizon, buckets (null: all). Deletes from timer by its key. Returns the contacts taken.
WITH gone AS (
    DELETE FROM timer WHERE lane = %(lane)s AND slot < %(horizon)s RETURNING subjects
), subject AS (
    SELECT DISTINCT s AS contact_id FROM gone CROSS JOIN LATERAL unnest(subjects) s
), noted AS (
    INSERT INTO hinted (contact_id, bucket) SELECT contact_id, contact_id & 1023 FROM subject
), walkers AS (
    INSERT INTO walker (contact_id, bucket, workspace_id)
    SELECT s.contact_id, c.bucket, c.workspace_id FROM subject s JOIN contact c ON c.bucket = s.contact_id & 1023 AND c.id = s.contact_id
    WHERE c.merged_into IS NULL AND (%(buckets)s::smallint[] IS NULL OR c.bucket = ANY (%(buckets)s))
    ON CONFLICT DO NOTHING
)
SELECT count(*) FROM subject

-- Claims whose lease is over go back: claimed → pending. Called every round; takes and locks at most n.
-- Writes: outbox. Index: outbox_lease, outbox_pkey.
WITH over AS (
    SELECT o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point
      FROM outbox o
     WHERE o.state IN (1, 2, 4) AND o.state = 1 AND o.lease_until <= coalesce(%(now)s::timestamptz, statement_timestamp())
     ORDER BY o.lease_until LIMIT %(n)s
       FOR UPDATE OF o SKIP LOCKED
)
UPDATE outbox o
   SET state = 0, token = NULL, lease_until = NULL
  FROM over v
 WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (v.bucket, v.enrollment_id, v.entry_no, v.trail_pos, v.point)
RETURNING o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point

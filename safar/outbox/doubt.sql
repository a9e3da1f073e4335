-- Hand-overs that began and were never answered: sending → in_doubt, once the lease is over. Whether the message left the house
-- nobody knows, so it is never simply sent again. Called every round; takes and locks at most n.
-- Writes: outbox, message. Index: outbox_lease, outbox_pkey, message_bucket_enrollment_id_entry_no_trail_pos_point_key.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), over AS (
    SELECT o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point, clock.now, clock.now + %(doubt_for)s::interval AS doubt_until
      FROM outbox o CROSS JOIN clock
     WHERE o.state IN (1, 2, 4) AND o.state = 2 AND o.lease_until <= clock.now
     ORDER BY o.lease_until LIMIT %(n)s
       FOR UPDATE OF o SKIP LOCKED
), doubted AS (
    UPDATE outbox o
       SET state = 4, token = NULL, lease_until = v.doubt_until
      FROM over v
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (v.bucket, v.enrollment_id, v.entry_no, v.trail_pos, v.point)
    RETURNING o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point, v.now
)
UPDATE message m
   SET state = 'in_doubt', reason = 'no_answer', doubt_at = d.now
  FROM doubted d
 WHERE (m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point) = (d.bucket, d.enrollment_id, d.entry_no, d.trail_pos, d.point)
RETURNING m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point

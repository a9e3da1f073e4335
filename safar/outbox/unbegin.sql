-- Undoes a begin whose commit was not answered (the connection was lost): nothing was handed over, so sending → pending. Bound to
-- the claim's token: a later begin by somebody else is never touched. Called by the dispatcher after it has reconnected.
WITH undone AS (
    UPDATE outbox o
       SET state = 0, token = NULL, lease_until = NULL
      FROM json_to_recordset(%(rows)s::json) AS r (
            bucket smallint, enrollment_id bigint, entry_no integer, trail_pos integer, point smallint)
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (r.bucket, r.enrollment_id, r.entry_no, r.trail_pos, r.point)
       AND o.state IN (1, 2) AND o.token = %(token)s
    RETURNING o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point
)
UPDATE message m
   SET state = 'pending', reason = 'not_begun'
  FROM undone u
 WHERE (m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point) = (u.bucket, u.enrollment_id, u.entry_no, u.trail_pos, u.point)
   AND m.state = 'sending'
RETURNING m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point

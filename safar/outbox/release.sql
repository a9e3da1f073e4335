-- Gives rows back that were claimed and not begun: nothing of them has left the house. Of one claim (token) and, where keys are
-- given, of those rows only; called when the dispatcher stops, or a circuit opened under what it had ready.
-- Writes: outbox. Index: outbox_pkey or outbox_lease.
UPDATE outbox o
   SET state = 0, token = NULL, lease_until = NULL
  FROM json_to_recordset(%(rows)s::json) AS r (
        bucket smallint, enrollment_id bigint, entry_no integer, trail_pos integer, point smallint)
 WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (r.bucket, r.enrollment_id, r.entry_no, r.trail_pos, r.point)
   AND o.state = 1 AND o.token = %(token)s
RETURNING o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point

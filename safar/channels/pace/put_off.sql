-- Claimed rows back to pending, due when the budget is a new one. Called by budget.wait_for_tomorrow. Writes: outbox. Index: outbox_pkey or outbox_lease.
UPDATE outbox o
   SET state = 0, token = NULL, lease_until = NULL, due_at = %(due_at)s, waits_for = 'budget'
  FROM json_to_recordset(%(rows)s::json) AS r (
        bucket smallint, enrollment_id bigint, entry_no integer, trail_pos integer, point smallint, token uuid)
 WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (r.bucket, r.enrollment_id, r.entry_no, r.trail_pos, r.point)
   AND o.state = 1 AND o.token = r.token
RETURNING o.bucket, o.id

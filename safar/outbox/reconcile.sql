-- What a dispatcher does after its connection was lost: of the rows under its token it keeps those that it knows of (ready, in
-- flight, answered); all others were claimed or begun by a transaction whose commit was not answered, and certainly not handed
-- over, so claimed and sending → pending. A token is one dispatcher's and only it begins under it: nobody else's row is touched.
-- Called by the dispatcher once it is connected again (claim.reconcile). Locks the rows it gives back.
-- Writes: outbox, message. Index: outbox_lease, outbox_pkey, message_bucket_enrollment_id_entry_no_trail_pos_point_key.
WITH kept AS (
    SELECT * FROM json_to_recordset(%(kept)s::json) AS r (
        bucket smallint, enrollment_id bigint, entry_no integer, trail_pos integer, point smallint)
), ours AS (
    SELECT o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point
      FROM outbox o
     WHERE o.state IN (1, 2, 4) AND o.state IN (1, 2) AND o.token = %(token)s
       AND NOT EXISTS (SELECT FROM kept k WHERE (k.bucket, k.enrollment_id, k.entry_no, k.trail_pos, k.point)
                                             = (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point))
       FOR UPDATE OF o
), undone AS (
    UPDATE outbox o
       SET state = 0, token = NULL, lease_until = NULL
      FROM ours u
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (u.bucket, u.enrollment_id, u.entry_no, u.trail_pos, u.point)
    RETURNING o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point
), told AS (
    UPDATE message m
       SET state = 'pending', reason = 'not_begun'
      FROM undone u
     WHERE (m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point) = (u.bucket, u.enrollment_id, u.entry_no, u.trail_pos, u.point)
       AND m.state = 'sending'
    RETURNING m.bucket
)
SELECT (SELECT count(*) FROM undone) AS undone, (SELECT count(*) FROM told) AS begun

-- The policy closes a doubt for which no evidence came in time: marketing and what the team is told are assumed sent; a transactional message is sent once
-- more if its template says so; all else waits for a person ("needs attention"). Called every round; takes and locks at most n.
-- Slot: told (told.sql).
-- Writes: outbox, message, inbox. Index: outbox_lease, outbox_pkey, message_bucket_enrollment_id_entry_no_trail_pos_point_key, message_pkey.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), over AS MATERIALIZED (
    SELECT o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point, o.sent_again
      FROM outbox o CROSS JOIN clock
     WHERE o.state IN (1, 2, 4) AND o.state = 4 AND o.lease_until <= clock.now
     ORDER BY o.lease_until LIMIT %(n)s
       FOR UPDATE OF o SKIP LOCKED
), chosen AS MATERIALIZED (
    SELECT v.*, m.id,
           CASE WHEN m.class IN ('marketing', 'notice') THEN 'assumed_sent'
                WHEN m.once_more AND NOT v.sent_again THEN 'pending'
                ELSE 'in_doubt' END AS state
      FROM over v JOIN message m ON (m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point)
                                  = (v.bucket, v.enrollment_id, v.entry_no, v.trail_pos, v.point)
     WHERE m.state = 'in_doubt'
), gone AS (
    DELETE FROM outbox o USING chosen c
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (c.bucket, c.enrollment_id, c.entry_no, c.trail_pos, c.point)
       AND c.state = 'assumed_sent'
    RETURNING o.bucket
), kept AS (
    UPDATE outbox o
       SET state = CASE c.state WHEN 'pending' THEN 0 ELSE 4 END,
           sent_again = o.sent_again OR c.state = 'pending',
           lease_until = NULL
      FROM chosen c
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (c.bucket, c.enrollment_id, c.entry_no, c.trail_pos, c.point)
       AND c.state <> 'assumed_sent'
    RETURNING o.bucket
), settled AS (
    UPDATE message m
       SET state = c.state, reason = CASE c.state WHEN 'in_doubt' THEN 'needs_attention' ELSE m.reason END,
           settled_at = CASE c.state WHEN 'assumed_sent' THEN clock.now END
      FROM chosen c, clock
     WHERE m.bucket = c.bucket AND m.id = c.id
    RETURNING m.bucket, m.id, m.workspace_id, m.contact_id, m.kind, m.journey_key, m.point_key, m.template, m.channel, m.state, m.reason
), ended AS (
    SELECT * FROM settled WHERE state = 'assumed_sent'
), told AS (
    {told}
)
SELECT bucket, id, state FROM settled

-- A person closes a doubt ("needs attention"): resend (pending; it may arrive twice) or assume it arrived (assumed_sent).
-- Called by the console; locks the outbox row, returns a row where the message was in doubt. Slot: told (told.sql).
-- Writes: outbox, message, inbox. Index: message_pkey, outbox_pkey.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), locked AS MATERIALIZED (
    SELECT o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point, m.id
      FROM message m JOIN outbox o ON (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point)
                                    = (m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point)
     WHERE m.workspace_id = %(workspace_id)s AND m.bucket = %(bucket)s AND m.id = %(id)s AND m.state = 'in_doubt' AND o.state = 4
       FOR UPDATE OF o
), gone AS (
    DELETE FROM outbox o USING locked l
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (l.bucket, l.enrollment_id, l.entry_no, l.trail_pos, l.point)
       AND o.state = 4 AND %(state)s::text = 'assumed_sent'
    RETURNING o.bucket
), again AS (
    UPDATE outbox o SET state = 0, lease_until = NULL FROM locked l
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (l.bucket, l.enrollment_id, l.entry_no, l.trail_pos, l.point)
       AND o.state = 4 AND %(state)s::text = 'pending'
    RETURNING o.bucket
), settled AS (
    UPDATE message m
       SET state = %(state)s::text, reason = 'by_hand', settled_at = CASE %(state)s::text WHEN 'assumed_sent' THEN clock.now END
      FROM locked l, clock
     WHERE m.bucket = l.bucket AND m.id = l.id AND m.state = 'in_doubt'
    RETURNING m.bucket, m.id, m.workspace_id, m.contact_id, m.kind, m.journey_key, m.point_key, m.template, m.channel, m.state, m.reason
), ended AS (
    SELECT * FROM settled WHERE state = 'assumed_sent'
), told AS (
    {told}
)
SELECT bucket, id, state FROM settled

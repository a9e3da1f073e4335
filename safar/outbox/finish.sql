-- Writes answers down: sending → accepted, retry_wait, failed, in_doubt, or pending where the account was refused and not the
-- message. An answer that comes late, after the lease, counts as long as it names the message's present attempt.
-- Called by the dispatcher with the answers gathered since the last round, and for evidence from outside.
-- Locks outbox before message, both in the order of their keys, as every statement of this room does. Returns what was moved;
-- an answer that moved nothing came too late to matter. Slot: told (told.sql).
-- Writes: message, outbox, inbox. Index: outbox_pkey, message_bucket_enrollment_id_entry_no_trail_pos_point_key, message_pkey.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), said AS (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r (
        bucket smallint, enrollment_id bigint, entry_no integer, trail_pos integer, point smallint,
        attempt integer, state text, reason text, said text, provider_id text, wait double precision, instead jsonb)
), locked AS MATERIALIZED (
    SELECT o.bucket, o.id
      FROM outbox o JOIN said s ON (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point)
                                 = (s.bucket, s.enrollment_id, s.entry_no, s.trail_pos, s.point)
     ORDER BY o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point
       FOR UPDATE OF o
), found AS MATERIALIZED (
    SELECT s.*, m.id, m.state AS was, m.attempt AS present, clock.now, clock.now + make_interval(secs => coalesce(s.wait, 0)) AS wait_until
      FROM message m JOIN said s ON (m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point)
                                  = (s.bucket, s.enrollment_id, s.entry_no, s.trail_pos, s.point)
     CROSS JOIN clock
     WHERE (SELECT count(*) FROM locked) >= 0
     ORDER BY s.bucket, s.enrollment_id, s.entry_no, s.trail_pos, s.point
       FOR UPDATE OF m
), allowed AS MATERIALIZED (
    SELECT * FROM found f
     WHERE f.attempt = f.present AND (f.was, f.state) IN (
        ('sending', 'accepted'), ('sending', 'retry_wait'), ('sending', 'failed'), ('sending', 'in_doubt'), ('sending', 'pending'),
        ('in_doubt', 'accepted'), ('in_doubt', 'retry_wait'), ('in_doubt', 'failed'), ('in_doubt', 'pending'),
        ('pending', 'accepted'), ('retry_wait', 'accepted'), ('assumed_sent', 'accepted'))
), settled AS (
    UPDATE message m
       SET state = a.state, reason = a.reason, said = a.said, provider_id = coalesce(a.provider_id, m.provider_id),
           body_text = CASE WHEN a.instead IS NULL THEN m.body_text ELSE a.instead ->> 'body_text' END,
           pattern = CASE WHEN a.instead IS NULL THEN m.pattern ELSE nullif(a.instead -> 'pattern', 'null') END,
           parts = CASE WHEN a.instead IS NULL THEN m.parts ELSE (a.instead ->> 'parts')::smallint END,
           accepted_at = CASE WHEN a.state = 'accepted' THEN a.now END,
           doubt_at = CASE WHEN a.state = 'in_doubt' THEN a.now ELSE m.doubt_at END,
           settled_at = CASE WHEN a.state IN ('accepted', 'failed') THEN a.now END
      FROM allowed a
     WHERE m.bucket = a.bucket AND m.id = a.id
    RETURNING m.bucket, m.id, m.workspace_id, m.contact_id, m.kind, m.journey_key, m.point_key, m.template, m.channel, m.state,
              m.reason, a.was, m.enrollment_id, m.entry_no, m.trail_pos, m.point
), gone AS (
    DELETE FROM outbox o USING settled s
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (s.bucket, s.enrollment_id, s.entry_no, s.trail_pos, s.point)
       AND s.state IN ('accepted', 'failed')
    RETURNING o.bucket
), waiting AS (
    UPDATE outbox o
       SET state = CASE s.state WHEN 'retry_wait' THEN 3 WHEN 'in_doubt' THEN 4 ELSE 0 END,
           due_at = CASE WHEN s.state <> 'in_doubt' AND a.wait > 0 THEN a.wait_until ELSE o.due_at END,
           lease_until = CASE s.state WHEN 'in_doubt' THEN a.wait_until END,
           refusals = CASE WHEN s.state <> 'in_doubt' AND a.wait > 0 THEN o.refusals + 1 ELSE o.refusals END,
           token = NULL
      FROM settled s JOIN allowed a ON a.bucket = s.bucket AND a.id = s.id
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (s.bucket, s.enrollment_id, s.entry_no, s.trail_pos, s.point)
       AND s.state IN ('retry_wait', 'in_doubt', 'pending')
    RETURNING o.bucket
), ended AS (
    SELECT * FROM settled WHERE state IN ('accepted', 'failed') AND was <> 'assumed_sent'
), told AS (
    {told}
)
SELECT s.bucket, s.enrollment_id, s.entry_no, s.trail_pos, s.point, s.id, s.was, s.state FROM settled s

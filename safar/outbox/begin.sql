-- The one statement before a hand-over. For each row that is still ours under a lease that is not over, the slot `gate` says
-- what is to happen: NULL → sending, 'hold:…' → held, 'again:…' → pending, 'wait:…' → pending, due later, 'skip:…' → skipped, 'fail:…' → failed. A row whose
-- message reached its end before (it can only have been queued twice) goes without a trace on the message.
-- Called by the dispatcher with as many rows as it has idle connections; what it does not return is not ours any more.
-- Locks the rows it moves, outbox before message. Commit with synchronous_commit on: what it called `sending` must be known
-- after a crash. Slots: gate (safar/channels/sending/gate.py), quiet (safar/channels/quiet/of_message.sql), told (told.sql).
-- Writes: outbox, message, inbox. Index: outbox_pkey, message_bucket_enrollment_id_entry_no_trail_pos_point_key, contact_pkey, enrollment_pkey, enrollment_past_pkey, consent_pkey, message_contact, frequency_cap_pkey, quiet_hours_pkey.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), said AS (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r (
        bucket smallint, enrollment_id bigint, entry_no integer, trail_pos integer, point smallint,
        mode text, address text, marks text[], provider text, message_id_header text, class text, topic text, template text, variant text, language text,
        once_more boolean, sender text, subject text, body_html text, body_text text, pattern jsonb, parts smallint, part_price numeric, fault text)
), judged AS (
    SELECT said.*, o.id, o.workspace_id, o.contact_id, o.journey_id, o.kind, split_part(o.channel, ':', 1) AS channel, o.decided_at, o.effect,
           clock.now + %(lease)s::interval AS lease_until, m.sending_at AS begun_before,
           m.subject AS frozen_subject, m.body_html AS frozen_html, m.body_text AS frozen_text, m.pattern AS frozen_pattern,
           CASE WHEN m.state IN ('accepted', 'assumed_sent', 'failed', 'skipped') THEN 'past:' || m.state ELSE {gate} END AS verdict,
           quiet.until AS quiet_until
      FROM said
      CROSS JOIN clock
      -- By key, and a subquery of its own: else whatever is claimed is read by outbox_lease and held against each of ours.
      CROSS JOIN LATERAL (
        SELECT * FROM outbox o
         WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point)
             = (said.bucket, said.enrollment_id, said.entry_no, said.trail_pos, said.point)
           AND o.state = 1 AND o.token = %(token)s AND o.lease_until > clock.now
        OFFSET 0) o
      LEFT JOIN message m ON (m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point)
                           = (said.bucket, said.enrollment_id, said.entry_no, said.trail_pos, said.point)
      LEFT JOIN accounts_workspace w ON w.id = o.workspace_id
      LEFT JOIN contact c ON c.bucket = o.bucket AND c.id = o.contact_id
      CROSS JOIN LATERAL ({quiet}) quiet
), freed AS (
    UPDATE outbox o
       SET state = CASE WHEN j.verdict LIKE 'hold:%%' THEN 5 ELSE 0 END, token = NULL, lease_until = NULL,
           due_at = CASE WHEN j.verdict = 'wait:quiet' THEN j.quiet_until ELSE o.due_at END,
           waits_for = CASE WHEN j.verdict LIKE 'wait:%%' THEN substr(j.verdict, 6) END
      FROM judged j
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (j.bucket, j.enrollment_id, j.entry_no, j.trail_pos, j.point)
       AND o.state = 1 AND o.token = %(token)s AND left(j.verdict, 5) IN ('hold:', 'again', 'wait:')
    RETURNING o.bucket, o.id, o.attempts
), begun AS (
    UPDATE outbox o
       SET state = 2, attempts = o.attempts + 1, lease_until = j.lease_until
      FROM judged j
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (j.bucket, j.enrollment_id, j.entry_no, j.trail_pos, j.point)
       AND o.state = 1 AND o.token = %(token)s AND j.verdict IS NULL
    RETURNING o.bucket, o.id, o.attempts
), dropped AS (
    DELETE FROM outbox o USING judged j
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (j.bucket, j.enrollment_id, j.entry_no, j.trail_pos, j.point)
       AND o.state = 1 AND o.token = %(token)s AND left(j.verdict, 5) IN ('skip:', 'fail:', 'past:')
    RETURNING o.bucket, o.id, o.attempts
), moved AS (
    SELECT bucket, id, attempts FROM begun UNION ALL SELECT bucket, id, attempts FROM dropped UNION ALL SELECT bucket, id, attempts FROM freed
), written AS (
    INSERT INTO message AS m (
        bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, journey_key, point_key, kind,
        channel, class, topic, template, variant, language, address, state, reason, said, provider, message_id_header, attempt, once_more,
        sender, subject, body_html, body_text, pattern, parts, part_price, decided_at, sending_at, settled_at)
    SELECT j.bucket, j.id, j.workspace_id, j.contact_id, j.journey_id, j.enrollment_id, j.entry_no, j.trail_pos, j.point,
           j.effect ->> 'journey', j.effect ->> 'point', j.kind, j.channel, j.class, j.topic, j.template, j.variant, j.language, j.address,
           CASE left(j.verdict, 5) WHEN 'skip:' THEN 'skipped' WHEN 'fail:' THEN 'failed' ELSE 'sending' END,
           substr(j.verdict, 6), j.fault, j.provider, j.message_id_header, v.attempts, j.once_more,
           j.sender, coalesce(CASE WHEN j.verdict IS NULL THEN j.subject END, j.frozen_subject),
           coalesce(CASE WHEN j.verdict IS NULL THEN j.body_html END, j.frozen_html),
           coalesce(CASE WHEN j.verdict IS NULL THEN j.body_text END, j.frozen_text),
           CASE WHEN j.verdict IS NULL THEN j.pattern ELSE j.frozen_pattern END, j.parts, j.part_price, j.decided_at,
           CASE WHEN j.verdict IS NULL THEN clock.now ELSE j.begun_before END, CASE WHEN j.verdict IS NOT NULL THEN clock.now END
      FROM moved v JOIN judged j ON j.bucket = v.bucket AND j.id = v.id CROSS JOIN clock
     WHERE j.verdict IS NULL OR left(j.verdict, 5) IN ('skip:', 'fail:')
    ON CONFLICT (bucket, enrollment_id, entry_no, trail_pos, point) DO UPDATE
       SET state = EXCLUDED.state, reason = EXCLUDED.reason, said = EXCLUDED.said, address = EXCLUDED.address,
           provider = EXCLUDED.provider, message_id_header = EXCLUDED.message_id_header, attempt = EXCLUDED.attempt,
           sender = EXCLUDED.sender, subject = EXCLUDED.subject, body_html = EXCLUDED.body_html, body_text = EXCLUDED.body_text,
           pattern = EXCLUDED.pattern, parts = EXCLUDED.parts, part_price = EXCLUDED.part_price, sending_at = EXCLUDED.sending_at, settled_at = EXCLUDED.settled_at
    RETURNING m.bucket, m.id, m.workspace_id, m.contact_id, m.kind, m.journey_key, m.point_key, m.template, m.channel, m.state, m.reason
), ended AS (
    SELECT * FROM written WHERE state <> 'sending'
), told AS (
    {told}
)
SELECT j.bucket, j.enrollment_id, j.entry_no, j.trail_pos, j.point, j.verdict, v.attempts AS attempt
  FROM judged j JOIN moved v ON v.bucket = j.bucket AND v.id = j.id

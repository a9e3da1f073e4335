-- Past decisions become messages that ended at their own time: outbox → message, into the mailbox where `source` is there, and what
-- became of them into the inbox, as safar/outbox/told.sql would have told it then. Received now, it is late: it feeds facts and starts
-- nothing. Called by settle_past on tables aside. Parameters: lane, now, rows. Deletes from outbox by its key.
WITH said AS (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r (
        bucket smallint, enrollment_id bigint, entry_no integer, trail_pos integer, point smallint, class text, template text, variant text,
        language text, address text, state text, reason text, message_id_header text, sender text, subject text, body_html text,
        body_text text, parts smallint, part_price numeric, source text, settled_at timestamptz, opened_at timestamptz, clicked_at timestamptz)
), gone AS (
    DELETE FROM outbox o USING said s
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (s.bucket, s.enrollment_id, s.entry_no, s.trail_pos, s.point)
       AND o.state = 0
    RETURNING o.bucket, o.id, o.workspace_id, o.contact_id, o.journey_id, o.enrollment_id, o.entry_no, o.trail_pos, o.point, o.kind,
              o.channel, o.effect, o.decided_at
), ended AS (
    SELECT g.*, s.class, s.template, s.variant, s.language, s.address, s.state, s.reason, s.message_id_header, s.sender, s.subject, s.body_html,
           s.body_text, s.parts, s.part_price, s.source, s.settled_at, s.opened_at, s.clicked_at
      FROM gone g JOIN said s ON (s.bucket, s.enrollment_id, s.entry_no, s.trail_pos, s.point)
                               = (g.bucket, g.enrollment_id, g.entry_no, g.trail_pos, g.point)
), written AS (
    INSERT INTO message (
        bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, journey_key, point_key, kind,
        channel, class, template, variant, language, address, state, reason, provider, provider_id, message_id_header, attempt, sender, subject,
        body_html, body_text, parts, part_price, decided_at, sending_at, accepted_at, settled_at, opened_at, clicked_at)
    SELECT bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, effect ->> 'journey',
           effect ->> 'point', kind, channel, class, template, variant, language, address, state, reason,
           'mailbox', CASE WHEN state = 'accepted' THEN message_id_header END, message_id_header, (state = 'accepted')::integer, sender,
           subject, body_html, body_text, parts, part_price, decided_at, CASE WHEN state = 'accepted' THEN settled_at END,
           CASE WHEN state = 'accepted' THEN settled_at END, settled_at, opened_at, clicked_at
      FROM ended
), reacted AS (
    INSERT INTO reaction (bucket, message_id, link_id, machine, hour, workspace_id, at)
    SELECT e.bucket, e.id, t.link, false, date_trunc('hour', t.at, 'UTC'), e.workspace_id, t.at
      FROM ended e CROSS JOIN LATERAL (VALUES (0, e.opened_at), (16, e.clicked_at)) t (link, at)
     WHERE e.kind = 'message' AND t.at IS NOT NULL
), kept AS (
    INSERT INTO mailbox (bucket, message_id, workspace_id, channel, address, subject, reason, source, at)
    SELECT bucket, id, workspace_id, channel, address, subject, 'mailbox', decode(source, 'base64'), settled_at
      FROM ended WHERE state = 'accepted' AND source IS NOT NULL
), told AS (
    INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, message_id)
    SELECT %(lane)s, e.bucket, e.contact_id, e.workspace_id, %(now)s, t.at, 'feedback', t.name,
           jsonb_strip_nulls(jsonb_build_object('journey', e.effect ->> 'journey', 'point', e.effect ->> 'point', 'template', e.template,
               'channel', e.channel, 'message_id', e.bucket || '-' || e.id, 'reason', e.reason)),
           'feedback:' || e.bucket || '-' || e.id || ':' || t.mark
      FROM ended e CROSS JOIN LATERAL (VALUES
           (1, e.settled_at, CASE e.state WHEN 'skipped' THEN 'message_skipped' ELSE 'message_sent' END, e.state),
           (2, e.opened_at, 'email_opened', 'opened'),
           (3, e.clicked_at, 'email_clicked', 'clicked')) t (n, at, name, mark)
     WHERE e.kind = 'message' AND t.at IS NOT NULL
     ORDER BY t.at, e.id, t.n
)
SELECT count(*) FROM ended

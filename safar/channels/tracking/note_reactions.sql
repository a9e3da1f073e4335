-- Writes down openings and clicks: a row of `reaction` each, the moment of the first on the message, and an event of the contact. What is
-- there already (the same message, link, hour, and person or machine) moves nothing: two processes that hear the same opening tell it once.
-- A visit to the link that no person sees (1) is written down and told to nobody.
-- Called by reactions.note_hits, for the hits of a moment together. Locks the messages it marks.
-- Writes: reaction, message, inbox. Index: message_pkey, contact_pkey, consent_pkey.
WITH clock AS (
    SELECT statement_timestamp() AS now
), about AS (
    SELECT g.*, m.contact_id, m.journey_key, m.point_key, m.template, m.variant, m.channel
      FROM json_to_recordset(%(rows)s::json) AS g (
            workspace_id integer, bucket smallint, message_id bigint, link_id bigint, machine boolean, reason text,
            at timestamptz, hour timestamptz)
     CROSS JOIN LATERAL (SELECT * FROM message m WHERE m.bucket = g.bucket AND m.id = g.message_id OFFSET 0) m
     CROSS JOIN LATERAL (SELECT c.id FROM contact c WHERE c.bucket = g.bucket AND c.id = m.contact_id AND c.erased_at IS NULL OFFSET 0) c
     WHERE m.workspace_id = g.workspace_id AND m.kind = 'message' AND m.state NOT IN ('skipped', 'failed')
       AND NOT EXISTS (SELECT FROM consent n WHERE n.bucket = g.bucket AND n.contact_id = m.contact_id AND n.channel = 'tracking'
                                              AND n.state = 'withdrawn' OFFSET 0)
), kept AS (
    INSERT INTO reaction (bucket, message_id, link_id, machine, hour, workspace_id, at, reason)
    SELECT a.bucket, a.message_id, a.link_id, a.machine, a.hour, a.workspace_id, a.at, a.reason FROM about a
     ORDER BY a.bucket, a.message_id, a.link_id, a.machine, a.hour
    ON CONFLICT (bucket, message_id, link_id, machine, hour) DO NOTHING
    RETURNING bucket, message_id, link_id, machine, hour
), told AS (
    SELECT a.*, l.url FROM about a
      JOIN kept k ON (k.bucket, k.message_id, k.link_id, k.machine, k.hour) = (a.bucket, a.message_id, a.link_id, a.machine, a.hour)
      LEFT JOIN link l ON l.workspace_id = a.workspace_id AND l.id = a.link_id
     WHERE a.link_id <> 1
), firsts AS (
    SELECT t.bucket, t.message_id, min(t.at) FILTER (WHERE t.link_id = 0) AS opened_at, min(t.at) FILTER (WHERE t.link_id <> 0) AS clicked_at
      FROM told t WHERE NOT t.machine GROUP BY t.bucket, t.message_id
), marked AS (
    UPDATE message m
       SET opened_at = coalesce(m.opened_at, f.opened_at), clicked_at = coalesce(m.clicked_at, f.clicked_at)
      FROM firsts f
     WHERE m.bucket = f.bucket AND m.id = f.message_id
       AND (m.opened_at IS NULL AND f.opened_at IS NOT NULL OR m.clicked_at IS NULL AND f.clicked_at IS NOT NULL)
), said AS (
    INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, message_id)
    SELECT coalesce(b.lane, 0), t.bucket, t.contact_id, t.workspace_id, clock.now, t.at, 'feedback',
           CASE t.channel WHEN 'sms' THEN 'sms' ELSE 'email' END || CASE t.link_id WHEN 0 THEN '_opened' ELSE '_clicked' END
               || CASE WHEN t.machine THEN '_by_machine' ELSE '' END,
           jsonb_strip_nulls(jsonb_build_object('journey', t.journey_key, 'point', t.point_key, 'template', t.template, 'variant', t.variant,
               'channel', t.channel, 'message_id', t.bucket || '-' || t.message_id, 'url', t.url,
               'link', CASE WHEN t.link_id > 1 THEN t.link_id::text END,
               'machine', CASE WHEN t.machine THEN true END, 'reason', CASE WHEN t.machine THEN t.reason END)),
           'reaction:' || t.bucket || '-' || t.message_id || ':' || t.link_id || CASE WHEN t.machine THEN ':machine:' ELSE ':' END
               || to_char(t.hour AT TIME ZONE 'UTC', 'YYYYMMDDHH24')
      FROM told t CROSS JOIN clock LEFT JOIN bucket_lane b ON b.bucket = t.bucket
     ORDER BY t.at, t.link_id
    RETURNING id
)
SELECT (SELECT count(*) FROM said), pg_notify('safar_inbox', '')

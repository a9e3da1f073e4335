-- Writes down that a message came back, or was called spam: once for each message and kind, however often it is reported, before or after "delivered".
-- For good, or as spam, suppresses the address at once; what bounces softly does when it is the third message within 14 days. Goes to the engine as an
-- event of the contact, and has the figures of a campaign looked at.
-- Called by mail_reporting.note_mail, for each bounce and complaint. Locks the message. Returns a row where it is news.
-- Writes: bounce, message, suppression, brake_check, inbox. Index: message_pkey, bounce_pkey, bounce_address.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), about AS MATERIALIZED (
    SELECT m.*, lower(btrim(m.address)) AS folded FROM message m
     WHERE m.bucket = %(bucket)s AND m.id = %(id)s AND m.workspace_id = %(workspace_id)s AND m.provider = %(provider)s
       AND m.message_id_header = %(header)s AND m.channel = 'email' AND m.state NOT IN ('skipped', 'failed') AND btrim(m.address) <> ''
       FOR UPDATE OF m
), news AS (
    INSERT INTO bounce (bucket, message_id, kind, workspace_id, journey_id, address, at)
    SELECT a.bucket, a.id, %(kind)s, a.workspace_id, a.journey_id, a.folded, clock.now FROM about a CROSS JOIN clock
    ON CONFLICT (bucket, message_id, kind) DO NOTHING
    RETURNING bucket, message_id, workspace_id, journey_id, address, at
), marked AS (
    UPDATE message m
       SET undelivered_at = coalesce(m.undelivered_at, n.at), undelivered = coalesce(m.undelivered, %(reason)s::text), delivered_at = NULL
      FROM news n
     WHERE m.bucket = n.bucket AND m.id = n.message_id AND %(kind)s <> 'complaint'
    RETURNING m.id
), suppressed AS (
    INSERT INTO suppression (workspace_id, channel, address, reason, at)
    SELECT n.workspace_id, 'email', n.address, CASE %(kind)s WHEN 'complaint' THEN 'complained' ELSE 'bounced' END, n.at
      FROM news n
     WHERE %(kind)s <> 'soft'
        OR 2 <= (SELECT count(DISTINCT (b.bucket, b.message_id)) FROM bounce b
                  WHERE b.workspace_id = n.workspace_id AND b.address = n.address AND b.kind = 'soft' AND b.at > n.at - interval '14 days')
    ON CONFLICT (workspace_id, channel, address) DO NOTHING
    RETURNING address
), looked AS (
    INSERT INTO brake_check (workspace_id, journey_id)
    SELECT n.workspace_id, n.journey_id FROM news n WHERE n.journey_id > 0 AND %(kind)s <> 'soft'
    ON CONFLICT (workspace_id, journey_id) DO NOTHING
    RETURNING journey_id
), told AS (
    INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, message_id)
    SELECT coalesce(l.lane, 0), a.bucket, a.contact_id, a.workspace_id, clock.now, clock.now, 'feedback',
           CASE %(kind)s WHEN 'complaint' THEN 'message_complained' ELSE 'message_bounced' END,
           jsonb_strip_nulls(jsonb_build_object('journey', a.journey_key, 'point', a.point_key, 'template', a.template, 'variant', a.variant,
               'channel', a.channel, 'message_id', a.bucket || '-' || a.id, 'bounce', nullif(%(kind)s, 'complaint'), 'reason', %(reason)s::text)),
           'feedback:' || a.bucket || '-' || a.id || ':' || %(kind)s
      FROM about a JOIN news n ON n.bucket = a.bucket AND n.message_id = a.id CROSS JOIN clock LEFT JOIN bucket_lane l ON l.bucket = a.bucket
     WHERE a.kind = 'message'
    RETURNING id
)
SELECT n.message_id, (SELECT count(*) FROM suppressed) AS suppressed, (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM looked) AS looked,
       (SELECT count(*) FROM marked) AS marked, pg_notify('safar_inbox', '')
  FROM news n

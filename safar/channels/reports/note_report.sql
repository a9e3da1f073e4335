-- Writes down what a service reported of a message it had taken: the first word counts, but "delivered" counts after "not delivered" too. It
-- goes to the engine as an event of the contact. Reports come twice and in any order; what says nothing new moves nothing.
-- Called by reporting.note_report, for each report. Locks the message. Returns a row where it moved.
-- Writes: message, inbox. Index: message_pkey.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), moved AS (
    UPDATE message m
       SET delivered_at = CASE WHEN %(delivered)s THEN clock.now END,
           undelivered_at = CASE WHEN NOT %(delivered)s THEN clock.now END,
           undelivered = CASE WHEN NOT %(delivered)s THEN %(reason)s::text END
      FROM clock
     WHERE m.bucket = %(bucket)s AND m.id = %(id)s AND m.workspace_id = %(workspace_id)s AND m.provider = %(provider)s
       AND m.state NOT IN ('skipped', 'failed') AND m.delivered_at IS NULL AND (%(delivered)s OR m.undelivered_at IS NULL)
    RETURNING m.bucket, m.id, m.workspace_id, m.contact_id, m.kind, m.journey_key, m.point_key, m.template, m.channel, m.undelivered
), told AS (
    INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, message_id)
    SELECT coalesce(l.lane, 0), e.bucket, e.contact_id, e.workspace_id, clock.now, clock.now, 'feedback',
           CASE WHEN %(delivered)s THEN 'message_delivered' ELSE 'message_failed' END,
           jsonb_strip_nulls(jsonb_build_object('journey', e.journey_key, 'point', e.point_key, 'template', e.template, 'channel', e.channel,
               'message_id', e.bucket || '-' || e.id, 'reason', e.undelivered)),
           'feedback:' || e.bucket || '-' || e.id || CASE WHEN %(delivered)s THEN ':delivered' ELSE ':undelivered' END
      FROM moved e CROSS JOIN clock LEFT JOIN bucket_lane l ON l.bucket = e.bucket
     WHERE e.kind = 'message'
    RETURNING id
)
SELECT m.bucket, m.id, (SELECT count(*) FROM told) AS told, pg_notify('safar_inbox', '') FROM moved m

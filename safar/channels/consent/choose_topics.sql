-- What a contact chose of topics on the page behind an unsubscribe link: an event each, `topic_left` or `topic_joined`, with its proof.
-- Called by that page, and by the one click of a mail program where the message is of a topic. What is so already makes no event.
-- Returns a row where the contact is known.
-- Writes: inbox, message. Index: contact_pkey, message_pkey or message_contact, consent_pkey, topic_pkey.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), about AS (
    SELECT c.bucket, c.id, c.workspace_id, coalesce(m.channel, 'email') AS channel, m.address, m.journey_key, m.point_key, m.template
      FROM contact c LEFT JOIN message m ON m.bucket = c.bucket AND m.id = %(message_id)s AND m.contact_id = c.id
     WHERE c.bucket = %(bucket)s AND c.id = %(contact_id)s AND c.workspace_id = %(workspace_id)s
), told AS (
    INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, consent, context)
    SELECT coalesce(l.lane, 0), a.bucket, a.id, a.workspace_id, clock.now, clock.now, 'edit', 'topic_' || s.state,
           jsonb_strip_nulls(jsonb_build_object('topic', s.topic, 'journey', a.journey_key, 'point', a.point_key, 'template', a.template,
               'channel', a.channel, 'message_id', %(bucket)s::text || '-' || %(message_id)s::text)),
           jsonb_build_object('topic:' || s.topic, s.state),
           jsonb_build_object('unsubscribe', %(proof)s::jsonb || jsonb_build_object('address', a.address))
      FROM about a CROSS JOIN clock CROSS JOIN jsonb_each_text(%(said)s::jsonb) AS s (topic, state)
      JOIN topic t ON t.workspace_id = a.workspace_id AND t.key = s.topic AND t.shown
      LEFT JOIN consent n ON n.bucket = a.bucket AND n.contact_id = a.id AND n.channel = 'topic:' || s.topic
      LEFT JOIN bucket_lane l ON l.bucket = a.bucket
     WHERE n.state IS DISTINCT FROM s.state AND NOT (n.state IS NULL AND s.state = 'joined')
    RETURNING id, name
), marked AS (
    UPDATE message m SET unsubscribed_at = clock.now FROM clock
     WHERE m.bucket = %(bucket)s AND m.id = %(message_id)s AND m.contact_id = %(contact_id)s AND m.workspace_id = %(workspace_id)s
       AND m.unsubscribed_at IS NULL AND EXISTS (SELECT FROM told WHERE told.name = 'topic_left')
)
SELECT (SELECT count(*) FROM told) AS told, pg_notify('safar_inbox', '') FROM about

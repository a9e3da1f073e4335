-- Unsubscribes a contact from a message's channel: its addresses are suppressed at once, so that the next message already meets
-- it at the gate, and the withdrawn consent goes to the engine as an event of the contact, with its proof.
-- Called by the page behind every unsubscribe link. Parameter addresses: by channel, those of the contact and of the message as the
-- suppression list has them. Doing it twice leaves one suppression, and an event only while the consent
-- is not withdrawn yet. Returns a row where the contact is known.
-- Writes: suppression, message, inbox. Index: contact_pkey, message_pkey or message_contact, consent_pkey.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), about AS (
    SELECT c.bucket, c.id, c.workspace_id, coalesce(m.channel, 'email') AS channel, m.address AS sent_to, m.journey_key, m.point_key,
           m.template
      FROM contact c LEFT JOIN message m ON m.bucket = c.bucket AND m.id = %(message_id)s AND m.contact_id = c.id
     WHERE c.bucket = %(bucket)s AND c.id = %(contact_id)s AND c.workspace_id = %(workspace_id)s
), suppressed AS (
    INSERT INTO suppression (workspace_id, channel, address, reason, at)
    SELECT DISTINCT a.workspace_id, a.channel, x.address, 'unsubscribed', clock.now
      FROM about a CROSS JOIN clock CROSS JOIN LATERAL jsonb_array_elements_text(%(addresses)s::jsonb -> a.channel) AS x (address)
    ON CONFLICT (workspace_id, channel, address) DO NOTHING
    RETURNING address
), marked AS (
    UPDATE message m SET unsubscribed_at = clock.now FROM clock
     WHERE m.bucket = %(bucket)s AND m.id = %(message_id)s AND m.contact_id = %(contact_id)s AND m.workspace_id = %(workspace_id)s
       AND m.unsubscribed_at IS NULL
), told AS (
    INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, consent, context)
    SELECT coalesce(l.lane, 0), a.bucket, a.id, a.workspace_id, clock.now, clock.now, 'edit', 'unsubscribed',
           jsonb_strip_nulls(jsonb_build_object('journey', a.journey_key, 'point', a.point_key, 'template', a.template,
               'channel', a.channel, 'message_id', %(bucket)s::text || '-' || %(message_id)s::text)),
           jsonb_build_object(a.channel, 'withdrawn'),
           jsonb_build_object('unsubscribe', %(proof)s::jsonb || jsonb_build_object('address', a.sent_to))
      FROM about a CROSS JOIN clock LEFT JOIN bucket_lane l ON l.bucket = a.bucket
     WHERE EXISTS (SELECT FROM suppressed)
        OR NOT EXISTS (SELECT FROM consent n WHERE n.bucket = a.bucket AND n.contact_id = a.id AND n.channel = a.channel
                                               AND n.state = 'withdrawn')
    RETURNING id
)
SELECT a.channel, (SELECT count(*) FROM suppressed) AS suppressed, (SELECT count(*) FROM told) AS told, pg_notify('safar_inbox', '')
  FROM about a

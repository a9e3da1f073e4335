-- What a contact chose in the preference centre: channels, topics, how often, a pause, and how they are called. Only what is another than
-- before becomes an event, with its proof: `unsubscribed` of a channel, `topic_left` and `topic_joined`, `preferences_changed` for the rest.
-- A channel that is left has its address suppressed at once, so that the next message already meets it at the gate; one that is joined
-- has its suppression lifted where it came from unsubscribing, and from nothing else. Parameters: addresses, by channel, those of the
-- contact and of the message as the suppression list has them; known: how else the contact's may stand there.
-- Called by preferring.prefer. Returns a row where the contact is known: the lane and numbers of what went into the inbox.
-- Writes: suppression, message, inbox. Index: contact_pkey, message_pkey or message_contact, consent_pkey, topic_pkey, suppression_pkey.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), about AS (
    SELECT c.bucket, c.id, c.workspace_id, coalesce(l.lane, 0) AS lane
      FROM contact c LEFT JOIN bucket_lane l ON l.bucket = c.bucket
     WHERE c.bucket = %(bucket)s AND c.id = %(contact_id)s AND c.workspace_id = %(workspace_id)s AND c.erased_at IS NULL
), chosen AS (
    SELECT s.name, s.state, n.state AS old FROM about a CROSS JOIN jsonb_each_text(%(said)s::jsonb) AS s (name, state)
      LEFT JOIN consent n ON n.bucket = a.bucket AND n.contact_id = a.id AND n.channel = s.name
      LEFT JOIN topic t ON t.workspace_id = a.workspace_id AND 'topic:' || t.key = s.name AND (t.shown OR %(explicit)s)
     WHERE NOT starts_with(s.name, 'topic:') OR t.key IS NOT NULL
), suppressed AS (
    INSERT INTO suppression (workspace_id, channel, address, reason, at)
    SELECT DISTINCT a.workspace_id, h.name, x.address, 'unsubscribed', clock.now
      FROM about a CROSS JOIN clock JOIN chosen h ON h.name IN ('email', 'sms') AND h.state = 'withdrawn'
     CROSS JOIN LATERAL jsonb_array_elements_text(%(addresses)s::jsonb -> h.name) AS x (address)
    ON CONFLICT (workspace_id, channel, address) DO NOTHING
    RETURNING channel
), lifted AS (
    DELETE FROM suppression s USING about a, chosen h
     WHERE h.name IN ('email', 'sms') AND h.state = 'given' AND s.workspace_id = a.workspace_id AND s.channel = h.name
       AND s.reason = 'unsubscribed' AND s.address = ANY (%(known)s::text[])
    RETURNING s.channel
), pieces AS (
    SELECT CASE WHEN name IN ('email', 'sms') AND state = 'withdrawn' THEN 'unsubscribed'
                WHEN starts_with(name, 'topic:') THEN 'topic_' || state ELSE 'preferences_changed' END AS event,
           CASE WHEN name IN ('email', 'sms') AND state = 'withdrawn' OR starts_with(name, 'topic:') THEN name END AS one, name, state
      FROM chosen
     WHERE (old IS DISTINCT FROM state AND NOT (old IS NULL AND NOT %(explicit)s AND state IN ('joined', 'everything', 'ended')))
        OR (name IN ('email', 'sms') AND (state = 'given' AND name IN (SELECT channel FROM lifted)
                                       OR state = 'withdrawn' AND name IN (SELECT channel FROM suppressed)))
), events AS (
    SELECT p.event, p.one, jsonb_object_agg(p.name, p.state) AS said, NULL::jsonb AS traits FROM pieces p GROUP BY p.event, p.one
    UNION ALL
    SELECT 'preferences_changed', NULL, NULL, %(traits)s::jsonb WHERE %(traits)s::jsonb <> '{}'
), marked AS (
    UPDATE message m SET unsubscribed_at = clock.now FROM clock
     WHERE m.bucket = %(bucket)s AND m.id = %(message_id)s AND m.contact_id = %(contact_id)s AND m.workspace_id = %(workspace_id)s
       AND m.unsubscribed_at IS NULL AND EXISTS (SELECT FROM events WHERE events.event IN ('unsubscribed', 'topic_left'))
), told AS (
    INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, traits, consent, context)
    SELECT a.lane, a.bucket, a.id, a.workspace_id, clock.now, clock.now, 'edit', e.event,
           jsonb_strip_nulls(jsonb_build_object('channel', CASE e.event WHEN 'unsubscribed' THEN e.one END,
               'topic', CASE WHEN starts_with(e.one, 'topic:') THEN substr(e.one, 7) END,
               'message_id', CASE WHEN %(message_id)s <> 0 THEN %(bucket)s::text || '-' || %(message_id)s::text END))
               || CASE WHEN e.one IS NULL THEN coalesce(e.said, '{}') ELSE '{}' END,
           e.traits, e.said, jsonb_build_object('proof', %(proof)s::jsonb)
      FROM about a CROSS JOIN clock CROSS JOIN events e
    RETURNING id
)
SELECT a.lane, (SELECT coalesce(array_agg(id), '{}') FROM told) AS told, pg_notify('safar_inbox', '') FROM about a

-- What was and will be sent to a contact before a moment, the newest first. Called by journeys.road for the timeline of a contact's page.
-- Parameters: before, below: goes on behind this moment and number. What waits lies in the outbox without a row in message, or with one once a hand-over has begun.
-- Writes: nothing. Index: message_contact, message_pkey; none for outbox: one bucket of it is looked through.
SELECT m.id, m.bucket, m.decided_at AS at, m.channel, m.journey_key AS journey, m.point_key AS point, m.template,
    CASE WHEN m.kind <> 'webhook' THEN m.subject END AS subject, m.address, m.state, m.reason, m.said, m.accepted_at, m.provider, m.delivered_at,
    CASE WHEN m.delivered_at IS NULL THEN m.undelivered END AS undelivered
FROM message m
WHERE m.bucket = %(bucket)s::smallint AND m.contact_id = %(contact)s AND m.kind = 'message' AND (m.decided_at, m.id) < (%(before)s::timestamptz, %(below)s::bigint)
UNION ALL
SELECT o.id, o.bucket, o.decided_at, o.channel, o.effect ->> 'journey', o.effect ->> 'point', o.effect ->> 'template', NULL, NULL, 'pending', NULL, NULL,
    NULL, NULL, NULL, NULL
FROM outbox o
WHERE o.bucket = %(bucket)s::smallint AND o.contact_id = %(contact)s AND o.kind = 'message' AND o.state IN (0, 1, 5)
    AND (o.decided_at, o.id) < (%(before)s::timestamptz, %(below)s::bigint)
    AND NOT EXISTS (SELECT FROM message m WHERE m.bucket = o.bucket AND m.id = o.id OFFSET 0)
ORDER BY at DESC, id DESC LIMIT %(size)s

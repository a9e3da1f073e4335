-- A call into the outbox for each of the round's events and each address that is told of its name (channels/webhooks/subscriptions.py), in the transaction that
-- applies the event. Called by Tick.round where a workspace of the round has such an address. The key is that of the event: journey 0, its sequence
-- below zero as enrollment, the subscription's number as entry. Who does not answer within three days misses it. Returns how many.
-- Writes: outbox. Index: contact_pkey.
WITH told AS (
    INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect, decided_at, due_at, not_after)
    SELECT t.bucket, t.workspace_id, t.contact_id, 0, -t.seq, s.id, 0, 0, 'webhook',
        jsonb_build_object('channel', s.queue, 'class', 'webhook', 'url', s.url, 'point', t.name, 'event', jsonb_strip_nulls(jsonb_build_object(
            'event', t.name, 'sequence', t.seq, 'timestamp', t.ts, 'messageId', t.message_id, 'userId', c.external_id, 'contactId', t.contact_id)) || jsonb_build_object(
            'properties', t.properties) || CASE WHEN t.traits IS NULL THEN '{}' ELSE jsonb_build_object('traits', t.traits) END),
        t.at, t.at, greatest(t.at, k.now) + interval '72 hours'
    FROM turn t
    CROSS JOIN tick k
    JOIN listener s ON s.workspace_id = t.workspace_id
    JOIN contact c ON c.bucket = t.bucket AND c.id = t.contact_id
    WHERE t.kind < 2 AND t.type NOT IN ('merge', 'absorb', 'recount')
        AND (t.name = ANY (s.names) OR EXISTS (SELECT FROM unnest(s.beginnings) b WHERE starts_with(t.name, b)))
    ORDER BY t.seq, s.id
    RETURNING 1
)
SELECT count(*) FROM told

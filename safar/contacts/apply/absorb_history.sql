-- The history of the contact that was merged becomes the winner's: after what the winner has, in the loser's order.
-- Called by the engine's step 1 for events of type absorb; reads the loser's rows, which nobody changes any more.
-- Writes: event. Index: event_contact.
INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties, traits, context, message_id, cause, hops, received_at)
SELECT s.bucket, s.contact_id, s.workspace_id, nextval('event_seq'), s.applied_at, s.timestamp, s.type, s.name, s.properties, s.traits, s.context,
    s.message_id, s.cause, s.hops, s.received_at
FROM (SELECT t.bucket, t.contact_id, v.workspace_id, v.applied_at, v.timestamp, v.type, v.name, v.properties, v.traits, v.context, v.message_id,
        v.cause, v.hops, v.received_at
    FROM turn t CROSS JOIN LATERAL (SELECT (t.properties ->> 'from')::bigint AS id) l
    JOIN event v ON v.bucket = l.id & 1023 AND v.contact_id = l.id
    WHERE t.type = 'absorb' ORDER BY t.contact_id, v.seq) s

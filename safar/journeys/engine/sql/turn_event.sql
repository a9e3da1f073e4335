-- The round's events: a contact's next one, unless a timer is due before it. An absorbing waits until the other contact has left.
-- Called by Tick.round.
-- Writes: nothing but scratch tables. Index: contact_pkey.
WITH taken AS (
    INSERT INTO turn (contact_id, bucket, workspace_id, kind, at, ts, received_at, seq, type, name, properties, traits, consent, tags, context,
        message_id, hops, late, alive, enters, facts, fresh, tokens)
    SELECT w.contact_id, w.bucket, w.workspace_id, 1, e.at, e.timestamp, e.received_at, nextval('event_seq'), e.type, e.name, e.properties, e.traits,
        e.consent, e.tags, e.context, e.message_id, e.hops, e.late, NOT e.late AND e.hops <= 8, NOT e.late AND e.hops <= 8 AND NOT m.moves,
        NOT m.moves, w.fresh AND NOT m.moves, CASE WHEN m.moves THEN '{}' ELSE ARRAY['event:' || e.name] END
    FROM walker w
    JOIN thing e ON e.contact_id = w.contact_id AND e.n = w.n
    CROSS JOIN LATERAL (SELECT e.type IN ('merge', 'absorb', 'recount') AS moves) m
    WHERE (w.stop_at IS NULL OR e.at < w.stop_at) AND NOT EXISTS (SELECT FROM turn x WHERE x.contact_id = w.contact_id)
        AND NOT EXISTS (SELECT FROM due d WHERE d.contact_id = w.contact_id AND d.at < e.at)
        AND (e.type <> 'absorb' OR EXISTS (SELECT FROM contact c WHERE c.bucket = (e.properties ->> 'from')::bigint & 1023
            AND c.id = (e.properties ->> 'from')::bigint AND c.merged_into IS NOT NULL OFFSET 0))
    RETURNING contact_id, fresh
), moved AS (
    UPDATE walker w SET n = w.n + 1, internals = 0, fresh = w.fresh AND NOT t.fresh FROM taken t WHERE w.contact_id = t.contact_id
)
SELECT count(*) FROM taken

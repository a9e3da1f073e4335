-- Writes the round's events into the history. Called by Tick.apply, before the facts are folded. What was said of tags and consent
-- beside the properties is kept in context.safar, so that a back-test can rebuild the past from the history alone.
-- Writes: event. Index: none.
INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties, traits, context, message_id, cause, hops, received_at)
SELECT bucket, contact_id, workspace_id, seq, at, ts, type, name, properties, traits,
    CASE WHEN tags IS NULL AND consent IS NULL THEN context
        ELSE coalesce(context, '{}') || jsonb_build_object('safar', jsonb_strip_nulls(jsonb_build_object('tags', tags, 'consent', consent))) END,
    message_id, cause, hops, received_at
FROM turn WHERE kind < 2 AND type NOT IN ('merge', 'absorb', 'recount')

-- Writes the round's events into the history. Called by Tick.apply, before the facts are folded.
INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties, traits, context, message_id, cause, hops, received_at)
SELECT bucket, contact_id, workspace_id, seq, at, ts, type, name, properties, traits, context, message_id, cause, hops, received_at
FROM turn WHERE kind < 2 AND type NOT IN ('merge', 'absorb')

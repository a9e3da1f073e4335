-- Add to the catalogue of names; of one that is there the count grows, and its properties become those that are given (they hold what was
-- there before, but for what another process learnt in the same moment: a sample more or less).
-- Called by catalogue.NameLearner.flush, every few seconds at most. Locks the names it changes; they come sorted by key.
-- Parameters, arrays: workspace_id, type, name, n, first_at, last_at, properties.
-- Writes: event_name. Index: event_name_pkey.
INSERT INTO event_name AS e (workspace_id, type, name, n, first_at, last_at, properties)
SELECT * FROM unnest(%s::integer[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::jsonb[])
ON CONFLICT (workspace_id, type, name) DO UPDATE SET
    n = e.n + EXCLUDED.n,
    last_at = greatest(e.last_at, EXCLUDED.last_at),
    properties = EXCLUDED.properties

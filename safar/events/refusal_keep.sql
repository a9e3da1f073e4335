-- Keep what was refused.
-- Called by refusals.RefusalKeeper.flush, every few seconds at most. Locks nothing.
-- Parameters, arrays: workspace_id, at, key, path, status, said, faults, body, size, agent.
-- Writes: refusal. Index: none.
INSERT INTO refusal (workspace_id, at, key, path, status, said, faults, body, size, agent)
SELECT * FROM unnest(%s::integer[], %s::timestamptz[], %s::text[], %s::text[], %s::smallint[], %s::text[], %s::jsonb[], %s::text[],
    %s::integer[], %s::text[])
